"""The strategy specification, version 1: what a strategy is, as JSON. Pure Python, no Django."""

from __future__ import annotations

from strategies.spec.canonical import spec_hash, spec_to_json
from strategies.spec.errors import SpecError, SpecInvalid
from strategies.spec.model import Leg, Spec
from strategies.spec.parse import parse_spec
from strategies.spec.prose import RiskSummary, describe, next_action, risk_summary
from strategies.spec.schema import spec_schema
from strategies.spec.text import parse_spec_text

__all__ = [
    "Leg",
    "RiskSummary",
    "Spec",
    "SpecError",
    "SpecInvalid",
    "describe",
    "next_action",
    "parse_spec",
    "parse_spec_text",
    "risk_summary",
    "spec_hash",
    "spec_schema",
    "spec_to_json",
]
