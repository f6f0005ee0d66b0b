"""Mark to market of a cycle: realised plus unrealised, gross, in whole paise."""

from __future__ import annotations

from collections.abc import Mapping

from strategies.engine.program import Program
from strategies.engine.state import RunState


def mtm_paise(program: Program, state: RunState, marks: Mapping[int, int]) -> int | None:
    """Profit (positive) or loss of all legs of the cycle at `marks`; None when an open leg has no mark."""
    total = 0
    for leg, now in zip(program.legs, state.legs, strict=True):
        open_value = 0
        if now.open_qty and now.contract is not None:
            mark = marks.get(now.contract.key)
            if mark is None:
                return None
            open_value = mark * now.open_qty
        total += leg.side.sign * (now.exit_value + open_value - now.entry_value)
    return total
