"""UDiFF bhavcopies of derivatives: `BhavCopy_NSE_FO_…_YYYYMMDD_F_0000.csv` and the same of BSE.

Layout: NSE and BSE common UDiFF format, July 2024 on. A bhavcopy lists every contract of the day; it states
no tick and no freeze quantity.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import IO

from markets.master.names import canonical
from markets.master.rows import Fields, MasterRow, MasterUnreadable, Outcome, Reader, Skip
from markets.master.values import RowProblem, count, day_iso, strike_to_paise

NEEDS = (
    "TradDt", "Sgmt", "Src", "FinInstrmTp", "FinInstrmId", "TckrSymb", "XpryDt", "FininstrmActlXpryDt",
    "StrkPric", "OptnTp", "FinInstrmNm", "NewBrdLotQty",
)  # fmt: skip
FUTURES, OPTIONS = ("IDF", "STF"), ("IDO", "STO")


def parse(stream: IO[bytes]) -> Iterator[Outcome]:
    """Contracts of the file. A day other than that of the first line is refused row by row."""
    reader = Reader(stream, needs=NEEDS)
    first: list[str] = []

    def convert(line: int, fields: Fields) -> MasterRow | Skip:
        first[:] = first or [fields["TradDt"]]
        if fields["TradDt"] != first[0]:
            raise RowProblem("wrong_day", f"trade day {fields['TradDt']} in a file of {first[0]}")
        return _row(line, fields)

    return reader.rows(convert)


def day_in(stream: IO[bytes]) -> date:
    """The trade day of the first row. MasterUnreadable when there is none."""
    for line in Reader(stream, needs=NEEDS).rows(_dated):
        if isinstance(line, MasterRow) and line.expiry:
            return line.expiry
    raise MasterUnreadable("No row of the file has a trade day.")


def _dated(line: int, fields: Fields) -> MasterRow:
    return MasterRow(line, "NSE", "", "", day_iso(fields["TradDt"]))


def _row(line: int, fields: Fields) -> MasterRow | Skip:
    kind_of_contract = fields["FinInstrmTp"]
    if fields["Sgmt"] != "FO" or kind_of_contract not in (*FUTURES, *OPTIONS):
        return Skip(line, f"{fields['Sgmt']} {kind_of_contract}")
    if kind_of_contract in FUTURES:
        kind, strike = "FUT", None
    else:
        kind = fields["OptnTp"]
        strike = strike_to_paise(fields["StrkPric"], symbol=fields["FinInstrmNm"])
    return MasterRow(
        line,
        fields["Src"],
        canonical(fields["TckrSymb"]),
        kind,
        # holidays move the actual expiry; where it is empty, nothing moved
        day_iso(fields["FininstrmActlXpryDt"] or fields["XpryDt"]),
        strike,
        lot_size=count(fields["NewBrdLotQty"], what="lot"),
        exchange_token=fields["FinInstrmId"],
        symbol=fields["FinInstrmNm"],
        token=fields["FinInstrmId"],
        segment="FO",
    )
