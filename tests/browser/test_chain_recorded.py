"""The chain of a full recorded session with bids, asks and open interest, as the exchange showed it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from execution.services.replays import replay_start
from markets.session_import import session_import
from qlplatform.core.actors import membership_of
from qlplatform.core.models import User, Workspace
from qlplatform.core.money import to_paise
from qlplatform.core.tenancy import Actor
from qlplatform.web import formats
from tests.browser.conftest import Site
from tests.browser.test_chain import wait_newest
from tests.browser.test_page_series import SIZES, _keep
from tests.factories.reference import reference

pytestmark = pytest.mark.browser

NAME, DAY, SNAPSHOTS = "nifty_2025-08-29", date(2025, 8, 29), 120


@pytest.fixture(scope="module")
def session(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The session imported, and its first two hours played."""
    captured = reference("data", "nse_chain_2025_08_29", "NIFTY.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "VAR_DIR", tmp_path_factory.mktemp("var"))
        site.theatre.ask(lambda: _begin(captured))
        site.theatre.play(SNAPSHOTS)
        yield site


def _begin(captured: Path) -> None:
    session_import(paths=[captured], underlying="NIFTY", name=NAME)
    trader = User.objects.get(email="demo@example.com")
    membership = membership_of(trader)
    assert membership is not None
    workspace = Workspace.objects.get(pk=membership.workspace_id)
    by = Actor(trader.email, workspace_id=workspace.pk, role=membership.role, user_id=trader.pk, via="web")
    replay_start(workspace=workspace, by=by, source=NAME, session_date=DAY, deployments=[])


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_shows_everything_that_was_quoted(visit: Any, session: Site, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    seen = visit(width=width, height=height, scheme=scheme)
    page = seen.open("/chain/NIFTY/")
    seen.wait_live()
    _keep(page, f"chain-recorded-{size}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("th.oi").first.is_visible()
    assert page.locator(".expiries a").count() == 4
    assert seen.console == []


def test_open_interest_and_quotes_are_those_of_the_api(visit: Any, session: Site) -> None:
    seen = visit()
    page = seen.open("/chain/NIFTY/")
    page.locator("[data-columns=quotes]").check()
    told = page.request.get(f"{seen.url}/api/v1/chain/NIFTY?strikes=10").json()
    for row in told["strikes"]:
        for leg in (row["call"], row["put"]):
            shown = {
                name: page.locator(f'[data-f="{leg["instrument"]}.{name}"]').inner_text()
                for name in ("oi", "oi_chg", "bid", "ask")
            }
            assert shown == {
                "oi": formats.lakhs(leg["oi"]),
                "oi_chg": formats.lakhs_change(leg["oi_chg"]),
                "bid": formats.price(to_paise(leg["bid"])),
                "ask": formats.price(to_paise(leg["ask"])),
            }
    assert page.locator("[data-head=max_pain]").inner_text() == told["figures"]["max_pain"].removesuffix(
        ".00"
    )


def test_bars_and_shades_follow_the_market(visit: Any, session: Site) -> None:
    seen = visit()
    page = seen.open("/chain/NIFTY/")
    seen.wait_live()
    session.theatre.play(5)
    wait_newest(seen)
    patched = _drawn(page)
    page.reload()
    assert _drawn(page) == patched


def test_arrows_lead_through_the_expiries(visit: Any, session: Site) -> None:
    seen = visit()
    page = seen.open("/chain/NIFTY/")
    days = page.locator(".expiries a").all_inner_texts()
    for key, day in (("ArrowRight", days[1]), ("ArrowLeft", days[0])):
        page.keyboard.press(key)
        page.wait_for_function(
            "day => document.querySelector('.expiries [aria-current]')?.textContent === day", arg=day
        )


def _drawn(page: Any) -> Any:
    """What bars, shades and marks look like."""
    return page.evaluate(
        """() => [...document.querySelectorAll("table.chain tbody tr")].map((row) => [
          row.id, row.hasAttribute("aria-current"), row.dataset.itm ?? "",
          row.querySelector("td.iv").dataset.shade,
          ...[...row.querySelectorAll("rect")].map((bar) => bar.getAttribute("width")),
          ...[...row.querySelectorAll("[data-heat]")].map((cell) => cell.dataset.heat),
        ])"""
    )
