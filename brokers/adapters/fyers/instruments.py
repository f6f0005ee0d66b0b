"""Fyers' symbol masters: one CSV a segment without a header. A copy with a header is read as well.

Strikes and ticks are rupees, lots units, expiries seconds since 1970 (YYYY-MM-DD in copies); there is no
freeze quantity. The scrip code is the exchange's token; orders and ticks carry the ticker
(NSE:NIFTY26NOV25400CE), the Fytoken is exchange, segment, expiry and scrip code in one number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from typing import IO, cast

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
)
from markets.master.rows import Fields, MasterRow, MasterUnreadable, Outcome, Reader, Skip
from markets.master.values import RowProblem, count, day_epoch, day_iso, strike_to_paise

FIRST = "Fytoken"
COLUMNS = (
    FIRST, "Symbol Details", "Exchange Instrument type", "Minimum lot size", "Tick size", "ISIN",
    "Trading Session", "Last update date", "Expiry date", "Symbol ticker", "Exchange", "Segment",
    "Scrip code",
    "Underlying symbol", "Underlying scrip code", "Strike price", "Option type", "Underlying FyToken",
    "Reserved column 1", "Reserved column 2", "Reserved column 3",
)  # fmt: skip
NEEDS = (
    FIRST, "Minimum lot size", "Tick size", "Last update date", "Expiry date", "Symbol ticker", "Exchange",
    "Segment", "Scrip code", "Underlying scrip code", "Strike price", "Option type",
)  # fmt: skip
LEAST = len(COLUMNS) - 4  # older files end with the option type
SEGMENTS = {
    ("10", "10"): "NSE_CM", ("10", "11"): "NSE_FO", ("12", "10"): "BSE_CM", ("12", "11"): "BSE_FO",
}  # fmt: skip
EXCHANGES = {f"{exchange} {segment}": name[:3] for (exchange, segment), name in SEGMENTS.items()}
OTHERS = ("10 12", "10 20", "11 20", "12 12", "12 20")
KINDS = {"XX": "FUT", "CE": "CE", "PE": "PE"}


def parse(stream: IO[bytes]) -> Iterator[Outcome]:
    """Instruments of a segment's file."""
    return _reader(stream).rows(_row)


def written_in(stream: IO[bytes]) -> date | None:
    """The newest day of an update in the first lines."""
    seen = islice(_reader(stream).records(), 200)
    return max((day for _, fields in seen if (day := _updated(fields))), default=None)


def _updated(fields: object) -> date | None:
    try:
        return day_iso(fields["Last update date"]) if isinstance(fields, dict) else None
    except RowProblem:
        return None


def _reader(stream: IO[bytes]) -> Reader:
    """By the first line: a header, or a line of as many values as the layout has (older: fewer)."""
    first = stream.readline()
    whole = cast("IO[bytes]", chain([first], stream))
    if first.removeprefix(b"\xef\xbb\xbf").startswith(FIRST.encode()):
        return Reader(whole, needs=NEEDS)
    width = first.count(b",") + 1
    if not LEAST <= width <= len(COLUMNS):
        raise MasterUnreadable(f"A symbol master has {len(COLUMNS)} columns; its first line has {width}.")
    return Reader(whole, columns=COLUMNS[:width])


def _row(line: int, fields: Fields) -> MasterRow | Skip:
    code = f"{fields['Exchange']} {fields['Segment']}"
    exchange = market(code, EXCHANGES, OTHERS)
    if exchange is None:
        return elsewhere(line, code)
    named = MasterRow(
        line,
        exchange,
        "",
        "",
        exchange_token=digits(fields["Scrip code"]),
        symbol=fields["Symbol ticker"],
        token=digits(fields[FIRST]),
        segment=SEGMENTS[fields["Exchange"], fields["Segment"]],
    )
    if named.segment.endswith("_FO"):
        return _contract(named, fields)
    return _cash(named, fields)


def _contract(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    kind = KINDS.get(fields["Option type"])
    if kind is None:
        raise RowProblem("bad_kind", f"option type {fields['Option type']!r}")
    return contract(
        named,
        underlying=_underlying(fields),
        kind=kind,
        expiry=_expiry(fields["Expiry date"]),
        strike_paise=None if kind == "FUT" else strike_to_paise(fields["Strike price"], symbol=named.symbol),
        lot_size=count(fields["Minimum lot size"], what="lot"),
        tick_paise=tick_in_rupees(fields["Tick size"]),
    )


def _underlying(fields: Fields) -> str:
    """Copies with fewer columns have the name where the number of the underlying stands in the original."""
    return fields.get("Underlying symbol") or fields["Underlying scrip code"]


def _expiry(text: str) -> date:
    return day_epoch(text) if text.isdigit() else day_iso(text)


def _cash(named: MasterRow, fields: Fields) -> MasterRow | Skip:
    """NSE:SBIN-EQ, BSE:SBIN-A, NSE:NIFTY50-INDEX."""
    name, _, series = named.symbol.partition(":")[2].rpartition("-")
    if series == "INDEX":
        return index(named._replace(exchange_token=""), name)
    if not is_share(named.exchange, series=series, code=named.exchange_token):
        return Skip(named.line, NO_SHARE)
    lot, tick = count(fields["Minimum lot size"], what="lot"), tick_in_rupees(fields["Tick size"])
    return share(named, name, lot_size=lot, tick_paise=tick)


FILES = tuple(
    MasterFile(
        f"fyers_{segment.lower()}",
        "fyers",
        f"Fyers symbols {segment}",
        parse,
        url=f"https://public.fyers.in/sym_details/{segment}.csv",
        written_in=written_in,
    )
    for segment in SEGMENTS.values()
)
