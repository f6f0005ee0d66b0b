"""The exchanges' files: every layout from a few literal lines, and every way a line can be bad."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from markets.master import mktlots, nse_contract, old_bhavcopy, qtyfreeze, strike_scheme, udiff
from markets.master.figures import Figure
from markets.master.rows import Bad, MasterRow, MasterUnreadable, Skip

EXPIRY = date(2020, 3, 26)


def contract(**changed: str) -> str:
    """BANKNIFTY 26 MAR 2020 35100 CE as the exchange wrote it, with fields changed by place (f7="…")."""
    fields = [""] * 69
    told = {
        0: "35009",
        2: "OPTIDX",
        3: "BANKNIFTY",
        6: "1269700200",
        7: "3510000",
        8: "CE",
        31: "20",
        32: "5",
    }
    told |= {34: "2.501000E+03", 47: "1265476593", 53: "BANKNIFTY20MAR35100CE", 68: "N"}
    for place, text in (told | {int(name[1:]): text for name, text in changed.items()}).items():
        fields[place] = text
    return "|".join(fields)


def contracts(*lines: str) -> list[MasterRow | Bad | Skip]:
    return list(nse_contract.parse(io.BytesIO("\n".join(["NEATFO|7.0.4|", *lines]).encode())))


def test_an_option_of_the_contract_file() -> None:
    assert contracts(contract()) == [
        MasterRow(
            2,
            "NSE",
            "BANKNIFTY",
            "CE",
            EXPIRY,
            35_100_00,
            20,
            5,
            2500,
            "35009",
            "BANKNIFTY20MAR35100CE",
            "35009",
            "FO",
        )
    ]


def test_a_future_of_the_contract_file() -> None:
    (row,) = contracts(contract(f2="FUTIDX", f7="-1", f8="XX", f53="BANKNIFTY20MARFUT", f34="0"))
    assert isinstance(row, MasterRow)
    assert (row.kind, row.strike_paise, row.expiry, row.freeze_qty) == ("FUT", None, EXPIRY, None)


@pytest.mark.parametrize("changed", [{"f68": "Y"}, {"f2": ""}, {"f8": "CA"}])
def test_what_is_no_contract_of_use_is_skipped(changed: dict[str, str]) -> None:
    assert [type(row) for row in contracts(contract(**changed))] == [Skip]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (contract()[:100], "ragged"),
        (contract(f6="tomorrow"), "bad_date"),
        (contract(f7="0"), "bad_strike"),
        (contract(f7="35100"), "strike_unit"),
        (contract(f31="x"), "bad_number"),
        (contract(f32="x"), "bad_price"),
    ],
)
def test_a_bad_contract_is_quarantined(line: str, code: str) -> None:
    (row,) = contracts(line)
    assert isinstance(row, Bad)
    assert (row.line, row.code, row.text) == (2, code, line)


def test_another_file_is_no_contract_file() -> None:
    with pytest.raises(MasterUnreadable, match="begins with NEATFO"):
        list(nse_contract.parse(io.BytesIO(b"<html>")))


def test_the_contract_file_tells_when_it_was_written() -> None:
    content = f"NEATFO|7.0.4|\n{contract(f47='x')}\n{contract()}\n"
    assert nse_contract.written_in(io.BytesIO(content.encode())) == date(2020, 2, 6)


UDIFF_HEADER = ",".join([*udiff.NEEDS, "Rmks"])


def bhavcopy(*lines: str) -> bytes:
    return "\n".join([UDIFF_HEADER, *lines]).encode()


OPTION = "2026-01-29,FO,NSE,IDO,57012,NIFTY,2026-02-24,2026-02-24,25000.00,CE,NIFTY26FEB25000CE,65,"
FUTURE = "2026-01-29,FO,NSE,IDF,59175,BANKNIFTY,2026-02-24,2026-02-24,,,BANKNIFTY26FEBFUT,30,"


def test_contracts_of_a_udiff_bhavcopy() -> None:
    option, future = udiff.parse(io.BytesIO(bhavcopy(OPTION, FUTURE)))
    assert isinstance(option, MasterRow)
    assert isinstance(future, MasterRow)
    assert option[1:7] == ("NSE", "NIFTY", "CE", date(2026, 2, 24), 25_000_00, 65)
    assert future[1:7] == ("NSE", "BANKNIFTY", "FUT", date(2026, 2, 24), None, 30)
    assert (option.tick_paise, option.freeze_qty, option.exchange_token) == (None, None, "57012")


def test_the_actual_expiry_counts() -> None:
    moved = OPTION.replace("2026-02-24,2026-02-24", "2026-03-31,2026-03-30")
    (row,) = udiff.parse(io.BytesIO(bhavcopy(moved)))
    assert isinstance(row, MasterRow)
    assert row.expiry == date(2026, 3, 30)


def test_a_udiff_bhavcopy_tells_its_day() -> None:
    assert udiff.day_in(io.BytesIO(bhavcopy("ragged", OPTION))) == date(2026, 1, 29)
    with pytest.raises(MasterUnreadable, match="No row"):
        udiff.day_in(io.BytesIO(bhavcopy()))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (OPTION.replace("2026-01-29", "2026-01-30"), "wrong_day"),
        (OPTION.replace("25000.00", "2500000.00"), "strike_unit"),
        (OPTION.replace("25000.00", "NaN"), "bad_strike"),
        (OPTION.replace("2026-02-24", "24-Feb-2026"), "bad_date"),
        (OPTION.replace(",65,", ",,"), "bad_number"),
    ],
)
def test_a_bad_line_of_a_bhavcopy_is_quarantined(line: str, code: str) -> None:
    _, row = udiff.parse(io.BytesIO(bhavcopy(FUTURE, line)))
    assert isinstance(row, Bad)
    assert row.code == code


def test_shares_in_a_derivatives_bhavcopy_are_skipped() -> None:
    (row,) = udiff.parse(io.BytesIO(bhavcopy(OPTION.replace(",FO,", ",CM,").replace("IDO", "STK"))))
    assert row == Skip(2, "CM STK")


OLD = b"""INSTRUMENT,SYMBOL,EXPIRY_DT,STRIKE_PR,OPTION_TYP,OPEN,HIGH,LOW,CLOSE,SETTLE_PR,CONTRACTS,\
VAL_INLAKH,OPEN_INT,CHG_IN_OI,TIMESTAMP,
OPTIDX,NIFTY,25-Jan-2024,21500,CE,1,2,1,2,2,10,5,50,50,01-JAN-2024,
FUTSTK,ABB,25-Jan-2024,0,XX,1,2,1,2,2,10,5,50,50,01-JAN-2024,
FUTIVX,INDIAVIX,25-Jan-2024,0,XX,1,2,1,2,2,10,5,50,50,01-JAN-2024,
OPTSTK,ABB,25-Foo-2024,4500.5,PE,1,2,1,2,2,10,5,50,50,01-JAN-2024,
"""


def test_contracts_of_an_old_bhavcopy() -> None:
    option, future, volatility, bad = old_bhavcopy.parse_fo(io.BytesIO(OLD))
    assert isinstance(option, MasterRow)
    assert isinstance(future, MasterRow)
    assert isinstance(bad, Bad)
    assert option[1:7] == ("NSE", "NIFTY", "CE", date(2024, 1, 25), 21_500_00, None)
    assert future[1:6] == ("NSE", "ABB", "FUT", date(2024, 1, 25), None)
    assert (volatility, bad.code) == (Skip(4, "FUTIVX"), "bad_date")
    assert old_bhavcopy.day_in(io.BytesIO(OLD)) == date(2024, 1, 1)


def test_shares_of_an_old_bhavcopy() -> None:
    content = b"SYMBOL, SERIES, DATE1, CLOSE_PRICE\nABB, EQ, 03-Mar-2025, 5\n1018GS2026, GS, 03-Mar-2025, 1\n"
    share, bond = old_bhavcopy.parse_cm(io.BytesIO(content))
    assert isinstance(share, MasterRow)
    assert (share.underlying, share.kind, share.lot_size, bond) == ("ABB", "EQ", 1, Skip(3, "series GS"))
    assert old_bhavcopy.day_in(io.BytesIO(content)) == date(2025, 3, 3)


def test_an_undated_file_of_shares_is_refused() -> None:
    with pytest.raises(MasterUnreadable, match="TIMESTAMP or DATE1"):
        old_bhavcopy.day_in(io.BytesIO(b"SYMBOL,SERIES\nABB,EQ\n"))


def lots(tmp_path: Path, content: str) -> list[Figure | Bad | Skip]:
    path = tmp_path / "fo_mktlots.csv"
    path.write_text(content)
    return list(mktlots.parse(path))


def test_lots_in_one_column(tmp_path: Path) -> None:
    found = lots(tmp_path, "Symbol,Lot Size\nNIFTY NEXT 50,25\nABB,\n")
    assert found == [Figure(2, "NIFTYNXT50", "lot_size", 25), Skip(3, "no lots")]


def test_lots_by_month(tmp_path: Path) -> None:
    head = "UNDERLYING ,SYMBOL ,OCT-25 ,NOV-25 ,\n"
    found = lots(
        tmp_path, head + "NIFTY 50 ,NIFTY ,75 ,65 ,\nABB LTD ,ABB ,125 , ,\nStocks,Symbol,OCT-25,NOV-25,\n"
    )
    assert found == [
        Figure(2, "NIFTY", "lot_size", 75, date(2025, 10, 1)),
        Figure(2, "NIFTY", "lot_size", 65, date(2025, 11, 1)),
        Figure(3, "ABB", "lot_size", 125, date(2025, 10, 1)),
        Skip(4, "heading"),
    ]


@pytest.mark.parametrize(
    ("line", "code"), [("ABB", "ragged"), ("ABB,0", "bad_number"), ("ABB,12.5", "bad_number")]
)
def test_a_bad_lot_is_quarantined(tmp_path: Path, line: str, code: str) -> None:
    (bad,) = lots(tmp_path, f"Symbol,Lot Size\n{line}\n")
    assert isinstance(bad, Bad)
    assert bad.code == code


def test_another_file_is_no_lot_file(tmp_path: Path) -> None:
    with pytest.raises(MasterUnreadable, match="Symbol and Lot Size"):
        lots(tmp_path, "a,b\n")


def test_steps_of_a_strike_scheme(tmp_path: Path) -> None:
    path = tmp_path / "sos_scheme.csv"
    path.write_text(
        "06102025\nSymbol,Month type,Symbol Type,Step Value\nABB,M1,EQUITY,2.5\nABB,M1,EQUITY,x\n"
    )
    step, bad = strike_scheme.parse(path)
    assert step == Figure(3, "ABB", "strike_step", 250, series="M1")
    assert isinstance(bad, Bad)
    assert bad.code == "bad_price"
    assert strike_scheme.day_in(path) == date(2025, 10, 6)


def test_what_is_no_workbook_holds_no_freeze_limits(tmp_path: Path) -> None:
    path = tmp_path / "qtyfreeze.xls"
    path.write_text("SYMBOL,VOL_FRZ_QTY")
    with pytest.raises(MasterUnreadable, match="no Excel workbook"):
        list(qtyfreeze.parse(path))


def test_a_strike_scheme_begins_with_its_day(tmp_path: Path) -> None:
    path = tmp_path / "sos_scheme.csv"
    path.write_text("Symbol,Step Value\n")
    with pytest.raises(MasterUnreadable, match="begins with its day"):
        strike_scheme.day_in(path)
