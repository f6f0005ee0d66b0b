"""Dhan's compact scrip master: one CSV of all exchanges.

Strikes are rupees, ticks of what is traded paise (5.0000), those of indices rupees; `SEM_LOT_UNITS` is units
with a decimal point; there is no freeze quantity. The security id is the exchange's token, except of indices.
`SEM_STRIKE_PRICE` of futures is negative, the expiry of indices 0001-01-01.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from brokers.masters.files import MasterFile
from brokers.masters.listing import (
    NO_SHARE,
    contract,
    digits,
    elsewhere,
    index,
    is_share,
    market,
    share,
    tick_in_paise,
)
from markets.master.rows import Fields, MasterRow, Outcome, Reader, Skip
from markets.master.values import RowProblem, count, day_iso, strike_to_paise

NEEDS = (
    "SEM_EXM_EXCH_ID", "SEM_SEGMENT", "SEM_SMST_SECURITY_ID", "SEM_INSTRUMENT_NAME", "SEM_TRADING_SYMBOL",
    "SEM_LOT_UNITS", "SEM_CUSTOM_SYMBOL", "SEM_EXPIRY_DATE", "SEM_STRIKE_PRICE", "SEM_OPTION_TYPE",
    "SEM_TICK_SIZE", "SEM_SERIES",
)  # fmt: skip
SEGMENTS = {
    ("NSE", "E"): "NSE_EQ", ("BSE", "E"): "BSE_EQ", ("NSE", "D"): "NSE_FNO", ("BSE", "D"): "BSE_FNO",
    ("NSE", "I"): "IDX_I", ("BSE", "I"): "IDX_I",
}  # fmt: skip
EXCHANGES = {f"{exchange} {segment}": exchange for exchange, segment in SEGMENTS}
OTHERS = ("NSE C", "BSE C", "NSE M", "BSE M", "MCX M", "MCX I", "MCX D", "NCDEX M")
KINDS = {("FUT", "XX"): "FUT", ("OPT", "CE"): "CE", ("OPT", "PE"): "PE"}
_SYMBOL = re.compile(r"(?P<name>.+)-[A-Z][a-z]{2}\d{4}-(?:FUT|[\d.]+-[CP]E)")  # BAJAJ-AUTO-Nov2026-9000-CE


def parse(stream: IO[bytes]) -> Iterator[Outcome]:
    """Contracts, shares and indices of the file."""
    return Reader(stream, needs=NEEDS).rows(_row)


def _row(line: int, fields: Fields) -> MasterRow | Skip:
    code = f"{fields['SEM_EXM_EXCH_ID']} {fields['SEM_SEGMENT']}"
    exchange = market(code, EXCHANGES, OTHERS)
    if exchange is None:
        return elsewhere(line, code)
    token = digits(fields["SEM_SMST_SECURITY_ID"])
    named = MasterRow(
        line,
        exchange,
        "",
        "",
        exchange_token=token,
        symbol=fields["SEM_TRADING_SYMBOL"],
        token=token,
        segment=SEGMENTS[exchange, fields["SEM_SEGMENT"]],
    )
    if fields["SEM_SEGMENT"] == "D":
        return _contract(named, fields)
    if fields["SEM_SEGMENT"] == "I":
        return index(named._replace(exchange_token=""), named.symbol, fields["SEM_CUSTOM_SYMBOL"])
    return _share(named, fields)


def _contract(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    instrument, right = fields["SEM_INSTRUMENT_NAME"], fields["SEM_OPTION_TYPE"]
    kind = KINDS.get((instrument[:3], right))
    if kind is None:
        raise RowProblem("bad_kind", f"{instrument} with option type {right!r}")
    written = named.symbol.removesuffix(f"-{right}") + right  # NIFTY-Nov2026-25400CE, for the strike's unit
    return contract(
        named,
        underlying=_underlying(named.symbol),
        kind=kind,
        expiry=day_iso(fields["SEM_EXPIRY_DATE"]),
        strike_paise=None if kind == "FUT" else strike_to_paise(fields["SEM_STRIKE_PRICE"], symbol=written),
        lot_size=count(fields["SEM_LOT_UNITS"], what="lot"),
        tick_paise=tick_in_paise(fields["SEM_TICK_SIZE"]),
    )


def _underlying(symbol: str) -> str:
    """In front of month and strike. (SM_SYMBOL_NAME is the company's name, or empty.)"""
    found = _SYMBOL.fullmatch(symbol)
    if found is None:
        raise RowProblem("bad_symbol", f"symbol {symbol!r} is not made of name, month and strike")
    return found["name"]


def _share(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    if not is_share(named.exchange, series=fields["SEM_SERIES"], code=named.exchange_token):
        return Skip(named.line, NO_SHARE)
    lot, tick = count(fields["SEM_LOT_UNITS"], what="lot"), tick_in_paise(fields["SEM_TICK_SIZE"])
    return share(named, named.symbol, lot_size=lot, tick_paise=tick)


FILES = (
    MasterFile(
        "dhan",
        "dhan",
        "Dhan scrip master",
        parse,
        url="https://images.dhan.co/api-data/api-scrip-master.csv",
    ),
)
