"""Reading candles: stored ones, or longer bars put together from stored shorter ones; and where some lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from markets.candle_store import CandleStore, Series, bars_of, candle_store
from markets.domain.bars import EPOCH, MICROSECOND, Bars, DayGrid, Interval, Ints, concat
from markets.domain.rollup import aggregate
from markets.models import Instrument
from markets.selectors.facts import calendar_of, contract_facts
from qlplatform.core.clock import IST


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch of bars that lack: from the start of the first to the end of the last (UTC), and how many."""

    start: datetime
    end: datetime
    bars: int


@dataclass(frozen=True, slots=True)
class DayGaps:
    """What lacks on a trading day. `bars` is how many there are of `expected`; a day without any has no
    `missing` stretches. Of contracts: how many had bars, and how many of these had one in every minute.
    """

    day: date
    expected: int
    bars: int
    missing: tuple[Missing, ...]
    contracts: int
    complete_contracts: int


def candles_of(instrument: Instrument, interval: Interval, start: datetime, end: datetime) -> Bars:
    """The bars of an instrument that start in [start, end), by time, its key on each. Days without bars of
    this interval are put together from shorter ones, if there are.
    """
    series = Series(instrument.kind, instrument.expiry, instrument.strike_paise)
    place = (instrument.exchange, instrument.underlying)
    found = _bars(candle_store(), place, interval, start, end, series)
    found.key[:] = instrument.pk
    return found


def _bars(
    store: CandleStore,
    place: tuple[str, str],
    interval: Interval,
    start: datetime,
    end: datetime,
    series: Series,
) -> Bars:
    found = [bars_of(store.read(*place, interval, start, end, series), interval)[0]]
    have = _days(found[0].ts_us)
    for shorter in reversed(store.intervals(*place)):
        if not _divides(shorter, interval):
            continue
        # a longer bar needs all its shorter ones, also those before `start`
        opened, closed = _midnight(start), _midnight(end) + timedelta(days=1)
        parts, _ = bars_of(store.read(*place, shorter, opened, closed, series), shorter)
        for day, bars in _by_day(parts):
            hours = calendar_of(place[1]).session(day)
            if day not in have and hours is not None:
                found.append(aggregate(bars, interval, hours))
                have.add(day)
    whole = concat(found, interval).ordered()
    return whole.take((whole.ts_us >= _us(start)) & (whole.ts_us < _us(end)))


def _divides(shorter: Interval, interval: Interval) -> bool:
    if shorter in {"day", interval}:
        return False
    return interval == "day" or interval % shorter == 0


def _us(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _midnight(at: datetime) -> datetime:
    return at.astimezone(IST).replace(hour=0, minute=0, second=0, microsecond=0)


def _ist_days(ts_us: Ints) -> Ints:
    """Days since 1970 by the Indian clock."""
    return (ts_us + 19_800_000_000) // 86_400_000_000  # UTC+05:30


def _days(ts_us: Ints) -> set[date]:
    return {EPOCH.date() + timedelta(days=int(number)) for number in np.unique(_ist_days(ts_us))}


def _by_day(bars: Bars) -> Iterator[tuple[date, Bars]]:
    numbers = _ist_days(bars.ts_us)
    for number in np.unique(numbers):
        yield EPOCH.date() + timedelta(days=int(number)), bars.take(numbers == number)


def candle_gaps(underlying: str, start: date, end: date, interval: Interval = 1) -> list[DayGaps]:
    """The trading days from `start` to `end` (both included) whose index candles lack or have holes, and how
    complete the contracts of each are. Raises UserError `calendar_unknown` for a year without holiday list.
    """
    store, exchange, days = candle_store(), contract_facts().exchange(underlying), calendar_of(underlying)
    found = []
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        days.require_year(day.year)
        hours = days.session(day)
        if hours is not None:
            rows = store.read(
                exchange,
                underlying,
                interval,
                _midnight(hours.open),
                _midnight(hours.open) + timedelta(days=1),
            )
            gaps = _day_gaps(day, DayGrid(hours), interval, rows)
            if gaps.bars < gaps.expected:
                found.append(gaps)
    return found


def _day_gaps(day: date, grid: DayGrid, interval: Interval, rows: pa.Table) -> DayGaps:
    slots = grid.slots(interval)
    kinds = np.array(rows["kind"].to_pylist(), dtype="U5")
    ts = rows["ts"].cast(pa.int64()).to_numpy()
    there = np.isin(slots.start_us, ts[kinds == "INDEX"])
    strikes = rows.filter(pa.array(kinds != "INDEX")).select(["kind", "expiry", "strike"])
    counts = strikes.group_by(["kind", "expiry", "strike"]).aggregate([([], "count_all")])["count_all"]
    return DayGaps(
        day=day,
        expected=len(there),
        bars=int(np.count_nonzero(there)),
        missing=tuple(_stretches(slots.start_us, slots.end_us, ~there)) if there.any() else (),
        contracts=len(counts),
        complete_contracts=sum(1 for count in counts.to_pylist() if count >= len(there)),
    )


def _stretches(start_us: Ints, end_us: Ints, missing: np.ndarray) -> Iterator[Missing]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], missing.astype(np.int8), [0]))))
    for first, after in edges.reshape(-1, 2).tolist():
        opened, closed = (EPOCH + int(us) * MICROSECOND for us in (start_us[first], end_us[after - 1]))
        yield Missing(opened, closed, after - first)
