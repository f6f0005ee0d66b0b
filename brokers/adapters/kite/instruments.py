"""Kite's instrument dump: one CSV of all exchanges, remade every morning about 08:30.

Layout: Kite Connect v3, market data and instruments. Strikes and ticks are rupees, lots units; there is no
freeze quantity. `instrument_token` is what ticks carry. Indices have numbers of Kite's own, lot and tick 0.
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
    tick_in_rupees,
    underlying_in,
)
from markets.master.rows import Fields, MasterRow, Outcome, Reader, Skip
from markets.master.values import RowProblem, count, day_iso, strike_to_paise

NEEDS = (
    "instrument_token", "exchange_token", "tradingsymbol", "name", "expiry", "strike", "tick_size",
    "lot_size",
    "instrument_type", "segment", "exchange",
)  # fmt: skip
EXCHANGES = {"NSE": "NSE", "BSE": "BSE", "NFO": "NSE", "BFO": "BSE"}
OTHERS = ("CDS", "BCD", "MCX", "NCO", "NCDEX", "NSEIX", "GLOBAL")
DERIVATIVES = ("NFO", "BFO")
KINDS = ("FUT", "CE", "PE")
_SERIES = re.compile(r"-([A-Z0-9]{2})$")  # INFY is of series EQ, CDSL-BE is not; BAJAJ-AUTO is a name


def parse(stream: IO[bytes]) -> Iterator[Outcome]:
    """Contracts, shares and indices of the dump."""
    return Reader(stream, needs=NEEDS).rows(_row)


def _row(line: int, fields: Fields) -> MasterRow | Skip:
    segment = fields["exchange"]
    exchange = market(segment, EXCHANGES, OTHERS)
    if exchange is None:
        return elsewhere(line, segment)
    named = MasterRow(
        line,
        exchange,
        "",
        "",
        exchange_token=digits(fields["exchange_token"]),
        symbol=fields["tradingsymbol"],
        token=digits(fields["instrument_token"]),
        segment=segment,
    )
    if segment in DERIVATIVES:
        return _contract(named, fields)
    if fields["segment"] == "INDICES":
        return index(named._replace(exchange_token=""), named.symbol, fields["name"])
    return _share(named, fields)


def _contract(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    kind = fields["instrument_type"]
    if kind not in KINDS:
        raise RowProblem("bad_kind", f"instrument type {kind!r} is none of {', '.join(KINDS)}")
    strike = None if kind == "FUT" else strike_to_paise(fields["strike"], symbol=named.symbol)
    return contract(
        named,
        underlying=fields["name"] or underlying_in(named.symbol, right=kind, strike_paise=strike),
        kind=kind,
        expiry=day_iso(fields["expiry"]),
        strike_paise=strike,
        lot_size=count(fields["lot_size"], what="lot"),
        tick_paise=tick_in_rupees(fields["tick_size"]),
    )


def _share(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    suffix = _SERIES.search(named.symbol) if named.exchange == "NSE" else None
    series = suffix[1] if suffix else "EQ"
    if not is_share(named.exchange, series=series, code=named.exchange_token):
        return Skip(named.line, NO_SHARE)
    lot, tick = count(fields["lot_size"], what="lot"), tick_in_rupees(fields["tick_size"])
    return share(named, named.symbol, lot_size=lot, tick_paise=tick)


FILES = (MasterFile("kite", "kite", "Kite instruments", parse, url="https://api.kite.trade/instruments"),)
