"""A step being put together: the state as changed so far and the decisions taken so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from strategies.engine.program import LegProgram, Program
from strategies.engine.state import LegState, RunState
from strategies.engine.types import Decision, ExitReason, Note, RunEnded, RunPhase


@dataclass(slots=True)
class Draft:
    """The state inside is immutable and replaced: a step in which nothing happened gives back the very same
    object.
    """

    program: Program
    state: RunState
    decisions: list[Decision] = field(default_factory=list)

    def legs(self) -> Iterator[tuple[int, LegProgram, LegState]]:
        """Position, rules and present state of every leg, in spec order."""
        for index, (leg, now) in enumerate(zip(self.program.legs, self.state.legs, strict=True)):
            yield index, leg, now

    def change(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def change_leg(self, index: int, **changes: Any) -> None:
        self.state = self.state.with_leg(index, replace(self.state.legs[index], **changes))

    def note_once(self, code: str, text: str, inputs: Mapping[str, Any]) -> None:
        """Tell something that stays true for many events only the first time."""
        if code not in self.state.noted:
            self.change(noted=(*self.state.noted, code))
            self.decisions.append(Note(code, text, inputs))

    def end(self, code: str, text: str, *, phase: RunPhase = RunPhase.COMPLETED) -> None:
        self.change(phase=phase, deadline=None)
        self.decisions.append(RunEnded(phase, code, text))

    def leave(
        self, index: int, reason: ExitReason, text: str, price_paise: int | None, inputs: Mapping[str, Any]
    ) -> None:
        """Decide that a leg goes. The first decision stands: a leg on its way out keeps its reason."""
        if self.state.legs[index].exit_reason is None:
            self.change_leg(
                index,
                exit_reason=reason,
                exit_text=text,
                exit_price_paise=price_paise,
                exit_inputs=dict(inputs),
            )
