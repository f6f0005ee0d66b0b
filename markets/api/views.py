"""`/api/v1/markets` and `/api/v1/instruments`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from markets import selectors
from markets.api.serializers import InstrumentSerializer, MarketSerializer
from markets.models import Instrument, Market
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.errors import Malformed

MARKET = OpenApiExample(
    "A replay",
    value={
        "id": "mkt_01KB3T9Q5ZB8W6H2J4K0M9P7RS",
        "kind": "replay",
        "underlying": "NIFTY",
        "session_date": "2022-06-08",
        "source": "nifty_2022-06",
        "state": "playing",
        "speed": 60,
        "slippage": "0.00",
        "seq": 87,
        "now": "2022-06-08T05:12:00Z",
        "note": "",
        "created_at": "2026-11-20T03:40:00Z",
        "ended_at": None,
    },
    response_only=True,
)
INSTRUMENT = OpenApiExample(
    "An option",
    value={
        "id": "ins_01KB3TAXG2V7D9C4N1Q8R6S5TE",
        "exchange": "NSE",
        "underlying": "NIFTY",
        "kind": "CE",
        "expiry": "2022-06-09",
        "strike": "16500.00",
        "lot_size": 50,
        "tick": "0.05",
        "symbol": "NIFTY 09 JUN 16500 CE",
    },
    response_only=True,
)
FILTERS = [
    OpenApiParameter("underlying", str, description="NIFTY, BANKNIFTY, …"),
    OpenApiParameter("expiry", date, description="the day the contract expires"),
    OpenApiParameter("q", str, description="words of the symbol, e.g. “16500 CE”"),
]


class InstrumentPages(CursorList):
    """Instruments have no creation time to ask for."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        if "created_after" in request.query_params:
            raise Malformed(
                "Instruments cannot be asked for by “created_after”; use “expiry”.", code="bad_filter"
            )
        return super().paginate_queryset(queryset, request, view)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            each for each in super().get_schema_operation_parameters(view) if each["name"] != "created_after"
        ]


class MarketList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """The live market and the workspace's replays."""

    serializer_class = MarketSerializer
    pagination_class = CursorList

    def get_queryset(self) -> QuerySet[Market]:
        return selectors.markets_of(self.actor)

    @extend_schema(operation_id="markets_list", summary="List markets", examples=[MARKET])
    def get(self, request: Request) -> Response:
        return self.list(request)


class MarketDetail(WorkspaceAPIView):
    """One market."""

    @extend_schema(
        operation_id="markets_get", summary="Get a market", responses=MarketSerializer, examples=[MARKET]
    )
    def get(self, request: Request, public_id: str) -> Response:
        return tagged(request, MarketSerializer(selectors.market_of(self.actor, public_id)).data)


class InstrumentList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """Instruments by underlying, expiry and words of their symbol."""

    serializer_class = InstrumentSerializer
    pagination_class = InstrumentPages

    def get_queryset(self) -> QuerySet[Instrument]:
        asked = self.request.query_params
        return selectors.instruments_like(
            underlying=asked.get("underlying", ""),
            expiry=_day(asked.get("expiry", "")),
            text=asked.get("q", ""),
        )

    @extend_schema(
        operation_id="instruments_list",
        summary="Look instruments up",
        parameters=FILTERS,
        examples=[INSTRUMENT],
    )
    def get(self, request: Request) -> Response:
        return self.list(request)


class InstrumentDetail(WorkspaceAPIView):
    """One instrument."""

    @extend_schema(
        operation_id="instruments_get",
        summary="Get an instrument",
        responses=InstrumentSerializer,
        examples=[INSTRUMENT],
    )
    def get(self, request: Request, public_id: str) -> Response:
        return tagged(request, InstrumentSerializer(selectors.instrument(public_id)).data)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Malformed("“expiry” is a day like 2022-06-09.", code="bad_date") from None
