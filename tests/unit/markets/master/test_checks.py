"""What makes a row unbelievable, and the tally that judges a file by it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from markets.master.checks import fault
from markets.master.names import canonical
from markets.master.rows import Bad, MasterRow, MasterUnreadable, Skip
from markets.master.sources import day_in_name
from markets.master.tally import Tally

DAY = date(2026, 11, 16)


def call(**facts: Any) -> MasterRow:
    usual = {
        "exchange": "NSE",
        "underlying": "NIFTY",
        "kind": "CE",
        "expiry": DAY,
        "strike_paise": 100,
        "lot_size": 65,
    }
    return MasterRow(1, **{**usual, **facts})


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"exchange": "MCX"}, "bad_exchange"),
        ({"kind": "CALL"}, "bad_kind"),
        ({"underlying": ""}, "no_underlying"),
        ({"underlying": "NIFTÝ"}, "encoding"),
        ({"symbol": "A\tB"}, "encoding"),
        ({"name": "A\0B"}, "encoding"),
        ({"underlying": "N" * 21}, "too_long"),
        ({"expiry": None}, "bad_date"),
        ({"expiry": DAY - timedelta(days=1)}, "expired"),
        ({"expiry": DAY + timedelta(days=3000)}, "bad_date"),
        ({"kind": "INDEX", "strike_paise": None}, "bad_date"),
        ({"strike_paise": None}, "bad_strike"),
        ({"strike_paise": 0}, "bad_strike"),
        ({"kind": "FUT"}, "bad_strike"),
        ({"lot_size": 0}, "bad_lot"),
        ({"tick_paise": 0}, "bad_tick"),
        ({"freeze_qty": 64}, "bad_freeze"),
    ],
)
def test_an_impossible_row_is_told_by_code(facts: dict[str, Any], code: str) -> None:
    found = fault(call(**facts), DAY)
    assert found is not None
    assert found.code == code


def test_a_contract_of_its_last_day_is_fine() -> None:
    assert fault(call(freeze_qty=65, tick_paise=5), DAY) is None


def test_what_is_not_told_is_no_fault() -> None:
    assert fault(call(lot_size=None, tick_paise=None, freeze_qty=None), DAY) is None


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("Nifty 50", "NIFTY"), ("NIFTY INDEX", "NIFTY"), ("Nifty Bank", "BANKNIFTY"), ("BSXOPT", "SENSEX"),
        ("NIFTY NEXT 50", "NIFTYNXT50"), ("Nifty Fin Service", "FINNIFTY"),
        ("NIFTY MID SELECT", "MIDCPNIFTY"), ("BKXFUT", "BANKEX"), ("India VIX", "INDIAVIX"),
        ("M&M", "M&M"), ("bajaj-auto ", "BAJAJ-AUTO"),
    ],
)  # fmt: skip
def test_underlyings_have_one_name(name: str, symbol: str) -> None:
    assert canonical(name) == symbol


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("BhavCopy_NSE_FO_0_0_0_20260129_F_0000.csv", date(2026, 1, 29)),
        ("fo29JAN2026bhav.csv.zip", date(2026, 1, 29)),
        ("fo_29012026.zip", date(2026, 1, 29)),
        ("instruments-2026-01-29.csv", date(2026, 1, 29)),
        ("contract.txt", None),
        ("NFO_symbols_2023-10.txt", None),
        ("x20269929.csv", None),
    ],
)
def test_the_day_is_found_in_a_files_name(name: str, day: date | None) -> None:
    assert day_in_name(name) == day


def tally(used: int, bad: int, skipped: int = 0) -> Tally:
    made = Tally(used=used)
    for line in range(bad):
        made.quarantine(Bad(line, "ragged", "2 values", "a,b"))
    for line in range(skipped):
        made.skip(Skip(line, "debt"))
    return made


@pytest.mark.parametrize(("used", "bad"), [(1, 0), (1, 1), (20, 20), (1000, 52)])
def test_a_few_unusable_rows_are_tolerated(used: int, bad: int) -> None:
    tally(used, bad).judge()


@pytest.mark.parametrize(
    ("used", "bad", "skipped"), [(0, 0, 5), (0, 0, 0), (1, 2, 9), (20, 21, 0), (1000, 53, 0)]
)
def test_a_file_that_is_plainly_wrong_is_refused(used: int, bad: int, skipped: int) -> None:
    with pytest.raises(MasterUnreadable, match="nothing was imported"):
        tally(used, bad, skipped).judge()


def test_all_are_counted_and_some_are_kept() -> None:
    made = tally(5, 1500, 2)
    assert (made.rows, made.bad["ragged"], len(made.kept)) == (1507, 1500, 1000)
