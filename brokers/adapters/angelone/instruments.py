"""Angel One's `OpenAPIScripMaster.json`: one JSON array of all exchanges, every value a text.

Strikes are × 100 (so: paise), ticks paise ("5.000000"), lots units, expiries 24NOV2026 or empty; there is no
freeze quantity. Orders need symbol and token, which have to agree. Tokens are the exchange's, except those of
indices, which begin with 999.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from markets.master.values import RowProblem, count, day_named, strike_to_paise

EXCHANGES = {"NSE": "NSE", "BSE": "BSE", "NFO": "NSE", "BFO": "BSE"}
OTHERS = ("CDS", "BCD", "MCX", "NCO", "NCDEX", "NCX")
INDEX = "AMXIDX"
RIGHTS = ("CE", "PE")


def parse(stream: IO[bytes]) -> Iterator[Outcome]:
    """Contracts, shares and indices of the file."""
    return json_rows(stream, _row)


def _row(line: int, fields: Fields) -> MasterRow | Skip:
    segment = fields["exch_seg"]
    exchange = market(segment, EXCHANGES, OTHERS)
    if exchange is None:
        return elsewhere(line, segment)
    token = digits(fields["token"])
    named = MasterRow(
        line, exchange, "", "", exchange_token=token, symbol=fields["symbol"], token=token, segment=segment
    )
    if segment in ("NFO", "BFO"):
        return _contract(named, fields)
    if fields["instrumenttype"] == INDEX:
        return index(named._replace(exchange_token=""), fields["name"], named.symbol)
    return _share(named, fields)


def _contract(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    kind = _kind(fields["instrumenttype"], named.symbol)
    option = kind != "FUT"
    return contract(
        named,
        underlying=fields["name"],
        kind=kind,
        expiry=day_named(fields["expiry"]),
        strike_paise=strike_to_paise(fields["strike"], symbol=named.symbol, in_paise=True)
        if option
        else None,
        lot_size=count(fields["lotsize"], what="lot"),
        tick_paise=tick_in_paise(fields["tick_size"]),
    )


def _kind(instrument: str, symbol: str) -> str:
    """The right stands in the symbol only: OPTIDX NIFTY24NOV2625400CE."""
    if instrument[:3] == "FUT":
        return "FUT"
    if instrument[:3] == "OPT" and symbol[-2:] in RIGHTS:
        return symbol[-2:]
    raise RowProblem("bad_kind", f"instrument type {instrument!r} with symbol {symbol!r}")


def _share(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    """At NSE the symbol ends with the series (RELIANCE-EQ), at BSE it is the name."""
    name, _, series = named.symbol.rpartition("-") if named.exchange == "NSE" else (named.symbol, "", "")
    if not is_share(named.exchange, series=series, code=named.exchange_token):
        return Skip(named.line, NO_SHARE)
    lot, tick = count(fields["lotsize"], what="lot"), tick_in_paise(fields["tick_size"])
    return share(named, name, lot_size=lot, tick_paise=tick)


FILES = (
    MasterFile(
        "angelone",
        "angelone",
        "Angel One scrip master",
        parse,
        url="https://margincalculator.angelone.in/OpenAPI_File/files/OpenAPIScripMaster.json",
    ),
)
