"""Keeping the volatility of a day: what the IV rank of later days is measured against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from django.db import transaction

from markets import quotes
from markets.chain_reading import table_at, term_point
from markets.domain.chain.layout import Listed, UnderlyingLayout, layouts
from markets.domain.chain.quotes import in_paise
from markets.domain.chain.term import TermPoint, iv_at, near_iv
from markets.domain.sessions import ContractKey, Session
from markets.models import Market, VolatilityDay
from markets.quotes import Snapshot, SnapshotBuilder
from markets.selectors.chain import layout_of
from qlplatform.core.clock import IST

LIVE = "live"


def volatility_at_close(*, market: Market, on: date | None = None) -> list[VolatilityDay]:
    """Keep the volatility of every underlying at the newest prices of a market: call it when the day is over.

    With `on` prices of another day are left alone. Raises redis.RedisError when nobody knows the prices.
    """
    snapshot = quotes.latest(market.pk)
    if snapshot is None or on not in (None, _day(snapshot)):
        return []
    return _keep(snapshot, layout_of(snapshot), market.source if market.is_replay else LIVE)


def volatility_of_session(*, session: Session, source: str) -> list[VolatilityDay]:
    """Keep the volatility at the end of a recorded day, without listing or replaying it."""
    numbers = {contract: number for number, contract in enumerate(session.contracts, 1)}
    snapshots = SnapshotBuilder(session, numbers, market_id=0)
    last = snapshots.snapshot(len(snapshots))
    listed = [_listed(session, contract, number) for contract, number in numbers.items()]
    return _keep(last, layouts(listed, last.keys), source)


def _listed(session: Session, contract: ContractKey, number: int) -> Listed:
    return Listed(
        id=number,
        public_id="",
        underlying=session.underlying,
        kind=contract.right,
        expiry=contract.expiry,
        strike_paise=contract.strike_paise,
        lot_size=1,
        tick_paise=5,
        freeze_qty=None,
        symbol="",
    )


def _keep(snapshot: Snapshot, found: Mapping[str, UnderlyingLayout], source: str) -> list[VolatilityDay]:
    days = (_volatility(snapshot, layout, underlying, source) for underlying, layout in sorted(found.items()))
    return [_saved(day) for day in days if day is not None]


def _volatility(
    snapshot: Snapshot, layout: UnderlyingLayout, underlying: str, source: str
) -> VolatilityDay | None:
    points = [
        term_point(expiry, table_at(snapshot, layout, underlying, expiry))
        for expiry in layout.expiries
        if expiry >= _day(snapshot)
    ]
    near = near_iv(points)
    if near is None:
        return None
    return VolatilityDay(
        underlying=underlying,
        day=_day(snapshot),
        iv_30d=iv_at(points),
        iv_near=near.atm_iv,
        straddle_paise=_paise(near),
        source=source,
    )


@transaction.atomic
def _saved(day: VolatilityDay) -> VolatilityDay:
    """Stored, or what is known already: what was seen live is not replaced by a recording of it."""
    known = VolatilityDay.objects.select_for_update().filter(underlying=day.underlying, day=day.day).first()
    if known is not None and known.source == LIVE != day.source:
        return known
    fields = {name: getattr(day, name) for name in ("iv_30d", "iv_near", "straddle_paise", "source")}
    return VolatilityDay.objects.update_or_create(underlying=day.underlying, day=day.day, defaults=fields)[0]


def _paise(point: TermPoint) -> int | None:
    return None if point.straddle is None else in_paise(np.array([point.straddle]))[0]


def _day(snapshot: Snapshot) -> date:
    return snapshot.at.astimezone(IST).date()
