"""Lines that are wrong, one way each: the code they get at each broker."""

from __future__ import annotations

import io

import pytest

from brokers.masters.catalogue import master_files
from brokers.masters.listing import NO_CONTRACTS, TEST
from markets.master.rows import Bad, MasterRow, MasterUnreadable, Outcome, Skip
from tests.factories import broker_masters as lines
from tests.factories.broker_masters import MASTERS, SOURCES, array, csv


def parse(broker: str, content: bytes) -> list[Outcome]:
    return list(master_files()[SOURCES[broker]].parse(io.BytesIO(content)))


def only(broker: str, content: bytes) -> Outcome:
    (row,) = parse(broker, content)
    return row


def kite(line: str, old: str = "", new: str = "") -> Outcome:
    return only("kite", csv(lines.KITE, line.replace(old, new) if old else line))


def shoonya(line: str, old: str, new: str) -> Outcome:
    return only("shoonya", csv(lines.SHOONYA, line.replace(old, new)))


def dhan(line: str, old: str, new: str) -> Outcome:
    return only("dhan", csv(lines.DHAN, line.replace(old, new)))


def fyers(line: str, old: str, new: str) -> Outcome:
    return only("fyers", csv(line.replace(old, new)))


def code(row: Outcome) -> str:
    assert isinstance(row, Bad)
    return row.code


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (",25400.0,", ",2540000.0,", "strike_unit"), (",25400.0,", ",254.0,", "strike_unit"),
        (",25400.0,", ",nan,", "bad_strike"), (",25400.0,", ",0.0,", "bad_strike"),
        (",25400.0,", ",-1,", "bad_strike"),
        (",25400.0,", ",1e999999999,", "bad_strike"), (",0.05,", ",5.0,", "tick_unit"),
        (",0.05,", ",0.0025,", "bad_price"), (",65,", ",1,", "lot_unit"), (",65,", ",6.5,", "bad_number"),
        ("2026-11-23", "2026-13-23", "bad_date"), ("2026-11-23", "", "bad_date"),
        (",CE,", ",CALL,", "bad_kind"),
        ("10240258", "x", "bad_token"), (",40001,", ",,", "bad_token"),
        ("NFO-OPT,NFO", "NFO-OPT,NFX", "bad_exchange"),
        ("10240258,", "", "ragged"), ("10240258", "1,2", "ragged"), ("NIFTY26NOV25400CE", '"NIFTY', "quotes"),
    ],
)  # fmt: skip
def test_a_wrong_line_of_kite(old: str, new: str, wrong: str) -> None:
    assert code(kite(lines.KITE_CALL, old, new)) == wrong


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (",25400,", ",2540000,", "strike_unit"), (",0.05,", ",5,", "tick_unit"), (",65,", ",1,", "lot_unit"),
        ("23-NOV-2026", "23-NUV-2026", "bad_date"), (",CE,", ",XX,", "bad_kind"),
        ("OPTIDX", "UNDIDX", "bad_kind"),
        ("NFO,", "XYZ,", "bad_exchange"), (",40001,", ",A,", "bad_token"),
    ],
)  # fmt: skip
def test_a_wrong_line_of_shoonya(old: str, new: str, wrong: str) -> None:
    assert code(shoonya(lines.SHOONYA_CALL, old, new)) == wrong


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (",25400.00000,", ",2540000.00000,", "strike_unit"), (",5.0000,", ",0.0500,", "tick_unit"),
        (",5.0000,", ",500.0000,", "tick_unit"), (",65.0,", ",1.0,", "lot_unit"),
        (",65.0,", ",x,", "bad_number"),
        ("NIFTY-Nov2026-25400-CE", "NIFTY 25400", "bad_symbol"), (",CE,", ",,", "bad_kind"),
        ("NSE,D", "NSE,Z", "bad_exchange"), ("2026-11-23 14:30:00", "0001", "bad_date"),
    ],
)  # fmt: skip
def test_a_wrong_line_of_dhan(old: str, new: str, wrong: str) -> None:
    assert code(dhan(lines.DHAN_CALL, old, new)) == wrong


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (",25400.0,", ",2540000.0,", "strike_unit"), (",0.05,", ",5.0,", "tick_unit"),
        (",65,", ",1,", "lot_unit"),
        ("1795428000", "soon", "bad_date"), (",CE,", ",C,", "bad_kind"),
        (",10,11,", ",10,99,", "bad_exchange"),
        (",40001,", ",,", "bad_token"),
    ],
)  # fmt: skip
def test_a_wrong_line_of_fyers(old: str, new: str, wrong: str) -> None:
    assert code(fyers(lines.FYERS_CALL, old, new)) == wrong


