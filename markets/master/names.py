"""Names of underlyings: what brokers write for an index, and the exchange's symbol for it."""

from __future__ import annotations

import re
from functools import lru_cache

# spelling without blanks and signs, in capitals -> the exchange's symbol
_SPELLINGS = {
    "NIFTY": ("NIFTY", "NIFTY50", "NIFTYINDEX", "NIFTY50INDEX", "CNXNIFTY", "S&PCNXNIFTY", "NSENIFTY"),
    "BANKNIFTY": ("BANKNIFTY", "NIFTYBANK", "NIFTYBANKINDEX", "BANKNIFTYINDEX", "CNXBANK", "NIFTYBNK"),
    "FINNIFTY": (
        "FINNIFTY", "NIFTYFINSERVICE", "NIFTYFINSERV", "NIFTYFINANCIALSERVICES", "NIFTYFIN",
        "NIFTYFINSERVICES",
    ),
    "MIDCPNIFTY": (
        "MIDCPNIFTY", "NIFTYMIDSELECT", "NIFTYMIDCAPSELECT", "NIFTYMIDSEL", "NIFTYMCSELECT",
    ),
    "NIFTYNXT50": ("NIFTYNXT50", "NIFTYNEXT50", "NIFTYJR", "NIFTYJUNIOR", "JUNIORNIFTY", "CNXNIFTYJUNIOR"),
    "NIFTYFPI": ("NIFTYFPI", "NIFTYFPI150", "NIFTYINDIAFPI150"),
    "NIFTYIT": ("NIFTYIT", "CNXIT"),
    "INDIAVIX": ("INDIAVIX",),
    "SENSEX": ("SENSEX", "BSXOPT", "BSXFUT", "BSX", "BSESENSEX", "SENSEX30", "S&PBSESENSEX"),
    "BANKEX": ("BANKEX", "BKXOPT", "BKXFUT", "BKX", "BSEBANKEX", "S&PBSEBANKEX"),
    "SENSEX50": ("SENSEX50", "SX50OPT", "SX50FUT", "SX50", "SNSX50", "BSESENSEX50", "S&PBSESENSEX50"),
    "FOCIT": ("FOCIT", "BSEFOCUSEDIT", "BSEFOCIT"),
}  # fmt: skip
_SYMBOL_OF = {spelling: symbol for symbol, spellings in _SPELLINGS.items() for spelling in spellings}
_SIGNS = re.compile(r"[^A-Z0-9&]")

INDICES = frozenset(_SPELLINGS)


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """The exchange's symbol of an underlying ("Nifty Bank" → BANKNIFTY); other names in capitals, trimmed."""
    return _SYMBOL_OF.get(_SIGNS.sub("", name.upper()), name.strip().upper())
