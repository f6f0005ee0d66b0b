"""Clones of the migrated and seeded template, on the servers of this run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from redis import Redis

from qlplatform.launcher.places import machine_id
from qlplatform.launcher.roles import connected
from qlplatform.launcher.scratch import scratch
from qlplatform.launcher.services import running_services

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")


def databases() -> set[str]:
    with running_services() as services, connected(services.database_url) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


@pytest.fixture
def orphan() -> Iterator[str]:
    """A clone whose process has ended."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    name = f"ql_scratch_{machine_id()}_{ended.pid}_0000"
    with running_services() as services, connected(services.database_url) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield name
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())


def test_two_clones_are_seeded_and_know_nothing_of_each_other() -> None:
    with scratch() as one, scratch() as two:
        with psycopg.connect(one.database_url) as connection:
            connection.execute("DELETE FROM django_session")
            connection.execute("CREATE TABLE mine AS SELECT count(*) AS users FROM core_user")
            row = connection.execute("SELECT users FROM mine").fetchone()
            assert row is not None
            assert row[0] > 0
        with psycopg.connect(two.database_url) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM mine")
        assert one.redis_prefix != two.redis_prefix


def test_the_environment_leads_to_the_clone_and_back() -> None:
    before = dict(os.environ)
    with scratch() as own:
        found = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "QL_REDIS_PREFIX")}
    assert list(found.values()) == [own.database_url, own.redis_url, own.redis_prefix]
    assert dict(os.environ) == before


def test_nothing_stays_behind() -> None:
    with scratch() as own, Redis.from_url(own.redis_url) as client:
        client.set(f"{own.redis_prefix}:left", "1")
    with Redis.from_url(own.redis_url) as client:
        assert client.exists(f"{own.redis_prefix}:left") == 0
    assert own.redis_prefix not in databases()


def test_what_a_killed_process_left_is_swept(orphan: str) -> None:
    with scratch() as own:
        left = databases()
    assert (orphan in left, own.redis_prefix in left) == (False, True)


def test_a_clone_does_not_wait_for_the_disk() -> None:
    with scratch() as own, psycopg.connect(own.database_url) as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("off",)
