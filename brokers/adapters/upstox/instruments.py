"""Upstox: the instruments file of all exchanges (made about 06:00) and the answer of `/v2/option/contract`.

Both are a JSON array of the same objects, except that an expiry is 23:59:59 IST of the day in milliseconds
in the file, and YYYY-MM-DD in the answer. Strikes are rupees, ticks paise (5.0), lots units.
`freeze_quantity` is the exchange's figure cut to whole lots (1755 of 1800 at a lot of 65), so the largest
order in units; for shares it is a constant that says nothing. `instrument_key` is what calls and ticks carry.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import IO

from brokers.masters.files import MasterFile
from brokers.masters.json_array import json_rows
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
from markets.master.rows import Fields, MasterRow, Outcome, Skip
from markets.master.values import RowProblem, count, day_epoch, day_iso, strike_to_paise

SEGMENTS = {
    "NSE_EQ": "NSE", "NSE_FO": "NSE", "NSE_INDEX": "NSE", "BSE_EQ": "BSE", "BSE_FO": "BSE",
    "BSE_INDEX": "BSE",
}  # fmt: skip
OTHERS = ("NCD_FO", "BCD_FO", "MCX_FO", "MCX_INDEX", "NSE_COM", "NSEIX_INDEX", "GLOBAL_INDEX")
KINDS = ("FUT", "CE", "PE")
MILLISECONDS = 1000


def parse(stream: IO[bytes]) -> Iterator[Outcome]:
    """Contracts, shares and indices of either layout."""
    return json_rows(stream, _row)


def _row(line: int, fields: Fields) -> MasterRow | Skip:
    segment = fields["segment"]
    exchange = market(segment, SEGMENTS, OTHERS)
    if exchange is None:
        return elsewhere(line, segment)
    named = MasterRow(
        line,
        exchange,
        "",
        "",
        exchange_token=digits(fields["exchange_token"]),
        symbol=fields["trading_symbol"],
        token=_key(fields["instrument_key"], segment),
        segment=segment,
    )
    if segment.endswith("_FO"):
        return _contract(named, fields)
    if segment.endswith("_INDEX"):
        return index(named, named.symbol, fields["name"])
    return _share(named, fields)


def _key(key: str, segment: str) -> str:
    if not key.startswith(f"{segment}|"):
        raise RowProblem("bad_token", f"key {key!r} in segment {segment}")
    return key


def _contract(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    kind = fields["instrument_type"]
    if kind not in KINDS:
        raise RowProblem("bad_kind", f"instrument type {kind!r} is none of {', '.join(KINDS)}")
    beginning = named.symbol.rsplit(" ", 3)[0]  # NIFTY 33000 CE of NIFTY 33000 CE 27 JUN 28
    written = beginning.removesuffix(f" {kind}") + kind
    return contract(
        named,
        underlying=fields["underlying_symbol"],
        kind=kind,
        expiry=_expiry(fields["expiry"]),
        strike_paise=None if kind == "FUT" else strike_to_paise(fields["strike_price"], symbol=written),
        lot_size=count(fields["lot_size"], what="lot"),
        tick_paise=tick_in_paise(fields["tick_size"]),
        freeze_qty=count(fields["freeze_quantity"], what="freeze quantity") or None,
    )


def _expiry(text: str) -> date:
    return day_epoch(text, unit=MILLISECONDS) if text.isdigit() else day_iso(text)


def _share(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    if not is_share(named.exchange, series=fields["instrument_type"], code=named.exchange_token):
        return Skip(named.line, NO_SHARE)
    lot, tick = count(fields["lot_size"], what="lot"), tick_in_paise(fields["tick_size"])
    return share(named, named.symbol, lot_size=lot, tick_paise=tick)


FILES = (
    MasterFile(
        "upstox",
        "upstox",
        "Upstox instruments",
        parse,
        url="https://assets.upstox.com/market-quote/instruments/exchange/complete.json.gz",
    ),
    MasterFile("upstox_contracts", "upstox", "Upstox option contracts of one underlying", parse),
)
