"""What was recorded of live sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pyarrow.compute as pc

from markets.domain.bars import EPOCH, MICROSECOND
from markets.recordings.parts import CHAIN, DayParts
from markets.selectors.facts import calendar_of
from markets.sessions import manifest_of, recordings_folder

RECORDING, CLOSED = "recording", "closed"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded day of an underlying. `events`: chain snapshots; `longest_gap_s`: seconds of trading the
    longest without one; `minutes` of `minutes_expected` had a bar. The last three are None while it goes on.
    """

    underlying: str
    day: date
    state: str
    events: int
    first: datetime | None
    last: datetime | None
    longest_gap_s: int | None = None
    minutes: int | None = None
    minutes_expected: int | None = None


def recordings(start: date, end: date, underlying: str = "", market: str = "live") -> list[Recording]:
    """The recorded days from `start` to `end` (both included), newest first."""
    found = [*_closed(market, start, end), *_going_on(market, start, end)]
    mine = [each for each in found if underlying in ("", each.underlying)]
    return sorted(mine, key=lambda each: (-each.day.toordinal(), each.underlying))


def days_not_recorded(underlying: str, start: date, end: date, market: str = "live") -> list[date]:
    """Trading days since the first recording of an underlying that were not recorded."""
    folder = recordings_folder() / market / underlying
    known = {path.name for path in folder.glob("20*")} | {
        path.name for path in (recordings_folder() / market / "parts").glob("20*")
    }
    if not known:
        return []
    first, trading = date.fromisoformat(min(known)), calendar_of(underlying)
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [
        day
        for day in days
        if day >= first and trading.session(day) is not None and day.isoformat() not in known
    ]


def _closed(market: str, start: date, end: date) -> Iterator[Recording]:
    for folder in (recordings_folder() / market).glob("[A-Z]*/20*"):
        if not start <= date.fromisoformat(folder.name) <= end:
            continue
        said = manifest_of(folder)
        if said is not None:
            yield Recording(
                underlying=said["underlying"],
                day=date.fromisoformat(folder.name),
                state=CLOSED,
                events=said["events"],
                first=datetime.fromisoformat(said["first"]).astimezone(UTC),
                last=datetime.fromisoformat(said["last"]).astimezone(UTC),
                longest_gap_s=said["longest_gap_s"],
                minutes=said["minutes"],
                minutes_expected=said["minutes_expected"],
            )


def _going_on(market: str, start: date, end: date) -> Iterator[Recording]:
    """Days that are being recorded: told by the parts written so far, of which only the newest is read."""
    for folder in (recordings_folder() / market / "parts").glob("20*"):
        day = date.fromisoformat(folder.name)
        parts = DayParts(market, day)
        ends = parts.ends(CHAIN)
        if not start <= day <= end or not ends:
            continue
        newest = next(parts.each(CHAIN, last=True))
        for underlying in sorted(pc.unique(newest["underlying"]).to_pylist()):
            first, last = (EPOCH + at * MICROSECOND for at in (ends[0], ends[-1]))
            yield Recording(underlying, day, RECORDING, len(ends), first, last)
