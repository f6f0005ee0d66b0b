"""Acting as a database role, for tests of grants and row-level security."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pytest
from django.db import DatabaseError, OperationalError, connection

_URLS = {"ql_app": "QL_APP_DATABASE_URL", "ql_service": "QL_SERVICE_DATABASE_URL"}


def ensure_roles() -> None:
    """Make the roles on a development server that lacks them; the launcher's servers have them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(_URLS)])
        missing = _URLS.keys() - {name for (name,) in cursor.fetchall()}
        try:
            for role in sorted(missing):
                cursor.execute(f"CREATE ROLE {role} LOGIN")
        except DatabaseError as error:
            pytest.skip(f"this database user may not make roles: {error}")


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """All of Django's queries run as `role`, on a connection of its own."""
    owner = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    password = unquote(urlsplit(os.environ.get(_URLS[role], "")).password or "")
    connection.close()
    connection.settings_dict.update(USER=role, PASSWORD=password)
    try:
        connection.ensure_connection()
    except OperationalError as error:
        connection.settings_dict.update(owner)
        pytest.skip(f"cannot connect as {role}: {error}")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(owner)
