"""Every page exists, says what it should, and hides what belongs to others."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from qlplatform.core.views import server_error
from tests.db.web.conftest import Desk
from tests.factories.trading import Floor

PAGES = (
    "home", "strategies", "orders", "positions", "templates", "baskets", "kill", "audit", "account",
    "api-keys", "status", "about", "more", "data",
)  # fmt: skip
SHOWN = [("all", True), ("filled", True), ("open", False), ("rejected", False)]
ODD = ["?before=x", "?before=-1", "?before=" + "9" * 40, "?show=%F0", "?action=%00", "?before=²"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens(desk: Desk, name: str) -> None:
    assert "<main id=" in desk.page(reverse(name))


@pytest.mark.parametrize("name", [name for name in PAGES if name != "about"])
def test_pages_ask_for_sign_in_and_come_back(db: None, name: str) -> None:
    url = reverse(name)
    assert Client().get(url).headers["Location"] == f"/accounts/login/?next={url}"


@pytest.mark.parametrize("name", ["home", "strategies", "orders", "positions"])
def test_a_new_workspace_is_told_what_will_appear(db: None, name: str) -> None:
    stranger, browser = Floor().member(), Client()
    stranger.memberships.all().delete()
    browser.force_login(stranger)
    assert browser.get(reverse(name)).status_code == 200


def test_the_dashboard_marks_paper_and_names_the_session(desk: Desk) -> None:
    text = desk.page("/")
    assert "0920 straddle" in text
    assert "PAPER" in text
    assert "NIFTY · Wed 15 Jun 2022" in text
    assert f'data-key="dep:{desk.deployment.public_id}.net"' in text


def test_a_strategy_page_tells_legs_orders_and_why(desk: Desk) -> None:
    text = desk.page(reverse("strategy", args=[desk.strategy.public_id]))
    assert "NIFTY 16 JUN 15800 CE" in text
    assert "125.00" in text
    assert "Sell 50 to open L1" in text
    assert "Exit whatever is open at 15:15." in text


def test_a_run_is_shown_by_its_address_only_under_its_own_strategy(desk: Desk) -> None:
    other = desk.strategy_new(name="Other")
    here, there = (reverse("strategy", args=[s.public_id]) for s in (desk.strategy, other))
    assert desk.open.public_id in desk.page(f"{here}?run={desk.open.public_id}")
    assert desk.browser.get(f"{there}?run={desk.open.public_id}").status_code == 404


def test_a_rejection_is_told_in_words_first_and_the_code_in_the_details(desk: Desk) -> None:
    desk.sold.state, desk.sold.reason_code = "REJECTED", "RMS:17"
    desk.sold.reason_text = "Not enough margin: needs ₹1,42,350, has ₹98,200"
    desk.sold.save()
    text = desk.page(reverse("order", args=[desk.sold.public_id]))
    assert text.index("Not enough margin") < text.index("<summary>Details") < text.index("RMS:17")


@pytest.mark.parametrize(("show", "seen"), SHOWN)
def test_orders_by_state(desk: Desk, show: str, seen: bool) -> None:
    assert (desk.sold.public_id in desk.page(f"/orders/?show={show}")) is seen


@pytest.mark.parametrize("query", ["?session=mkt_none", "?session=%00", "?session=" + "x" * 500])
def test_an_unknown_session_is_not_found(desk: Desk, query: str) -> None:
    assert desk.browser.get(f"/orders/{query}").status_code == 404


@pytest.mark.parametrize("query", ODD)
def test_odd_queries_do_no_harm(desk: Desk, query: str) -> None:
    assert desk.browser.get(f"/orders/{query}").status_code == 200
    assert desk.browser.get(f"/audit/{query}").status_code == 200


def test_what_belongs_to_others_does_not_exist(desk: Desk) -> None:
    stranger, browser = Floor.member(desk), Client()
    stranger.memberships.all().delete()
    browser.force_login(stranger)
    for name, row in (("strategy", desk.strategy), ("order", desk.sold)):
        assert browser.get(reverse(name, args=[row.public_id])).status_code == 404
    assert desk.sold.public_id not in browser.get("/orders/").content.decode()


def test_the_kill_form_alone_for_the_dialog_and_a_page_for_everybody_else(desk: Desk) -> None:
    assert "<html" not in desk.page("/kill/", **{"HX-Request": "true"})
    assert "1 strategy affected" in desk.page("/kill/")


def test_no_page_counts_queries_by_the_row(desk: Desk, django_assert_max_num_queries: object) -> None:
    for number in range(2, 8):
        desk.order(desk.intent(desk.open, ref=f"1-L1-X{number}"), number=number)
        desk.deploy(strategy=desk.strategy_new(name=f"More {number}"))
    for url, most in (("/", 32), ("/orders/", 16), ("/strategies/", 20), ("/positions/", 22)):
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            desk.page(url)


def test_a_failed_page_says_that_trading_goes_on_and_gives_its_number(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.request_id = "0123abcd"  # type: ignore[attr-defined]
    answer = server_error(request)
    assert answer.status_code == 500
    assert "Trading is not affected" in answer.content.decode()
    assert "0123abcd" in answer.content.decode()


def test_a_page_that_is_not_there_gives_its_number_and_a_way_back(db: None) -> None:
    answer = Client().get("/nowhere/", headers={"X-Request-Id": "0123abcd"})
    assert answer.status_code == 404
    assert "0123abcd" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_about_names_the_maker_of_the_charts_for_everybody(db: None) -> None:
    text = Client().get("/about/").content.decode()
    assert "TradingView Lightweight Charts™" in text
    assert 'href="https://www.tradingview.com/"' in text
