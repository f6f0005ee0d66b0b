"""Lots and expiries as the exchange published them day by day: bhavcopies of January 2025 and of 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from markets.domain.listing import listing
from tests.factories.reference import reference
from tests.unit.markets.facts import contracts

Row = tuple[date, str, date, int]


@pytest.fixture(scope="module")
def listed() -> list[Row]:
    """Trade date, underlying, expiry and lot of every index contract of every day."""
    file = reference("data", "nse_fo_bhavcopy_udiff_2026", "index_contracts.parquet")
    table = pq.read_table(file, columns=["TradDt", "TckrSymb", "XpryDt", "NewBrdLotQty"])
    columns = (table[name].to_pylist() for name in table.column_names)
    rows = {
        (day.date(), symbol, expiry.date(), lot) for day, symbol, expiry, lot in zip(*columns, strict=True)
    }
    return sorted(rows)


def test_every_listed_expiry_is_the_computed_one(listed: list[Row]) -> None:
    facts = contracts()
    wrong = [
        (on, symbol, expiry)
        for on, symbol, expiry, _ in listed
        if [found.on for found in facts.expiries(symbol, expiry, expiry, listed_on=on)] != [expiry]
    ]
    assert (len(listed), wrong) == (1584, [])


def test_no_expiry_is_computed_that_was_not_listed(listed: list[Row]) -> None:
    """Of the next four weeks, which are always listed; BANKNIFTY, FINNIFTY, MIDCPNIFTY: monthly only."""
    facts, shown = contracts(), {}
    for on, symbol, expiry, _ in listed:
        shown.setdefault((on, symbol), set()).add(expiry)
    for (on, symbol), expiries in shown.items():
        end = on + timedelta(days=25)
        computed = {found.on for found in facts.expiries(symbol, on, end, listed_on=on)}
        assert computed == {day for day in expiries if day <= end}, (on, symbol)


def test_the_listing_of_a_day_is_the_whole_of_what_was_listed(listed: list[Row]) -> None:
    shown: dict[tuple[date, str], set[date]] = {}
    for on, symbol, expiry, _ in listed:
        shown.setdefault((on, symbol), set()).add(expiry)
    wrong = [
        day
        for day, expiries in shown.items()
        if set(listing(contracts(), day[1], day[0]).expiries) != expiries
    ]
    assert (len(shown), wrong) == (240, [])


def test_every_lot_is_that_of_the_facts(listed: list[Row]) -> None:
    facts = contracts()
    wrong = [row for row in listed if facts.lot_size(row[1], row[2], row[0]) != row[3]]
    assert wrong == []


def test_lots_of_the_exchange_s_own_file() -> None:
    file = reference("data", "instrument_masters", "nse_fo_mktlots_2025-10.csv")
    rows = dict(zip(*(column.to_pylist() for column in pyarrow.csv.read_csv(file).columns), strict=True))
    facts, expiry = contracts(), date(2025, 10, 28)
    ours = {
        symbol: facts.lot_size(symbol, expiry) for symbol in ("NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY")
    }
    assert ours == {symbol: int(rows[symbol]) for symbol in ours}
