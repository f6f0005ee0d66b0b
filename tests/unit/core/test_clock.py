"""The clock is aware, can be frozen for every thread, and comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from qlplatform.core.clock import IST, FrozenClock, frozen, wall

NOON = datetime(2022, 6, 8, 12, tzinfo=IST)


def test_wall_is_utc() -> None:
    assert wall().tzinfo is UTC


def test_frozen_stands_still_and_advances() -> None:
    with frozen(NOON) as clock:
        assert wall() == NOON
        clock.advance(timedelta(minutes=5))
        assert wall() == NOON + timedelta(minutes=5)
    assert wall() > NOON + timedelta(days=1)


def test_frozen_for_other_threads() -> None:
    with frozen(NOON), ThreadPoolExecutor(1) as pool:
        assert pool.submit(wall).result() == NOON


def test_frozen_answers_in_utc() -> None:
    assert FrozenClock(NOON).now().isoformat() == "2022-06-08T06:30:00+00:00"


def test_refuses_naive_times() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        FrozenClock(datetime(2022, 6, 8))  # noqa: DTZ001
