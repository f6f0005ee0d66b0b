"""The exchange's option-chain page as CSV: Indian grouping, dashes, torn lines, other encodings."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.session_import.page import Page, number, page_text, parse_page

TITLE = "CALLS,,PUTS"
HEADER = (
    ",OI,CHNG IN OI,VOLUME,IV,LTP,CHNG,BID QTY,BID,ASK,ASK QTY,STRIKE,"
    "BID QTY,BID,ASK,ASK QTY,CHNG,LTP,IV,VOLUME,CHNG IN OI,OI,"
)
ROW = (
    ',108,-22,62,-,"3,559.90",8.30,130,"3,555.10","3,577.15",130,"20,500.00",'
    '"1,53,140",0.20,0.25,"45,695",-0.40,0.20,95.81,"16,090","-5,555","6,152",'
)
OLD_HEADER = (
    "Chart,OI,Chng in OI,Volume,IV,LTP,Net Chng,BidQty,BidPrice,AskPrice,AskQty,Strike Price,"
    "BidQty,BidPrice,AskPrice,AskQty,Net Chng,LTP,IV,Volume,Chng in OI,OI,Chart"
)


def page(*lines: str) -> Page:
    found = parse_page("\r\n".join(lines))
    assert found is not None
    return found


def first(found: Page) -> dict[str, float]:
    return {name: values[0] for name, values in found.columns.items()}


def test_a_row_with_indian_grouping_and_dashes() -> None:
    row = first(page(TITLE, HEADER, ROW))
    assert (row["strike"], row["ce_ltp"], row["ce_oi"], row["ce_oi_chg"]) == (20_500, 3_559.9, 108, -22)
    assert (row["pe_bid_qty"], row["pe_bid"], row["pe_ask"], row["pe_oi"]) == (153_140, 0.2, 0.25, 6_152)
    assert (row["pe_volume"], row["pe_oi_chg"], row["ce_volume"]) == (16_090, -5_555, 62)


def test_a_dash_is_none() -> None:
    row = first(page(TITLE, HEADER, ROW.replace(",108,", ",-,")))
    assert math.isnan(row["ce_oi"])


def test_names_of_the_older_page() -> None:
    assert first(page(TITLE, OLD_HEADER, ROW)) == first(page(TITLE, HEADER, ROW))


@pytest.mark.parametrize("cell", [4, 9, 12, 20])
def test_an_unquoted_line_break_in_a_row_is_mended(cell: int) -> None:
    cells = HEADER.split(",")
    torn = ",".join(cells[:cell]) + ",\r\n" + ",".join(cells[cell:])
    assert first(page(TITLE, torn.replace(",\r\n", ", \r\n"), ROW, ROW))["strike"] == 20_500


def test_line_breaks_inside_cells_of_header_and_rows() -> None:
    header = OLD_HEADER.replace("Chng in OI", "Chng in\r\nOI").replace("Strike Price", '"Strike\nPrice"')
    found = page(TITLE, header, f"\xa0\n{ROW}", ROW)
    assert found.columns["strike"] == [20_500, 20_500]


def test_a_page_whose_header_cannot_be_read_is_known_by_its_title() -> None:
    assert first(page(TITLE, ROW, ROW)) == first(page(TITLE, HEADER, ROW))


def test_rows_that_cannot_be_used_are_counted() -> None:
    ragged = ROW + "7,8"
    strange = ROW.replace("0.25", "n.a.")
    total = ROW.replace('"20,500.00"', "Total")
    nameless = ROW.replace('"20,500.00"', "-")
    found = page(TITLE, HEADER, ROW, ROW, ragged, strange, total, nameless)
    assert found.columns["strike"] == [20_500, 20_500]
    assert found.dropped == {"ragged": 1, "bad_number": 2, "no_strike": 1}


def test_latin_1_is_read_where_it_is_no_utf_8() -> None:
    assert page_text(f"\xa0{HEADER}".encode("latin-1")).endswith(HEADER)
    assert page_text("\ufeffCALLS".encode()) == "CALLS"


@pytest.mark.parametrize("text", ["", "ts,open,close\n2024-01-10,1,2\n", "a\nb\nc\n"])
def test_other_files_are_no_pages(text: str) -> None:
    assert parse_page(text) is None


@pytest.mark.parametrize(
    ("cell", "value"), [("22,37,105", 2_237_105), (" 1 234.5 ", 1_234.5), ("-0.40", -0.4), ("1,\n234", 1_234)]
)
def test_numbers(cell: str, value: float) -> None:
    assert number(cell) == value


@pytest.mark.parametrize("cell", ["inf", "1.2.3", "abc", "--"])
def test_what_is_no_number(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        number(cell)


@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    parse_page(f"{TITLE}\n{HEADER}\n{text}")
