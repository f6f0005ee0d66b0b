"""Reading a chain out of a snapshot: paise and places become the arrays of `markets.domain.chain`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np

from markets.domain.chain.forwards import Anchor, chain_forward
from markets.domain.chain.layout import ExpiryLayout, Places, UnderlyingLayout
from markets.domain.chain.quotes import ChainQuotes, Floats, Ints
from markets.domain.chain.table import ChainTable, chain_table
from markets.domain.chain.term import TermPoint
from markets.domain.pricing.conventions import DEFAULT, Convention, years
from markets.quotes import EPOCH, Snapshot
from markets.selectors.facts import calendar_of, rules
from qlplatform.core.clock import IST

MICROSECOND = timedelta(microseconds=1)
A_SECOND = 1_000_000


def table_at(
    snapshot: Snapshot,
    found: UnderlyingLayout,
    underlying: str,
    expiry: date,
) -> ChainTable:
    """The chain of one expiry as a snapshot has it; KeyError for an expiry that is not listed."""
    quotes = quotes_at(snapshot, found.expiries[expiry])
    convention = convention_on(snapshot.at.astimezone(IST).date())
    left = years_left(underlying, expiry, snapshot.at, convention)
    anchor = _anchor(snapshot, found, underlying, expiry)
    forward = chain_forward(quotes, anchor, years=left, rate=convention.rate)
    return chain_table(quotes, forward=forward, years=left, convention=convention)


def convention_on(day: date) -> Convention:
    """How chains of a day are valued: the default, at the rate the rule `pricing_rate` gives for it."""
    rule = rules().find("pricing_rate", day)
    return DEFAULT if rule is None else replace(DEFAULT, rate=float(rule.value) / 100)


def quotes_at(snapshot: Snapshot, layout: ExpiryLayout) -> ChainQuotes:
    """The quotes of one expiry."""
    places = layout.places

    def prices(paise: Ints) -> Floats:
        return np.where(paise > 0, paise / 100.0, np.nan)

    def column(name: str) -> Ints:
        return _taken(snapshot.column(name), places)

    return ChainQuotes(
        strikes=layout.strikes_paise / 100.0,
        ltp=prices(_taken(snapshot.ltp.astype(np.int64), places)),
        bid=prices(column("bid")),
        ask=prices(column("ask")),
        bid_qty=column("bid_qty"),
        ask_qty=column("ask_qty"),
        volume=column("volume"),
        oi=column("oi"),
        oi_chg=column("oi_chg"),
        age=_ages(snapshot, places),
    )


def spot_at(snapshot: Snapshot, found: UnderlyingLayout, underlying: str) -> int | None:
    """The underlying's last price in paise, None where it is not quoted."""
    paise = snapshot.spot.get(underlying) or (int(snapshot.ltp[found.spot]) if found.spot >= 0 else 0)
    return paise or None


def years_left(underlying: str, expiry: date, at: datetime, convention: Convention) -> float:
    """Years from `at` to the close of the expiry day.

    A day the calendar does not know (a year whose holidays are not published yet) is taken to close when this
    day does; 0 when that is not known either.
    """
    days = calendar_of(underlying)
    session = days.session(expiry, expiring=True)
    if session is not None:
        return years(at, session.close, convention.clock)
    today = days.session(at.astimezone(IST).date())
    if today is None:
        return 0.0
    close = datetime.combine(expiry, today.close.timetz())
    return years(at, close, convention.clock)


def term_point(expiry: date, table: ChainTable) -> TermPoint:
    """One expiry of the term structure."""
    return TermPoint(expiry, table.years, table.forward, table.figures.atm_iv, table.figures.straddle)


def _taken(column: Ints, places: Places) -> Ints:
    return np.where(places >= 0, column[places], 0)


def _ages(snapshot: Snapshot, places: Places) -> Floats:
    """Seconds since each contract was quoted; infinite when that was in an earlier event without a stamp."""
    stamp, told = _taken(snapshot.stamp, places), _taken(snapshot.column("exch_us"), places)
    now = (snapshot.at - EPOCH) // MICROSECOND
    silent = np.where(stamp == snapshot.seq, 0.0, np.where(stamp > 0, np.inf, np.nan))
    return np.where(told > 0, np.maximum(now - told, 0) / A_SECOND, silent)


def _anchor(snapshot: Snapshot, found: UnderlyingLayout, underlying: str, expiry: date) -> Anchor:
    paise = spot_at(snapshot, found, underlying)
    spot = paise / 100 if paise else np.nan
    place = found.futures.get(expiry)
    if place is None:
        return Anchor(spot)
    at = np.array([place], dtype=np.intp)
    bid, ask = (float(snapshot.column(name)[place]) / 100 for name in ("bid", "ask"))
    return Anchor(spot, bid, ask, float(snapshot.ltp[place]) / 100, float(_ages(snapshot, at)[0]))
