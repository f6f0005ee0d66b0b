"""The audit trail is written once: the database itself refuses to change or remove a row.

TRUNCATE is refused by missing grants (see `grant_roles`), so that the owner can flush a test database.
"""

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION ql_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_auditentry_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION ql_refuse_change();
"""
ALLOW = """
DROP TRIGGER core_auditentry_append_only ON core_auditentry;
DROP FUNCTION ql_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("core", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
