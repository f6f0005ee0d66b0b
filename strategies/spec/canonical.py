"""The one written form of a specification: every field present, numbers as exact decimal strings."""

from __future__ import annotations

import hashlib
import json
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from strategies.spec.model import AtmOffset, Distance, ExactStrike, Leg, OverallUnit, Spec, TrailType


def spec_to_json(spec: Spec) -> dict[str, Any]:
    """The canonical JSON document of `spec`; `parse_spec` of it gives an equal `Spec`."""
    data: dict[str, Any] = {
        "name": spec.name,
        "underlying": spec.underlying,
        "underlying_price_from": str(spec.underlying_price_from),
        "trade_type": str(spec.trade_type),
        "product": str(spec.product),
        "price_basis": str(spec.price_basis),
        "expiry_by": str(spec.expiry_by),
        "entry_time": clock_text(spec.entry_time),
        "exit_time": clock_text(spec.exit_time),
        "last_entry_time": clock_text(spec.last_entry_time),
        "days": [str(day) for day in spec.days],
        "square_off": str(spec.square_off),
        "policy": str(spec.policy),
        "stop_placement": str(spec.stop_placement),
        "mtm": {"scope": str(spec.mtm_scope), "basis": str(spec.mtm_basis)},
        "cycle_limit": spec.cycle_limit,
        "fill_timeout_s": spec.fill_timeout_s,
        "protection_pct": number_text(spec.protection_pct),
        "legs": [_leg(leg) for leg in spec.legs],
    }
    for name, paise in (
        ("overall_stop", spec.overall_stop_paise),
        ("overall_target", spec.overall_target_paise),
    ):
        if paise is not None:
            data[name] = {"unit": str(OverallUnit.RUPEES), "value": number_text(Fraction(paise, 100))}
    return data


def spec_hash(spec: Spec) -> str:
    """SHA-256 of the canonical document as hex: equal for two texts that mean the same strategy."""
    text = json.dumps(spec_to_json(spec), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def clock_text(at: time) -> str:
    """HH:MM, with seconds only when there are some."""
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def number_text(number: Fraction) -> str:
    """A terminating fraction as plain decimal text without trailing zeros: 25, 0.5."""
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _leg(leg: Leg) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": leg.id,
        "side": str(leg.side),
        "right": str(leg.right),
        "lots": leg.lots,
        "strike_by": _strike(leg.strike_by),
    }
    if leg.stop is not None:
        data["stop"] = _distance(leg.stop)
    if leg.target is not None:
        data["target"] = _distance(leg.target)
    if leg.trail is not None:
        trail = leg.trail
        data["trail"] = {
            "type": str(TrailType.STEP),
            "unit": str(trail.unit),
            "x": number_text(trail.x),
            "y": number_text(trail.y),
        }
    return data


def _strike(rule: AtmOffset | ExactStrike) -> dict[str, Any]:
    if isinstance(rule, AtmOffset):
        return {"method": "ATM_OFFSET", "offset": rule.offset}
    return {"method": "EXACT", "value": number_text(Fraction(rule.strike_paise, 100))}


def _distance(distance: Distance) -> dict[str, Any]:
    return {"type": str(distance.type), "value": number_text(distance.value)}
