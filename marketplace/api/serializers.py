"""What the API shows of templates. No figure of past performance is among it."""

from __future__ import annotations

from rest_framework import serializers

from marketplace.models import Listing
from qlplatform.core.api.fields import RupeesField


class TemplateSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A published template with the spec of its current version."""

    id = serializers.CharField(source="public_id", help_text="tpl_…")
    version = serializers.IntegerField(source="current.number")
    spec = serializers.JSONField(source="current.spec")
    suggested_capital = RupeesField(source="suggested_capital_paise")

    class Meta:
        model = Listing
        fields = (
            "id", "slug", "title", "summary", "description", "works_when", "hurts_when", "category",
            "underlying", "risk", "suggested_capital", "version", "spec", "published_at",
        )  # fmt: skip
