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


def in_words(code: str) -> str:
    """A code nobody wrote a sentence for, made readable: CANCEL_ORDERS -> cancel orders."""
    return code.replace("_", " ").replace(".", " ").lower()
