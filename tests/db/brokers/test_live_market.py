"""Paper accounts on the live market trade in its hours only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from brokers.errors import Rejected
from brokers.gateway import OrderRequest, OrderStatus, Side
from brokers.models import VenueOrder
from brokers.sandbox.venue import Venue
from brokers.services import account_open_paper
from markets.models import Instrument
from markets.seeding import seed_markets
from markets.selectors import live_market, reload_facts
from qlplatform.core.clock import frozen
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor
from tests.factories.stage import ref_of

pytestmark = pytest.mark.django_db

IN_SESSION = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
AFTER_CLOSE = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOLIDAY = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def order() -> OrderRequest:
    seed_markets()
    reload_facts()
    workspace = Workspace.objects.create(name="Test")
    account = account_open_paper(
        workspace=workspace,
        market=live_market(),
        name="Live",
        capital_paise=1_00_000_00,
        by=Actor.system("test"),
    )
    call = Instrument.objects.create(
        underlying="NIFTY",
        kind="CE",
        expiry=datetime(2026, 12, 1, tzinfo=UTC).date(),
        strike_paise=25_000_00,
        lot_size=65,
        symbol="NIFTY 01 DEC 25000 CE",
    )
    return OrderRequest("tag", account.public_id, ref_of(call), Side.BUY, 65, 10_000)


def test_an_order_in_the_session_waits_for_its_price(order: OrderRequest) -> None:
    with frozen(IN_SESSION):
        report = Venue().place(order)
    assert (report.status, report.exchange_time) == (OrderStatus.OPEN, IN_SESSION)


@pytest.mark.parametrize("at", [AFTER_CLOSE, HOLIDAY])
def test_outside_the_session_it_is_refused(order: OrderRequest, at: datetime) -> None:
    with frozen(at), pytest.raises(Rejected) as caught:
        Venue().place(order)
    assert caught.value.code == "market_closed"
    assert VenueOrder.objects.get().status == OrderStatus.REJECTED


def test_the_freeze_quantity_of_the_day_holds(order: OrderRequest) -> None:
    with frozen(IN_SESSION), pytest.raises(Rejected) as caught:
        Venue().place(OrderRequest(order.tag, order.account_ref, order.instrument, Side.BUY, 65 * 28, 10_000))
    assert caught.value.code == "over_freeze"
