from __future__ import annotations

import pytest

from tests.factories.trading import Floor


@pytest.fixture
def floor(db: None) -> Floor:
    return Floor()


@pytest.fixture
def racing_floor(transactional_db: None) -> Floor:
    """For tests with several threads or connections: what they write is committed."""
    return Floor()
