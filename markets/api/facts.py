"""`/api/v1/calendar`, `/api/v1/underlyings`, `/api/v1/charges/estimate`: dated facts of the exchanges."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from markets.api.facts_schema import (
    CALENDAR,
    ESTIMATE,
    ESTIMATE_REQUEST,
    UNDERLYING,
    UNDERLYINGS,
    CalendarSerializer,
    ChargesAnswerSerializer,
    ChargesInput,
    UnderlyingListSerializer,
    UnderlyingSerializer,
)
from markets.api.times import day_asked
from markets.selectors import calendar_alerts
from markets.selectors.alerts import EXCHANGES
from markets.selectors.charges import charges_estimate
from markets.selectors.contracts import calendar_days, underlying, underlyings
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.clock import IST, wall
from qlplatform.core.errors import Malformed

USUAL, LONGEST = timedelta(days=30), timedelta(days=400)
ON = OpenApiParameter("on", date, description="trade date the facts are of; left out: today")
RANGE = [
    OpenApiParameter("from", date, description="first day; left out: today"),
    OpenApiParameter("to", date, description="last day, at most 400 later; left out: 30 days on"),
    OpenApiParameter("exchange", str, enum=list(EXCHANGES), description="left out: NSE"),
]


class CalendarView(WorkspaceAPIView):
    """Trading days, hours, holidays and expiries."""

    @extend_schema(
        operation_id="calendar_get",
        summary="Get trading days and hours",
        parameters=RANGE,
        responses=CalendarSerializer,
        examples=[CALENDAR],
    )
    def get(self, request: Request) -> Response:
        """A day without sittings does not trade. `alerts` says what the calendar lacks."""
        exchange = request.query_params.get("exchange", "NSE").upper()
        if exchange not in EXCHANGES:
            raise Malformed(f"“exchange” is one of {', '.join(EXCHANGES)}.", code="bad_exchange")
        start = day_asked(request.query_params, "from") or _today()
        end = day_asked(request.query_params, "to") or start + USUAL
        if not timedelta(0) <= end - start <= LONGEST:
            raise Malformed("“to” is not before “from” and at most 400 days after it.", code="bad_range")
        answer = {
            "exchange": exchange,
            "segment": "FO",
            "alerts": calendar_alerts(wall()),
            "data": calendar_days(exchange, start, end),
        }
        return tagged(request, CalendarSerializer(answer).data)


class UnderlyingList(WorkspaceAPIView):
    """Underlyings there are contract facts of."""

    @extend_schema(
        operation_id="underlyings_list",
        summary="List underlyings",
        parameters=[ON],
        responses=UnderlyingListSerializer,
        examples=[UNDERLYINGS],
    )
    def get(self, request: Request) -> Response:
        rows = {"data": underlyings(day_asked(request.query_params, "on") or _today())}
        return tagged(request, UnderlyingListSerializer(rows).data)


class UnderlyingDetail(WorkspaceAPIView):
    """One underlying: lots by expiry, freeze quantity, tick, strikes, next expiries."""

    @extend_schema(
        operation_id="underlyings_get",
        summary="Get an underlying",
        parameters=[ON],
        responses=UnderlyingSerializer,
        examples=[UNDERLYING],
    )
    def get(self, request: Request, symbol: str) -> Response:
        found = underlying(symbol.upper(), day_asked(request.query_params, "on") or _today())
        return tagged(request, UnderlyingSerializer(found).data)


class ChargesEstimate(WorkspaceAPIView):
    """What orders of a day cost."""

    rights: ClassVar[dict[str, str]] = {"POST": "read"}

    @extend_schema(
        operation_id="charges_estimate",
        summary="Estimate charges",
        request=ChargesInput,
        responses=ChargesAnswerSerializer,
        examples=[ESTIMATE_REQUEST, ESTIMATE],
    )
    def post(self, request: Request) -> Response:
        """Nothing is kept. `exact` rounds every order once, `contract_note` as the note of the day does."""
        asked = ChargesInput(data=request.data)
        asked.is_valid(raise_exception=True)
        found = charges_estimate(**asked.arguments(today=_today()))
        return Response(ChargesAnswerSerializer(found).data)


def _today() -> date:
    return wall().astimezone(IST).date()
