"""What all tests share. Servers: qlplatform.launcher.pytest_servers; databases: one per run, by
settings.test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from qlplatform.core.redis import client, key

# No deadline: a loaded machine is no wrong answer.
settings.register_profile("ql", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("ql")


@pytest.fixture(scope="session", autouse=True)
def own_redis_keys() -> Iterator[None]:
    """Keys of this run carry its own prefix and are gone afterwards."""
    yield
    for name in client().scan_iter(key("*"), count=1000):
        client().unlink(name)
