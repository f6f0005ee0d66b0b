"""Every main page in both themes, on a desk and on a phone: nothing to complain about, nothing cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
TRADER = {
    "dashboard": "/",
    "strategies": "/strategies/",
    "strategy": "link:/strategies/str_",
    "orders": "/orders/",
    "order": "link:/orders/ord_",
    "positions": "/positions/",
    "templates": "/templates/",
    "chain": "/chain/NIFTY/",
    "data": "/data/",
    "kill": "/kill/",
    "account": "/account/",
    "audit": "/audit/",
}
ADMIN = {"admin-orders": "/admin/execution/order/", "admin-listings": "/admin/marketplace/listing/"}
SHOTS = Path("var/screens")


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_a_trader(visit: Any, site: Site, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    seen = visit(width=width, height=height, scheme=scheme)
    for name, path in TRADER.items():
        page = seen.open(_address(seen, path))
        seen.wait_live()
        _keep(page, f"{name}-{size}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert seen.console == [], name


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_an_administrator(visit: Any, site: Site, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    seen = visit(width=width, height=height, scheme=scheme, who="admin")
    for name, path in ADMIN.items():
        page = seen.open(path)
        _keep(page, f"{name}-{size}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert seen.console == [], name


def test_no_page_weighs_more_than_its_budget(visit: Any) -> None:
    seen = visit()
    sizes: dict[str, int] = {}
    seen.page.on("response", lambda answer: sizes.__setitem__(answer.url, len(answer.body())))
    seen.open("/")
    seen.wait_live()
    assert sum(size for url, size in sizes.items() if "/static/" in url) <= 400_000


def _address(seen: Any, path: str) -> str:
    """A page, or (`link:`) the first one the current page links to."""
    kind, _, start = path.partition(":")
    if kind != "link":
        return path
    return str(seen.page.locator(f'main a[href^="{start}"]').first.get_attribute("href"))


def _keep(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}.png"))
