"""What a page says is what the API says, figure by figure, while the market stands still."""

from __future__ import annotations

from typing import Any

import pytest

from qlplatform.core.money import to_paise
from qlplatform.web import formats
from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser


def asked(seen: Visit, path: str) -> list[dict[str, Any]]:
    """All rows of a list of the API, asked with the page's own session."""
    answer = seen.page.request.get(f"{seen.url}/api/v1/{path}").json()
    assert not answer["has_more"]
    return list(answer["data"])


def test_the_dashboard_agrees(visit: Any, site: Site) -> None:
    seen = visit()
    page = seen.open("/")
    (account,) = [row for row in asked(seen, "pnl") if row["name"].startswith("Replay")]
    pnl = {name: to_paise(account["pnl"][name]) for name in ("net", "realised", "unrealised", "charges")}
    for name in ("net", "realised", "unrealised"):
        assert seen.figure(f"acct.{name}") == formats.pnl(pnl[name]), name
    assert seen.figure("acct.charges") == formats.rupees(pnl["charges"])
    held = [row for row in asked(seen, "positions?kind=net") if row["qty"]]
    assert seen.figure("acct.positions") == str(len(held))
    assert seen.figure("acct.lots") == str(sum(abs(row["lots"]) for row in held))
    assert seen.figure("limit:day_loss.used") == formats.rupees(max(0, -pnl["net"]))
    for row in asked(seen, "deployments?session=" + account["market"]):
        assert seen.figure(f"dep:{row['id']}.net") == formats.pnl(to_paise(row["pnl"]["net"]))
    assert page.locator("#strategies .strategy").count() == 3


def test_the_order_book_agrees(visit: Any, site: Site) -> None:
    seen = visit()
    page = seen.open("/orders/")
    orders = asked(seen, "orders?limit=200")
    lines = page.locator("main table tbody tr").all_inner_texts()
    assert len(lines) == len(orders) > 0
    for line, order in zip(lines, orders, strict=True):
        assert order["instrument"]["symbol"] in line
        assert f"{order['filled_qty']} / {order['qty']}" in line
        assert formats.price(to_paise(order["average_price"])) in line
        assert formats.price(to_paise(order["limit_price"])) in line


def test_the_strategy_page_agrees(visit: Any, site: Site) -> None:
    seen = visit()
    run = asked(seen, "runs")[0]
    page = seen.open(f"/strategies/{run['strategy']}/")
    whole = page.request.get(f"{seen.url}/api/v1/runs/{run['id']}").json()
    lines = page.locator("table:has(caption:text('Legs')) tbody tr").all_inner_texts()
    assert len(lines) == len(whole["legs"]) > 0
    for line, leg in zip(lines, whole["legs"], strict=True):
        assert leg["instrument"]["symbol"] in line
        assert formats.price(to_paise(leg["entry_price"])) in line
    told = page.locator("main").inner_text()
    assert all(decision["text"] in told for decision in whole["decisions"])
