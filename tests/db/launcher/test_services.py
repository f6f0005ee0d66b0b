"""The bundled servers, started for real: who starts them, who stops them, and what a kill leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from redis import Redis

from qlplatform.launcher import postgres, redis, roles
from qlplatform.launcher.places import PROJECT
from qlplatform.launcher.services import revive, running_services

pytestmark = pytest.mark.usefixtures("own_servers")

USER = """
import sys
from qlplatform.launcher.services import running_services
with running_services() as services:
    print(services.database_url, flush=True)
    sys.stdin.readline()
"""


@contextmanager
def other_user() -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the services until told to leave (a line on its standard input)."""
    with subprocess.Popen(
        [sys.executable, "-c", USER], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n")
    assert process.returncode == 0


def servers_run() -> tuple[bool, bool]:
    return postgres.process() is not None, redis.process() is not None


def test_the_last_one_out_stops_the_servers_and_the_data_stays() -> None:
    with running_services() as services:
        with psycopg.connect(services.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        with Redis.from_url(services.redis_url) as client:
            client.set("kept", "7")
    assert servers_run() == (False, False)
    with running_services() as again, psycopg.connect(again.database_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        with Redis.from_url(again.redis_url) as client:
            assert client.get("kept") == b"7"


def test_somebody_who_leaves_does_not_pull_the_servers_from_under_the_others() -> None:
    with other_user() as other:
        assert other.stdout is not None
        url = other.stdout.readline().strip()
        with running_services() as services:
            assert services.database_url == url
        psycopg.connect(url).close()
        leave(other)
    assert servers_run() == (False, False)


def test_what_a_killed_user_leaves_is_adopted() -> None:
    with other_user() as other:
        assert other.stdout is not None
        url = other.stdout.readline().strip()
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert servers_run() == (True, True)
    with running_services() as services:
        assert services.database_url == url
    assert servers_run() == (False, False)


def test_a_killed_postgres_starts_again_although_its_lock_file_is_there() -> None:
    with running_services() as services:
        with psycopg.connect(services.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        killed = postgres.process()
        assert killed is not None
        killed.kill()
        killed.wait()
        with running_services() as again, psycopg.connect(again.database_url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


@pytest.mark.parametrize(("title", "server"), [("PostgreSQL", postgres), ("Redis", redis)])
def test_a_server_that_dies_in_use_comes_back_at_its_address(title: str, server: ModuleType) -> None:
    with running_services() as services:
        killed = server.process()
        killed.kill()
        killed.wait()
        assert (revive(), revive()) == ([title], [])
        psycopg.connect(services.database_url).close()
        with Redis.from_url(services.redis_url) as client:
            assert client.ping()


def test_app_roles_are_no_owners() -> None:
    with running_services() as services:
        assert not services.one_role
        for url in (services.app_database_url, services.service_database_url):
            with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine (id int)")


def test_the_owner_may_make_databases_and_is_no_superuser() -> None:
    with running_services() as services, psycopg.connect(services.database_url) as connection:
        query = "SELECT rolcreatedb, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(query).fetchone() == (True, False, False)


def test_nobody_gets_in_without_a_password() -> None:
    with running_services() as services:
        without = make_conninfo(services.database_url, password="", passfile="/dev/null")
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(without)


def test_an_owner_that_may_not_make_roles_goes_on_alone() -> None:
    with running_services() as services:
        with psycopg.connect(postgres.start(), autocommit=True) as superuser:
            superuser.execute("DROP ROLE ql_app, ql_service")
        assert roles.app_urls(services.database_url) is None
