"""Every test here has the market facts of the project."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from markets.seeding import seed_markets
from markets.selectors import reload_facts


@pytest.fixture(autouse=True)
def _facts(db: None) -> Iterator[None]:
    seed_markets()
    yield
    reload_facts()
