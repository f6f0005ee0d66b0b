"""Random valid strategies, price paths and venues for the property tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from strategies.engine.types import PriceEvent
from tests.unit.strategies.driver import at, chain, leg, spec_of

STRIKES = range(15900, 16101, 50)
SMALL_CHAIN = chain(STRIKES)
KEYS = tuple(sorted(contract.key for contract in SMALL_CHAIN.contracts.values()))


def decimals(low: int, high: int, places: int = 2) -> st.SearchStrategy[str]:
    """Decimal strings from low to high (scaled by 10**places), like 12.05."""
    return st.integers(low, high).map(lambda n: f"{n // 10**places}.{n % 10**places:0{places}d}")


@st.composite
def legs(draw: st.DrawFn) -> dict[str, Any]:
    side = draw(st.sampled_from(["BUY", "SELL"]))
    kinds = st.sampled_from(["PREMIUM_POINTS", "PREMIUM_PCT"])
    rules: dict[str, Any] = {"lots": draw(st.integers(1, 3))}
    if draw(st.booleans()):
        rules["stop"] = {"type": draw(kinds), "value": draw(decimals(1, 9999))}
    if draw(st.booleans()):
        rules["target"] = {"type": draw(kinds), "value": draw(decimals(1, 9999))}
    if "stop" in rules and draw(st.booleans()):
        x = draw(st.integers(1, 2000))
        y = draw(st.integers(1, x))
        unit = draw(st.sampled_from(["POINTS", "PCT"]))
        rules["trail"] = {"type": "STEP", "unit": unit, "x": f"{x / 100:.2f}", "y": f"{y / 100:.2f}"}
    return leg(side, draw(st.sampled_from(["CE", "PE"])), draw(st.integers(-1, 1)), **rules)


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    fields: dict[str, Any] = {"square_off": draw(st.sampled_from(["PARTIAL", "COMPLETE"]))}
    for name in ("overall_stop", "overall_target"):
        if draw(st.booleans()):
            fields[name] = {"unit": "RUPEES", "value": draw(decimals(1, 500000))}
    minutes = draw(st.integers(2, 12))
    fields |= {"entry_time": "09:20", "exit_time": f"09:{20 + minutes}", "fill_timeout_s": 90}
    return spec_of(*draw(st.lists(legs(), min_size=1, max_size=4)), **fields)


@st.composite
def paths(draw: st.DrawFn) -> list[PriceEvent]:
    """Minute snapshots from 09:19 to 09:34: walks of a few contracts, some prices missing, marks carried."""
    marks = {key: draw(st.integers(100, 20000)) for key in KEYS}
    events: list[PriceEvent] = []
    start: datetime = at("09:19")
    for minute in range(16):
        quoted = KEYS if minute == 1 else draw(st.sets(st.sampled_from(KEYS), max_size=len(KEYS)))
        ltp = {key: max(5, marks[key] + draw(st.integers(-3000, 3000))) for key in sorted(quoted)}
        marks = marks | ltp
        events.append(
            PriceEvent(minute, start + timedelta(minutes=minute), 1600000, ltp, dict(marks), SMALL_CHAIN)
        )
    return events
