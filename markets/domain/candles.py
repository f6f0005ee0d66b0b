"""Candles from ticks: one-minute bars, and all longer ones from those, the same live and from history.

Each instrument has one open minute. A tick of a later minute closes it; so does the clock (`close_until`).
Inside the open minute the order of arrival does not matter: the open is the price of the oldest exchange
stamp, the close, and the open interest, that of the newest. A tick of a minute already closed is counted as
`late` and changes nothing. The volume of a bar is what the cumulative volume of the day grew by; an
instrument first seen after the first minute of the day counts from the volume it was first seen with. What a
tick does not tell (UNTOLD) stays as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from markets.domain.bars import INTERVALS, Bars, DayGrid, Interval, Ints, concat
from markets.domain.calendar import DaySession
from markets.domain.rollup import Minutes, Rollup, group_starts

UNTOLD = -1
VOLUME_BITS = 40  # a day's volume of a contract in units stays far below 2^40
UNSEEN = 2**VOLUME_BITS


class Ticks(NamedTuple):
    """Ticks in order of arrival. `place` is that in the builder's keys; `volume` the day's so far. `ltp`,
    `volume` and `oi` may be UNTOLD.
    """

    place: Ints
    ltp: Ints
    volume: Ints
    oi: Ints
    exch_us: Ints


class TickArrays(Protocol):
    """Anything with the arrays of `Ticks` (any integer types)."""

    @property
    def place(self) -> NDArray[np.integer]: ...
    @property
    def ltp(self) -> NDArray[np.integer]: ...
    @property
    def volume(self) -> NDArray[np.integer]: ...
    @property
    def oi(self) -> NDArray[np.integer]: ...
    @property
    def exch_us(self) -> NDArray[np.integer]: ...


class _Open:
    """The newest minute of each instrument: `minute` -1 before its first tick, `live` while it is open.

    `base` is the day's volume when the minute began, `cum` the newest (UNTOLD before the first); `anchored`:
    the base was seen.
    """

    FIELDS = ("minute", "first_us", "last_us", "open", "high", "low", "close", "oi", "oi_us", "cum", "base")

    def __init__(self, count: int) -> None:
        for name in self.FIELDS:
            untold = name in ("minute", "cum", "oi", "oi_us")
            setattr(self, name, np.full(count, UNTOLD if untold else 0, dtype=np.int64))
        self.live = np.zeros(count, dtype=bool)
        self.anchored = np.zeros(count, dtype=bool)

    minute: Ints
    first_us: Ints
    last_us: Ints
    open: Ints
    high: Ints
    low: Ints
    close: Ints
    oi: Ints
    oi_us: Ints
    cum: Ints
    base: Ints

    def grow(self, more: int) -> None:
        added = _Open(more)
        for name in (*self.FIELDS, "live", "anchored"):
            setattr(self, name, np.concatenate([getattr(self, name), getattr(added, name)]))

    def bars(self, place: Ints) -> Minutes:
        """Their minutes as closed bars."""
        volume = np.maximum(self.cum[place] - self.base[place], 0)
        prices = (self.open[place], self.high[place], self.low[place], self.close[place])
        oi = np.maximum(self.oi[place], 0)
        return Minutes(place, self.minute[place], *prices, volume, oi, self.cum[place])


class _Pieces(NamedTuple):
    """What a batch brings for each (instrument, minute), by instrument and then time."""

    place: Ints
    minute: Ints
    first_us: Ints
    last_us: Ints
    open: Ints
    high: Ints
    low: Ints
    close: Ints
    oi: Ints  # the newest told, and when
    oi_us: Ints
    most: Ints  # largest and smallest volume told
    least: Ints


class CandleBuilder:
    """Bars of one trading day for the instruments `keys`. `faults` counts ticks that were not applied:
    `late`, `outside` (the trading hours), `bad_price`.
    """

    def __init__(
        self, keys: Sequence[int] | Ints, session: DaySession, intervals: Sequence[Interval] = INTERVALS
    ) -> None:
        self.keys: Ints = np.asarray(keys, dtype=np.int64)
        self.intervals = tuple(intervals)
        self.faults: Counter[str] = Counter()
        self._grid = DayGrid(session)
        self._open = _Open(len(self.keys))
        self._closed_below = 0  # minutes before this one are closed for everybody
        self._rollups = [Rollup(each, self._grid, len(self.keys)) for each in self.intervals if each != 1]

    def extend(self, keys: Sequence[int] | Ints) -> None:
        """Further instruments; their places follow those there are."""
        added = np.asarray(keys, dtype=np.int64)
        self.keys = np.concatenate([self.keys, added])
        self._open.grow(len(added))
        for rollup in self._rollups:
            rollup.grow(len(added))

    def resume(self, totals: Ints, oi: Ints, until_us: int) -> None:
        """Go on where an earlier builder of the day stood: what ended by `until_us` is closed; by instrument
        the day's volume then (-1 = unknown) and the open interest.
        """
        self._open.cum[:], self._open.oi[:] = totals, oi
        self.close_until(until_us)

    def add(self, ticks: TickArrays) -> list[Bars]:
        """Apply a batch in order of arrival; the bars it closed, one `Bars` per interval that has any."""
        pieces = self._pieces(ticks)
        if pieces is None:
            return []
        closed, moved = self._apply(pieces)
        return self._out(closed, moved) if len(moved) else []

    def close_until(self, at_us: int) -> list[Bars]:
        """Close every bar that ends at or before `at_us`; later ticks of them are late."""
        ends = self._grid.minutes.end_us
        self._closed_below = max(self._closed_below, int(np.searchsorted(ends, at_us, side="right")))
        done = np.flatnonzero(self._open.live & (self._open.minute < self._closed_below))
        closed = self._close(done)
        return self._out(closed, done, at_us)

    # -- a batch ------------------------------------------------------------------

    def _pieces(self, ticks: TickArrays) -> _Pieces | None:
        """The usable ticks of a batch, put together by instrument and minute; None when there are none."""
        at = np.asarray(ticks.exch_us, dtype=np.int64)
        minute = self._grid.minute_of(at)
        bad, outside = np.asarray(ticks.ltp) <= 0, minute < 0
        self._count("bad_price", bad & (np.asarray(ticks.ltp) != UNTOLD))
        self._count("outside", outside & ~bad)
        rows = np.flatnonzero(~(bad | outside))
        rows = rows[np.argsort(_narrow(ticks.place[rows], len(self.keys)), kind="stable")]
        place, minute = np.asarray(ticks.place, dtype=np.int64)[rows], minute[rows]
        on_time = self._on_time(place, minute)
        self._count("late", ~on_time)
        if not on_time.any():
            return None
        return _put_together(place[on_time], minute[on_time], at, rows[on_time], ticks)

    def _on_time(self, place: Ints, minute: Ints) -> NDArray[np.bool_]:
        """Which ticks are of no minute already closed, by the clock or by an earlier tick."""
        least = np.maximum(self._open.minute[place], self._closed_below)
        base = place * (len(self._grid) + 1)
        newest = np.maximum.accumulate(base + np.maximum(minute, least)) - base
        return minute >= newest

    def _count(self, code: str, mask: NDArray[np.bool_]) -> None:
        if count := int(np.count_nonzero(mask)):
            self.faults[code] += count

    # -- the open minutes -----------------------------------------------------------

    def _apply(self, new: _Pieces) -> tuple[Minutes, Ints]:
        """Take the pieces in; the minutes this closed, and the instruments that are in a new minute."""
        opened = self._open
        head = np.flatnonzero(np.append(True, new.place[1:] != new.place[:-1]))
        tail = np.append(head[1:], len(new.place)) - 1
        going_on = opened.live[new.place[head]] & (opened.minute[new.place[head]] == new.minute[head])
        before = self._close(new.place[head[~going_on]])
        merged = _merged(new, head[going_on], opened)
        self._carry_oi(merged, head)
        cum, base, anchored = self._volumes(merged, head, going_on)
        middle = np.ones(len(merged.place), dtype=bool)
        middle[tail] = False
        closed = _minutes(merged, np.maximum(cum - base, 0), cum, middle)
        self._keep(merged, tail, cum, base, anchored)
        return before.joined(closed), new.place[head[~going_on | (head != tail)]]

    def _volumes(
        self, new: _Pieces, head: Ints, going_on: NDArray[np.bool_]
    ) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        """The day's volume at the end and the beginning of each piece, and whether the latter was seen."""
        opened, first = self._open, new.place[head]
        most = new.most.copy()
        most[head] = np.maximum(most[head], opened.cum[first])
        shift = new.place << VOLUME_BITS
        cum: Ints = np.maximum.accumulate(shift + most) - shift
        before = np.append(UNTOLD, cum[:-1])
        before[head] = opened.cum[first]
        anchored = before >= 0
        anchored[head] = np.where(going_on, opened.anchored[first], anchored[head])
        before[head] = np.where(going_on, opened.base[first], before[head])
        unseen = np.where(new.minute == 0, 0, new.least)
        unseen[head] = np.where(going_on, np.minimum(opened.base[first], unseen[head]), unseen[head])
        return cum, np.where(anchored, before, unseen), anchored

    def _carry_oi(self, new: _Pieces, head: Ints) -> None:
        """Pieces that do not tell the open interest have that of the piece or the minute before."""
        first = new.place[head]
        untold = new.oi[head] == UNTOLD
        new.oi[head] = np.where(untold, self._open.oi[first], new.oi[head])
        new.oi_us[head] = np.where(untold, self._open.oi_us[first], new.oi_us[head])
        told = new.oi != UNTOLD
        told[head] = True
        newest = np.maximum.accumulate(np.where(told, np.arange(len(told)), 0))
        new.oi[:], new.oi_us[:] = new.oi[newest], new.oi_us[newest]

    def _keep(self, new: _Pieces, tail: Ints, cum: Ints, base: Ints, anchored: NDArray[np.bool_]) -> None:
        """The last piece of each instrument is its open minute now."""
        opened, place = self._open, new.place[tail]
        for name in ("minute", "first_us", "last_us", "open", "high", "low", "close", "oi", "oi_us"):
            getattr(opened, name)[place] = getattr(new, name)[tail]
        opened.cum[place], opened.base[place] = cum[tail], base[tail]
        opened.anchored[place], opened.live[place] = anchored[tail], True

    def _close(self, place: Ints) -> Minutes:
        """Close the open minutes of these instruments."""
        live = place[self._open.live[place]]
        self._open.live[live] = False
        return self._open.bars(live)

    def _out(self, closed: Minutes, touched: Ints, at_us: int | None = None) -> list[Bars]:
        """Closed minutes and the longer bars that end with them."""
        found = [closed.as_bars(self.keys, self._grid.minutes)] if 1 in self.intervals else []
        for rollup in self._rollups:
            parts = [rollup.add(closed)]
            if at_us is None:
                parts.append(rollup.pass_on(touched, self._open.minute[touched]))
            else:
                parts.append(rollup.close_until(at_us))
            found += [part.as_bars(self.keys, rollup.slots, rollup.interval) for part in parts]
        return [bars for each in self.intervals if len(bars := concat(found, each))]


