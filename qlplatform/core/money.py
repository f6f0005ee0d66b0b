"""Money is an exact number of paise. Decimal rupees exist only at the edges: forms, API, files, pages."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NewType

from qlplatform.core.errors import UserError

Paise = NewType("Paise", int)

_MAX_PAISE = 2**63 - 1  # a PostgreSQL bigint
_MAX_EXPONENT = 16  # of rupees; keeps arithmetic on “1e999999999” from being tried


def rupees(paise: int) -> Decimal:
    """Rupees with two decimals: 14235000 -> Decimal('142350.00')."""
    return Decimal(paise).scaleb(-2)


def rupee_str(paise: int) -> str:
    """Rupees as the API writes them: 14235000 -> "142350.00", -5 -> "-0.05"."""
    sign, whole = ("-", -paise) if paise < 0 else ("", paise)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def to_paise(value: str | int | Decimal) -> int:
    """Paise of an amount in rupees, exactly; never rounds.

    Raises UserError `bad_amount` for what is no number, fractions of a paisa, and sizes no column holds.
    """
    if isinstance(value, bool | float):
        raise TypeError("Money is given as text, int or Decimal; a float is not exact.")
    try:
        amount = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        raise UserError(
            f"“{value}” is not an amount in rupees; write it like 1250.50.", code="bad_amount"
        ) from None
    return _exact_paise(amount)


def _exact_paise(amount: Decimal) -> int:
    if not amount.is_finite() or amount.adjusted() > _MAX_EXPONENT:
        raise UserError(f"“{amount}” is not an amount the platform can hold.", code="bad_amount")
    paise = amount.scaleb(2)
    if paise != paise.to_integral_value():
        raise UserError(f"“{amount}” has a fraction of a paisa; use at most two decimals.", code="bad_amount")
    if abs(paise) > _MAX_PAISE:
        raise UserError(f"“{amount}” is larger than the platform can hold.", code="bad_amount")
    return int(paise)


def round_half_up(value: Decimal) -> int:
    """The nearest integer, halves away from zero, as Indian contract notes round."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def tick_floor(paise: int, tick_paise: int) -> int:
    """The highest valid price not above `paise`."""
    return paise // tick_paise * tick_paise


def tick_ceil(paise: int, tick_paise: int) -> int:
    """The lowest valid price not below `paise`."""
    return -(-paise // tick_paise) * tick_paise
