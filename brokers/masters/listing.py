"""Lines of brokers' masters become rows: contracts, shares, indices, and the unit traps between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date

from markets.master.names import INDICES, canonical
from markets.master.rows import MasterRow, Skip
from markets.master.values import RowProblem, paise, rupees_to_paise

TEST = "test contract of the exchange"
NO_SHARE = "security other than a share: debt, fund unit, restricted series"
NO_CONTRACTS = "index without contracts"
RUPEE = 100

_TEST_NAME = re.compile(r"\d{3}NSETEST")
_SYMBOL_DAY = re.compile(r"(?:\d\d(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)|\d\d[1-9OND]\d\d)$")
_FIXED_INCOME = ("F", "G")  # BSE groups: debt and closed funds, government securities


def market(code: str, ours: Mapping[str, str], others: Collection[str]) -> str | None:
    """The exchange behind a broker's code, None for one of the `others` that are skipped.

    RowProblem `bad_exchange` for a code nobody knows: a shifted column must not pass for another market.
    """
    if code in ours:
        return ours[code]
    if code in others:
        return None
    raise RowProblem("bad_exchange", f"exchange {code!r} is none the broker is known to list")


def elsewhere(line: int, code: str) -> Skip:
    """A line of a market the platform does not trade: currency, commodities, foreign."""
    return Skip(line, f"market {code}")


def contract(
    named: MasterRow,
    *,
    underlying: str,
    kind: str,
    expiry: date,
    strike_paise: int | None,
    lot_size: int,
    tick_paise: int,
    freeze_qty: int | None = None,
) -> MasterRow | Skip:
    """A future or option. `named` carries line, exchange and what the broker calls it.

    RowProblem `lot_unit` when the lot counts lots instead of units; `tick_unit` when an option has a tick of
    a rupee or more, which is one in paise read as rupees (options: 0.01 to 0.50; futures go up to 5.00).
    """
    if _TEST_NAME.fullmatch(underlying):
        return Skip(named.line, TEST)
    name = canonical(underlying)
    if lot_size == 1:
        raise RowProblem("lot_unit", "a lot of 1: lots where this file states units")
    if tick_paise >= RUPEE and strike_paise is not None:
        raise RowProblem("tick_unit", f"a tick of {tick_paise} paise on an option")
    return named._replace(
        underlying=name,
        kind=kind,
        expiry=expiry,
        strike_paise=strike_paise,
        lot_size=lot_size,
        tick_paise=tick_paise,
        freeze_qty=freeze_qty,
    )


def index(named: MasterRow, *names: str) -> MasterRow | Skip:
    """An index that contracts are written on, by the first of its names that is known; others are skipped,
    because brokers abbreviate them in too many ways to be told apart.
    """
    found = next((symbol for name in names if (symbol := canonical(name)) in INDICES), None)
    return named._replace(underlying=found, kind="INDEX") if found else Skip(named.line, NO_CONTRACTS)


def share(named: MasterRow, symbol: str, *, lot_size: int, tick_paise: int) -> MasterRow:
    """A share, ETF or trust unit of the cash market."""
    return named._replace(
        underlying=symbol.strip().upper(), kind="EQ", lot_size=lot_size, tick_paise=tick_paise or None
    )


def is_share(exchange: str, *, series: str, code: str) -> bool:
    """Whether a line of the cash market is a share: at NSE series EQ, as in its bhavcopy; at BSE a scrip code
    from 500000 to 599999 (7, 8 and 9 are preference shares and debt) outside the groups of fixed income.
    """
    if exchange == "NSE":
        return series == "EQ"
    return len(code) == 6 and code[0] == "5" and series not in _FIXED_INCOME


def digits(text: str) -> str:
    """A token that has to be a number. RowProblem `bad_token`."""
    if not (text.isascii() and text.isdigit()):
        raise RowProblem("bad_token", f"token {text!r} is no number")
    return text


def tick_in_rupees(text: str) -> int:
    """A tick like 0.05 in paise."""
    return rupees_to_paise(text, what="tick")


def tick_in_paise(text: str) -> int:
    """A tick like 5.0 as it is. RowProblem `tick_unit` for parts of a paisa: stated in rupees."""
    try:
        return paise(text, what="tick")
    except RowProblem as problem:
        code = "tick_unit" if text.startswith("0.") else problem.code
        raise RowProblem(code, f"{problem.reason}, in a file that states paise") from None


def underlying_in(symbol: str, *, right: str, strike_paise: int | None) -> str:
    """The underlying's name in an exchange-style symbol: NAME, YYMMM or YYMDD, strike and right or FUT
    (ETERNAL25SEP375PE, SENSEX2590981600CE, 360ONE25OCTFUT). The day in it is not read: a moved expiry keeps
    its symbol.

    RowProblem `bad_symbol` when the symbol is not made so, or has another strike.
    """
    tail = "FUT" if strike_paise is None else f"{_rupees(strike_paise)}{right}"
    stem = symbol.removesuffix(tail)
    name = stem[:-5]
    if stem == symbol or not name or not _SYMBOL_DAY.match(stem, len(stem) - 5):
        raise RowProblem("bad_symbol", f"symbol {symbol!r} is not made of name, day and {tail}")
    return name


def _rupees(amount_paise: int) -> str:
    whole, rest = divmod(amount_paise, RUPEE)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
