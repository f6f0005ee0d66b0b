"""Bhavcopies as they were before July 2024: `foDDMMMYYYYbhav.csv` and `cmDDMMMYYYYbhav.csv`.

Layouts: NSE, F&O bhavcopy (INSTRUMENT … TIMESTAMP), equity bhavcopy (SYMBOL, SERIES … TIMESTAMP, ISIN) and
the full equity bhavcopy `sec_bhavdata_full` (SYMBOL, SERIES, DATE1 …). None states lots, ticks or numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import IO

from markets.master.names import canonical
from markets.master.rows import Fields, MasterRow, MasterUnreadable, Outcome, Reader, Skip
from markets.master.values import day_named, strike_to_paise

FO_NEEDS = ("INSTRUMENT", "SYMBOL", "EXPIRY_DT", "STRIKE_PR", "OPTION_TYP", "TIMESTAMP")
CM_NEEDS = ("SYMBOL", "SERIES")
RIGHTS = {"CE": "CE", "PE": "PE", "CA": "CE", "PA": "PE"}  # CA, PA: American style, until December 2010
DAY_COLUMNS = ("TIMESTAMP", "DATE1")


def parse_fo(stream: IO[bytes]) -> Iterator[Outcome]:
    """Contracts of a derivatives bhavcopy."""
    return Reader(stream, needs=FO_NEEDS).rows(_contract)


def parse_cm(stream: IO[bytes]) -> Iterator[Outcome]:
    """Shares of an equity bhavcopy; series other than EQ are skipped."""
    return Reader(stream, needs=CM_NEEDS).rows(_share)


def day_in(stream: IO[bytes]) -> date:
    """The day of the first row. MasterUnreadable when there is none."""
    reader = Reader(stream)
    column = next((name for name in DAY_COLUMNS if name in reader.columns), None)
    if column is None:
        raise MasterUnreadable(f"The file has no column {' or '.join(DAY_COLUMNS)}.")
    for row in reader.rows(lambda line, fields: MasterRow(line, "NSE", "", "", day_named(fields[column]))):
        if isinstance(row, MasterRow) and row.expiry:
            return row.expiry
    raise MasterUnreadable("No row of the file has a day.")


def _contract(line: int, fields: Fields) -> MasterRow | Skip:
    instrument, right = fields["INSTRUMENT"], fields["OPTION_TYP"]
    if instrument[:3] not in ("FUT", "OPT") or instrument[3:] not in ("IDX", "STK"):
        return Skip(line, instrument)
    kind = "FUT" if instrument.startswith("FUT") else RIGHTS.get(right, right)
    return MasterRow(
        line,
        "NSE",
        canonical(fields["SYMBOL"]),
        kind,
        day_named(fields["EXPIRY_DT"]),
        None if kind == "FUT" else strike_to_paise(fields["STRIKE_PR"]),
        symbol=f"{fields['SYMBOL']} {fields['EXPIRY_DT']} {fields['STRIKE_PR']} {right}",
        segment="FO",
    )


def _share(line: int, fields: Fields) -> MasterRow | Skip:
    if fields["SERIES"] != "EQ":
        return Skip(line, f"series {fields['SERIES']}")
    name = fields["SYMBOL"]
    return MasterRow(line, "NSE", name, "EQ", lot_size=1, symbol=name, segment="CM")
