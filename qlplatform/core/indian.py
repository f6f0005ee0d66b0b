"""How amounts are written in sentences: rupees with Indian grouping (lakh, crore) and a true minus sign."""

from __future__ import annotations

MINUS = "\u2212"


def grouped(number: int) -> str:
    """A whole number in Indian grouping: 1284500 -> 12,84,500."""
    digits = str(abs(number))
    head, groups = digits[:-3], [digits[-3:]]
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return ("" if number >= 0 else MINUS) + ",".join(groups)


def price_text(paise: int) -> str:
    """A price, always with its paise: ₹23.00."""
    whole, rest = divmod(abs(paise), 100)
    return f"{MINUS if paise < 0 else ''}₹{grouped(whole)}.{rest:02d}"


def rupee_text(paise: int) -> str:
    """An amount for a sentence, paise only where there are any: ₹25,000, −₹12,400.50."""
    whole, rest = divmod(abs(paise), 100)
    cents = f".{rest:02d}" if rest else ""
    return f"{MINUS if paise < 0 else ''}₹{grouped(whole)}{cents}"
