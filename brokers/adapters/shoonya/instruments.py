"""Shoonya's masters: one zipped text file a segment, every line with a comma at its end.

Layouts: NFO and BFO with expiry, right and strike; NSE and BSE without. Strikes and ticks are rupees, lots
units; there is no freeze quantity. Tokens are the exchange's, those of indices too. In BFO `Symbol` is a code
of the exchange (ZOMAOPT for ETERNAL): the underlying is taken from `TradingSymbol`.
"""

from __future__ import annotations

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
from markets.master.rows import Fields, MasterRow, MasterUnreadable, Outcome, Reader, Skip
from markets.master.values import RowProblem, count, day_named, strike_to_paise

NEEDS = ("Exchange", "Token", "LotSize", "Symbol", "TradingSymbol", "Instrument", "TickSize")
CONTRACT_NEEDS = ("Expiry", "OptionType", "StrikePrice")
EXCHANGES = {"NSE": "NSE", "BSE": "BSE", "NFO": "NSE", "BFO": "BSE"}
OTHERS = ("CDS", "BCD", "MCX", "NCX", "NCDEX")
KINDS = {("FUT", "XX"): "FUT", ("OPT", "CE"): "CE", ("OPT", "PE"): "PE"}
BLANK = "line without a symbol"


def parse(stream: IO[bytes]) -> Iterator[Outcome]:
    """Instruments of a segment's file, whichever layout it has."""
    reader = Reader(stream, needs=NEEDS)
    missing = [name for name in CONTRACT_NEEDS if name not in reader.columns]
    if missing and len(missing) < len(CONTRACT_NEEDS):
        raise MasterUnreadable(f"The file has no column {', '.join(missing)}.")
    return reader.rows(_row)


def _row(line: int, fields: Fields) -> MasterRow | Skip:
    segment = fields["Exchange"]
    exchange = market(segment, EXCHANGES, OTHERS)
    if exchange is None:
        return elsewhere(line, segment)
    if not (fields["Symbol"] and fields["TradingSymbol"]):
        return Skip(line, BLANK)
    token = digits(fields["Token"])
    named = MasterRow(
        line,
        exchange,
        "",
        "",
        exchange_token=token,
        symbol=fields["TradingSymbol"],
        token=token,
        segment=segment,
    )
    if segment in ("NFO", "BFO"):
        return _contract(named, fields)
    if fields["Instrument"] == "INDEX":
        return index(named, named.symbol, fields["Symbol"])
    return _share(named, fields)


def _contract(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    if "Expiry" not in fields:
        raise RowProblem("bad_exchange", f"a line of {named.segment} in a file without expiries")
    instrument, right = fields["Instrument"], fields["OptionType"]
    kind = KINDS.get((instrument[:3], right))
    if kind is None:
        raise RowProblem("bad_kind", f"{instrument} with option type {right!r}")
    strike = None if kind == "FUT" else strike_to_paise(fields["StrikePrice"], symbol=named.symbol)
    coded = named.segment == "BFO"
    return contract(
        named,
        underlying=underlying_in(named.symbol, right=right, strike_paise=strike)
        if coded
        else fields["Symbol"],
        kind=kind,
        expiry=day_named(fields["Expiry"]),
        strike_paise=strike,
        lot_size=count(fields["LotSize"], what="lot"),
        tick_paise=tick_in_rupees(fields["TickSize"]),
    )


def _share(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    if not is_share(named.exchange, series=fields["Instrument"], code=named.exchange_token):
        return Skip(named.line, NO_SHARE)
    lot, tick = count(fields["LotSize"], what="lot"), tick_in_rupees(fields["TickSize"])
    return share(named, fields["Symbol"], lot_size=lot, tick_paise=tick)


FILES = tuple(
    MasterFile(
        f"shoonya_{segment.lower()}",
        "shoonya",
        f"Shoonya {segment} symbols",
        parse,
        url=f"https://api.shoonya.com/{segment}_symbols.txt.zip",
    )
    for segment in EXCHANGES
)