def from_history(
    keys: Sequence[int] | Ints,
    ticks: TickArrays,
    session: DaySession,
    intervals: Sequence[Interval] = INTERVALS,
) -> list[Bars]:
    """The bars of a whole day of recorded ticks in any order: the very code of the live ones, scanned."""
    builder = CandleBuilder(keys, session, intervals)
    order = np.argsort(ticks.exch_us, kind="stable")
    columns = (np.asarray(getattr(ticks, name), dtype=np.int64)[order] for name in Ticks._fields)
    found = builder.add(Ticks(*columns))
    found += builder.close_until(DayGrid(session).close_us)
    return [bars.ordered() for each in builder.intervals if len(bars := concat(found, each))]


def _narrow(place: NDArray[np.integer], count: int) -> NDArray[np.integer]:
    """Small numbers sort several times faster."""
    return place.astype(np.uint16) if count <= 65_536 else place


def _put_together(place: Ints, minute: Ints, at: Ints, rows: Ints, ticks: TickArrays) -> _Pieces:
    starts = group_starts(place, minute)
    ends = np.append(starts[1:], len(place)) - 1
    at = at[rows]
    inner = np.ones(len(at), dtype=bool)
    inner[starts] = False
    if np.any((np.diff(at, prepend=at[:1]) < 0) & inner):
        group = np.cumsum(~inner)
        order = np.lexsort((at, group))
        rows, at = rows[order], at[order]
    ltp = np.asarray(ticks.ltp, dtype=np.int64)[rows]
    volume = np.asarray(ticks.volume, dtype=np.int64)[rows]
    oi = np.asarray(ticks.oi, dtype=np.int64)[rows]
    told = np.maximum.reduceat(np.where(oi >= 0, np.arange(len(oi)), UNTOLD), starts)
    return _Pieces(
        place=place[starts],
        minute=minute[starts],
        first_us=at[starts],
        last_us=at[ends],
        open=ltp[starts],
        high=np.maximum.reduceat(ltp, starts),
        low=np.minimum.reduceat(ltp, starts),
        close=ltp[ends],
        oi=np.where(told >= 0, oi[told], UNTOLD),
        oi_us=np.where(told >= 0, at[told], UNTOLD),
        most=np.maximum.reduceat(np.maximum(volume, UNTOLD), starts),
        least=np.minimum.reduceat(np.where(volume >= 0, volume, UNSEEN), starts),
    )


