"""A made-up day with futures, books and bars goes through the whole platform like a recorded one."""

from __future__ import annotations

from datetime import date

import pytest

from execution.replay.report import document
from execution.replay.tool import run_session
from tests.factories.specs import straddle
from tests.factories.synthetic import synthetic_source

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("seeded_database")]


@pytest.mark.parametrize(
    ("day", "expiry"), [(date(2025, 11, 18), "2025-11-18"), (date(2025, 11, 19), "2025-11-25")]
)
def test_a_straddle_on_the_nearest_expiry(day: date, expiry: str) -> None:
    session = synthetic_source().load(day)
    trades = document(session, run_session(session=session, spec=straddle()))["trades"]
    assert [(trade["expiry"], trade["side"], trade["qty"]) for trade in trades] == [(expiry, "SELL", 75)] * 2
    assert {trade["exit_reason"] for trade in trades} <= {"LEG_SL", "EXIT_TIME"}
