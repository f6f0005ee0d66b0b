"""`/api/v1/masters`: imports of instrument masters, with what each changed and could not use."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from markets import selectors
from markets.models import MasterImport, QuarantinedRow
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView

SUMMARY: dict[str, Any] = {
    "id": "mst_01KB3T9Q5ZB8W6H2J4K0M9P7RS",
    "source": "nse_contract",
    "day": "2026-11-23",
    "file_name": "contract.txt.gz",
    "state": "done",
    "rows": 43909,
    "added": 120,
    "changed": 366,
    "unchanged": 43041,
    "gone": 4,
    "skipped": 380,
    "quarantined": 2,
    "counts": {"expiry_shifted": 366, "gone": 4, "skipped": {"empty place or deleted contract": 380},
               "quarantined": {"bad_strike": 2}},
    "message": "",
    "started_at": "2026-11-23T02:30:00Z",
    "finished_at": "2026-11-23T02:30:04Z",
}  # fmt: skip
DETAIL: dict[str, Any] = SUMMARY | {
    "diff": {
        "expiry_shifted": [
            {"instrument": "NIFTY 24 NOV 25400 CE", "before": "2026-11-24", "after": "2026-11-23"}
        ]
    },
    "quarantine": [
        {"line": 1204, "code": "bad_strike", "reason": "strike 0", "text": "35009|26009|OPTIDX|BANKNIFTY|…"}
    ],
}


class MasterSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An import. Every line read is skipped, quarantined, or one of added, changed and unchanged; `counts`
    has the changes by kind, and the skipped and quarantined lines by reason.
    """

    id = serializers.CharField(source="public_id", help_text="mst_…")
    counts = serializers.DictField(help_text="changes by kind; skipped and quarantined lines by reason")

    class Meta:
        model = MasterImport
        fields: tuple[str, ...] = tuple(SUMMARY)


class QuarantinedRowSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A line that could not be used."""

    class Meta:
        model = QuarantinedRow
        fields = ("line", "code", "reason", "text")


class MasterDetailSerializer(MasterSerializer):
    """An import with up to 200 changes of each kind and up to 1,000 unusable lines."""

    diff = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField()),
        help_text="by kind of change: instrument, before, after",
    )
    quarantine = QuarantinedRowSerializer(many=True)

    class Meta(MasterSerializer.Meta):
        fields = tuple(DETAIL)


class MasterList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """The newest import of every source, or all imports of one."""

    serializer_class = MasterSerializer
    pagination_class = CursorList
    created_field = "started_at"

    def get_queryset(self) -> QuerySet[MasterImport]:
        return selectors.masters_of(self.request.query_params.get("source", ""))

    @extend_schema(
        operation_id="masters_list",
        summary="List imports of instrument masters",
        description="Without `source` the newest finished import of every source.",
        parameters=[
            OpenApiParameter("source", str, description="all imports of this source: kite, udiff, …")
        ],
        examples=[OpenApiExample("An import", value=SUMMARY, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return self.list(request)


class MasterDetail(WorkspaceAPIView):
    """One import."""

    @extend_schema(
        operation_id="masters_get",
        summary="Get an import of an instrument master",
        responses=MasterDetailSerializer,
        examples=[OpenApiExample("An import", value=DETAIL, response_only=True)],
    )
    def get(self, request: Request, public_id: str) -> Response:
        return tagged(request, MasterDetailSerializer(selectors.master(public_id)).data)
