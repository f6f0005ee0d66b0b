from __future__ import annotations

import pytest

from execution.models import Intent, Order, Run
from tests.factories.trading import Floor


@pytest.fixture
def floor(db: None) -> Floor:
    return Floor()


@pytest.fixture
def racing_floor(transactional_db: None) -> Floor:
    """For tests with several threads or connections: what they write is committed."""
    return Floor()


@pytest.fixture
def run(floor: Floor) -> Run:
    return floor.run()


@pytest.fixture
def intent(floor: Floor, run: Run) -> Intent:
    return floor.intent(run)


@pytest.fixture
def order(floor: Floor, intent: Intent) -> Order:
    """An order of one lot on its way to the broker."""
    return floor.order(intent, state="SENDING")
