"""Words of the strategy vocabulary that exist but are not traded by spec version 1.

They are kept apart from plain typing mistakes, so that a user learns that a word is right but too early.
"""

from __future__ import annotations

from typing import Final

#: Words allowed on the strategy as well as on a leg in later versions.
_LATER_ANYWHERE: Final = frozenset(
    {
        "adjustments", "chase", "confirm_after_s", "dte_exit", "entry_when", "evaluate", "exit_when",
        "filters", "keep_short", "leg_delay_s", "limit_buffer", "liquidity", "on_no_strike",
        "overall_momentum", "reentry_gap_pct", "require_hedge", "resume_after", "retry_group",
        "retry_remainder", "roll", "signal", "strike_window", "trigger_buffer", "underlying_range",
    }
)  # fmt: skip

LATER_TOP: Final = _LATER_ANYWHERE | {
    "dormant", "dte_filter", "expiry_day_policy", "lock", "no_reentry_after", "overall_trail",
    "re_execute",
}  # fmt: skip

LATER_LEG: Final = _LATER_ANYWHERE | {
    "book", "cost_at", "expiry_by", "fill_timeout_s", "momentum", "on_sl", "on_target",
    "protection_pct", "range", "stop_placement", "time_stop", "to_cost",
}  # fmt: skip

LATER_STRIKE: Final = frozenset({"high", "independent", "leg", "low", "n", "rule"})

#: Values that belong to later versions, by the field that holds them.
LATER_VALUES: Final[dict[str, frozenset[str]]] = {
    "underlying_price_from": frozenset({"FUTURE", "SYNTHETIC"}),
    "trade_type": frozenset({"BTST_STBT", "POSITIONAL"}),
    "price_basis": frozenset({"TRIGGER_LTP"}),
    "expiry_by": frozenset(
        {"NEXT_WEEKLY", "MONTHLY", "NEXT_MONTHLY", "QUARTERLY", "DATE", "DTE_MIN", "DTE_CLOSEST"}
    ),
    "policy": frozenset({"PROPORTIONAL", "BEST_EFFORT"}),
    "stop_placement": frozenset({"RESTING"}),
    "scope": frozenset({"RUN"}),
    "basis": frozenset({"NET"}),
    "unit": frozenset({"PREMIUM_PCT", "MARGIN_PCT", "CAPITAL_PCT", "COMBINED_POINTS"}),
    "right": frozenset({"FUT"}),
    "method": frozenset(
        {
            "POINTS_OFFSET", "PREMIUM_CLOSEST", "PREMIUM_GTE", "PREMIUM_LTE", "PREMIUM_RANGE",
            "STRADDLE_WIDTH", "STRADDLE_PREMIUM_PCT", "ATM_PCT", "SPOT_PCT", "DELTA_CLOSEST",
            "DELTA_RANGE", "PREMIUM_MATCH", "RELATIVE_TO_LEG", "PCT_OF_LEG_PREMIUM", "MAX_OI",
        }
    ),
    "stop": frozenset({"UNDERLYING_POINTS", "UNDERLYING_PCT", "DELTA", "PRICE", "RANGE"}),
    "target": frozenset({"UNDERLYING_POINTS", "UNDERLYING_PCT", "DELTA", "PRICE"}),
    "trail": frozenset({"CONTINUOUS", "CANDLE"}),
}  # fmt: skip
