"""Average prices as text. A quotient need not be a whole number of paise, and money is never a float."""

from __future__ import annotations


def average_str(value_paise: int, qty: int) -> str:
    """Average price in rupees of `qty` units worth `value_paise`: "101.25", with four decimals when it is
    not a whole paisa, the last one rounded half up. `qty` must be above zero.
    """
    hundredths = (value_paise * 200 + qty) // (2 * qty)  # of a paisa
    rupees, rest = divmod(hundredths, 10_000)
    return f"{rupees}.{rest // 100:02d}" if rest % 100 == 0 else f"{rupees}.{rest:04d}"
