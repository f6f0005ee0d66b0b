"""`/api/v1/structures/evaluate`: a structure while it is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from rest_framework.test import APIClient

from markets.api.structures_examples import EVALUATION, REQUEST
from markets.models import Market
from tests.factories import chains
from tests.unit.markets.margin import spn

URL = "/api/v1/structures/evaluate"
EXPIRY = "2026-06-30"


def leg(side: str, strike: int, kind: str, price: str | None = None, lots: int = 1) -> dict[str, Any]:
    found = {"side": side, "kind": kind, "expiry": EXPIRY, "strike": f"{strike}.00", "lots": lots}
    return found | ({"price": price} if price else {})


CONDOR = [
    leg("SELL", 24_000, "CE", "292.87"),
    leg("BUY", 24_500, "CE", "125.15"),
    leg("SELL", 23_000, "PE", "157.11"),
    leg("BUY", 22_500, "PE", "77.51"),
]
CREDIT = 292.87 - 125.15 + 157.11 - 77.51


def asked(legs: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"underlying": "NIFTY", "on": "2026-05-29", "spot": "23547.75", "legs": legs} | more


def evaluate(client: APIClient, legs: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    answer = client.post(URL, asked(legs, **more), format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def refused(client: APIClient, legs: list[dict[str, Any]], **more: Any) -> list[tuple[str, str]]:
    answer = client.post(URL, asked(legs, **more), format="json")
    assert answer.status_code == 422, answer.content
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_an_iron_condor(client: APIClient) -> None:
    found = evaluate(client, CONDOR, plan="zerodha")
    assert found["net_premium"] == f"{CREDIT * 65:.2f}"
    assert found["profit"] == {
        "max_profit": f"{CREDIT * 65:.2f}",
        "max_profit_unlimited": False,
        "max_loss": f"{(CREDIT - 500) * 65:.2f}",
        "max_loss_unlimited": False,
        "breakevens": [f"{23_000 - CREDIT:.2f}", f"{24_000 + CREDIT:.2f}"],
    }
    assert 0.3 < found["probability_of_profit"] < 0.7
    assert [leg["iv_code"] for leg in found["legs"]] == ["OK"] * 4
    assert [leg["qty"] for leg in found["legs"]] == [-65, 65, -65, 65]
    assert found["greeks"]["theta"] > 0 > found["greeks"]["vega"]


def test_its_margin_is_an_estimate_that_says_so(client: APIClient) -> None:
    margin = evaluate(client, CONDOR)["margin"]
    assert float(margin["span"]) == pytest.approx(31_847, abs=10)
    assert margin["exposure"] == "61224.16"
    assert margin["expiry_addon"] == "0.00"
    assert float(margin["total"]) == pytest.approx(float(margin["span"]) + 61_224.16)
    assert (margin["basis"], margin["file_day"], margin["warning"]) == ("estimate", None, "")
    assert "29 May 2026" in margin["accuracy"]
    assert [step["leg"] for step in margin["steps"]] == [1, 3, 0, 2]
    alone = sum(float(each["total"]) for each in margin["alone"])
    assert float(margin["hedge_benefit"]) == pytest.approx(alone - float(margin["total"]))
    assert float(margin["needed"]) == pytest.approx(1.05 * float(margin["total"]), abs=0.01)
    assert margin["expiry_jump"]["on"] == EXPIRY
    assert margin["expiry_jump"]["extra"] == "61224.16"


def test_exact_with_the_risk_file_of_the_day(
    client: APIClient, tmp_path: Path, settings: LazySettings
) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "nsccl.20260625.s.spn").write_bytes(spn.nifty())
    call_command("import_span", str(tmp_path / "nsccl.20260625.s.spn"))
    short = [leg("SELL", 24_500, "CE", "58.00")]
    margin = evaluate(client, short, on="2026-06-25", spot="24010.00")["margin"]
    assert (margin["basis"], margin["file_day"]) == ("exact", "2026-06-25")
    assert (margin["scan"], margin["net_option_value"], margin["span"]) == (
        "58500.00",
        "-3900.00",
        "62400.00",
    )
    assert margin["needed"] == margin["total"]
    unlisted = [leg("SELL", 24_450, "CE", "65.00")]
    assert evaluate(client, unlisted, on="2026-06-25", spot="24010.00")["margin"]["basis"] == "estimate"
    assert evaluate(client, short, on="2026-06-24", spot="24010.00")["margin"]["basis"] == "estimate"


def test_round_trip_charges(client: APIClient) -> None:
    """Sell and buy back 65 at 120: brokerage 40, STT 0.15 % of 7,800, GST, stamp and fees."""
    sold = evaluate(client, [leg("SELL", 24_000, "CE", "120.00")], plan="zerodha")["charges"]
    bought = evaluate(client, [leg("BUY", 24_000, "CE", "120.00")], plan="zerodha")["charges"]
    assert sold == bought
    assert (sold["parts"]["brokerage"], sold["parts"]["stt"]) == ("40.00", "11.70")
    assert evaluate(client, CONDOR)["charges"] is None


def test_unlimited_sides(client: APIClient) -> None:
    short = evaluate(client, [leg("SELL", 24_000, "CE", "292.87")])["profit"]
    assert (short["max_loss"], short["max_loss_unlimited"]) == (None, True)
    assert short["max_profit"] == "19036.55"
    future = [{"side": "BUY", "kind": "FUT", "expiry": EXPIRY, "lots": 1, "price": "23748.46"}]
    held = evaluate(client, future)
    assert held["profit"]["max_profit_unlimited"]
    assert held["probability_of_profit"] is None
    assert held["net_premium"] == "0.00"
    assert held["legs"][0]["iv_code"] == ""


def test_payoff_and_scenarios_agree(client: APIClient) -> None:
    found = evaluate(client, CONDOR)
    curve, grid = found["payoff"], found["scenarios"]
    assert len(curve["levels"]) == len(curve["expiry"]) == len(curve["now"])
    at = curve["levels"].index("23547.75")
    middle, still = grid["moves_pct"].index(0.0), grid["vol_shifts"].index(0.0)
    assert grid["levels"][middle] == "23547.75"
    assert float(grid["pnl"][0][still][middle]) == pytest.approx(float(curve["now"][at]), abs=0.01)
    assert grid["pnl"][-1][still][middle] == curve["expiry"][at] == found["profit"]["max_profit"]
    assert len(grid["days"]) == 3


def test_a_future_in_the_structure_gives_the_forward(client: APIClient) -> None:
    future = {"side": "BUY", "kind": "FUT", "expiry": EXPIRY, "lots": 1, "price": "23748.46"}
    terms = evaluate(client, [future, leg("SELL", 23_700, "CE", "437.65")])["expiries"]
    assert [(term["forward"], term["rule"], term["stale"]) for term in terms] == [
        ("23748.46", "FUTURE", False)
    ]
    straddle = [leg("SELL", 23_700, "CE", "437.65"), leg("SELL", 23_700, "PE", "389.48")]
    found = evaluate(client, straddle)
    assert found["expiries"][0]["rule"] == "PARITY"
    assert found["legs"][0]["iv"] == pytest.approx(found["legs"][1]["iv"])
    assert found["legs"][0]["iv"] == pytest.approx(0.1475, abs=0.0005)
    alone = evaluate(client, straddle[:1])["expiries"][0]
    assert (alone["rule"], alone["stale"]) == ("CARRY", True)


def test_a_leg_without_price_is_valued_by_its_neighbour(client: APIClient) -> None:
    found = evaluate(client, [leg("SELL", 24_000, "CE", "292.87"), leg("BUY", 24_500, "CE")])
    assert [each["price_source"] for each in found["legs"]] == ["GIVEN", "MODEL"]
    assert (found["legs"][1]["iv"], found["legs"][1]["iv_code"]) == (None, "NO_QUOTE")
    assert found["legs"][1]["greeks"] is None


def test_calendar_on_the_eve_of_expiry_is_warned_of(client: APIClient) -> None:
    """Expiring contracts offset nothing on their last day; the day before, the answer says what it costs."""
    far = leg("BUY", 24_000, "CE", "420.00") | {"expiry": "2026-07-28"}
    legs = [leg("SELL", 24_000, "CE", "90.00"), far]
    eve = evaluate(client, legs, on="2026-06-29", spot="23950.00")["margin"]
    assert eve["expiry_jump"]["on"] == EXPIRY
    assert float(eve["expiry_jump"]["extra"]) > 31_000
    assert "30 Jun 2026" in eve["warning"]
    day = evaluate(client, legs, on=EXPIRY, spot="23950.00")["margin"]
    assert day["expiry_addon"] == "31135.00"
    assert day["spread_charge"] == "0.00"
    assert evaluate(client, legs, on="2026-06-25", spot="23950.00")["margin"]["warning"] == ""


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"expiry": "2026-05-26"}, "/legs/0/expiry", "expired"),
        ({"expiry": "2026-07-01"}, "/legs/0/expiry", "not_an_expiry"),
        ({"expiry": "9999-12-31"}, "/legs/0/expiry", "not_an_expiry"),
        ({"strike": "0.00"}, "/legs/0/strike", "strike_missing"),
        ({"strike": "-24000.00"}, "/legs/0/strike", "strike_missing"),
        ({"strike": "100000000.01"}, "/legs/0/strike", "strike_range"),
        ({"strike": "NaN"}, "/legs/0/strike", "bad_amount"),
        ({"price": "0.00"}, "/legs/0/price", "price_range"),
        ({"price": "100000000.01"}, "/legs/0/price", "price_range"),
        ({"kind": "FUT"}, "/legs/0/strike", "strike_unwanted"),
        ({"lots": 0}, "/legs/0/lots", "min_value"),
        ({"lots": 10**9}, "/legs/0/lots", "max_value"),
        ({"side": "HOLD"}, "/legs/0/side", "invalid_choice"),
        ({"strike": 24000}, "/legs/0/strike", "bad_amount"),
    ],
)
def test_findings_by_leg(client: APIClient, change: dict[str, Any], pointer: str, code: str) -> None:
    assert refused(client, [leg("SELL", 24_000, "CE", "292.87") | change]) == [(pointer, code)]


def test_nobody_knows_a_price(client: APIClient) -> None:
    assert refused(client, [leg("SELL", 24_000, "CE")]) == [("/legs/0/price", "price_missing")]
    assert refused(client, []) == [("/legs", "legs")]
    assert refused(client, CONDOR, at="2026-05-29T06:00:00Z") == [("/", "one_time")]
    assert refused(client, CONDOR, spot="0.00") == [("/spot", "spot_range")]
    assert refused(client, CONDOR, spot="100000000.01") == [("/spot", "spot_range")]
    assert refused(client, CONDOR * 250) == [("/legs", "max_length")]


def test_an_instant_beyond_every_calendar(client: APIClient) -> None:
    for at in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"):
        body = asked(CONDOR, at=at)
        del body["on"]
        answer = client.post(URL, body, format="json").json()
        assert [(each["pointer"], each["code"]) for each in answer["errors"]] == [("/at", "time_range")]


def test_a_far_strike_is_evaluated(client: APIClient) -> None:
    found = evaluate(client, [leg("SELL", 50_000, "CE", "0.05")])
    assert (found["profit"]["max_profit"], found["payoff"]["levels"][0]) == ("3.25", "0.01")


def test_an_option_at_its_intrinsic_value_has_a_margin(client: APIClient) -> None:
    found = evaluate(client, [leg("BUY", 10_000, "CE", "13540.00")])
    assert found["legs"][0]["iv_code"] == "BELOW_INTRINSIC"
    assert found["margin"]["total"] == "0.00"


def test_a_price_that_cannot_be(client: APIClient) -> None:
    answer = client.post(URL, asked([leg("SELL", 24_000, "CE", "25000.00")]), format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "price_range")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"on": "2026-05-30"}, "no_session"),
        ({"plan": "nobody"}, "fact_missing"),
        ({"spot": None}, "invalid"),
    ],
)
def test_what_the_whole_lacks(client: APIClient, more: dict[str, Any], code: str) -> None:
    answer = client.post(URL, asked(CONDOR, **more), format="json")
    assert answer.status_code == 422
    assert answer.json()["code"] == code


def test_without_a_level_anywhere(client: APIClient, replay: Market) -> None:
    body = asked(CONDOR, market=replay.public_id)
    del body["spot"]
    answer = client.post(URL, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "spot_missing")


def test_other_workspaces_markets_do_not_exist(client: APIClient) -> None:
    answer = client.post(URL, asked(CONDOR, market="mkt_01KB3T9Q5ZB8W6H2J4K0M9P7RS"), format="json")
    assert answer.status_code == 404


def test_prices_left_out_are_the_markets(client: APIClient, replay: Market) -> None:
    """Straddle of the replay's newest event: prices, level and forward are those of its chain."""
    chains.play_to(replay, 60, book=True)
    chain = client.get(f"/api/v1/chain/NIFTY?market={replay.public_id}").json()
    row = next(row for row in chain["strikes"] if row["strike"] == chain["figures"]["atm_strike"])
    legs = [
        {"side": "SELL", "kind": kind, "expiry": chain["expiry"], "strike": row["strike"], "lots": 2}
        for kind in ("CE", "PE")
    ]
    body = {"underlying": "nifty", "market": replay.public_id, "legs": legs}
    answer = client.post(URL, body, format="json")
    found = answer.json()
    assert answer.status_code == 200, found
    assert (found["spot"], found["at"]) == (chain["spot"], chain["at"])
    assert [each["price"] for each in found["legs"]] == [row["call"]["price"], row["put"]["price"]]
    assert [each["price_source"] for each in found["legs"]] == ["MARKET", "MARKET"]
    assert [each["lot_size"] for each in found["legs"]] == [50, 50]
    assert found["expiries"][0]["forward"] == chain["forward"]["value"]
    assert found["expiries"][0]["rule"] == chain["forward"]["rule"]
    assert found["margin"]["basis"] == "estimate"


def test_the_example_of_the_api_is_what_it_answers(client: APIClient) -> None:
    """Every field, and every figure that is not cut short or rounded."""
    answer = client.post(URL, REQUEST.value, format="json").json()
    example = EVALUATION
    assert answer.keys() == example.keys()
    for part in ("spot", "net_premium", "profit"):
        assert answer[part] == example[part]
    margin = example["margin"] | {"alone": answer["margin"]["alone"]}
    assert answer["margin"] == margin
    assert answer["margin"]["alone"][0] == example["margin"]["alone"][0]
    assert answer["charges"]["total"] == example["charges"]["total"]


def test_a_body_nested_without_end_is_no_request(client: APIClient) -> None:
    body = "[" * 100_000 + "]" * 100_000
    answer = client.post("/api/v1/structures/evaluate", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
