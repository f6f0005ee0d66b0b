"""The plain computation itself, on a tiny day whose trades are worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.oracle.plain import IST, Bar, Day, bar_length, load_day, order_charges, trades_of
from tests.oracle.specs import SPECS, leg, spec

DAY, EXPIRY = date(2022, 6, 8), date(2022, 6, 9)
CE, PE = (EXPIRY, 16000, "CE"), (EXPIRY, 16000, "PE")
ENTRY = {"CE": 100, "PE": 80}


def ts(clock: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(clock), tzinfo=IST)


def day_of(*rows: tuple[str, dict[str, float]], spot: str = "16010") -> Day:
    """Bars by their end; prices of the 16000 CE and PE."""
    bars = tuple(
        Bar(
            ts(end),
            Decimal(spot),
            {(EXPIRY, 16000, right): Decimal(str(price)) for right, price in prices.items()},
        )
        for end, prices in rows
    )
    return Day(DAY, frozenset({CE, PE}), bars)


def outcome(day: Day, rules: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(t.leg, f"{t.exit_ts:%H:%M}", str(t.exit_price), t.exit_reason) for t in trades_of(day, rules)]


def test_a_stopped_straddle_with_every_figure() -> None:
    day = day_of(
        ("09:19", ENTRY), ("09:20", ENTRY), ("09:21", {"CE": 125, "PE": 70}), ("15:15", {"CE": 150, "PE": 60})
    )
    call, put = trades_of(day, SPECS["straddle_stop"])
    assert (call.leg, call.right, call.strike, call.expiry, call.side) == ("L1", "CE", 16000, EXPIRY, "SELL")
    assert (call.lots, call.qty, call.entry_ts, call.exit_ts) == (1, 50, ts("09:20"), ts("09:21"))
    assert (call.entry_price, call.exit_price, call.exit_reason) == (100, 125, "LEG_SL")
    assert (call.gross_pnl, call.charges) == (-1250, Decimal("29.23") + Decimal("27.70"))
    assert (put.exit_price, put.exit_reason, put.gross_pnl) == (60, "EXIT_TIME", 1000)


def test_charges_of_an_order_by_hand() -> None:
    # 5,000 sold: 20 + STT 2.50 + exchange 2.65 + SEBI 0.005 + GST 4.0779;
    # 6,250 bought: 20 + exchange 3.3125 + SEBI 0.00625 + stamp 0.1875 + GST 4.197375
    assert order_charges(Decimal(100), 50, -1) == Decimal("29.23")
    assert order_charges(Decimal(125), 50, 1) == Decimal("27.70")


def test_a_step_trail() -> None:
    rows = (
        ("09:20", ENTRY),
        ("09:21", {"CE": 79}),
        ("09:22", {"CE": 114}),
        ("09:23", {"CE": 115}),
        ("15:15", ENTRY),
    )
    assert outcome(day_of(*rows), SPECS["straddle_trail"]) == [
        ("L1", "09:23", "115", "LEG_TRAIL"),
        ("L2", "15:15", "80", "EXIT_TIME"),
    ]


def test_complete_square_off() -> None:
    day = day_of(("09:20", ENTRY), ("09:30", {"CE": 90, "PE": 100}))
    assert outcome(day, SPECS["straddle_complete"]) == [
        ("L1", "09:30", "90", "SQUARE_OFF_COMPLETE"),
        ("L2", "09:30", "100", "LEG_SL"),
    ]


def test_an_overall_stop_counts_carried_marks() -> None:
    rules = spec(
        "x", leg("SELL", "CE", 0), leg("SELL", "PE", 0), overall_stop={"unit": "RUPEES", "value": 1000}
    )
    day = day_of(
        ("09:20", ENTRY), ("09:30", {"CE": 110}), ("09:31", {"PE": 90}), ("09:32", {"CE": 111, "PE": 90})
    )
    assert [row[1:] for row in outcome(day, rules)] == [
        ("09:32", "111", "OVERALL_SL"),
        ("09:31", "90", "OVERALL_SL"),
    ]


def test_a_carried_price_hits_nothing_and_an_exit_waits_for_a_price() -> None:
    day = day_of(("09:20", ENTRY), ("15:15", {"CE": 100}), ("15:16", {"PE": 70}))
    assert [row[1] for row in outcome(day, SPECS["straddle_stop"])] == ["15:15", "15:16"]


def test_entry_waits_until_every_leg_is_quoted() -> None:
    day = day_of(("09:20", {"CE": 100}), ("09:21", ENTRY), ("15:15", ENTRY))
    assert [t.entry_ts for t in trades_of(day, SPECS["straddle"])] == [ts("09:21")] * 2


def test_slippage_is_against_the_trader() -> None:
    day = day_of(("09:20", ENTRY), ("15:15", ENTRY))
    call = trades_of(day, SPECS["straddle"], slippage=Decimal("0.5"))[0]
    assert (call.entry_price, call.exit_price) == (Decimal("99.5"), Decimal("100.5"))


def test_a_strike_that_is_not_listed_trades_nothing() -> None:
    assert trades_of(day_of(("09:20", ENTRY)), SPECS["condor_overall"]) == []


@pytest.mark.parametrize("name", ["spot", "nifty"])
def test_a_recorded_day_is_read_as_it_stands(tmp_path: Path, name: str) -> None:
    start = datetime(2022, 6, 8, 9, 15)  # noqa: DTZ001 - recorded stamps are exchange time without a zone
    stamps = [start + timedelta(minutes=i) for i in range(3)]
    options = {"ts": stamps, "expiry": [datetime(2022, 6, 9)] * 3, "strike": [16000] * 3}  # noqa: DTZ001
    pq.write_table(
        pa.table(options | {"right": ["CE"] * 3, "close": [100.05, None, 99.9]}), tmp_path / "o.parquet"
    )
    pq.write_table(pa.table({"ts": stamps, name: [16000.1, 16001.0, None]}), tmp_path / "i.parquet")
    day = load_day(tmp_path / "o.parquet", tmp_path / "i.parquet", DAY)
    assert [(bar.at, bar.spot, bar.closes) for bar in day.bars] == [
        (ts("09:16"), Decimal("16000.1"), {CE: Decimal("100.05")}),
        (ts("09:17"), Decimal("16001"), {}),
        (ts("09:18"), None, {CE: Decimal("99.9")}),
    ]


def test_the_bar_length_is_the_commonest_gap() -> None:
    stamps = [ts("09:15"), ts("09:16"), ts("09:17"), ts("09:30")]
    assert bar_length(stamps) == timedelta(minutes=1)
