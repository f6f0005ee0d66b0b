"""Strategy specifications to start from."""

from __future__ import annotations

from typing import Any


def straddle(**changes: Any) -> dict[str, Any]:
    """The 09:20 straddle with 25 % stops, with these fields changed."""
    legs = [
        {
            "side": "SELL",
            "right": right,
            "lots": 1,
            "strike_by": {"method": "ATM_OFFSET", "offset": 0},
            "stop": {"type": "PREMIUM_PCT", "value": 25},
        }
        for right in ("CE", "PE")
    ]
    base: dict[str, Any] = {
        "name": "0920 straddle",
        "underlying": "NIFTY",
        "expiry_by": "WEEKLY",
        "entry_time": "09:20",
        "exit_time": "15:15",
        "legs": legs,
    }
    return base | changes
