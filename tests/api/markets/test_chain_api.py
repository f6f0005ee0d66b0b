"""`/api/v1/chain/<underlying>`: the chain, its conventions, and who may see it."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from markets.models import Market, MarketRule
from markets.selectors import reload_facts
from qlplatform.core.models import Workspace
from tests.api.markets.conftest import member
from tests.factories.chains import option, play_to, replay_at

CHAIN = "/api/v1/chain/NIFTY"


@pytest.fixture
def shown(asha: tuple[APIClient, Workspace]) -> Market:
    """The replay of 8 June 2022 after 90 bars, with bids, asks and open interest."""
    return play_to(replay_at(asha[1], 89), 90, book=True)


def got(client: APIClient, path: str = CHAIN) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_head_says_what_when_and_how(client: APIClient, shown: Market) -> None:
    chain = got(client)
    assert (chain["market"], chain["underlying"], chain["seq"]) == (shown.public_id, "NIFTY", 90)
    assert (chain["expiry"], chain["expiries"]) == ("2022-06-09", ["2022-06-09"])
    assert (chain["at"], chain["trading_date"]) == ("2022-06-08T05:15:00Z", "2022-06-08")
    assert chain["forward"]["rule"] == "PARITY"
    assert chain["convention"] == {
        "model": "BLACK76",
        "rate": 0.065,
        "clock": "CALENDAR",
        "years": pytest.approx((24 * 3600 + 4.75 * 3600) / (365 * 86_400), abs=1e-9),
    }


def test_every_strike_with_both_sides(client: APIClient, shown: Market) -> None:
    chain = got(client)
    strikes = [float(row["strike"]) for row in chain["strikes"]]
    assert strikes == sorted(strikes)
    [row] = [row for row in chain["strikes"] if row["strike"] == chain["figures"]["atm_strike"]]
    call = row["call"]
    assert call["instrument"] == option(int(float(row["strike"]))).public_id
    assert (call["basis"], call["stale"], row["iv_code"]) == ("MID", False, "OK")
    assert float(call["bid"]) < float(call["price"]) < float(call["ask"])
    assert 0 < call["delta"] < 1
    assert -1 < row["put"]["delta"] < 0
    assert call["gamma"] == pytest.approx(row["put"]["gamma"])
    straddle = float(call["price"]) + float(row["put"]["price"])
    assert float(chain["figures"]["straddle"]) == pytest.approx(straddle, abs=0.011)


def test_what_has_no_volatility_is_null_and_says_why(client: APIClient, shown: Market) -> None:
    unknown = [row for row in got(client)["strikes"] if row["iv"] is None]
    for row in unknown:
        assert row["iv_code"] != "OK"
        assert row["call"] is None or row["call"]["delta"] is None


@pytest.mark.parametrize(("strikes", "rows"), [(1, 3), (5, 11)])
def test_strikes_around_the_money(client: APIClient, shown: Market, strikes: int, rows: int) -> None:
    chain = got(client, f"{CHAIN}?strikes={strikes}")
    assert len(chain["strikes"]) == rows
    assert chain["strikes"][strikes]["strike"] == chain["figures"]["atm_strike"]
    assert chain["figures"] == got(client)["figures"]


def test_the_summary_tells_all_expiries(client: APIClient, shown: Market) -> None:
    summary, chain = got(client, f"{CHAIN}/summary"), got(client)
    [point] = summary["expiries"]
    assert point["atm_iv"] == chain["figures"]["atm_iv"]
    assert point["forward"] == chain["forward"]
    assert summary["iv_30d"] is None
    assert summary["iv_rank"] == {"basis": "iv_near", "days": 0, "rank": None, "percentile": None}


def test_the_same_prices_are_not_sent_twice(client: APIClient, shown: Market) -> None:
    first = client.get(CHAIN)
    assert client.get(CHAIN, headers={"If-None-Match": first["ETag"]}).status_code == 304
    play_to(shown, 91)
    again = client.get(CHAIN, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.json()["seq"]) == (200, 91)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("GOLD", 404, "no_chain"),
        ("NIFTY?expiry=2031-01-01", 404, "no_chain"),
        ("NIFTY?expiry=soon", 400, "bad_date"),
        ("NIFTY?strikes=0", 400, "bad_strikes"),
        ("NIFTY?strikes=²", 400, "bad_strikes"),
        ("NIFTY?strikes=" + "9" * 30, 400, "bad_strikes"),
        ("NIFTY?market=mkt_none", 404, "not_found"),
        ("GOLD/summary", 404, "no_chain"),
    ],
)
def test_what_is_not_there(client: APIClient, shown: Market, path: str, status: int, code: str) -> None:
    answer = client.get(f"/api/v1/chain/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_before_the_first_price(client: APIClient, replay: Market) -> None:
    for path in (CHAIN, f"{CHAIN}/summary"):
        answer = client.get(f"{path}?market={replay.public_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_prices")


def test_anothers_replay_does_not_exist(shown: Market) -> None:
    stranger, _ = member("mallory")
    assert stranger.get(f"{CHAIN}?market={shown.public_id}").status_code == 404
    assert stranger.get(CHAIN).json()["code"] == "no_prices"  # theirs is the live market


def test_a_visitor_is_asked_to_sign_in(db: None) -> None:
    assert APIClient().get(CHAIN).status_code == 401


@pytest.mark.parametrize("path", ["", "/summary"])
def test_the_answer_is_as_described(client: APIClient, shown: Market, path: str) -> None:
    described = client.get("/api/schema/?format=json").json()
    operation = described["paths"][f"/api/v1/chain/{{underlying}}{path}"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    answer = got(client, CHAIN + path)
    Draft202012Validator({**schema, "components": described["components"]}).validate(answer)
    example = next(iter(operation["responses"]["200"]["content"]["application/json"]["examples"].values()))
    Draft202012Validator({**schema, "components": described["components"]}).validate(example["value"])


def test_a_chain_is_answered_with_few_queries(
    client: APIClient, shown: Market, django_assert_max_num_queries: Any
) -> None:
    got(client)
    with django_assert_max_num_queries(8):
        got(client)


def test_the_rate_is_a_dated_fact(client: APIClient, shown: Market) -> None:
    MarketRule.objects.filter(name="pricing_rate").update(value=10)
    reload_facts()
    play_to(shown, 92)
    assert got(client)["convention"]["rate"] == 0.1
