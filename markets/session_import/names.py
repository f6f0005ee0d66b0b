"""What the name of a captured file tells: day, time of day, expiry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
EXPIRY = re.compile(r"(?<![\dA-Za-z])(\d{1,2})[-_ ]?([A-Za-z]{3})[-_ ]?(20\d\d)(?!\d)")
CLOCK = re.compile(r"(?<!\d)([01]\d|2[0-3])[-_.:]?([0-5]\d)[-_.:]?([0-5]\d)(?!\d)")
HOUR_MINUTE = re.compile(r"(?:.*[^\d])?(\d{1,2})[-_.:](\d{1,2})")


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What could be read out of a name; None where it says nothing."""

    day: date | None = None
    at: time | None = None
    expiry: date | None = None


def facts_of(stem: str, folders: tuple[str, ...] = ()) -> NameFacts:
    """The facts in a file's name without its ending; the day may also be in the name of a folder or archive
    around it, innermost first.

    `nifty_option_chain_103337` is 10:33:37, `11_5` is 11:05, `option-chain-ED-NIFTY-27-Nov-2025` an expiry,
    `nse_chain_2026_05_26` a day.
    """
    days = (found for text in (stem, *folders) if (found := _day(text)))
    rest = DAY.sub(" ", EXPIRY.sub(" ", stem))
    return NameFacts(day=next(days, None), at=_clock(rest), expiry=_expiry(stem))


def _day(text: str) -> date | None:
    for found in DAY.finditer(text):
        try:
            return date(*(int(part) for part in found.groups()))
        except ValueError:
            continue
    return None


def _expiry(text: str) -> date | None:
    for found in EXPIRY.finditer(text):
        try:
            return datetime.strptime("-".join(found.groups()), "%d-%b-%Y").date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return None


def _clock(text: str) -> time | None:
    if found := list(CLOCK.finditer(text)):
        hour, minute, second = (int(part) for part in found[-1].groups())
        return time(hour, minute, second)
    short = HOUR_MINUTE.fullmatch(text.strip())
    if short and int(short[1]) < 24 and int(short[2]) < 60:
        return time(int(short[1]), int(short[2]))
    return None
