"""What was published stays as it was: the database refuses to change or remove a listing's version."""

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE TRIGGER marketplace_version_no_change
    BEFORE UPDATE OF listing_id, number, spec, spec_hash, created_at ON marketplace_listingversion
    FOR EACH ROW EXECUTE FUNCTION ql_version_immutable();
CREATE TRIGGER marketplace_version_no_delete BEFORE DELETE ON marketplace_listingversion
    FOR EACH ROW EXECUTE FUNCTION ql_version_immutable();
"""
ALLOW = """
DROP TRIGGER marketplace_version_no_change ON marketplace_listingversion;
DROP TRIGGER marketplace_version_no_delete ON marketplace_listingversion;
"""


class Migration(migrations.Migration):
    # the function is made by strategies.0002
    dependencies: ClassVar = [("marketplace", "0001_initial"), ("strategies", "0002_immutable_versions")]
    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
