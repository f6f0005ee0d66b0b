"""The whole platform path against an independent plain-Python computation, to the paisa, on every bundled
session.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from execution.replay.report import document
from execution.replay.tool import run_session
from markets.sessions import bundled_sources, load_session
from qlplatform.core.money import to_paise
from tests.oracle.plain import Trade, load_day, trades_of
from tests.oracle.specs import SPECS

SOURCE = "nifty_2022-06"
pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("seeded_database")]


def days() -> tuple[date, ...]:
    return tuple(bundled_sources()[SOURCE].days)


def replayed(day: date, spec: dict[str, Any], slippage: str = "0") -> dict[str, Any]:
    source = bundled_sources()[SOURCE]
    session = load_session(options=source.options, index=source.index, day=day, underlying="NIFTY")
    return document(session, run_session(session=session, spec=spec, slippage_paise=to_paise(slippage)))


def expected(day: date, spec: dict[str, Any], slippage: str = "0") -> list[dict[str, Any]]:
    source = bundled_sources()[SOURCE]
    trades = trades_of(load_day(source.options, source.index, day), spec, slippage=Decimal(slippage))
    return [plain_row(trade) for trade in trades]


def plain_row(trade: Trade) -> dict[str, Any]:
    return {
        "leg": trade.leg,
        "right": trade.right,
        "strike": str(trade.strike),
        "expiry": trade.expiry.isoformat(),
        "side": trade.side,
        "lots": trade.lots,
        "qty": trade.qty,
        "entry_ts": trade.entry_ts.isoformat(),
        "entry_price": f"{trade.entry_price:.2f}",
        "exit_ts": trade.exit_ts.isoformat(),
        "exit_price": f"{trade.exit_price:.2f}",
        "exit_reason": trade.exit_reason,
        "gross_pnl": f"{trade.gross_pnl:.2f}",
        "charges": f"{trade.charges:.2f}",
    }


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("day", days(), ids=str)
def test_every_session_equals_the_plain_computation(day: date, name: str) -> None:
    result = replayed(day, SPECS[name])

    assert result["trades"] == expected(day, SPECS[name])
    assert result["trades"]


def test_totals_add_up() -> None:
    result = replayed(days()[0], SPECS["straddle_stop"])

    gross = sum(Decimal(trade["gross_pnl"]) for trade in result["trades"])
    charges = sum(Decimal(trade["charges"]) for trade in result["trades"])
    assert Decimal(result["gross_pnl"]) == gross
    assert Decimal(result["charges"]) == charges
    assert Decimal(result["net_pnl"]) == gross - charges
    assert result["orders"] == 4


def test_slippage_is_against_the_trader() -> None:
    day = days()[1]

    assert replayed(day, SPECS["straddle_trail"], "0.5")["trades"] == expected(
        day, SPECS["straddle_trail"], "0.5"
    )


def test_the_same_session_twice_gives_the_same_document() -> None:
    day = days()[2]

    assert replayed(day, SPECS["condor_overall"]) == replayed(day, SPECS["condor_overall"])
