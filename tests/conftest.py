"""What all tests share. Servers: qlplatform.launcher.pytest_servers; databases: one per run, by
settings.test.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from qlplatform.core.redis import client, key
from qlplatform.launcher.places import shared_folder

# No deadline: a loaded machine is no wrong answer.
settings.register_profile("ql", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("ql")


OTHERS_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this run, whichever tests were chosen: those with real processes carry no mark that would
    ask for it. Connections that threads left open end with it.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        connection.close()  # the browser tests may have ended it, together with those of their threads
        with connection.cursor() as cursor:
            cursor.execute(OTHERS_OUT)
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def own_redis_keys() -> Iterator[None]:
    """Keys of this run and what its processes share carry its own prefix and are gone afterwards."""
    yield
    shutil.rmtree(shared_folder(django_settings.QL_REDIS_PREFIX), ignore_errors=True)
    for name in client().scan_iter(key("*"), count=1000):
        client().unlink(name)
