"""Margin of positions in one underlying: SPAN by 16 scenarios, exposure, expiry-day add-on (docs/margin.md).

Exact where the clearing corporation's risk file of the day is at hand, else an estimate that says so.
"""

from __future__ import annotations

from markets.domain.margin.estimate import ewma_volatility
from markets.domain.margin.legs import CALL, FUTURE, PUT, MarginLeg, Underlying
from markets.domain.margin.parameters import MarginParameters, ParameterBook
from markets.domain.margin.risk_file import FileSpread, FileUnderlying, RiskFile
from markets.domain.margin.structure import (
    ESTIMATE,
    EXACT,
    ExpiryJump,
    Margin,
    Step,
    StructureMargin,
    structure_margin,
)

__all__ = [
    "CALL",
    "ESTIMATE",
    "EXACT",
    "FUTURE",
    "PUT",
    "ExpiryJump",
    "FileSpread",
    "FileUnderlying",
    "Margin",
    "MarginLeg",
    "MarginParameters",
    "ParameterBook",
    "RiskFile",
    "Step",
    "StructureMargin",
    "Underlying",
    "ewma_volatility",
    "structure_margin",
]
