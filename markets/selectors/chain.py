"""The option chain of a market at its newest prices."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from markets import quotes
from markets.chain_reading import spot_at, table_at, term_point
from markets.domain.chain.layout import ExpiryLayout, Listed, UnderlyingLayout, layouts
from markets.domain.chain.quotes import Ints
from markets.domain.chain.table import ChainTable
from markets.domain.chain.term import YEAR_DAYS, IvRank, TermPoint, iv_at, iv_rank, near_iv
from markets.models import Instrument, Market, VolatilityDay
from markets.quotes import Snapshot
from markets.selectors.catalogue import live_market, session_shown
from qlplatform.core.clock import IST
from qlplatform.core.errors import NotFound
from qlplatform.core.tenancy import Actor

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The chain of one expiry as event `seq` of its market left it, at market time `at`."""

    market_id: int
    underlying: str
    expiry: date
    expiries: tuple[date, ...]
    seq: int
    at: datetime
    spot_paise: int | None
    layout: ExpiryLayout
    table: ChainTable

    @property
    def day(self) -> date:
        """The trading date."""
        return self.at.astimezone(IST).date()


@dataclass(frozen=True, slots=True)
class Term:
    """All expiries of an underlying at one instant, and where its volatility stands among earlier days."""

    seq: int
    at: datetime
    points: tuple[TermPoint, ...]
    iv_30d: float | None
    rank: IvRank


class Recent(Generic[T]):
    """The newest answers to a question, each worked out once; safe with threads."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._known: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """The answer kept for `key`, else that of `work_out`; errors are not kept."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = work_out()
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


_chains: Recent[Chain] = Recent(64)
_terms: Recent[Term] = Recent(32)
_layouts: Recent[dict[str, UnderlyingLayout]] = Recent(32)


def chain_market(actor: Actor) -> Market:
    """The market whose chains a page shows: the newest replay of the workspace, else the live one."""
    return session_shown(actor) or live_market()


def expiries_of(market: Market, underlying: str) -> list[date]:
    """The expiries of an underlying quoted in a market that are not over, nearest first; empty before its
    first price.
    """
    snapshot = quotes.latest(market.pk)
    found = layout_of(snapshot).get(underlying) if snapshot else None
    return list(_open_expiries(found, snapshot)) if found and snapshot else []


def chain(market: Market, underlying: str, expiry: date | None = None) -> Chain | None:
    """The chain of an expiry (default: the nearest) at the newest prices of a market.

    None before the market's first price; NotFound `no_chain` when it does not quote options of that
    underlying or expiry. Raises redis.RedisError when nobody knows the prices.
    """
    snapshot = quotes.latest(market.pk)
    return chain_in(snapshot, underlying, expiry) if snapshot else None


def chain_in(snapshot: Snapshot, underlying: str, expiry: date | None = None) -> Chain:
    """The chain of an expiry in a snapshot; NotFound `no_chain` when it has none."""
    found = _underlying(snapshot, underlying)
    expiries = _open_expiries(found, snapshot)
    wanted = expiry or next(iter(expiries), None)
    if wanted is None or wanted not in found.expiries:
        raise NotFound(f"No options of {underlying} are quoted for that expiry.", code="no_chain")
    key = (snapshot.market_id, snapshot.seq, snapshot.at, underlying, wanted)
    return _chains.get(key, lambda: _chain(snapshot, found, underlying, wanted, expiries))


def term(market: Market, underlying: str) -> Term | None:
    """The term structure and the rank of today's volatility; None and NotFound as for `chain`."""
    snapshot = quotes.latest(market.pk)
    return term_in(snapshot, underlying) if snapshot else None


def term_in(snapshot: Snapshot, underlying: str) -> Term:
    """The term structure in a snapshot; NotFound `no_chain` when it quotes no options of the underlying."""
    _underlying(snapshot, underlying)
    key = (snapshot.market_id, snapshot.seq, snapshot.at, underlying)
    return _terms.get(key, lambda: _term(snapshot, underlying))


def layout_of(snapshot: Snapshot) -> dict[str, UnderlyingLayout]:
    """Where the contracts stand in a snapshot, by underlying; read from the database when the market's
    instruments change.
    """
    key = (snapshot.market_id, snapshot.keys.tobytes())
    return _layouts.get(key, lambda: layouts(_listed(snapshot.keys), snapshot.keys))


def forget_chains() -> None:
    """Drop what this process keeps: for tests, and after the instruments of a running market changed."""
    _layouts.clear()
    _chains.clear()
    _terms.clear()


def _listed(keys: Ints) -> list[Listed]:
    rows = Instrument.objects.filter(pk__in=keys.tolist())
    return [Listed(*row) for row in rows.values_list(*Listed._fields)]


def _underlying(snapshot: Snapshot, underlying: str) -> UnderlyingLayout:
    found = layout_of(snapshot).get(underlying)
    if found is None:
        raise NotFound(f"No options of {underlying} are quoted in this market.", code="no_chain")
    return found


def _open_expiries(found: UnderlyingLayout, snapshot: Snapshot) -> tuple[date, ...]:
    today = snapshot.at.astimezone(IST).date()
    return tuple(expiry for expiry in found.expiries if expiry >= today)


def _chain(
    snapshot: Snapshot, found: UnderlyingLayout, underlying: str, expiry: date, expiries: tuple[date, ...]
) -> Chain:
    return Chain(
        market_id=snapshot.market_id,
        underlying=underlying,
        expiry=expiry,
        expiries=expiries,
        seq=snapshot.seq,
        at=snapshot.at,
        spot_paise=spot_at(snapshot, found, underlying),
        layout=found.expiries[expiry],
        table=table_at(snapshot, found, underlying, expiry),
    )


def _term(snapshot: Snapshot, underlying: str) -> Term:
    found = _underlying(snapshot, underlying)
    points = tuple(
        term_point(expiry, chain_in(snapshot, underlying, expiry).table)
        for expiry in _open_expiries(found, snapshot)
    )
    day = snapshot.at.astimezone(IST).date()
    month = iv_at(points)
    return Term(snapshot.seq, snapshot.at, points, month, rank_of(underlying, day, points, month))


def rank_of(underlying: str, day: date, points: tuple[TermPoint, ...], month: float | None) -> IvRank:
    """Today's volatility among the days before `day`: of 30 days where both have it, else of the nearest
    expiry.
    """
    rows = VolatilityDay.objects.filter(underlying=underlying, day__lt=day).order_by("-day")[:YEAR_DAYS]
    history = list(rows.values_list("iv_30d", "iv_near"))
    months = [value for value, _ in history if value is not None]
    if month is not None and (nearest := iv_rank(month, months)).percentile is not None:
        return nearest
    near = near_iv(points)
    return iv_rank(
        near.atm_iv if near else None, [value for _, value in history if value is not None], "iv_near"
    )
