"""A strategy version is written once: the database refuses to change what it says, or to remove it."""

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION ql_version_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% holds immutable versions: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER strategies_version_no_change
    BEFORE UPDATE OF strategy_id, number, spec, spec_hash, created_at, created_by
    ON strategies_strategyversion
    FOR EACH ROW EXECUTE FUNCTION ql_version_immutable();
CREATE TRIGGER strategies_version_no_delete BEFORE DELETE ON strategies_strategyversion
    FOR EACH ROW EXECUTE FUNCTION ql_version_immutable();
"""
ALLOW = """
DROP TRIGGER strategies_version_no_change ON strategies_strategyversion;
DROP TRIGGER strategies_version_no_delete ON strategies_strategyversion;
DROP FUNCTION ql_version_immutable();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("strategies", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
