"""Database and log-in roles: the owner migrates, the two app roles only read and write rows.

What the app roles may do is granted after each migrate by `manage.py grant_roles`.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.secret_files import local_secret

OWNER = "ql_owner"
APP_ROLES = ("ql_app", "ql_service")
DATABASE = "qlplatform"


def with_login(url: str, role: str, password: str, database: str | None = None) -> str:
    """`url` with another role, and another database when given."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    path = parts.path if database is None else f"/{database}"
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password, safe='')}@{host}", path=path))


def with_database(url: str, database: str) -> str:
    """`url` with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def connected(url: str) -> psycopg.Connection:
    """A connection that commits each statement; LauncherError when the server or the database does not
    answer.
    """
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise LauncherError(f"The database of DATABASE_URL does not answer: {error}") from None


def owner_url(superuser_url: str) -> str:
    """Makes the owner and the database of a bundled server where missing; the owner's address.

    The owner is no superuser, but may create databases: tests and replays clone theirs.
    """
    with connected(superuser_url) as connection:
        _role_ensure(connection, OWNER, "CREATEDB")
        for role in APP_ROLES:
            _role_ensure(connection, role)
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
    return with_login(superuser_url, OWNER, local_secret(f"postgres_{OWNER}"), DATABASE)


def app_urls(url: str) -> dict[str, str] | None:
    """Addresses of `ql_app` and `ql_service` on the owner's database; None if the owner may not make them."""
    with connected(url) as connection:
        try:
            for role in APP_ROLES:
                _role_ensure(connection, role)
        except psycopg.errors.InsufficientPrivilege:
            return None
    urls = {role: with_login(url, role, local_secret(f"postgres_{role}")) for role in APP_ROLES}
    return urls if all(_can_connect(each) for each in urls.values()) else None


def _role_ensure(connection: psycopg.Connection, role: str, rights: str = "") -> None:
    if _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
        return
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
            sql.Identifier(role), sql.SQL(rights), sql.Literal(local_secret(f"postgres_{role}"))
        )
    )


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), [name]).fetchone() is not None


def _can_connect(url: str) -> bool:
    """Whether the role is ours: on a shared server it may belong to another installation, with another
    password.
    """
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
