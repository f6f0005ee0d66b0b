"""The words people read for codes: states, reasons, sides. Pages never show a bare code."""

from __future__ import annotations

from typing import NamedTuple


class Badge(NamedTuple):
    """Colour class and icon of a state; the word itself is the state."""

    tone: str
    icon: str


BADGES: dict[str, Badge] = {
    "draft": Badge("", "pencil"),
    "scheduled": Badge("info", "calendar-days"),
    "waiting": Badge("info", "clock"),
    "running": Badge("good", "play"),
    "adjusting": Badge("info", "arrow-left-right"),
    "exiting": Badge("warn", "log-out"),
    "paused": Badge("", "pause"),
    "needs attention": Badge("bad", "triangle-alert"),
    "completed": Badge("", "check"),
    "stopped by risk limit": Badge("warn", "shield"),
    "stopped by kill switch": Badge("bad", "octagon-x"),
    "archived": Badge("", "square"),
}

ORDER_STATES: dict[str, tuple[str, Badge]] = {
    "NEW": ("to be sent", Badge("info", "clock")),
    "SENDING": ("sending", Badge("info", "clock")),
    "UNKNOWN": ("in doubt, being looked up", Badge("warn", "triangle-alert")),
    "ACCEPTED": ("accepted", Badge("info", "clock")),
    "OPEN": ("open", Badge("info", "circle-dot")),
    "PARTIAL": ("partly filled", Badge("info", "circle-dot")),
    "FILLED": ("filled", Badge("good", "check")),
    "CANCELLED": ("cancelled", Badge("", "ban")),
    "REJECTED": ("rejected", Badge("bad", "circle-x")),
    "EXPIRED": ("expired", Badge("", "clock")),
}

RUN_PHASES: dict[str, str] = {
    "ARMED": "waiting",
    "ENTERING": "running",
    "RUNNING": "running",
    "EXITING": "exiting",
    "COMPLETED": "completed",
    "ERROR": "needs attention",
}

EXIT_REASONS: dict[str, str] = {
    "LEG_SL": "stop loss",
    "LEG_TRAIL": "trailing stop",
    "LEG_COST": "stop moved to cost",
    "LEG_TARGET": "target",
    "LEG_PARTIAL": "partial booking",
    "LEG_TIME": "leg time stop",
    "RANGE_SL": "range stop",
    "INDICATOR": "indicator exit",
    "SIGNAL": "signal exit",
    "SQUARE_OFF_COMPLETE": "closed with the other leg",
    "OVERALL_SL": "overall stop",
    "OVERALL_TRAIL": "overall trailing stop",
    "OVERALL_TARGET": "overall target",
    "LOCK_FLOOR": "locked profit floor",
    "UNDERLYING_RANGE": "underlying left its range",
    "EXIT_TIME": "exit time",
    "DTE_EXIT": "days-to-expiry exit",
    "ROLL": "rolled",
    "ADJUSTMENT": "adjustment",
    "UNWIND": "unwound: the entry did not fill whole",
    "PORTFOLIO_GUARD": "basket guard",
    "ACCOUNT_GUARD": "account guard",
    "KILL_SWITCH": "kill switch",
    "MANUAL": "closed by hand",
    "BROKER_SQUARE_OFF": "squared off by the broker",
    "EXPIRY_SETTLEMENT": "settled at expiry",
    "MARGIN_FAIL": "not enough margin",
    "RECONCILED": "corrected by reconciliation",
}

DECISION_ICONS: dict[str, str] = {
    "plan": "list",
    "open": "log-in",
    "close": "log-out",
    "cancel": "ban",
    "level": "shield",
    "note": "info",
    "end": "check",
}


IV_REASONS: dict[str, str] = {
    "BELOW_INTRINSIC": "the price is below what exercising it is worth",
    "AT_INTRINSIC": "the price holds no time value",
    "ABOVE_MAX": "the price is above what any volatility explains",
    "EXPIRED": "it has expired",
    "BAD_INPUT": "a price that cannot be",
    "NO_QUOTE": "nobody quotes it",
    "TOO_CHEAP": "below ₹0.10 one tick is worth too much volatility",
    "UNCERTAIN": "the spread leaves more than 5 points of volatility open",
    "NO_FORWARD": "the forward is not known",
}

FORWARD_RULES: dict[str, str] = {
    "FUTURE": "from the future of this expiry",
    "PARITY": "from put-call parity at the money",
    "CARRY": "from spot and interest",
}


MASTER_FAULTS: dict[str, str] = {
    "ragged": "lines with too few or too many fields",
    "quotes": "lines whose quotation marks do not match",
    "encoding": "lines in an unreadable encoding",
    "bad_price": "a price that cannot be",
    "bad_number": "a number that cannot be read",
    "bad_strike": "a strike that cannot be",
    "strike_unit": "strikes in another unit than the rest of the file",
    "bad_date": "a date that cannot be read",
    "wrong_day": "rows of another day than the file's",
    "no_underlying": "rows that do not name their underlying",
    "duplicate_key": "a contract listed twice with different facts",
}


def in_words(code: str) -> str:
    """A code nobody wrote a sentence for, made readable: CANCEL_ORDERS -> cancel orders."""
    return code.replace("_", " ").replace(".", " ").lower()
