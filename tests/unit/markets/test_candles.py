"""Candles: the same bars live and from history, however the ticks are cut into batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.bars import INTERVALS, MINUTE_US, Bars, DayGrid, Interval, concat, micros
from markets.domain.calendar import DaySession
from markets.domain.candles import UNTOLD, CandleBuilder, Ticks, from_history
from markets.domain.rollup import aggregate
from qlplatform.core.clock import IST

DAY = date(2024, 1, 10)
TOLD = ("key", "ts_us", "open", "high", "low", "close", "volume", "oi")
Tick = tuple[int, int, int, int, int]  # place, ltp, volume, oi, exch_us


def day(*sittings: tuple[str, str]) -> DaySession:
    def at(text: str) -> datetime:
        return datetime.combine(DAY, time.fromisoformat(text), tzinfo=IST)

    return DaySession(tuple((at(start), at(end)) for start, end in sittings))


ORDINARY = day(("09:15", "15:30"))
SATURDAY = day(("09:15", "10:00"), ("11:30", "12:30"))
OPEN_US = micros(ORDINARY.open)


def us(text: str) -> int:
    return micros(datetime.combine(DAY, time.fromisoformat(text), tzinfo=IST))


def ticks(rows: Sequence[Tick]) -> Ticks:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Ticks(*columns)


def rows_of(bars: Sequence[Bars], interval: Interval) -> list[tuple[int, ...]]:
    found = concat(bars, interval).ordered()
    return list(zip(*(getattr(found, name).tolist() for name in TOLD), strict=True))


def plain(rows: Sequence[Tick], session: DaySession, interval: Interval) -> list[tuple[int, ...]]:
    """Bars tick by tick in plain Python; the ticks in order of time."""
    grid = DayGrid(session)
    slots = grid.slots(interval)
    bars: dict[tuple[int, int], list[int]] = {}
    cum: dict[int, int] = {}
    known_oi: dict[int, int] = {}
    for place, ltp, volume, oi, at in sorted(rows, key=lambda row: row[4]):
        minute = int(grid.minute_of(np.array([at]))[0])
        if minute < 0 or ltp <= 0:
            continue
        key = (int(slots.start_us[slots.of_minute[minute]]), place)
        bar = bars.setdefault(key, [ltp, ltp, ltp, ltp, 0, 0])
        bar[1:4] = [max(bar[1], ltp), min(bar[2], ltp), ltp]
        if volume != UNTOLD:
            before = cum.get(place, 0 if minute == 0 else volume)
            cum[place] = max(before, volume)
            bar[4] += cum[place] - before
        if oi != UNTOLD:
            known_oi[place] = oi
        bar[5] = known_oi.get(place, 0)
    return [(place, at, *bar) for (at, place), bar in sorted(bars.items())]


SESSIONS = (ORDINARY, SATURDAY, day(("18:15", "19:15")), day(("09:15", "15:40")))


@st.composite
def tapes(draw: st.DrawFn) -> tuple[DaySession, list[Tick]]:
    """Ticks of three instruments in order of time, volumes growing, some before the open and after the
    close.
    """
    session = draw(st.sampled_from(SESSIONS))
    start, span = micros(session.open), (micros(session.close) - micros(session.open)) // 1_000_000
    step = st.tuples(
        st.integers(0, 2), st.integers(-1, 300), st.integers(-1, 200), st.integers(-1, 9), st.integers(0, 900)
    )
    at, volumes, rows = -30, [0, 0, 0], []
    for place, ltp, more, oi, gap in draw(st.lists(step, max_size=60)):
        at += gap
        volumes[place] += max(more, 0)
        volume = UNTOLD if more == UNTOLD else volumes[place]
        rows.append((place, ltp, volume, oi, start + min(at, span + 5) * 1_000_000))
    return session, rows


def cut(rows: Sequence[Tick], places: Sequence[int]) -> list[Sequence[Tick]]:
    edges = [0, *sorted(min(place, len(rows)) for place in places), len(rows)]
    return [rows[a:b] for a, b in zip(edges, edges[1:], strict=False)]


@given(tapes(), st.lists(st.integers(0, 60), max_size=8), st.booleans())
def test_live_history_and_plain_python_agree(
    tape: tuple[DaySession, list[Tick]], cuts: list[int], clock: bool
) -> None:
    session, rows = tape
    builder, live = CandleBuilder((0, 1, 2), session), []
    for part in cut(rows, cuts):
        live += builder.add(ticks(part))
        if clock and part:  # the clock never closes a minute that still gets ticks
            live += builder.close_until(part[-1][4] // MINUTE_US * MINUTE_US)
    live += builder.close_until(micros(session.close))
    past = from_history((0, 1, 2), ticks(rows), session)
    for interval in INTERVALS:
        assert rows_of(live, interval) == rows_of(past, interval) == plain(rows, session, interval)


@given(tapes())
def test_longer_bars_from_the_stored_minutes_are_the_very_same(tape: tuple[DaySession, list[Tick]]) -> None:
    session, rows = tape
    built = from_history((0, 1, 2), ticks(rows), session)
    minutes, fives = concat(built, 1), concat(built, 5)
    for interval in INTERVALS[1:]:
        assert rows_of([aggregate(minutes, interval, session)], interval) == rows_of(built, interval)
    assert rows_of([aggregate(fives, 15, session)], 15) == rows_of(built, 15)


@given(st.permutations(range(6)), st.integers(0, 6))
def test_inside_a_minute_the_order_of_arrival_does_not_matter(order: list[int], cut_at: int) -> None:
    tape = [(0, 100 + (n * 7) % 5, 10 * n, n, OPEN_US + n * 1_000_000) for n in range(6)]
    builder = CandleBuilder((7,), ORDINARY, (1,))
    mixed = [tape[n] for n in order]
    builder.add(ticks(mixed[:cut_at]))
    builder.add(ticks(mixed[cut_at:]))
    assert rows_of(builder.close_until(us("09:16")), 1) == [(7, OPEN_US, 100, 104, 100, 100, 50, 5)]


def test_a_tick_of_the_next_minute_closes_the_bar() -> None:
    builder = CandleBuilder((7, 8), ORDINARY, (1,))
    assert builder.add(ticks([(0, 100, 10, 1, us("09:15:01")), (1, 50, 0, 0, us("09:15:02"))])) == []
    closed = builder.add(ticks([(0, 103, 15, 2, us("09:16:00"))]))
    assert rows_of(closed, 1) == [(7, OPEN_US, 100, 100, 100, 100, 10, 1)]


def test_late_early_and_priceless_ticks_are_counted_and_not_applied() -> None:
    builder = CandleBuilder((7, 8), ORDINARY, (1, 5))
    builder.add(ticks([(0, 100, 10, 1, us("09:16:01"))]))
    builder.add(ticks([(0, 900, 99, 9, us("09:15:59")), (0, 0, 0, 0, us("09:16:02"))]))
    builder.add(ticks([(1, 5, 0, 0, us("09:14:59")), (1, 5, 0, 0, us("15:30"))]))
    bars = builder.close_until(us("09:20"))
    bars += builder.add(ticks([(1, 5, 0, 0, us("09:19:59.9"))]))
    assert builder.faults == {"late": 2, "bad_price": 1, "outside": 2}
    assert rows_of(bars, 5) == [(7, OPEN_US, 100, 100, 100, 100, 0, 1)]


def test_volume_counts_from_the_open_or_from_where_an_instrument_was_first_seen() -> None:
    rows = [
        (0, 100, 500, 1, us("09:15:30")),
        (1, 50, 900, 1, us("10:00:00")),
        (1, 50, 960, 1, us("10:00:30")),
    ]
    rows += [(1, 51, 1000, 1, us("10:05:00"))]
    bars = from_history((7, 8), ticks(rows), ORDINARY, (1, "day"))
    assert [row[6] for row in rows_of(bars, 1)] == [500, 60, 40]
    assert rows_of(bars, "day") == [
        (7, OPEN_US, 100, 100, 100, 100, 500, 1),
        (8, OPEN_US, 50, 51, 50, 51, 100, 1),
    ]


@pytest.mark.parametrize(
    ("session", "interval", "starts"),
    [
        (ORDINARY, 60, ["09:15", "10:15", "11:15", "12:15", "13:15", "14:15", "15:15"]),
        (SATURDAY, 30, ["09:15", "09:45", "11:30", "12:00"]),
        (day(("18:15", "19:15")), 60, ["18:15"]),
        (SATURDAY, "day", ["09:15"]),
    ],
)
def test_bars_are_aligned_to_the_open_of_their_sitting(
    session: DaySession, interval: Interval, starts: list[str]
) -> None:
    assert DayGrid(session).slots(interval).start_us.tolist() == [us(text) for text in starts]


def test_an_ordinary_day_has_375_minutes_and_the_close_belongs_to_none() -> None:
    grid = DayGrid(ORDINARY)
    assert len(grid) == 375
    at = np.array([us("09:14:59.9"), us("09:15"), us("15:29:59.9"), us("15:30")])
    assert grid.minute_of(at).tolist() == [-1, 0, 374, -1]


def test_instruments_may_join_during_the_day() -> None:
    builder = CandleBuilder((7,), ORDINARY, (1, 3))
    builder.add(ticks([(0, 100, 0, 0, us("09:15:01"))]))
    builder.extend((9,))
    builder.add(ticks([(1, 55, 0, 0, us("09:15:02"))]))
    assert [row[0] for row in rows_of(builder.close_until(us("09:18")), 3)] == [7, 9]


@given(tapes(), st.integers(0, 60))
def test_a_builder_goes_on_where_another_stood(tape: tuple[DaySession, list[Tick]], cut_at: int) -> None:
    session, rows = tape
    whole = from_history((0, 1, 2), ticks(rows), session, (1,))
    before = CandleBuilder((0, 1, 2), session, (1,))
    until = rows[min(cut_at, len(rows) - 1)][4] // MINUTE_US * MINUTE_US if rows else OPEN_US
    old = [row for row in rows if row[4] < until]
    first = concat([*before.add(ticks(old)), *before.close_until(until)], 1).ordered()
    totals, oi = np.full(3, UNTOLD), np.full(3, UNTOLD)
    totals[first.key], oi[first.key] = first.total, first.oi
    after = CandleBuilder((0, 1, 2), session, (1,))
    after.resume(totals, oi, until)
    later = after.add(ticks([row for row in rows if row[4] >= until]))
    later += after.close_until(micros(session.close))
    assert rows_of([first, *later], 1) == rows_of(whole, 1)
