"""The margin of a structure: from the clearing corporation's risk file if one was imported, else estimated.

A risk file (`manage.py import_span`) counts for its own day only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markets import risk_store
from markets.domain.margin import (
    MarginLeg,
    ParameterBook,
    StructureMargin,
    Underlying,
    structure_margin,
)
from markets.selectors.facts import calendar_of, contract_facts, instrument_group, rules
from qlplatform.core.money import rupees


@dataclass(frozen=True, slots=True)
class MarginAnswer:
    """A structure's margin, and a sentence when it rises on the next trading day; "" when it does not."""

    structure: StructureMargin
    warning: str


def margin_estimate(
    legs: Sequence[MarginLeg],
    *,
    underlying: str,
    on: date,
    spot_paise: int,
    volatility: float | None = None,
) -> MarginAnswer:
    """The margin of legs of one underlying on a day.

    Exact with that day's risk file, if it lists every leg (`basis` tells). `volatility` is the underlying's
    annualised EWMA volatility; without it the scan ranges stand at their floors. Raises UserError
    `price_missing`, `price_range`, `fact_missing`.
    """
    level = Underlying(underlying, on, spot_paise, volatility)
    book = _book(underlying)
    structure = _exact(legs, level, book) or structure_margin(legs, level, book)
    return MarginAnswer(structure, _warning(structure, underlying, on))


def _exact(legs: Sequence[MarginLeg], level: Underlying, book: ParameterBook) -> StructureMargin | None:
    """None when there is no file of the day or it does not list a leg, which is estimated then."""
    file = risk_store.load(level.name, level.on)
    listed = file and all((leg.kind, leg.expiry, leg.strike_paise) in file.contracts for leg in legs)
    return structure_margin(legs, level, book, file) if listed else None


def _book(underlying: str) -> ParameterBook:
    group = instrument_group("FUT", underlying).removesuffix("_FUT")
    exchange = contract_facts().exchange(underlying)
    return ParameterBook(rules(), underlying=underlying, group=group, exchange=exchange)


def _warning(structure: StructureMargin, underlying: str, on: date) -> str:
    jump = structure.expiry_jump
    if jump is None or jump.extra_paise <= 0 or calendar_of(underlying).next_trading_day(on) < jump.on:
        return ""
    return (
        f"On {jump.on:%d %b %Y} legs of this structure expire: from that morning it needs "
        f"₹{rupees(jump.extra_paise):,} more, at the same prices."
    )
