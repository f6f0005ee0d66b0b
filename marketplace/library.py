"""The listings every installation begins with: texts and specs, as a curator would have entered them.

The texts say how a strategy trades and what hurts it. They promise nothing and show no past results
(SEBI/HO/MIRSD/DOP/P/CIR/2022/117 of 2022-09-02).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from marketplace.models import Listing


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing as shipped; the spec's `underlying` is the listing's."""

    slug: str
    title: str
    summary: str
    description: str
    works_when: str
    hurts_when: str
    category: str
    risk: str
    suggested_capital_paise: int
    spec: dict[str, Any]


def _leg(side: str, right: str, offset: int, **rules: dict[str, Any]) -> dict[str, Any]:
    strike = {"method": "ATM_OFFSET", "offset": offset}
    return {"side": side, "right": right, "lots": 1, "strike_by": strike, **rules}


def _spec(name: str, entry: str, legs: list[dict[str, Any]], **rules: Any) -> dict[str, Any]:
    return {
        "name": name,
        "underlying": "NIFTY",
        "expiry_by": "WEEKLY",
        "entry_time": entry,
        "exit_time": "15:15",
        "legs": legs,
        **rules,
    }


_STOP_25: Final = {"type": "PREMIUM_PCT", "value": 25}
_STOP_30: Final = {"type": "PREMIUM_PCT", "value": 30}
_TRAIL_10_10: Final = {"type": "STEP", "unit": "PCT", "x": 10, "y": 10}

STRADDLE: Final = Entry(
    slug="0920-short-straddle",
    title="09:20 short straddle",
    summary="Sells the at-the-money call and put at 09:20, each with its own 25 % stop.",
    description=(
        "At 09:20 it sells one lot of the NIFTY call and one lot of the put whose strike is nearest "
        "to spot, in the weekly expiry. Each leg has its own stop: when its price has risen 25 % "
        "above the entry price, that leg is bought back and the other one stays. Whatever is still "
        "open is closed at 15:15.\n\n"
        "Nothing is bought as protection. Between two prices the market can jump past a stop, and the "
        "loss is then larger than the stop says."
    ),
    works_when=(
        "The index stays near its morning level and option prices melt through the day. One leg "
        "stopped early and the other decaying until the close is the usual middling day."
    ),
    hurts_when=(
        "The index swings one way and then the other, so that both stops are hit; or it gaps, so that "
        "a stop fills far beyond its level. Days with announcements are typical."
    ),
    category="Premium selling",
    risk=Listing.Risk.HIGH,
    suggested_capital_paise=2_50_000_00,
    spec=_spec(
        "09:20 short straddle",
        "09:20",
        [_leg("SELL", "CE", 0, stop=_STOP_25), _leg("SELL", "PE", 0, stop=_STOP_25)],
    ),
)

CONDOR: Final = Entry(
    slug="iron-condor",
    title="Iron condor",
    summary="Sells OTM2 options with OTM5 wings bought first, so that the loss is limited from the start.",
    description=(
        "At 09:30 it buys the NIFTY call and put five strikes out of the money as wings, and once "
        "both are filled sells the call and put two strikes out of the money, all in the weekly "
        "expiry. The four legs are one position: everything is closed together when it has lost "
        "₹4,000 or gained ₹2,500, otherwise at 15:15.\n\n"
        "The wings cap the loss by themselves, even when no order can be sent. They cost part of the "
        "premium every day."
    ),
    works_when="The index stays between the two sold strikes and volatility does not rise.",
    hurts_when=(
        "The index travels to one of the wings: the loss then reaches the distance between a sold and "
        "a bought strike, less the premium taken. Four legs also mean four times brokerage and "
        "spread."
    ),
    category="Defined risk",
    risk=Listing.Risk.MEDIUM,
    suggested_capital_paise=1_00_000_00,
    spec=_spec(
        "Iron condor",
        "09:30",
        [
            _leg("BUY", "CE", 5),
            _leg("BUY", "PE", 5),
            _leg("SELL", "CE", 2),
            _leg("SELL", "PE", 2),
        ],
        overall_stop={"unit": "RUPEES", "value": 4000},
        overall_target={"unit": "RUPEES", "value": 2500},
    ),
)

STRANGLE: Final = Entry(
    slug="strangle-with-trail",
    title="Strangle with trail",
    summary="Sells the OTM2 call and put with 30 % stops that follow a falling price in steps of 10 %.",
    description=(
        "At 09:20 it sells one lot of the NIFTY call and put two strikes out of the money, in the "
        "weekly expiry. Each leg starts with a stop 30 % above its entry price. For every 10 % of the "
        "entry price that the option falls, its stop moves down by 10 % and never up again, so that a "
        "leg that has worked keeps part of its gain. Whatever is still open is closed at 15:15.\n\n"
        "Nothing is bought as protection; a jump in the market can pass a stop."
    ),
    works_when=(
        "The index drifts quietly: prices fall step by step and the stops follow. A later reversal "
        "then closes a leg at a gain instead of a loss."
    ),
    hurts_when=(
        "A sharp move early in the day, before any stop has moved; or small swings that touch a "
        "trailed stop just before the price falls on."
    ),
    category="Premium selling",
    risk=Listing.Risk.HIGH,
    suggested_capital_paise=2_25_000_00,
    spec=_spec(
        "Strangle with trail",
        "09:20",
        [
            _leg("SELL", "CE", 2, stop=_STOP_30, trail=_TRAIL_10_10),
            _leg("SELL", "PE", 2, stop=_STOP_30, trail=_TRAIL_10_10),
        ],
    ),
)

LIBRARY: Final = (STRADDLE, CONDOR, STRANGLE)
