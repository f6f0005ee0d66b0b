"""The chain page: figures without JavaScript, every way to ask, and what it says when there is nothing."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from markets.models import Market
from markets.selectors import chain as chains
from qlplatform.web import formats
from tests.db.web.conftest import Desk
from tests.factories.chains import EXPIRY, option, play_to, replay_at


@pytest.fixture
def shown(desk: Desk) -> Market:
    return replay_at(desk.workspace, 90)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_chain_address_leads_to_the_underlying_of_the_shown_market(desk: Desk, shown: Market) -> None:
    assert desk.browser.get("/chain/").headers["Location"] == "/chain/NIFTY/"


def test_the_head_tells_the_figures_of_the_chain(desk: Desk, shown: Market) -> None:
    found = chains.chain(shown, "NIFTY")
    assert found is not None
    page = text_of(desk.page("/chain/NIFTY/"))
    assert found.table.forward is not None
    forward = formats.price(round(found.table.forward.value * 100))
    assert f"Forward {forward} from put-call parity at the money last prices" in page
    assert f"ATM IV {formats.iv(found.table.figures.atm_iv or 0)} %" in page
    assert "0 of 20 days" in page
    assert "This recording holds closing prices only" in page


def test_twenty_one_strikes_around_the_money(desk: Desk, shown: Market) -> None:
    page = desk.page("/chain/NIFTY/")
    strikes = [int(strike) for strike in re.findall(r'<tr id="k\d+" data-strike="(\d+)"', page)]
    assert len(strikes) == 21
    [atm] = re.findall(r'data-strike="(\d+)" aria-current="true"', page)
    assert strikes[10] == int(atm)


def test_a_contract_is_told_in_full_in_a_dialog_and_as_a_page(desk: Desk, shown: Market) -> None:
    row = option(16400)
    url = reverse("chain-contract", args=["NIFTY", row.public_id])
    alone, whole = desk.page(url, **{"HX-Request": "true"}), desk.page(url)
    assert "<html" not in alone
    assert "NIFTY 09 JUN 16400 CE" in alone
    assert "Largest order 2,800 units" in text_of(whole)
    assert row.public_id in whole


@pytest.mark.parametrize("query", ["?strikes=all", "?strikes=20", "?strike=16500", "?expiry=2022-06-16"])
def test_other_ways_to_see_it(desk: Desk, shown: Market, query: str) -> None:
    assert '<table class="chain"' in desk.page(f"/chain/NIFTY/{query}")


@pytest.mark.parametrize(
    "query", ["?strikes=x", "?strike=²", "?expiry=never", "?expiry=2031-01-01", "?strike=" + "9" * 60]
)
def test_odd_queries_give_the_nearest_chain(desk: Desk, shown: Market, query: str) -> None:
    assert f"Expiry {formats.long_date(EXPIRY)}" in text_of(desk.page(f"/chain/nifty/{query}"))


def test_before_the_first_price_it_says_what_will_appear(desk: Desk) -> None:
    assert "The chain appears with the first prices of this session" in desk.page("/chain/NIFTY/")


def test_an_underlying_without_options_does_not_exist(desk: Desk, shown: Market) -> None:
    assert desk.browser.get("/chain/GOLD/").status_code == 404


def test_anothers_replay_does_not_exist(desk: Desk, shown: Market) -> None:
    stranger, browser = desk.member(), Client()
    stranger.memberships.all().delete()
    browser.force_login(stranger)
    assert browser.get(f"/chain/NIFTY/?market={shown.public_id}").status_code == 404


def test_a_page_asks_the_database_little(
    desk: Desk, shown: Market, django_assert_max_num_queries: object
) -> None:
    desk.page("/chain/NIFTY/")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        desk.page("/chain/NIFTY/?strikes=all")


def test_bids_and_open_interest_appear_when_they_are_known(desk: Desk, shown: Market) -> None:
    play_to(shown, 91, book=True)
    page = text_of(desk.page("/chain/NIFTY/"))
    assert "Max pain" in page
    assert "closing prices only" not in page
