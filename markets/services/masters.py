"""Importing instrument masters: one file, one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import IO

from django.db import transaction

from markets.master.opening import file_sha256, opened
from markets.master.rows import Outcome
from markets.master.sources import Source, file_day, source
from markets.master.staging import stage
from markets.master.tally import Tally
from markets.models import MasterImport
from markets.selectors.masters import master_before, master_done
from markets.services.master_files import file_keep, files_prune
from markets.services.master_merge import Merge, Merged, merge
from markets.services.master_record import (
    count_lines,
    keep_quarantine,
    master_summary,
    record_failure,
    take_turn,
)
from qlplatform.core import audit
from qlplatform.core.clock import wall
from qlplatform.core.errors import UserError
from qlplatform.core.tenancy import Actor

SHRUNK = 0.5  # a file with fewer usable rows than this part of the one before is worth a warning
MISSING = 0.1  # and so is one that lacks more than this part of it, other than by expiry


def master_file_import(
    *, source_name: str, path: Path, by: Actor, day: date | None = None, dry_run: bool = False
) -> MasterImport:
    """Import a file as it is on disk (plain, .gz, .zst, .zip), and keep a compressed copy of it.

    Without `day` the file's content or name must tell it. The same file again is left alone: the answer is
    its first import. `dry_run` changes nothing and returns an unsaved import.

    Raises MasterUnreadable for a file that is not what it should be, UserError `day_unknown`, `wrong_day` or
    `day_range`, Conflict `import_running`.
    """
    publisher = source(source_name)
    sha256 = file_sha256(path)
    on = master_day(source_name=source_name, path=path, day=day)
    with opened(path) as content:
        master = master_import(
            source=publisher,
            rows=_parsed(publisher, content),
            day=on,
            file_name=path.name,
            sha256=sha256,
            by=by,
            keep=None if dry_run else path,
            dry_run=dry_run,
        )
    if not dry_run:
        files_prune(source=publisher.name)
    return master


def _parsed(publisher: Source, content: IO[bytes]) -> Iterator[Outcome]:
    """Its outcomes, read when asked for: a file of another kind fails inside the import and is recorded."""
    yield from publisher.parse(content)


def master_day(*, source_name: str, path: Path, day: date | None = None) -> date:
    """The trading day a file speaks of: as given, else in its content, else in its name.

    Raises UserError `wrong_day` when the content speaks of another day than the one given, `day_unknown` when
    nothing tells, `day_range` when that can be no day of a master.
    """
    publisher = source(source_name)
    looks = (lambda: publisher.day_of(path.name), lambda: _told(publisher.written_in, path))
    inside = _told(publisher.day_in, path)
    return file_day(path.name, given=day, inside=inside, guesses=(look() for look in looks))


def _told(look: Callable[[IO[bytes]], date | None] | None, path: Path) -> date | None:
    if look is None:
        return None
    with opened(path) as content:
        return look(content)


def master_import(
    *,
    source: Source,
    rows: Iterable[Outcome],
    day: date,
    file_name: str,
    sha256: str,
    by: Actor,
    keep: Path | None = None,
    dry_run: bool = False,
) -> MasterImport:
    """Bring the rows of one master into the instruments, in one transaction; see `master_file_import`.

    A failed import leaves everything as it was, except for its record with the reason and the unusable rows.
    """
    master = MasterImport(
        source=source.name, day=day, file_name=file_name[:200], sha256=sha256, started_at=wall()
    )
    tally = Tally()
    try:
        with transaction.atomic():
            take_turn()
            known = master_done(source.name, day, sha256)
            if known is not None:
                return known
            _import(master, source, rows, tally, by)
            if keep is not None:
                master.kept_as = file_keep(path=keep, source=source.name, day=day)
                master.save(update_fields=["kept_as"])
            transaction.set_rollback(dry_run)
    except UserError as problem:
        if not dry_run:
            record_failure(master, tally, problem, by)
        raise
    if dry_run:
        master.pk = None
    return master


def _import(
    master: MasterImport, publisher: Source, rows: Iterable[Outcome], tally: Tally, by: Actor
) -> None:
    before = master_before(master.source, master.day)
    again = MasterImport.objects.filter(source=master.source, day=master.day, state=MasterImport.State.DONE)
    master.save()
    stage(rows, master.day, tally)
    tally.judge()
    settings = Merge(
        master.day, before.day if before else None, corrects=not publisher.broker or again.exists()
    )
    merged = merge(settings, tally)
    tally.judge()
    further = publisher.after_upsert(master) if publisher.after_upsert else {}
    _finish(master, tally, merged, further)
    master.message = _warning(master, tally, before)
    master.save()
    keep_quarantine(master, tally)
    audit.record("master.imported", by=by, target=master, text=master_summary(master), after=master.counts)


def _finish(master: MasterImport, tally: Tally, merged: Merged, further: Mapping[str, int]) -> None:
    master.state, master.finished_at = MasterImport.State.DONE, wall()
    master.added, master.changed, master.unchanged = merged.added, merged.changed, merged.unchanged
    master.gone = merged.gone
    master.diff = merged.diff
    count_lines(master, tally, {**merged.counts, **further})


def _warning(master: MasterImport, tally: Tally, before: MasterImport | None) -> str:
    """What a person should look at although the file was taken."""
    used_before = before.added + before.changed + before.unchanged if before else 0
    if tally.used < SHRUNK * used_before:
        return f"Lists {tally.used} instruments; the file before it listed {used_before}."
    if master.gone > MISSING * used_before:
        return f"Lacks {master.gone} unexpired contracts that were listed before: it may have been cut short."
    return ""
