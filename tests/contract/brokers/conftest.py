"""One exchange per adapter under test. A new adapter joins by adding its exchange to EXCHANGES."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from markets.selectors import reload_facts
from qlplatform.core.redis import client
from qlplatform.launcher.places import shared_folder
from tests.contract.brokers.exchanges import EXCHANGES, PaperExchange
from tests.factories.stage import Stage


@pytest.fixture
def stage(transactional_db: None, settings: Any) -> Iterator[Stage]:
    """A market of this test alone, in PostgreSQL, in Redis and in shared memory."""
    settings.QL_REDIS_PREFIX = f"test-{uuid4().hex}"
    reload_facts()
    yield Stage()
    shutil.rmtree(shared_folder(settings.QL_REDIS_PREFIX), ignore_errors=True)
    for name in client().scan_iter(f"{settings.QL_REDIS_PREFIX}:*"):
        client().delete(name)


@pytest.fixture(params=sorted(EXCHANGES))
def exchange(request: pytest.FixtureRequest, stage: Stage, settings: Any) -> Iterator[PaperExchange]:
    """The broker's side of the gateway under test."""

    def set_url(url: str) -> None:
        settings.QL_VENUE_URL = url

    opened = EXCHANGES[request.param](stage, set_url)
    yield opened
    opened.close()


@pytest.fixture
def quick(settings: Any) -> None:
    """A broker whose time-out is short, so that a silent exchange does not hold the test up."""
    settings.QL_PAPER_TIMES = (0.3, 0.3, 0.05)
