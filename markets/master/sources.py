"""Which sources of instrument masters there are: name, parser, and what else follows an import.

`settings.QL_MASTER_SOURCES` lists dotted names of iterables of `Source`, so that apps above (brokers) add
theirs without being imported from here. They are loaded when first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from markets.master.rows import Outcome
from markets.master.values import RowProblem, day_iso, day_named, day_numbers
from qlplatform.core.errors import NotFound, UserError

if TYPE_CHECKING:
    from markets.models import MasterImport

YEARS = range(2000, 2100)  # the first derivatives were listed in June 2000
_DAYS = (
    (re.compile(r"(?<!\d)(20\d\d-[01]\d-[0-3]\d)(?!\d)"), day_iso),
    (re.compile(r"(?<!\d)([0-3]\d-?[A-Za-z]{3}-?20\d\d)(?!\d)"), day_named),
    (re.compile(r"(?<!\d)(20[0-4]\d[01]\d[0-3]\d)(?!\d)"), lambda text: day_numbers(text, order="ymd")),
    (re.compile(r"(?<!\d)([0-3]\d[01]\d20\d\d)(?!\d)"), day_numbers),
)


def day_in_name(file_name: str) -> date | None:
    """The day in a file's name (2026-01-29, 20260129, 29JAN2026, 29012026), None when there is none."""
    for pattern, day_from in _DAYS:
        found = pattern.search(file_name)
        if found:
            try:
                return day_from(found[1])
            except RowProblem:
                continue
    return None


def file_day(
    file_name: str, *, given: date | None, inside: date | None, guesses: Iterable[date | None]
) -> date:
    """The trading day a file speaks of: the one given or told inside it, else the first of the guesses.

    Raises UserError `wrong_day` when its content speaks of another day than the one given, `day_unknown` when
    nothing tells, `day_range` for a day no file can be of.
    """
    if given and inside and given != inside:
        raise UserError(f"{file_name} speaks of {inside}, not of {given}.", code="wrong_day")
    found = given or inside or next((day for day in guesses if day), None)
    if found is None:
        text = f"Neither the name nor the content of {file_name} tells its day: give it."
        raise UserError(text, code="day_unknown")
    if found.year not in YEARS:
        raise UserError(f"{found} is no day of a master: check the year.", code="day_range")
    return found


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher's file.

    `parse` turns the open (uncompressed) file into outcomes. `day_of` finds the trading day in the file's
    name, `day_in` in its content, where that tells it; `written_in` finds the day the file was written, which
    serves when nothing tells the trading day. `broker` is the key of the broker whose names the file
    carries. `after_upsert` runs in the import's transaction, once every usable line has its instrument: the
    temporary table `master_stage` (`markets.master.staging`) then has `instrument_id`; what it returns is
    added to the import's `counts`.
    """

    name: str
    label: str
    parse: Callable[[IO[bytes]], Iterable[Outcome]]
    day_of: Callable[[str], date | None] = day_in_name
    day_in: Callable[[IO[bytes]], date | None] | None = None
    written_in: Callable[[IO[bytes]], date | None] | None = None
    broker: str = ""
    after_upsert: Callable[[MasterImport], Mapping[str, int]] | None = None


@cache
def sources() -> dict[str, Source]:
    """Every source by name."""
    return {one.name: one for dotted in settings.QL_MASTER_SOURCES for one in import_string(dotted)}


def source(name: str) -> Source:
    """The source of that name. NotFound lists those there are."""
    try:
        return sources()[name]
    except KeyError:
        raise NotFound(
            f"There is no source {name!r}. There are: {', '.join(sorted(sources()))}.", code="unknown_source"
        ) from None
