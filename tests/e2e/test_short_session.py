"""A recorded day that ends before the exit time: what is open is closed as a broker would, and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from execution.replay.report import document
from execution.replay.tool import run_session
from markets.sessions import bundled_sources, load_session
from tests.oracle.specs import SPECS

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("seeded_database")]


def test_the_rest_is_squared_off_at_the_last_prices() -> None:
    source = bundled_sources()["nifty_2022-06"]
    whole = load_session(
        options=source.options, index=source.index, day=date(2022, 6, 10), underlying="NIFTY"
    )
    hour = replace(whole, times=whole.times[:60], spot_paise=whole.spot_paise[:60], prices=whole.prices[:60])

    played = run_session(session=hour, spec=SPECS["straddle"])

    trades = document(hour, played)["trades"]
    assert [trade["exit_reason"] for trade in trades] == ["BROKER_SQUARE_OFF"] * 2
    assert {trade["exit_ts"] for trade in trades} == {"2022-06-10T10:15:00+05:30"}
    assert played.run is not None
    assert played.run.phase == "COMPLETED"
