"""The exchanges' own files as sources. Their facts win over brokers' of the same day."""

from __future__ import annotations

from markets.master import mktlots, nse_contract, old_bhavcopy, qtyfreeze, strike_scheme, udiff
from markets.master.figures import FigureFile
from markets.master.sources import Source

SOURCES = (
    Source(
        "nse_contract",
        "NSE contract master (NNF contract.txt)",
        nse_contract.parse,
        written_in=nse_contract.written_in,
    ),
    Source("udiff", "UDiFF bhavcopy of derivatives", udiff.parse, day_in=udiff.day_in),
    Source("old_fo", "Derivatives bhavcopy, old layout", old_bhavcopy.parse_fo, day_in=old_bhavcopy.day_in),
    Source("old_cm", "Equity bhavcopy, old layouts", old_bhavcopy.parse_cm, day_in=old_bhavcopy.day_in),
)

FIGURES = {
    one.name: one
    for one in (
        FigureFile("mktlots", "NSE lot sizes (fo_mktlots.csv)", mktlots.parse),
        FigureFile("qtyfreeze", "NSE quantity-freeze limits (qtyfreeze.xls)", qtyfreeze.parse),
        FigureFile(
            "strike_scheme", "NSE strike scheme (sos_scheme.csv)", strike_scheme.parse, strike_scheme.day_in
        ),
    )
}
