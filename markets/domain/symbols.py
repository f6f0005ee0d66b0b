"""How people name an instrument: NIFTY, NIFTY 23 NOV FUT, NIFTY 23 NOV 25400 CE."""

from __future__ import annotations

from datetime import date


def symbol_of(underlying: str, kind: str, expiry: date | None = None, strike_paise: int | None = None) -> str:
    """The name of an instrument; an index is its underlying alone. Strikes carry decimals only where they
    have any.
    """
    parts = [underlying]
    if expiry is not None:
        parts.append(f"{expiry:%d %b}".upper())
    if strike_paise is not None:
        whole, rest = divmod(strike_paise, 100)
        parts.append(f"{whole}.{rest:02d}" if rest else str(whole))
    if kind != "INDEX":
        parts.append(kind)
    return " ".join(parts)
