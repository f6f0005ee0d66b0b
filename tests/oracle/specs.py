"""The strategies whose trades the platform and the plain computation must agree on, to the paisa."""

from __future__ import annotations

from typing import Any

Rules = dict[str, Any]


def leg(side: str, right: str, offset: int, **rules: Any) -> Rules:
    return {
        "side": side,
        "right": right,
        "lots": 1,
        "strike_by": {"method": "ATM_OFFSET", "offset": offset},
    } | rules


def spec(name: str, *legs: Rules, **fields: Any) -> Rules:
    head: Rules = {
        "name": name,
        "underlying": "NIFTY",
        "expiry_by": "WEEKLY",
        "entry_time": "09:20",
        "exit_time": "15:15",
    }
    return head | {"legs": list(legs)} | fields


STOP_25: Rules = {"stop": {"type": "PREMIUM_PCT", "value": 25}}
TRAIL: Rules = {
    "stop": {"type": "PREMIUM_PCT", "value": 25},
    "trail": {"type": "STEP", "unit": "POINTS", "x": 10, "y": 5},
}

SPECS: dict[str, Rules] = {
    "straddle": spec("straddle", leg("SELL", "CE", 0), leg("SELL", "PE", 0)),
    "straddle_stop": spec(
        "straddle, 25 % stops", leg("SELL", "CE", 0, **STOP_25), leg("SELL", "PE", 0, **STOP_25)
    ),
    "straddle_trail": spec(
        "straddle, step trail", leg("SELL", "CE", 0, **TRAIL), leg("SELL", "PE", 0, **TRAIL)
    ),
    "condor_overall": spec(
        "iron condor, overall stop",
        leg("SELL", "CE", 2),
        leg("BUY", "CE", 5),
        leg("SELL", "PE", 2),
        leg("BUY", "PE", 5),
        overall_stop={"unit": "RUPEES", "value": 1000},
    ),
    "straddle_complete": spec(
        "straddle, complete square-off",
        leg("SELL", "CE", 0, **STOP_25),
        leg("SELL", "PE", 0, **STOP_25),
        square_off="COMPLETE",
    ),
}
