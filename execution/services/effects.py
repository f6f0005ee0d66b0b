"""Persisting one step of the core: decision log, legs, intents; all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from execution.models import Decision, Intent, Leg, Run
from execution.services.orders import Pricing, intent_create, orders_cancel
from markets.models import Instrument
from portfolio.services import reservation_release
from qlplatform.core import outbox
from strategies.engine.types import (
    CancelOrder,
    CloseLeg,
    LevelSet,
    Note,
    OpenLeg,
    PlanEntry,
    RunEnded,
)


@dataclass(frozen=True, slots=True)
class Prices:
    """What the run can see: instant and number of the event, its prices and the last known marks."""

    seq: int
    at: datetime
    ltp: Mapping[int, int]
    marks: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Effects:
    """Applies decisions to one run."""

    run: Run
    prices: Prices
    protection_pct: Decimal
    at: datetime

    def apply(self, decision: Any) -> None:
        """Write what `decision` asks for and log it."""
        handlers: dict[type, Callable[[Any], None]] = {
            PlanEntry: self._plan,
            OpenLeg: self._open,
            CloseLeg: self._close,
            CancelOrder: self._cancel,
            LevelSet: self._level,
            Note: self._note,
            RunEnded: self._end,
        }
        handlers[type(decision)](decision)

    def _plan(self, plan: PlanEntry) -> None:
        legs = [
            Leg(
                run=self.run,
                cycle=plan.cycle,
                leg_id=leg.leg_id,
                instrument_id=leg.contract.key,
                side=leg.side,
                lots=leg.lots,
                qty=leg.qty,
            )
            for leg in plan.legs
        ]
        Leg.objects.bulk_create(legs)
        names = dict(
            Instrument.objects.filter(pk__in=[leg.instrument_id for leg in legs]).values_list("pk", "symbol")
        )
        text = "Entry planned: " + ", ".join(
            f"{leg.side} {leg.lots} × {names[leg.instrument_id]}" for leg in legs
        )
        self._log("plan", text, inputs=plan.inputs)

    def _open(self, wish: OpenLeg) -> None:
        self._send(wish)
        self._log("open", wish.text, leg_id=wish.leg_id, inputs=wish.inputs)

    def _close(self, wish: CloseLeg) -> None:
        self._send(wish)
        Leg.objects.filter(run=self.run, cycle=wish.cycle, leg_id=wish.leg_id, exit_reason="").update(
            exit_reason=wish.reason
        )
        self._log("close", wish.text, code=wish.reason, leg_id=wish.leg_id, inputs=wish.inputs)

    def _send(self, wish: OpenLeg | CloseLeg) -> None:
        instrument = Instrument.objects.get(pk=wish.contract.key)
        intent_create(run=self.run, wish=wish, instrument=instrument, pricing=self._pricing(wish), at=self.at)

    def _pricing(self, wish: OpenLeg | CloseLeg) -> Pricing:
        key = wish.contract.key
        fresh = key in self.prices.ltp
        price = (
            self.prices.ltp.get(key)
            or self.prices.marks.get(key)
            or wish.price_paise
            or self._entry_price(wish)
        )
        return Pricing(price, fresh, self.protection_pct, self.run.market.slippage_paise)

    def _entry_price(self, wish: OpenLeg | CloseLeg) -> int:
        leg = Leg.objects.get(run=self.run, cycle=wish.cycle, leg_id=wish.leg_id)
        return leg.entry_value_paise // max(leg.entry_qty, 1)

    def _cancel(self, wish: CancelOrder) -> None:
        orders_cancel(run=self.run, order_ref=wish.order_ref)
        intent = Intent.objects.get(run=self.run, order_ref=wish.order_ref)
        self._log("cancel", wish.text, leg_id=intent.leg_id)

    def _level(self, level: LevelSet) -> None:
        newest = Leg.objects.filter(run=self.run, leg_id=level.leg_id).order_by("-cycle").values("pk")[:1]
        Leg.objects.filter(pk__in=newest).update(**{level.kind: level.level})
        self._log("level", level.text, code=level.kind, leg_id=level.leg_id, inputs=level.inputs)

    def _note(self, note: Note) -> None:
        self._log("note", note.text, code=note.code, inputs=note.inputs)

    def _end(self, end: RunEnded) -> None:
        run = self.run
        run.outcome, run.outcome_text, run.closed_at = end.code, end.text[:240], self.at
        self._log("end", end.text, code=end.code)
        reservation_release(run_ref=run.public_id)
        outbox.publish(
            "run.failed" if end.phase == "ERROR" else "run.completed",
            workspace_id=run.workspace_id,
            data={"run": run.public_id, "code": end.code, "text": end.text},
            account=run.account.public_id,
            mode=run.account.mode,
        )

    def _log(
        self,
        kind: str,
        text: str,
        *,
        code: str = "",
        leg_id: str = "",
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        Decision.objects.create(
            run=self.run,
            at=self.at,
            price_seq=self.prices.seq,
            kind=kind,
            code=code,
            leg_id=leg_id,
            text=text[:400],
            inputs=dict(inputs or {}),
        )


def leg_fill(*, run: Run, order_ref: str, qty: int, price_paise: int, at: datetime) -> None:
    """Add a fill to the leg it belongs to."""
    intent = Intent.objects.get(run=run, order_ref=order_ref)
    leg = Leg.objects.get(run=run, cycle=intent.cycle, leg_id=intent.leg_id)
    if intent.purpose == "ENTRY":
        leg.entry_qty += qty
        leg.entry_value_paise += qty * price_paise
        leg.entered_at = leg.entered_at or at
    else:
        leg.exit_qty += qty
        leg.exit_value_paise += qty * price_paise
        leg.exited_at = at
    leg.save()
