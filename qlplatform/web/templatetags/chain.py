"""Figures of option chains in templates: `{% load chain %}`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django import template

from markets.feed.gate import FIELD_CODES, FRAME_CODES, ROW_CODES
from qlplatform.web import formats
from qlplatform.web.words import FORWARD_RULES, IV_REASONS, MASTER_FAULTS, in_words

register = template.Library()

N = TypeVar("N", int, float)

NOTHING = "–"
DATA_FAULTS = MASTER_FAULTS | FRAME_CODES | FIELD_CODES | ROW_CODES


def _filter(name: str, show: Callable[[N], str]) -> None:
    register.filter(name, lambda value: NOTHING if value is None else show(value))


for _name in ("iv", "vol_points", "delta", "gamma", "greek", "lakhs", "lakhs_change"):
    _filter(_name, getattr(formats, _name))


@register.filter
def paise(rupees: float | None) -> int | None:
    """A price of the pricing side in whole paise, for the filters of money."""
    return int(rupees * 100 + 0.5) if isinstance(rupees, int | float) else None


@register.filter
def iv_reason(code: str) -> str:
    """Why a strike has no implied volatility."""
    return IV_REASONS.get(code, in_words(code))


@register.filter
def forward_rule(rule: str) -> str:
    """Where a forward comes from."""
    return FORWARD_RULES.get(rule, in_words(rule))


@register.filter
def days_left(years: float) -> str:
    """Time to expiry in words: 4.2 days, 3.5 hours."""
    days = years * 365
    return f"{days:.1f} days" if days >= 1 else f"{days * 24:.1f} hours"


@register.filter
def strike_text(paise: int | None) -> str:
    """A strike without grouping: 25400, 252.50."""
    return NOTHING if paise is None else formats.strike(paise)


@register.filter
def whole(number: int) -> str:
    """A count with Indian grouping: 1,00,000."""
    return formats.grouped(number)


@register.filter
def fault_words(code: str) -> str:
    """What was wrong with data that came in."""
    return DATA_FAULTS.get(code, in_words(code))


@register.filter
def gap(seconds: int) -> str:
    """A stretch without data, never bare seconds: 1h 07m, 12 min, under a minute."""
    return formats.duration(timedelta(seconds=seconds))
