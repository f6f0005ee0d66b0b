"""Prices, contracts and levels in a trader's words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from strategies.engine.program import Program
from strategies.engine.types import Contract, PriceEvent


def rupees(paise: int) -> str:
    """312.50; a minus sign leads a negative amount."""
    whole, rest = divmod(abs(paise), 100)
    return f"{'-' if paise < 0 else ''}{whole}.{rest:02d}"


def level_text(level: Fraction) -> str:
    """Rupees of an exact level in paise: all decimals when it ends within six, else six, half up."""
    millionths = (level * 20_000 + 1) // 2
    whole, rest = divmod(millionths, 1_000_000)
    digits = f"{rest:06d}".rstrip("0")
    return f"{whole}.{digits:0<2}"


def contract_text(program: Program, contract: Contract) -> str:
    """NIFTY 16400 CE"""
    strike = rupees(contract.strike_paise).removesuffix(".00")
    return f"{program.underlying} {strike} {contract.right}"


def seen(event: PriceEvent, **more: Any) -> dict[str, Any]:
    """The inputs a decision saw, JSON-able."""
    return {"seq": event.seq, "at": event.at.isoformat(), "spot_paise": event.spot_paise, **more}