@pytest.mark.parametrize(
    ("wrong", "facts"),
    [
        ("strike_unit", {"strike": "25400.000000"}), ("tick_unit", {"tick_size": "0.050000"}),
        ("lot_unit", {"lotsize": "1"}), ("bad_kind", {"symbol": "NIFTY23NOV2625400"}),
        ("bad_kind", {"instrumenttype": "XOPT"}), ("bad_kind", {"instrumenttype": ""}),
        ("bad_date", {"expiry": ""}), ("bad_token", {"token": None}), ("bad_exchange", {"exch_seg": ""}),
        ("bad_number", {"lotsize": []}), ("bad_strike", {"strike": {"of": 1}}),
    ],
)  # fmt: skip
def test_a_wrong_element_of_angelone(wrong: str, facts: dict[str, object]) -> None:
    assert code(only("angelone", array(lines.ANGEL_CALL | facts))) == wrong


@pytest.mark.parametrize(
    ("wrong", "facts"),
    [
        ("strike_unit", {"strike_price": 2540000.0}), ("tick_unit", {"tick_size": 0.05}),
        ("tick_unit", {"tick_size": 500}), ("lot_unit", {"lot_size": 1}), ("bad_date", {"expiry": "soon"}),
        ("bad_date", {"expiry": None}), ("bad_kind", {"instrument_type": "EQ"}),
        ("bad_exchange", {"segment": "XX_FO"}),
        ("bad_token", {"instrument_key": "NSE_EQ|40001"}), ("bad_number", {"freeze_quantity": "many"}),
        ("bad_strike", {"strike_price": float("nan")}),
    ],
)  # fmt: skip
def test_a_wrong_element_of_upstox(wrong: str, facts: dict[str, object]) -> None:
    assert code(only("upstox", array(lines.UPSTOX_CALL | facts))) == wrong


def test_a_bad_line_keeps_its_number_and_text() -> None:
    line = lines.KITE_CALL.replace("25400.0", "nan")
    row = parse("kite", csv(lines.KITE, lines.KITE_FUTURE, line))[1]
    assert row == Bad(3, "bad_strike", "strike 'nan' is no number", line)


@pytest.mark.parametrize(
    ("broker", "content", "why"),
    [
        ("kite", csv(lines.KITE, lines.KITE_CALL.replace("NFO-OPT,NFO", "MCX-OPT,MCX")), "market MCX"),
        ("kite", csv(lines.KITE, lines.KITE_INDEX.replace("NIFTY 50", "NIFTY MEDIA")), NO_CONTRACTS),
        ("shoonya", csv(lines.SHOONYA, lines.SHOONYA_CALL.replace("NFO,", "CDS,")), "market CDS"),
        ("shoonya", csv(lines.SHOONYA, lines.SHOONYA_CALL.replace(",NIFTY,", ",,")), "line without a symbol"),
        ("shoonya", csv(lines.SHOONYA, lines.SHOONYA_CALL.replace("NIFTY", "011NSETEST")), TEST),
        ("dhan", csv(lines.DHAN, lines.DHAN_CALL.replace("NSE,D", "MCX,M")), "market MCX M"),
        ("fyers", csv(lines.FYERS_CALL.replace(",10,11,", ",10,12,")), "market 10 12"),
        ("upstox", array(lines.UPSTOX_CALL | {"segment": "NCD_FO"}), "market NCD_FO"),
        ("angelone", array(lines.ANGEL_CALL | {"exch_seg": "CDS"}), "market CDS"),
    ],
)  # fmt: skip
def test_what_is_of_no_use_is_skipped_with_the_reason(broker: str, content: bytes, why: str) -> None:
    row = only(broker, content)
    assert isinstance(row, Skip)
    assert row.why == why


