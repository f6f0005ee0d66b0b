"""`/api/v1/aliases`: what brokers call the instruments."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from brokers import selectors
from brokers.models import InstrumentAlias
from qlplatform.core.api.fields import RupeesField
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.errors import Malformed

ALIAS: dict[str, Any] = {
    "broker": "kite",
    "instrument": "ins_01KB3TAXG2V7D9C4N1Q8R6S5TE",
    "exchange": "NFO",
    "symbol": "NIFTY26NOV25400CE",
    "token": "10240258",
    "lot_size": 65,
    "tick": "0.05",
    "freeze_qty": None,
    "seen_on": "2026-11-23",
}
FILTERS = [
    OpenApiParameter("broker", str, description="kite, angelone, shoonya, upstox, dhan, fyers"),
    OpenApiParameter("instrument", str, description="the names of this instrument: ins_…"),
    OpenApiParameter("token", str, description="the broker's token, exactly; given again to later contracts"),
    OpenApiParameter("q", str, description="part of the broker's symbol"),
]


class AliasSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A broker's symbol and token for an instrument, with lot (units), tick (rupees) and largest order
    (units, null where the broker does not tell) as of its newest master, that of `seen_on`.
    """

    instrument = serializers.CharField(source="instrument.public_id", help_text="ins_…")
    tick = RupeesField(source="tick_paise")

    class Meta:
        model = InstrumentAlias
        fields = tuple(ALIAS)


class AliasPages(CursorList):
    """Names have no creation time to ask for."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        if "created_after" in request.query_params:
            raise Malformed("Aliases cannot be asked for by “created_after”.", code="bad_filter")
        return super().paginate_queryset(queryset, request, view)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            each for each in super().get_schema_operation_parameters(view) if each["name"] != "created_after"
        ]


class AliasList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """Brokers' names of instruments."""

    serializer_class = AliasSerializer
    pagination_class = AliasPages

    def get_queryset(self) -> QuerySet[InstrumentAlias]:
        asked = self.request.query_params
        return selectors.aliases_like(
            broker=asked.get("broker", ""),
            instrument=asked.get("instrument", ""),
            token=asked.get("token", ""),
            text=asked.get("q", ""),
        )

    @extend_schema(
        operation_id="aliases_list",
        summary="Look up what brokers call instruments",
        parameters=FILTERS,
        examples=[OpenApiExample("An option at a broker", value=ALIAS, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return self.list(request)
