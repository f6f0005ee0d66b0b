"""Row-level security: the second wall behind `visible_to`. See docs/decisions/0002-tenancy.md.

The database role of the pages (`ql_app`) sees money rows of one workspace only, the one named by the setting
`ql.workspace` of the transaction: a workspace id, `*` for platform staff in the admin, or nothing at all.
`ql_service` (engine, workers, relay) serves every workspace. The owner of the tables, who migrates, is free.
"""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest

from qlplatform.core.tenancy import Actor

APP_ROLE = "ql_app"
SERVICE_ROLE = "ql_service"
SETTING = "ql.workspace"
EVERY_WORKSPACE = "*"

MONEY_TABLES = (
    "portfolio_fill",
    "portfolio_position",
    "execution_order",
    "execution_intent",
    "execution_run",
)
APPEND_ONLY_TABLES = ("core_auditentry", "portfolio_fill", "execution_orderevent", "execution_decision")

# CASE, because PostgreSQL may evaluate both sides of OR and `*` is no number.
_OWN_ROWS = (
    f"CASE current_setting('{SETTING}', true) WHEN '{EVERY_WORKSPACE}' THEN true "
    f"ELSE workspace_id = nullif(current_setting('{SETTING}', true), '')::bigint END"
)


def scope_to(workspace: int | str | None) -> None:
    """Let the current transaction see the money rows of `workspace` (id, `*`, or None: no rows).

    Local to the transaction: PostgreSQL forgets it at commit or rollback, so nothing can leak through a pool.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true)", [SETTING, "" if workspace is None else str(workspace)]
        )


def scope_of(request: HttpRequest, actor: Actor) -> int | str | None:
    """What the request may see: everything for staff in the admin, otherwise the actor's workspace."""
    user = getattr(request, "user", None)
    if (
        request.path.startswith("/admin/")
        and getattr(user, "is_staff", False)
        and getattr(user, "is_active", False)
    ):
        return EVERY_WORKSPACE
    return actor.workspace_id


def policy_sql(table: str, role: str) -> list[str]:
    """Statements that give `role` its policy on `table`; safe to repeat."""
    rule = "true" if role == SERVICE_ROLE else _OWN_ROWS
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS {table}_{role} ON {table}",
        f"CREATE POLICY {table}_{role} ON {table} TO {role} USING ({rule}) WITH CHECK ({rule})",
    ]


def grant_sql(role: str) -> list[str]:
    """Statements that let `role` use rows, but neither change tables nor rewrite history; safe to repeat."""
    history = ", ".join(APPEND_ONLY_TABLES)
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {history} FROM {role}",
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {role}",
    ]
