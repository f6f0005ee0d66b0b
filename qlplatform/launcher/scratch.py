"""Databases for one use, cloned from a migrated and seeded template, and a Redis prefix of their own.

with scratch():                # before Django is set up: DATABASE_URL, REDIS_URL, QL_REDIS_PREFIX lead to the
clone subprocess.run(...) with scratch_for_command():    # in a management command: Django's own connections
lead there too ...

Any number of processes may do this at once, beside a running `bin/run`; what a killed one left is swept by
the next.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import psutil
import psycopg
from psycopg import sql
from redis import Redis

from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.fingerprint import schema_fingerprint
from qlplatform.launcher.locks import locked
from qlplatform.launcher.manage import manage
from qlplatform.launcher.places import machine_id, shared_folder, var
from qlplatform.launcher.roles import connected, with_database
from qlplatform.launcher.services import Services, running_services


@dataclass(frozen=True, slots=True)
class Scratch:
    """The addresses of one clone."""

    database_url: str
    redis_url: str
    redis_prefix: str

    def django_database(self) -> dict[str, Any]:
        """The parts of Django's `DATABASES` entry that lead to the clone."""
        parts = urlsplit(self.database_url)
        return {
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
        }


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A database of your own until the end of the block; the environment leads to it meanwhile."""
    with running_services() as services:
        name = f"ql_scratch_{machine_id()}_{os.getpid()}_{secrets.token_hex(4)}"
        clone_template(services, name)
        own = Scratch(with_database(services.database_url, name), services.redis_url, name)
        try:
            with _environment(own):
                yield own
        finally:
            with connected(services.database_url) as connection:
                _drop(connection, name)
            shutil.rmtree(shared_folder(name), ignore_errors=True)
            _forget_keys(own)


@contextmanager
def scratch_for_command() -> Iterator[Scratch]:
    """`scratch()` for a process in which Django is set up: database, Redis and Celery lead to the clone
    meanwhile.
    """
    from django.conf import settings  # noqa: PLC0415 - this package is used without Django, too
    from django.db import connections  # noqa: PLC0415

    from qlplatform.celery import app  # noqa: PLC0415

    with scratch() as own:
        connections.close_all()
        connections.settings["default"].update(own.django_database())
        settings.REDIS_URL, settings.QL_REDIS_PREFIX = own.redis_url, own.redis_prefix
        app.conf.broker_url = own.redis_url
        app.conf.broker_transport_options = {"global_keyprefix": f"{own.redis_prefix}:celery:"}
        try:
            yield own
        finally:
            connections.close_all()


def clone_template(services: Services, name: str) -> None:
    """CREATE DATABASE `name` from the template, which is made first when migrations or seed data have
    changed.
    """
    with connected(services.database_url) as connection, locked(var("template.lock")):
        template = f"ql_template_{machine_id()}_{schema_fingerprint()}"
        _sweep(connection, keep=template)
        if template not in _databases(connection):
            _make_template(connection, services, template)
        _create(connection, name, template)
        # nothing of a clone is to outlive its process, so no commit need wait for the disk
        relaxed = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
        connection.execute(relaxed.format(sql.Identifier(name)))


def _make_template(connection: psycopg.Connection, services: Services, template: str) -> None:
    """Built under another name and renamed when whole, so that a template that exists is a finished one."""
    unfinished = f"{template}_new"
    _drop(connection, unfinished)
    _create(connection, unfinished, "template0")
    env = {
        "DATABASE_URL": with_database(services.database_url, unfinished),
        "REDIS_URL": services.redis_url,
        "QL_REDIS_PREFIX": unfinished,
        "QL_DB_POOL": "0",
    }
    manage("migrate", "--noinput", env=env)
    manage("seed", env=env)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(template)))


def _sweep(connection: psycopg.Connection, keep: str) -> None:
    """Drop older templates, and the databases and shared memory of clones and test runs whose process is
    gone.
    """
    mine = machine_id()
    for name in _databases(connection):
        is_old_template = name.startswith(f"ql_template_{mine}_") and name != keep
        if is_old_template or _is_orphan(name, (f"ql_scratch_{mine}_", f"test_ql_{mine}_")):
            _drop(connection, name)
    for folder in shared_folder("").glob("*"):
        if _is_orphan(folder.name, (f"ql_scratch_{mine}_", "test")):
            shutil.rmtree(folder, ignore_errors=True)


def _is_orphan(name: str, prefixes: tuple[str, ...]) -> bool:
    prefix = next((prefix for prefix in prefixes if name.startswith(prefix)), None)
    pid = name.removeprefix(prefix).partition("_")[0] if prefix else ""
    return pid.isdigit() and not psutil.pid_exists(int(pid))


def _databases(connection: psycopg.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")}


def _create(connection: psycopg.Connection, name: str, template: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    try:
        connection.execute(create)
    except psycopg.errors.InsufficientPrivilege:
        raise LauncherError(
            "The role of DATABASE_URL may not create databases, and this needs one of its own. "
            f"Grant it: ALTER ROLE {connection.info.user} CREATEDB."
        ) from None


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _forget_keys(own: Scratch) -> None:
    with Redis.from_url(own.redis_url) as client:
        for key in client.scan_iter(f"{own.redis_prefix}:*", count=1000):
            client.unlink(key)


@contextmanager
def _environment(own: Scratch) -> Iterator[None]:
    values = {
        "DATABASE_URL": own.database_url,
        "REDIS_URL": own.redis_url,
        "QL_REDIS_PREFIX": own.redis_prefix,
    }
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
