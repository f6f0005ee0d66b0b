"""A set of chain snapshots, imported from a capture, is traded through the whole order path like bars are."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from pytest_django import Settings

from execution.replay.report import document
from execution.replay.tool import run_session
from markets.session_import import session_import
from markets.sessions import ContractKey, Session, session_sources
from qlplatform.core.clock import IST
from qlplatform.core.money import rupee_str
from tests.factories.reference import reference
from tests.oracle.specs import SPECS

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("seeded_database")]
DAY = date(2025, 8, 29)


@pytest.fixture
def session(settings: Settings, tmp_path: Path) -> Session:
    settings.VAR_DIR = tmp_path
    capture = reference("data", "nse_chain_2025_08_29", "NIFTY.parquet")
    session_import(paths=[capture], underlying="NIFTY", name="chain")
    return session_sources()["chain"].load(DAY)


def fill_at(session: Session, clock: str, strike: int, right: str) -> tuple[str, str]:
    """Time and price of the first snapshot at or after a time of day."""
    after = datetime.combine(DAY, time.fromisoformat(clock), tzinfo=IST)
    event = next(n for n, stamp in enumerate(session.times) if stamp >= after)
    column = session.contracts.index(ContractKey(session.contracts[0].expiry, strike * 100, right))
    return session.times[event].astimezone(IST).isoformat(), rupee_str(int(session.prices[event, column]))


def test_a_straddle_trades_at_the_first_snapshots_after_its_times(session: Session) -> None:
    spec = SPECS["straddle"]
    result = document(session, run_session(session=session, spec=spec))

    spot = session.spot_paise[0]
    assert spot is not None
    assert {trade["strike"] for trade in result["trades"]} == {str(round(spot / 5000) * 50)} == {"24600"}
    for trade in result["trades"]:
        opened, closed = (fill_at(session, clock, 24_600, trade["right"]) for clock in ("09:20", "15:15"))
        assert (trade["entry_ts"], trade["entry_price"]) == opened
        assert (trade["exit_ts"], trade["exit_price"]) == closed
    assert document(session, run_session(session=session, spec=spec)) == result  # the same every time
