"""Grants and row-level security for the app roles; run by the owner after every migrate, safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from qlplatform.core import rls


class Command(BaseCommand):
    help = "Give the database roles ql_app and ql_service their rights and row-level security policies."

    def handle(self, *args: Any, **options: Any) -> None:
        roles = _existing_roles()
        for role in (rls.APP_ROLE, rls.SERVICE_ROLE):
            if role not in roles:
                self.stderr.write(
                    f"The database has no role {role}; the platform runs with the owner's role instead."
                )
        _require_tables()
        with transaction.atomic(), connection.cursor() as cursor:
            for role in sorted(roles):
                for statement in rls.grant_sql(role) + _policies(role):
                    cursor.execute(statement)
        self.stdout.write(f"Roles ready: {', '.join(sorted(roles)) or 'owner only'}.")


def _policies(role: str) -> list[str]:
    return [statement for table in rls.MONEY_TABLES for statement in rls.policy_sql(table, role)]


def _existing_roles() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[rls.APP_ROLE, rls.SERVICE_ROLE]]
        )
        return {name for (name,) in cursor.fetchall()}


def _require_tables() -> None:
    """Fail closed: a table that is missing now would be open once it appears."""
    wanted = {*rls.MONEY_TABLES, *rls.APPEND_ONLY_TABLES}
    missing = sorted(wanted - set(connection.introspection.table_names()))
    if missing:
        raise CommandError(f"These tables do not exist yet: {', '.join(missing)}. Run “migrate” first.")
