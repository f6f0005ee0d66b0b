"""A run whose step keeps failing: it is told to its owner, and tried again once a second, never given up."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db import transaction

from execution.domain.outcomes import ENGINE_FAULT as CODE
from execution.models import Decision, Run
from qlplatform.core import outbox

PATIENCE = 3
REST_S = 1.0
TEXT = (
    "The engine cannot go on with this run and keeps trying. Its stops are not watched meanwhile: "
    "if it does not recover, close its positions at the broker and tell your operator."
)


@dataclass(slots=True)
class Faults:
    """Faults in a row by run, and until when the run is left alone (monotonic clock)."""

    _count: dict[int, int] = field(default_factory=dict)
    _until: dict[int, float] = field(default_factory=dict)

    def resting(self, run_id: int) -> bool:
        """True while a failing run is left alone."""
        return time.monotonic() < self._until.get(run_id, 0.0)

    def add(self, run: Run, fault: Exception) -> None:
        """Count a fault; the third in a row is shown on the run, told to the screens, and slows it down."""
        count = self._count[run.pk] = self._count.get(run.pk, 0) + 1
        if count >= PATIENCE:
            self._until[run.pk] = time.monotonic() + REST_S
        if count == PATIENCE:
            _tell(run, fault)

    def over(self, run: Run) -> None:
        """The run works again: what was shown is taken back."""
        if self._count.pop(run.pk, 0) >= PATIENCE:
            Run.objects.filter(pk=run.pk, outcome=CODE).update(outcome="", outcome_text="")
        self._until.pop(run.pk, None)


@transaction.atomic
def _tell(run: Run, fault: Exception) -> None:
    Run.objects.filter(pk=run.pk).update(outcome=CODE, outcome_text=TEXT)
    Decision.objects.create(
        run_id=run.pk,
        at=run.market.now or run.opened_at,
        price_seq=run.price_seq,
        kind="note",
        code=CODE,
        text=TEXT,
        inputs={"fault": type(fault).__name__},
    )
    outbox.publish(
        "run.failed",
        workspace_id=run.workspace_id,
        data={"run": run.public_id, "code": CODE, "text": TEXT},
        account=run.account.public_id,
        mode=run.account.mode,
    )
