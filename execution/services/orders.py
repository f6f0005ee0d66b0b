"""From a decision of the core to committed intents and orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog

from execution.domain.slices import slice_qty
from execution.domain.tags import order_tag
from execution.models import Intent, Order, OrderEvent, Run
from execution.services.events import notify
from markets.domain.bands import USUAL, Protection, lpp_range, marketable_limit
from markets.models import Instrument
from markets.selectors import contract_facts, price_protection
from qlplatform.core.clock import wall
from qlplatform.core.errors import UserError
from strategies.engine.types import CloseLeg, OpenLeg, Purpose

log = structlog.get_logger(__name__)

CHANNEL = "ql_orders"


@dataclass(frozen=True, slots=True)
class Pricing:
    """How a market intent becomes a limit: the newest price, whether it is of this very event, and the
    protection allowed.
    """

    price_paise: int
    fresh: bool
    protection_pct: Decimal
    slack_paise: int


def intent_create(
    *, run: Run, wish: OpenLeg | CloseLeg, instrument: Instrument, pricing: Pricing, at: datetime
) -> Intent:
    """Write the intent and its orders (whole lots, none above the freeze quantity); they are sent once this
    commits.

    No bare MARKET order leaves the platform: the limit is marketable, inside the exchange's limit price
    protection range.
    """
    is_exit = isinstance(wish, CloseLeg)
    intent = Intent.objects.create(
        workspace_id=run.workspace_id,
        account_id=run.account_id,
        run=run,
        order_ref=wish.order_ref,
        leg_id=wish.leg_id,
        cycle=wish.cycle,
        purpose=Purpose.EXIT if is_exit else Purpose.ENTRY,
        reason=wish.reason if isinstance(wish, CloseLeg) else "",
        instrument=instrument,
        side=wish.side,
        qty=wish.qty,
        decision_price_paise=wish.price_paise,
        text=wish.text,
        created_at=at,
    )
    limit = limit_price(
        side=wish.side, instrument=instrument, pricing=pricing, protection=_protection(instrument, run)
    )
    slices = slice_qty(wish.qty, freeze_qty=_largest(instrument, run, wish.qty), lot_size=instrument.lot_size)
    orders = [
        Order(
            workspace_id=run.workspace_id,
            account_id=run.account_id,
            intent=intent,
            shard=run.shard,
            slice=number,
            tag=order_tag(run_ref=run.public_id, order_ref=wish.order_ref, slice_no=number),
            instrument=instrument,
            side=wish.side,
            qty=qty,
            limit_paise=limit,
            is_exit=is_exit,
            created_at=at,
            updated_at=wall(),
        )
        for number, qty in enumerate(slices, start=1)
    ]
    created = Order.objects.bulk_create(orders)
    OrderEvent.objects.bulk_create(
        OrderEvent(order=o, at=o.updated_at, state=o.state, text=wish.text[:240]) for o in created
    )
    notify(CHANNEL, str(run.shard))
    return intent


def _largest(instrument: Instrument, run: Run, qty: int) -> int:
    """The freeze quantity of the day; the whole quantity when no fact tells it: a missing fact must not keep
    an exit from leaving, and an exchange that wants it smaller says so.
    """
    try:
        return contract_facts().freeze_qty(instrument.underlying, run.trading_date)
    except UserError as missing:
        log.warning("freeze_qty.unknown", problem=missing.message)
        return qty


def _protection(instrument: Instrument, run: Run) -> Protection:
    """The exchange's limit price protection of the day; the usual one when no fact tells it."""
    try:
        return price_protection(instrument, run.trading_date)
    except UserError as missing:
        log.warning("price_protection.unknown", problem=missing.message)
        return USUAL


def limit_price(*, side: str, instrument: Instrument, pricing: Pricing, protection: Protection) -> int:
    """The limit in paise. With a price of this event: price ± protection (vocabulary section 8). With an
    older price only, the whole protection range of the exchange, since the contract may come back far from
    where it was last seen.
    """
    if pricing.fresh:
        return marketable_limit(
            side=side,
            ltp_paise=pricing.price_paise,
            protection_pct=pricing.protection_pct,
            tick_paise=instrument.tick_paise,
            protection=protection,
            slack_paise=pricing.slack_paise,
        )
    low, high = lpp_range(
        reference_paise=pricing.price_paise, tick_paise=instrument.tick_paise, protection=protection
    )
    return high if side == "BUY" else low


def orders_cancel(*, run: Run, order_ref: str) -> int:
    """Ask for what is left of an intent to be cancelled; the drain sends it. Returns how many orders are
    asked.
    """
    alive = Order.objects.filter(
        intent__run=run,
        intent__order_ref=order_ref,
        state__in=["NEW", "SENDING", "UNKNOWN", "ACCEPTED", "OPEN", "PARTIAL"],
    )
    asked = alive.update(cancel_wanted=True, updated_at=wall())
    if asked:
        notify(CHANNEL, str(run.shard))
    return asked
