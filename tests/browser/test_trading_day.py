"""A trader's morning in the browser: sign in, use a template, watch it trade, stop it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from qlplatform.core.money import to_paise
from qlplatform.core.services import signin_link_create
from qlplatform.web import formats
from tests.browser.conftest import PASSWORD, Site

pytestmark = pytest.mark.browser

LEGS = "table:has(caption:text('Legs'))"
ACCOUNT = ("acct.net", "acct.realised", "acct.unrealised", "acct.charges")


def test_sign_in_use_a_template_watch_it_trade_and_square_off(visit: Any, site: Site) -> None:
    seen = visit(who="")
    page = seen.open("/")
    page.get_by_label("Email").fill(site.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")

    seen.open("/templates/")
    page.get_by_role("link", name="short straddle").first.click()
    page.get_by_role("button", name="Use this on paper").click()
    expect(page.locator("#toasts")).to_contain_text("is on paper now")

    seen.wait_live()
    site.theatre.until("09:25")  # the page that showed no run yet follows by itself
    expect(page.locator(LEGS)).to_contain_text("Sell")
    expect(page.get_by_text("to open L1").first).to_be_visible()
    expect(page.locator("#strategy-head")).to_contain_text("Running")
    expect(page.get_by_role("button", name="Square off")).to_be_visible()
    expect(page.locator("#strategy ql-chart canvas").first).to_be_visible()

    seen.open("/")
    seen.wait_live()
    before = seen.figure("acct.net")
    site.theatre.play(3)
    assert seen.wait_figure("acct.net", before) != before

    seen.open("/strategies/")
    page.get_by_role("link", name="short straddle").first.click()
    page.get_by_role("button", name="Square off").click()
    expect(page.locator("#toasts")).to_contain_text("being closed")
    site.theatre.play(1)
    page.reload()
    expect(page.locator(LEGS)).to_contain_text("Closed by hand")
    assert seen.console == []


def test_the_link_that_bin_run_prints_signs_in(visit: Any, site: Site) -> None:
    link = site.theatre.ask(lambda: signin_link_create(email=site.email))
    seen = visit(who="")
    page = seen.open(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")
    seen.wait_live()
    assert seen.console == []


def test_every_figure_of_the_positions_page_is_the_one_of_the_api(visit: Any, site: Site) -> None:
    seen = visit()
    page = seen.open("/positions/?view=net")
    rows = page.request.get(f"{site.url}/api/v1/positions?kind=net").json()["data"]
    shown = {row["id"]: row for row in rows if page.locator(f'[data-key="pos:{row["id"]}.pnl"]').count()}
    assert len(shown) == page.locator("#positions tbody tr").count() > 0
    for public_id, row in shown.items():
        assert seen.figure(f"pos:{public_id}.pnl") == formats.pnl_exact(to_paise(row["net"]))
        assert seen.figure(f"pos:{public_id}.ltp") == formats.price(to_paise(row["mark"]))
        assert seen.figure(f"pos:{public_id}.qty") == formats.quantity(row["qty"])


def test_pages_follow_the_market_without_being_reloaded(visit: Any, site: Site) -> None:
    seen = visit()
    seen.open("/")
    seen.wait_live()
    clock = seen.figure("mkt.now")
    site.theatre.play(2)
    assert seen.wait_figure("mkt.now", clock) > clock
    seen.page.wait_for_timeout(1_000)  # the rest of the same push
    figures = [seen.figure(key) for key in ACCOUNT]
    seen.page.reload()
    assert figures == [seen.figure(key) for key in ACCOUNT]
