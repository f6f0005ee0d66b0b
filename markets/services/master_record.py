"""The record of an import: its turn, figures, quarantine, failure, and how it is told in one line."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction

from markets.master.tally import Tally
from markets.models import MasterImport, QuarantinedRow
from qlplatform.core import audit
from qlplatform.core.clock import wall
from qlplatform.core.errors import Conflict, UserError
from qlplatform.core.indian import grouped
from qlplatform.core.tenancy import Actor

LOCK = 0x514C_4D53  # "QLMS": one import at a time in one installation


def take_turn() -> None:
    """One import at a time, until the end of the transaction. Raises Conflict `import_running`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() == (False,):
            raise Conflict("Another master is being imported: try again in a minute.", code="import_running")


def count_lines(master: MasterImport, tally: Tally, counts: Mapping[str, int]) -> None:
    """Put what became of the lines into the record, beside the counts of changes."""
    master.rows, master.skipped, master.quarantined = tally.rows, tally.skipped.total(), tally.bad.total()
    reasons = {"skipped": dict(tally.skipped), "quarantined": dict(tally.bad)}
    master.counts = {**counts, **{name: found for name, found in reasons.items() if found}}


def record_failure(master: MasterImport, tally: Tally, problem: UserError, by: Actor) -> None:
    """Write down an import that failed, after everything else of it was rolled back."""
    with transaction.atomic():
        master.pk, master.state, master.finished_at = None, MasterImport.State.FAILED, wall()
        master.message = problem.message[:300]
        count_lines(master, tally, {})
        master.save(force_insert=True)
        keep_quarantine(master, tally)
        audit.record("master.refused", by=by, target=master, text=problem.message, after=master.counts)


def keep_quarantine(master: MasterImport, tally: Tally) -> None:
    """Store the unusable rows, as many as are kept."""
    rows = [
        QuarantinedRow(
            master=master,
            line=bad.line,
            code=bad.code[:32],
            reason=_plain(bad.reason, 200),
            text=_plain(bad.text, 500),
        )
        for bad in tally.kept
    ]
    QuarantinedRow.objects.bulk_create(rows)


def _plain(text: str, width: int) -> str:
    """As PostgreSQL can hold it: without zero bytes and half characters."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()[:width]


def master_summary(master: MasterImport) -> str:
    """An import in one line."""
    figures = (
        (master.rows, "rows"),
        (master.added, "added"),
        (master.changed, "changed"),
        (master.gone, "gone"),
        (master.skipped, "skipped"),
        (master.quarantined, "quarantined"),
    )
    told = ", ".join(f"{grouped(number)} {what}" for number, what in figures if number or what == "rows")
    return f"{master.source} {master.day}: {told}"
