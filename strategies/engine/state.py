"""Where a run stands: immutable values, exact numbers, and their JSON form (bit for bit both ways)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from strategies.engine.program import Program
from strategies.engine.types import Contract, ExitReason, Right, RunPhase

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class OrderState:
    """An order as the core knows it. `ended` means it can fill no more; `cancelling` that a cancel was asked
    for; `refused` that it was rejected and its next attempt waits for the next prices; `missed_at` is the
    first price after its sending at which it had not traded.
    """

    ref: str
    attempt: int
    qty: int
    filled: int = 0
    ended: bool = False
    cancelling: bool = False
    refused: bool = False
    missed_at: datetime | None = None

    @property
    def working(self) -> bool:
        return not self.ended and self.filled < self.qty


@dataclass(frozen=True, slots=True)
class LegState:
    """One leg of the cycle. Values are paise x units; `price_paise` is the price at the entry decision.

    `stop`, `target` and `next_step` (of the trail) are exact levels in paise, `steps` the trail steps taken.
    `exit_reason` is set once, by the decision to leave, and never changes; `exit_text`, `exit_price_paise`
    and `exit_inputs` belong to that decision.
    """

    contract: Contract | None = None
    qty: int = 0
    price_paise: int = 0
    entry: OrderState | None = None
    exit: OrderState | None = None
    entry_qty: int = 0
    entry_value: int = 0
    exit_qty: int = 0
    exit_value: int = 0
    stop: Fraction | None = None
    target: Fraction | None = None
    next_step: Fraction | None = None
    steps: int = 0
    exit_reason: ExitReason | None = None
    exit_text: str = ""
    exit_price_paise: int | None = None
    exit_inputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def open_qty(self) -> int:
        """Units held now, whatever the side; negative when more was closed than opened."""
        return self.entry_qty - self.exit_qty

    @property
    def average(self) -> Fraction:
        """E: the exact average entry price in paise. Only for a leg with fills."""
        return Fraction(self.entry_value, self.entry_qty)

    @property
    def watched(self) -> bool:
        """Open and not on its way out: its price rules are tested."""
        return self.entry_qty > self.exit_qty and self.exit_reason is None

    @property
    def settled(self) -> bool:
        """Nothing held and nothing that could still fill on entry."""
        return self.open_qty <= 0 and not (self.entry is not None and self.entry.working)


@dataclass(frozen=True, slots=True)
class RunState:
    """One run. `deadline` is when an incomplete entry is undone; `failed` that the cycle ends in ERROR;
    `noted` what was told once already.
    """

    legs: tuple[LegState, ...]
    phase: RunPhase = RunPhase.ARMED
    cycle: int = 0
    paused: bool = False
    failed: bool = False
    deadline: datetime | None = None
    noted: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        return self.phase in (RunPhase.COMPLETED, RunPhase.ERROR)

    def with_leg(self, index: int, leg: LegState) -> RunState:
        return replace(self, legs=(*self.legs[:index], leg, *self.legs[index + 1 :]))


def initial(program: Program) -> RunState:
    """The state of a run that has seen nothing yet."""
    return RunState(legs=tuple(LegState() for _ in program.legs))


def to_json(state: RunState) -> dict[str, Any]:
    """A JSON-able document of `state`; `from_json` gives back an equal state."""
    return {
        "v": VERSION,
        "phase": str(state.phase),
        "cycle": state.cycle,
        "paused": state.paused,
        "failed": state.failed,
        "deadline": state.deadline.isoformat() if state.deadline else None,
        "noted": list(state.noted),
        "legs": [_leg_to_json(leg) for leg in state.legs],
    }


def from_json(data: Mapping[str, Any]) -> RunState:
    """Read what `to_json` wrote. Raises ValueError for another version."""
    if data["v"] != VERSION:
        raise ValueError(f"run state version {data['v']} is not {VERSION}")
    return RunState(
        phase=RunPhase(data["phase"]),
        cycle=data["cycle"],
        paused=data["paused"],
        failed=data["failed"],
        deadline=datetime.fromisoformat(data["deadline"]) if data["deadline"] else None,
        noted=tuple(data["noted"]),
        legs=tuple(_leg_from_json(leg) for leg in data["legs"]),
    )


def _leg_to_json(leg: LegState) -> dict[str, Any]:
    data = asdict(leg)
    if leg.contract is not None:
        data["contract"].update(expiry=leg.contract.expiry.isoformat(), right=str(leg.contract.right))
    for level in ("stop", "target", "next_step"):
        data[level] = None if data[level] is None else str(data[level])
    for order in (data["entry"], data["exit"]):
        if order is not None and order["missed_at"] is not None:
            order["missed_at"] = order["missed_at"].isoformat()
    data["exit_reason"] = None if leg.exit_reason is None else str(leg.exit_reason)
    return data


def _leg_from_json(data: Mapping[str, Any]) -> LegState:
    values = dict(data)
    for name in ("entry", "exit"):
        values[name] = None if data[name] is None else _order(data[name])
    for name in ("stop", "target", "next_step"):
        values[name] = None if data[name] is None else Fraction(data[name])
    values["contract"] = None if data["contract"] is None else _contract(data["contract"])
    values["exit_reason"] = None if data["exit_reason"] is None else ExitReason(data["exit_reason"])
    return LegState(**values)


def _order(data: Mapping[str, Any]) -> OrderState:
    missed = data.get("missed_at")
    return OrderState(**{**data, "missed_at": datetime.fromisoformat(missed) if missed else None})


def _contract(data: Mapping[str, Any]) -> Contract:
    return Contract(**{**data, "expiry": date.fromisoformat(data["expiry"]), "right": Right(data["right"])})
