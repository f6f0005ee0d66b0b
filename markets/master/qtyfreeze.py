"""NSE's quantity-freeze limits, `qtyfreeze.xls`: the largest order of each underlying, in units.

The workbook pads names and headings with blanks. Orders above the figure are refused (NSE/FAOP circulars on
quantity freeze, monthly).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markets.master.figures import Figure
from markets.master.names import canonical
from markets.master.opening import opened
from markets.master.rows import Bad, MasterUnreadable, Skip
from markets.master.values import RowProblem, count

SYMBOL, LIMIT = "SYMBOL", "VOL_FRZ_QTY"


def parse(path: Path) -> Iterator[Figure | Bad | Skip]:
    """Freeze limits by underlying."""
    rows = iter(_sheet(path))
    heading = [str(cell).strip() for cell in next(rows, [])]
    missing = [name for name in (SYMBOL, LIMIT) if name not in heading]
    if missing:
        found = ", ".join(heading) or "nothing"
        raise MasterUnreadable(f"The sheet has no column {', '.join(missing)}. Its first row says: {found}.")
    for line, cells in enumerate(rows, start=2):
        if any(str(cell).strip() for cell in cells):
            yield _figure(line, dict(zip(heading, (str(cell).strip() for cell in cells), strict=False)))


def _figure(line: int, cells: dict[str, str]) -> Figure | Bad:
    name = cells.get(SYMBOL, "")
    try:
        if not name:
            raise RowProblem("no_underlying", "the symbol is missing")
        return Figure(
            line, canonical(name), "freeze_qty", count(cells[LIMIT], what="freeze quantity", least=1)
        )
    except RowProblem as problem:
        return Bad(line, problem.code, problem.reason, " ".join(cells.values()))


def _sheet(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only this file needs it

    with opened(path) as stream:
        try:
            book = CalamineWorkbook.from_filelike(stream)  # type: ignore[arg-type]  # any binary stream
            return book.get_sheet_by_index(0).to_python()
        except CalamineError as problem:
            raise MasterUnreadable(f"{path.name} is no Excel workbook: {problem}") from None
