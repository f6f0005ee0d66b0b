"""Before the roles start: migrate, grant, seed and collect static files, each only when something has
changed.

What a database was prepared with stands in its own comment, so it is right for whichever database is used.
"""

from __future__ import annotations

from contextlib import suppress

import psycopg
from psycopg import sql

from qlplatform.launcher.fingerprint import schema_fingerprint, static_fingerprint
from qlplatform.launcher.manage import manage
from qlplatform.launcher.places import var
from qlplatform.launcher.roles import connected
from qlplatform.launcher.services import Services


def prepare_database(services: Services) -> bool:
    """Bring the database up to this version of the code; false when it already was."""
    wanted = f"{schema_fingerprint()} {'one role' if services.one_role else 'app roles'}"
    with connected(services.database_url) as connection:
        if _comment(connection) == wanted:
            return False
        env = {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url, "QL_DB_POOL": "0"}
        manage("migrate", "--noinput", env=env)
        manage("grant_roles", env=env)
        manage("seed", "--credentials", str(var("secrets", "demo.json")), env=env)
        manage("seed_demo", env=env)
        _set_comment(connection, wanted)
    return True


def prepare_static(services: Services) -> bool:
    """Collect and compress static files; false when they already were."""
    wanted, stamp = static_fingerprint(), var("static.stamp")
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    env = {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url, "QL_DB_POOL": "0"}
    manage("collectstatic", "--noinput", "--clear", env=env)
    stamp.write_text(wanted)
    return True


def _comment(connection: psycopg.Connection) -> str | None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _set_comment(connection: psycopg.Connection, text: str) -> None:
    """Only the database's owner may; for anybody else each start simply prepares again."""
    set_it = sql.SQL("COMMENT ON DATABASE {} IS {}")
    with suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute(set_it.format(sql.Identifier(connection.info.dbname), sql.Literal(text)))
