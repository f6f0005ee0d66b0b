"""What the API shows of strategies, and what it takes."""

from __future__ import annotations

from rest_framework import serializers

from strategies.models import Strategy, StrategyVersion
from strategies.spec import describe, parse_spec


class StrategyRowSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A strategy in a list."""

    id = serializers.CharField(source="public_id", help_text="str_…")
    version = serializers.IntegerField(source="latest.number", help_text="number of the latest version")
    origin = serializers.CharField(help_text="tpl_… of the template it was copied from, or empty")

    class Meta:
        model = Strategy
        fields: tuple[str, ...] = (
            "id",
            "name",
            "version",
            "origin",
            "client_ref",
            "created_at",
            "archived_at",
        )


class StrategySerializer(StrategyRowSerializer):
    """A strategy with its latest spec in canonical form: every default written out, numbers as text."""

    spec = serializers.JSONField(source="latest.spec")
    spec_hash = serializers.CharField(source="latest.spec_hash")
    sentences = serializers.SerializerMethodField(help_text="the strategy in plain words")

    class Meta(StrategyRowSerializer.Meta):
        fields = (*StrategyRowSerializer.Meta.fields, "spec", "spec_hash", "sentences")

    def get_sentences(self, strategy: Strategy) -> list[str]:
        return describe(parse_spec(strategy.latest.spec)) if strategy.latest else []


class VersionSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One immutable version."""

    class Meta:
        model = StrategyVersion
        fields = ("number", "spec", "spec_hash", "created_at", "created_by")


class StrategyDocumentSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """For the schema only: a request may also be the bare spec."""

    spec = serializers.JSONField(
        help_text="see GET /api/v1/strategy-schema; the bare spec is accepted as body too"
    )
    client_ref = serializers.CharField(
        required=False, max_length=80, help_text="your own name for it, unique"
    )