def _merged(new: _Pieces, at: Ints, opened: _Open) -> _Pieces:
    """The pieces, those at `at` joined with the open minute of their instrument."""
    if not len(at):
        return new
    place = new.place[at]
    older = new.first_us[at] < opened.first_us[place]
    newer = new.last_us[at] >= opened.last_us[place]
    new.open[at] = np.where(older, new.open[at], opened.open[place])
    new.close[at] = np.where(newer, new.close[at], opened.close[place])
    told_later = new.oi_us[at] >= opened.oi_us[place]
    new.oi[at] = np.where(told_later, new.oi[at], opened.oi[place])
    new.oi_us[at] = np.where(told_later, new.oi_us[at], opened.oi_us[place])
    new.high[at] = np.maximum(new.high[at], opened.high[place])
    new.low[at] = np.minimum(new.low[at], opened.low[place])
    new.first_us[at] = np.minimum(new.first_us[at], opened.first_us[place])
    new.last_us[at] = np.maximum(new.last_us[at], opened.last_us[place])
    return new


def _minutes(new: _Pieces, volume: Ints, total: Ints, mask: NDArray[np.bool_]) -> Minutes:
    prices = (new.open[mask], new.high[mask], new.low[mask], new.close[mask])
    oi = np.maximum(new.oi[mask], 0)
    return Minutes(new.place[mask], new.minute[mask], *prices, volume[mask], oi, total[mask])
