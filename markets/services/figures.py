"""Files of figures: freeze limits go onto the instruments, lots and strike steps are compared.

Dated facts are not touched: where a file differs from them or from the listed contracts, the record of the
import says so (`differs`), and a person corrects the fact with its source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Mod

from markets.master.exchanges import FIGURES
from markets.master.figures import Figure
from markets.master.opening import file_sha256
from markets.master.rows import Bad, Skip
from markets.master.sources import day_in_name, file_day
from markets.master.tally import Tally
from markets.models import Instrument, MasterImport
from markets.selectors import contract_facts
from markets.selectors.masters import master_done
from markets.services.master_merge import EXAMPLES
from markets.services.master_record import (
    count_lines,
    keep_quarantine,
    master_summary,
    record_failure,
    take_turn,
)
from qlplatform.core import audit
from qlplatform.core.clock import wall
from qlplatform.core.errors import NotFound, UserError
from qlplatform.core.money import rupee_str
from qlplatform.core.tenancy import Actor

EXCHANGE = "NSE"  # the only one that publishes such files
MONTH = timedelta(days=35)


@dataclass(slots=True)
class Findings:
    """What a file of figures changed, and where it differs from what was known."""

    changed: int = 0
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    diff: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, instrument: str, before: Any, after: Any, count: int = 1) -> None:
        """One more difference of that kind; the first ones are shown."""
        self.counts[kind] += count
        if len(self.diff[kind]) < EXAMPLES:
            self.diff[kind].append({"instrument": instrument, "before": before, "after": after})


def figures_import(
    *, source_name: str, path: Path, by: Actor, day: date | None = None, dry_run: bool = False
) -> MasterImport:
    """Read a file of `markets.master.exchanges.FIGURES`; whole or not at all, and recorded, like a master.

    Raises as `master_file_import` does.
    """
    publisher = FIGURES.get(source_name)
    if publisher is None:
        raise NotFound(f"There is no file of figures {source_name!r}.", code="unknown_source")
    on = figures_day(source_name=source_name, path=path, day=day)
    master = MasterImport(
        source=source_name, day=on, file_name=path.name[:200], sha256=file_sha256(path), started_at=wall()
    )
    tally = Tally()
    try:
        with transaction.atomic():
            take_turn()
            known = master_done(source_name, on, master.sha256)
            if known is not None:
                return known
            _import(master, publisher.parse(path), tally, by)
            transaction.set_rollback(dry_run)
    except UserError as problem:
        if not dry_run:
            record_failure(master, tally, problem, by)
        raise
    if dry_run:
        master.pk = None
    return master


def figures_day(*, source_name: str, path: Path, day: date | None = None) -> date:
    """The day such a file speaks of: in its content, as given, or in its name. Raises as `master_day`."""
    look = FIGURES[source_name].day_in
    inside = look(path) if look else None
    return file_day(path.name, given=day, inside=inside, guesses=[day_in_name(path.name)])


def _import(master: MasterImport, rows: Iterable[Figure | Bad | Skip], tally: Tally, by: Actor) -> None:
    figures = list(_figures(rows, tally))
    tally.judge()
    found = Findings()
    for name, apply in APPLIED.items():
        apply([figure for figure in figures if figure.field == name], master.day, found)
    master.state, master.finished_at = MasterImport.State.DONE, wall()
    master.changed, master.unchanged = found.changed, tally.used - found.changed
    master.diff = dict(found.diff)
    count_lines(master, tally, found.counts)
    master.save()
    keep_quarantine(master, tally)
    audit.record("master.imported", by=by, target=master, text=master_summary(master), after=master.counts)


def _figures(rows: Iterable[Figure | Bad | Skip], tally: Tally) -> Iterator[Figure]:
    """The usable figures; of two for one thing the later is quarantined."""
    seen: dict[tuple[object, ...], int] = {}
    lines: set[int] = set()
    for row in rows:
        if isinstance(row, Skip):
            tally.skip(row)
        elif isinstance(row, Bad):
            tally.quarantine(row)
        elif (key := _key(row)) in seen:
            text = f"{row.underlying} stands on line {seen[key]} already"
            tally.quarantine(Bad(row.line, "duplicate_key", text, f"{row.underlying} {row.value}"))
        else:
            seen[key] = row.line
            tally.used += row.line not in lines
            lines.add(row.line)
            yield row


def _key(figure: Figure) -> tuple[object, ...]:
    # an underlying has several strike steps in a month
    step = figure.value if figure.field == "strike_step" else 0
    return figure.underlying, figure.field, figure.month, figure.series, step


def _listed(underlying: str, day: date) -> QuerySet[Instrument]:
    return Instrument.objects.filter(
        exchange=EXCHANGE, underlying=underlying, kind__in=["FUT", "CE", "PE"], expiry__gte=day
    )


def _freeze(figures: list[Figure], day: date, found: Findings) -> None:
    for figure in figures:
        known = _listed(figure.underlying, day).exclude(freeze_qty=figure.value)
        # a newer master's figure stays
        due = known.filter(Q(last_seen=None) | Q(last_seen__lte=day) | Q(freeze_qty=None))
        before = list(due.order_by("freeze_qty").values_list("freeze_qty", flat=True).distinct())
        changed = due.update(freeze_qty=figure.value)
        if changed:
            found.changed += 1
            name = f"{figure.underlying}, {changed} contracts"
            found.note("freeze_changed", name, _told(before), figure.value, changed)
        look = partial(contract_facts().freeze_qty, figure.underlying, day)
        _compare(figure, f"{figure.underlying} freeze_qty on {day}", found, look)


def _lots(figures: list[Figure], day: date, found: Findings) -> None:
    for figure in figures:
        start = max(day, figure.month or day)
        expiry = _month_expiry(figure, start)
        if expiry is None:
            continue
        name = f"{figure.underlying} lot_size of {expiry}"
        _compare(figure, name, found, partial(contract_facts().lot_size, figure.underlying, expiry))
        lots = _listed(figure.underlying, day).filter(expiry=expiry).values_list("lot_size", flat=True)
        other = [lot for lot in lots.order_by("lot_size").distinct() if lot != figure.value]
        if other:
            found.note("differs", f"{figure.underlying} contracts of {expiry}", _told(other), figure.value)


def _month_expiry(figure: Figure, start: date) -> date | None:
    """The monthly expiry a lot speaks of: of its month, else the next; by the dated facts, else the last one
    listed in that time.
    """
    end = start + MONTH if figure.month is None else (figure.month + MONTH).replace(day=1) - timedelta(days=1)
    if figure.underlying in contract_facts().underlyings():
        try:
            expiries = contract_facts().expiries(figure.underlying, start, end)
        except UserError:  # no holiday list for that year
            return None
        return next((expiry.on for expiry in expiries if expiry.monthly), None)
    listed = _listed(figure.underlying, start).filter(expiry__lte=end)
    return listed.order_by("expiry").values_list("expiry", flat=True).first()


def _steps(figures: list[Figure], day: date, found: Findings) -> None:
    narrow: dict[str, int] = {}
    for figure in figures:
        narrow[figure.underlying] = min(figure.value, narrow.get(figure.underlying, figure.value))
    for underlying, step in narrow.items():
        strikes = _listed(underlying, day).exclude(strike_paise=None).filter(expiry__lte=day + 3 * MONTH)
        off = strikes.annotate(rest=Mod(F("strike_paise"), step)).exclude(rest=0)
        odd = off.values_list("strike_paise", flat=True).distinct().count()
        if odd:
            found.note("differs", f"{underlying} strikes off the step", odd, rupee_str(step))


def _compare(figure: Figure, name: str, found: Findings, look: Callable[[], int]) -> None:
    """Note a difference to the dated facts, if they are to know of the underlying at all."""
    if figure.underlying not in contract_facts().underlyings():
        return
    try:
        known = look()
    except UserError:
        known = None
    if known != figure.value:
        found.note("differs", name, known, figure.value)


def _told(values: Sequence[int | None]) -> Any:
    return values[0] if len(values) == 1 else ", ".join(str(value) for value in values)


APPLIED: dict[str, Callable[[list[Figure], date, Findings], None]] = {
    "freeze_qty": _freeze,
    "lot_size": _lots,
    "strike_step": _steps,
}
