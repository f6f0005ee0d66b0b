"""The option chain as the exchange's web page exports it: CSV with two header rows, calls on the left of the
strike, puts on the right.

Numbers are grouped the Indian way ("22,37,105"), "-" means none. Older captures are Latin-1 and ragged: a
cell may hold a line break that was not quoted, so one row spans several lines.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from dataclasses import dataclass, field

FIELDS = {
    "OI": "oi",
    "CHNGINOI": "oi_chg",
    "CHANGEINOI": "oi_chg",
    "VOLUME": "volume",
    "LTP": "ltp",
    "BIDQTY": "bid_qty",
    "BID": "bid",
    "BIDPRICE": "bid",
    "ASK": "ask",
    "ASKPRICE": "ask",
    "ASKQTY": "ask_qty",
}
STRIKES = ("STRIKE", "STRIKEPRICE")
# from the strike outwards, both sides of every version of the page; "" = not read
OUTWARDS = {
    "ce": ("ask_qty", "ask", "bid", "bid_qty", "", "ltp", "", "volume", "oi_chg", "oi"),
    "pe": ("bid_qty", "bid", "ask", "ask_qty", "", "ltp", "", "volume", "oi_chg", "oi"),
}
MIDDLE = {21: 10, 22: 11, 23: 11}  # the strike's place by number of columns
TITLE = ("CALLS", "PUTS")
FEWEST_CELLS = 15  # a row of the chain has more, titles have fewer
NONE = ("", "-", "NA", "NAN")


@dataclass(slots=True)
class Page:
    """The rows of a page: numbers by column (`strike`, `ce_ltp`, `pe_bid_qty` …), NaN for none. `dropped`
    counts the lines that could not be used by reason: `ragged`, `bad_number`, `no_strike`.
    """

    columns: dict[str, list[float]] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)


def page_text(data: bytes) -> str:
    """The bytes as text: UTF-8 where they are that, else Latin-1."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def parse_page(text: str) -> Page | None:
    """The page's rows; None when it has no header with a strike in the middle."""
    try:
        rows = _glued(_rows(text))
    except csv.Error:  # a cell longer than any of a chain: no page, whatever else it is
        return None
    found = _header(rows)
    if found is None:
        return None
    line, columns = found
    page = Page({name: [] for name in columns})
    width = Counter(len(row) for row in rows[line + 1 :]).most_common(1)[0][0] if rows[line + 1 :] else 0
    for row in rows[line + 1 :]:
        _take(page, row, columns, width)
    return page


def _rows(text: str) -> list[list[str]]:
    clean = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return [row for row in csv.reader(io.StringIO(clean)) if any(cell.strip() for cell in row)]


def _glued(rows: list[list[str]]) -> list[list[str]]:
    """Rows with those put together again that an unquoted line break tore apart: pieces that, joined at the
    torn cell, have as many cells as most rows.
    """
    lengths = Counter(len(row) for row in rows if len(row) >= FEWEST_CELLS)
    if not lengths:
        return rows
    width = max(lengths, key=lambda length: (lengths[length], length))
    whole: list[list[str]] = []
    open_row = False
    for row in rows:
        fits = open_row and len(row) < width and len(whole[-1]) + len(row) - 1 <= width
        if fits:
            whole[-1] = [*whole[-1][:-1], f"{whole[-1][-1]} {row[0]}", *row[1:]]
        else:
            whole.append(row)
        open_row = len(whole[-1]) < width and not any(_plain(cell) in TITLE for cell in whole[-1])
    return whole


def _header(rows: list[list[str]]) -> tuple[int, dict[str, int]] | None:
    """The line of the header and the place of each column; None when this is no chain page."""
    for line, row in enumerate(rows):
        names = [_plain(cell) for cell in row]
        strikes = [place for place, name in enumerate(names) if name in STRIKES]
        if len(strikes) == 1:
            columns = {"strike": strikes[0]}
            for place, name in enumerate(names):
                if name in FIELDS:
                    columns[f"{'ce' if place < strikes[0] else 'pe'}_{FIELDS[name]}"] = place
            if {"ce_ltp", "pe_ltp"} <= columns.keys():
                return line, columns
    return _titled(rows)


def _titled(rows: list[list[str]]) -> tuple[int, dict[str, int]] | None:
    """The same for a page whose header is torn beyond reading: by its title and number of columns."""
    title = any(_plain(cell) in TITLE for row in rows[:5] for cell in row)
    first = next((n for n, row in enumerate(rows) if len(row) in MIDDLE), None)
    if not title or first is None:
        return None
    strike = MIDDLE[len(rows[first])]
    columns = {"strike": strike}
    for side, step in (("ce", -1), ("pe", 1)):
        places = enumerate(OUTWARDS[side], start=1)
        columns |= {f"{side}_{name}": strike + step * n for n, name in places if name}
    return first - 1, columns


def _plain(cell: str) -> str:
    return "".join(character for character in cell.upper() if character.isalpha())


def _take(page: Page, row: list[str], columns: dict[str, int], width: int) -> None:
    if not _same_width(row, width, max(columns.values())):
        page.dropped["ragged"] += 1
        return
    try:
        values = {name: number(row[place]) for name, place in columns.items()}
    except ValueError:
        page.dropped["bad_number"] += 1
        return
    if not values["strike"] > 0:
        page.dropped["no_strike"] += 1
        return
    for name, value in values.items():
        page.columns[name].append(value)


def _same_width(row: list[str], width: int, last: int) -> bool:
    """Whether a row has the header's cells; empty ones at the end may be missing or too many."""
    return len(row) > last and not any(cell.strip() for cell in row[width:])


def number(cell: str) -> float:
    """A number of the page, NaN for none. ValueError for anything else."""
    text = "".join(cell.replace(",", "").split())
    if text.upper() in NONE:
        return math.nan
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{cell!r} is no number")
    return value