@pytest.mark.parametrize(
    "row",
    [
        kite(lines.KITE_SHARE, "RELIANCE,", "RELIANCE-BE,"),
        kite(lines.KITE_SHARE.replace("NSE,NSE", "BSE,BSE"), "2885", "973285"),
        only("shoonya", csv(lines.SHOONYA_CASH, lines.SHOONYA_SHARE.replace(",EQ,", ",N1,"))),
        only("fyers", csv(lines.FYERS_SHARE.replace("RELIANCE-EQ", "RELIANCE-GB"))),
        dhan(lines.DHAN_SHARE, ",EQ,", ",N0,"),
        only("upstox", array(lines.UPSTOX_SHARE | {"instrument_type": "SG"})),
        only("angelone", array(lines.ANGEL_SHARE | {"symbol": "RELIANCE-N1"})),
    ],
)
def test_debt_and_restricted_series_are_no_shares(row: Outcome) -> None:
    assert isinstance(row, Skip)
    assert row.why.startswith("security other than a share")


def test_a_name_with_a_hyphen_is_no_series() -> None:
    row = kite(lines.KITE_SHARE, "RELIANCE,", "BAJAJ-AUTO,")
    assert isinstance(row, MasterRow)
    assert (row.underlying, row.kind) == ("BAJAJ-AUTO", "EQ")


def test_an_exchanges_code_gives_way_to_the_name_in_the_symbol() -> None:
    row = shoonya(lines.SHOONYA_CODED, "?", "?")
    assert isinstance(row, MasterRow)
    assert (row.exchange, row.underlying, row.strike_paise) == ("BSE", "ETERNAL", 375_00)


def test_a_dump_without_names_is_read_by_its_symbols() -> None:
    row = kite(lines.KITE_CALL, ",NIFTY,", ",,")
    assert isinstance(row, MasterRow)
    assert row.underlying == "NIFTY"


def test_the_answer_of_upstox_tells_its_expiry_as_a_day() -> None:
    answer = b'{"status": "success", "data": ' + array(lines.UPSTOX_CALL | {"expiry": "2026-11-23"}) + b"}"
    row = only("upstox", answer)
    assert isinstance(row, MasterRow)
    assert (row.expiry, row.freeze_qty) == (lines.EXPIRY, 1755)


@pytest.mark.parametrize("width", [17, 18, 20, 21])
def test_symbol_masters_of_fyers_of_every_age(width: int) -> None:
    line = ",".join(lines.FYERS_CALL.split(",")[:width])
    assert isinstance(only("fyers", csv(line)), MasterRow)


def test_the_day_a_symbol_master_of_fyers_was_written() -> None:
    file = master_files()["fyers_nse_fo"]
    assert file.written_in is not None
    assert file.written_in(io.BytesIO(MASTERS["fyers"])) == lines.DAY


@pytest.mark.parametrize(
    ("broker", "content"),
    [
        ("kite", b""), ("kite", b"<html>503</html>"), ("kite", csv(lines.DHAN, lines.DHAN_CALL)),
        ("shoonya", csv(lines.SHOONYA.replace("Expiry,", ""))), ("dhan", MASTERS["kite"]),
        ("fyers", b""), ("fyers", b"one,two\n"), ("fyers", b"Fytoken,Symbol\n"), ("upstox", b""),
        ("upstox", b"{}"),
        ("angelone", array(lines.ANGEL_CALL)[:-1]), ("angelone", array(lines.ANGEL_CALL)[:-20]),
        ("angelone", b"[" * 100_000),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_is_refused(broker: str, content: bytes) -> None:
    with pytest.raises(MasterUnreadable):
        parse(broker, content)
