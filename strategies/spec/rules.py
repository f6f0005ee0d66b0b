"""The rules between fields of a specification (strategy vocabulary, section 11), checked when it is saved."""

from __future__ import annotations

from datetime import time
from typing import Final

from strategies.engine.types import Side
from strategies.spec.model import Distance, DistanceType, Leg, Spec
from strategies.spec.reader import Findings

#: A weekly contract may expire on any trading day and stops trading at 15:30 on that day (index options).
LAST_EXIT: Final = time(15, 30)
_WHOLE_PCT: Final = 100


def check_rules(spec: Spec, findings: Findings) -> None:
    """Add a finding for every broken rule; a rule about a field that could not be read is skipped."""
    _check_times(spec, findings)
    _check_ids(spec.legs, findings)
    for index, leg in enumerate(spec.legs):
        _check_leg(leg, f"/legs/{index}", findings)


def _check_times(spec: Spec, findings: Findings) -> None:
    if not findings.clean("/entry_time", "/exit_time"):
        return
    if spec.exit_time <= spec.entry_time:
        findings.add("/exit_time", "exit_before_entry", "The exit time must be later than the entry time.")
        return
    if spec.exit_time > LAST_EXIT:
        text = "The exit time must be 15:30 or earlier: an expiring contract does not trade longer."
        findings.add("/exit_time", "exit_after_close", text)
    if findings.clean("/last_entry_time") and not spec.entry_time <= spec.last_entry_time < spec.exit_time:
        text = "The last entry time must not be before the entry time and must be before the exit time."
        findings.add("/last_entry_time", "last_entry_outside", text)


def _check_ids(legs: tuple[Leg, ...], findings: Findings) -> None:
    seen: set[str] = set()
    for index, leg in enumerate(legs):
        if leg.id and leg.id in seen:
            findings.add(
                f"/legs/{index}/id",
                "duplicate",
                f"Another leg is called {leg.id} already; names must differ.",
            )
        seen.add(leg.id)


def _check_leg(leg: Leg, pointer: str, findings: Findings) -> None:
    if not findings.clean(pointer + "/side"):
        return
    if leg.side is Side.BUY and _whole_premium(leg.stop) and findings.clean(pointer + "/stop"):
        text = "The stop of a bought option must be below 100 %: its price cannot fall further."
        findings.add(pointer + "/stop/value", "stop_pct_too_large", text)
    if leg.side is Side.SELL and _whole_premium(leg.target) and findings.clean(pointer + "/target"):
        text = "The target of a sold option must be below 100 %: its price cannot fall further."
        findings.add(pointer + "/target/value", "target_pct_too_large", text)
    _check_trail(leg, pointer, findings)


def _check_trail(leg: Leg, pointer: str, findings: Findings) -> None:
    if leg.trail is None or not findings.clean(pointer + "/trail"):
        return
    if leg.stop is None and findings.clean(pointer + "/stop"):
        findings.add(
            pointer + "/trail", "trail_without_stop", "A trail moves a stop: give the leg a stop first."
        )
    if leg.trail.y > leg.trail.x:
        text = "y must not be larger than x: the stop would overtake the price."
        findings.add(pointer + "/trail/y", "trail_y_above_x", text)


def _whole_premium(distance: Distance | None) -> bool:
    return distance is not None and distance.type is DistanceType.PREMIUM_PCT and distance.value >= _WHOLE_PCT
