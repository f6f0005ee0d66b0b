"""Hours by segment, date, kind of contract and expiry day: every change, on its day and around it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from markets.domain.calendar import SessionRow
from tests.unit.markets.facts import calendar, session_rows


def parts(day: str, *, segment: str = "FO", group: str = "INDEX_OPT", expiring: bool = False) -> str:
    found = calendar("NSE", segment).phases(date.fromisoformat(day), group=group, expiring=expiring)
    return ", ".join(f"{part.name} {part.open:%H:%M}-{part.close:%H:%M}" for part in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # NSE/FAOP/74467: derivatives to 15:40 from 3 Aug 2026 (a Monday)
        (("2026-07-31", "normal 09:15-15:30"), ("2026-08-03", "normal 09:15-15:40")),
        # SEBI HO/47/11/11(3)2025-MRD-POD2/I/23843/2026: to 15:45 from 7 Dec 2026 (a Monday)
        (("2026-12-04", "normal 09:15-15:40"), ("2026-12-07", "normal 09:15-15:45")),
    ],
)
def test_options_that_do_not_expire(before: tuple[str, str], after: tuple[str, str]) -> None:
    assert [parts(day) for day, _ in (before, after)] == [before[1], after[1]]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-07-28", "normal 09:15-15:30, settlement_vwap_expiring 15:00-15:30"),
        ("2026-08-04", "normal 09:15-15:40, settlement_auction_expiring 15:15-15:35"),
        ("2026-12-01", "normal 09:15-15:40, settlement_auction_expiring 15:15-15:35"),
        ("2026-12-08", "normal 09:15-15:30, settlement_vwap_expiring 15:00-15:30"),
    ],
)
def test_index_options_on_their_expiry_day(day: str, expected: str) -> None:
    assert parts(day, expiring=True) == expected


def test_an_expiring_stock_option_does_not_stop_early() -> None:
    assert parts("2026-12-29", group="STOCK_OPT", expiring=True) == "normal 09:15-15:45"


@pytest.mark.parametrize(
    ("day", "pre_open"),
    [("2025-12-05", False), ("2025-12-08", True), ("2026-09-04", True), ("2026-09-07", True)],
)
def test_futures_have_a_pre_open_session_from_8_december_2025(day: str, pre_open: bool) -> None:
    assert ("pre_open_futures 09:00-09:15" in parts(day, group="INDEX_FUT")) == pre_open
    assert "pre_open" not in parts(day)


@pytest.mark.parametrize(
    ("day", "window"),
    [("2026-07-31", "15:00-15:30"), ("2026-08-03", "15:10-15:40"), ("2026-12-04", "15:10-15:40")],
)
def test_the_window_of_the_futures_closing_price(day: str, window: str) -> None:
    assert f"close_price_vwap {window}" in parts(day, group="STOCK_FUT")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-07-31", "normal 09:15-15:30, post_close 15:40-16:00"),
        ("2026-08-03", "normal 09:15-15:15, closing_auction 15:15-15:35, post_close 15:50-16:00"),
        ("2026-12-04", "normal 09:15-15:15, closing_auction 15:15-15:35, post_close 15:50-16:00"),
        ("2026-12-07", "normal 09:15-15:30, closing_auction 15:30-15:40, post_close 15:50-16:00"),
    ],
)
def test_shares_with_derivatives(day: str, expected: str) -> None:
    assert parts(day, segment="CM_FO_UNDERLYING", group="EQ") == expected


@pytest.mark.parametrize("day", ["2026-07-31", "2026-08-03", "2026-12-07"])
def test_shares_without_derivatives_keep_their_hours(day: str) -> None:
    assert parts(day, segment="CM", group="EQ").startswith("normal 09:15-15:30")


def changes() -> list[SessionRow]:
    kept = [row for row in session_rows() if row.segment == "FO" and row.effective_from.year >= 2019]
    return sorted(kept, key=lambda row: (row.effective_from, row.phase))


@pytest.mark.parametrize("row", changes(), ids=lambda row: f"{row.phase} {row.effective_from}")
def test_every_row_holds_from_its_first_to_its_last_trading_day(row: SessionRow) -> None:
    """And on the trading day before and after, its hours are not those of the row."""
    days, expiring = calendar(), row.phase.endswith("_expiring")
    first = (
        row.effective_from
        if days.is_trading_day(row.effective_from)
        else days.next_trading_day(row.effective_from)
    )
    assert holds(row, first, expiring)
    if row.effective_to is not None:
        after = days.next_trading_day(row.effective_to)
        assert holds(row, days.previous_trading_day(row.effective_to + timedelta(days=1)), expiring)
        assert not holds(row, after, expiring) or same_hours_go_on(row, after)
    if row.effective_from.year > 2019:
        before = days.previous_trading_day(row.effective_from)
        assert not holds(row, before, expiring) or same_hours_go_on(row, before)


def holds(row: SessionRow, on: date, expiring: bool) -> bool:
    name = "normal" if row.phase == "normal_expiring" else row.phase
    found = calendar().phases(on, group="INDEX_FUT", expiring=expiring)
    return any(
        (part.name, part.open.time(), part.close.time()) == (name, row.open, row.close) for part in found
    )


def same_hours_go_on(row: SessionRow, on: date) -> bool:
    """Whether another row gives the same hours there: rules may change within the same times."""
    return any(
        (other.phase, other.open, other.close) == (row.phase, row.open, row.close)
        for other in session_rows()
        if other is not row
        and other.effective_from <= on
        and (other.effective_to is None or on <= other.effective_to)
    )
