"""The chain page in a browser: figures are the API's, follow the market, and keys and dialogs work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from qlplatform.core.money import to_paise
from qlplatform.web import formats
from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser

CHAIN = "/chain/NIFTY/"


def api(seen: Visit, path: str) -> Any:
    return seen.page.request.get(f"{seen.url}/api/v1/{path}").json()


def cell(seen: Visit, instrument: str, field: str) -> str:
    return str(seen.page.locator(f'[data-f="{instrument}.{field}"]').inner_text())


def wait_newest(seen: Visit) -> None:
    """Until the page shows the market's newest price event."""
    newest = formats.ist_stamp(datetime.fromisoformat(api(seen, "chain/NIFTY")["at"]))
    seen.page.wait_for_function(
        "at => document.querySelector('[data-head=at]').textContent === at", arg=newest
    )
    seen.page.evaluate("new Promise(requestAnimationFrame)")


def assert_as_the_api(seen: Visit) -> None:
    """Every figure that is shown is what the API says of it."""
    told = api(seen, "chain/NIFTY?strikes=10")
    for row in told["strikes"]:
        for leg in filter(None, (row["call"], row["put"])):
            assert cell(seen, leg["instrument"], "ltp") == formats.price(to_paise(leg["ltp"]))
            if leg["delta"] is not None:
                assert cell(seen, leg["instrument"], "delta") == formats.delta(leg["delta"])
    head = seen.page.locator("[data-head=forward]").inner_text()
    assert head == formats.price(to_paise(told["forward"]["value"]))
    assert seen.page.locator("[data-head=atm_iv]").inner_text() == formats.iv(told["figures"]["atm_iv"])


def test_figures_are_those_of_the_api_and_follow_the_market(visit: Any, site: Site) -> None:
    seen = visit()
    page = seen.open(CHAIN)
    seen.wait_live()
    assert_as_the_api(seen)
    site.theatre.play(1)
    wait_newest(seen)
    assert_as_the_api(seen)
    assert page.locator("tr[aria-current]").count() == 1
    assert seen.console == []


def test_without_javascript_everything_is_there(visit: Any, site: Site) -> None:
    seen = visit(javascript=False)
    page = seen.open(CHAIN)
    assert_as_the_api(seen)
    page.locator("a[data-contract]").first.click()
    assert page.locator("h2#contract-title").count() == 1


def test_a_price_opens_its_contract_and_escape_closes_it(visit: Any, site: Site) -> None:
    seen = visit()
    page = seen.open(CHAIN)
    seen.wait_live()
    link = page.locator("tr[aria-current] a[data-contract]").first
    name = str(link.get_attribute("title")).removesuffix(": details")
    link.click()
    page.wait_for_selector("dialog#contract[open]")
    assert page.locator("#contract-title").inner_text() == name
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog#contract:not([open])", state="attached")
    assert seen.console == []


def test_a_strike_is_found_by_typing_it(visit: Any, site: Site) -> None:
    seen = visit()
    page = seen.open(CHAIN)
    page.keyboard.press("/")
    page.keyboard.type("16500")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.sought#k16500")


@pytest.mark.parametrize(("width", "greeks"), [(1440, True), (390, False)])
def test_columns_are_chosen_and_kept(visit: Any, site: Site, width: int, greeks: bool) -> None:
    seen = visit(width=width)
    page = seen.open(CHAIN)
    box = page.locator("[data-columns=greeks]")
    assert box.is_checked() is greeks  # a recording of closes has nothing else to show, but a phone no room
    box.set_checked(not greeks)
    assert page.locator("th.greek").first.is_visible() is not greeks
    page.reload()
    assert page.locator("[data-columns=greeks]").is_checked() is not greeks


def test_on_a_phone_every_price_can_be_touched(visit: Any, site: Site) -> None:
    seen = visit(width=390, height=844)
    page = seen.open(CHAIN)
    seen.wait_live()
    sizes = page.locator("a[data-contract]").evaluate_all(
        "all => all.map(a => a.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 40
