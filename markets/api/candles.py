"""`/api/v1/candles` and `/api/v1/recordings`: stored bars, and which live sessions were recorded."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from markets import selectors
from markets.api.times import day_asked, instant_asked
from markets.domain.bars import EPOCH, INTERVALS, MICROSECOND, Bars, Interval, micros
from markets.selectors.candles import candles_of
from markets.selectors.recordings import days_not_recorded, recordings
from qlplatform.core.api.fields import RupeesField
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.clock import IST, wall
from qlplatform.core.errors import Malformed

MOST, USUAL = 5_000, 1_000
LONGEST = {"minutes": timedelta(days=400), "days": timedelta(days=9_000)}
MONTH = timedelta(days=31)
NAMES = [str(each) for each in INTERVALS]

CANDLES = OpenApiExample(
    "Five-minute candles",
    value={
        "instrument": "ins_01KB3TAXG2V7D9C4N1Q8R6S5TE",
        "interval": "5",
        "data": [
            {
                "time": "2024-01-10T03:45:00Z",
                "open": "21529.30",
                "high": "21548.65",
                "low": "21508.10",
                "close": "21511.45",
                "volume": 0,
                "oi": 0,
            }
        ],
        "next_cursor": "2024-01-10T03:50:00Z",
        "has_more": True,
    },
    response_only=True,
)
RECORDINGS = OpenApiExample(
    "A recorded day",
    value={
        "data": [
            {
                "underlying": "NIFTY",
                "day": "2026-11-20",
                "state": "closed",
                "events": 769,
                "first": "2026-11-20T03:45:00Z",
                "last": "2026-11-20T10:10:00Z",
                "longest_gap_s": 31,
                "minutes": 385,
                "minutes_expected": 385,
            }
        ],
        "not_recorded": ["2026-11-19"],
    },
    response_only=True,
)


class CandleSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One bar. `time` is its start; prices in rupees, volume and open interest in units."""

    time = serializers.DateTimeField()
    open = RupeesField()
    high = RupeesField()
    low = RupeesField()
    close = RupeesField()
    volume = serializers.IntegerField()
    oi = serializers.IntegerField(help_text="open interest at the end of the bar")


class CandlesSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Bars of an instrument, oldest first."""

    instrument = serializers.CharField(help_text="ins_…")
    interval = serializers.ChoiceField([(name, name) for name in NAMES], help_text="minutes, or day")
    data = CandleSerializer(many=True)  # type: ignore[assignment]  # a field of that name is meant
    next_cursor = serializers.CharField(allow_null=True)
    has_more = serializers.BooleanField()


class RecordingSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One recorded day of an underlying; what is known only afterwards is null while it goes on."""

    underlying = serializers.CharField()
    day = serializers.DateField()
    state = serializers.ChoiceField([("recording", "recording"), ("closed", "closed")])
    events = serializers.IntegerField(help_text="chain snapshots; while it goes on, parts written")
    first = serializers.DateTimeField(allow_null=True)
    last = serializers.DateTimeField(allow_null=True)
    longest_gap_s = serializers.IntegerField(
        allow_null=True, help_text="seconds of trading the longest without a snapshot"
    )
    minutes = serializers.IntegerField(
        allow_null=True, help_text="minutes of the day with a bar of the index"
    )
    minutes_expected = serializers.IntegerField(allow_null=True)


class RecordingsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Recorded days, newest first, and the trading days between that lack."""

    data = RecordingSerializer(many=True)  # type: ignore[assignment]  # a field of that name is meant
    not_recorded = serializers.ListField(child=serializers.DateField())


def _parameter(name: str, kind: type, text: str, *, required: bool = False, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=text, required=required, **more)


CANDLE_PARAMETERS = [
    _parameter("instrument", str, "ins_…", required=True),
    _parameter("interval", str, "minutes, or “day”; default 1", enum=NAMES),
    _parameter("from", datetime, "bars that start at or after it", required=True),
    _parameter("to", datetime, "and before it; default now"),
    _parameter("limit", int, f"1 to {MOST:,}, default {USUAL:,}"),
    _parameter("cursor", str, "“next_cursor” of the page before"),
]
RECORDING_PARAMETERS = [
    _parameter("underlying", str, "NIFTY, BANKNIFTY, …; default all"),
    _parameter("from", date, "default: 31 days before “to”"),
    _parameter("to", date, "default today"),
]


class CandleList(WorkspaceAPIView):
    """Candles of an instrument."""

    @extend_schema(
        operation_id="candles_list",
        summary="Get candles",
        parameters=CANDLE_PARAMETERS,
        responses=CandlesSerializer,
        examples=[CANDLES],
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        interval, limit = _interval(asked.get("interval", "1")), _limit(asked.get("limit", str(USUAL)))
        start = instant_asked(asked, "cursor" if "cursor" in asked else "from")
        end = instant_asked(asked, "to") if "to" in asked else wall()
        _range(start, end, interval)
        instrument = selectors.instrument(asked.get("instrument", ""))
        bars = candles_of(instrument, interval, start, end)
        more = len(bars) > limit
        body = {
            "instrument": instrument.public_id,
            "interval": str(interval),
            "data": _rows(bars, limit),
            "next_cursor": _time(int(bars.ts_us[limit])) if more else None,
            "has_more": more,
        }
        return Response(CandlesSerializer(body).data)


class RecordingList(WorkspaceAPIView):
    """Recorded live sessions."""

    @extend_schema(
        operation_id="recordings_list",
        summary="List recorded sessions",
        parameters=RECORDING_PARAMETERS,
        responses=RecordingsSerializer,
        examples=[RECORDINGS],
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        end = day_asked(asked, "to") or wall().astimezone(IST).date()
        start = day_asked(asked, "from") or end - MONTH
        if not timedelta(0) <= end - start <= LONGEST["minutes"]:
            raise Malformed("“from” is before “to”, at most 400 days.", code="bad_range")
        found = recordings(start, end, asked.get("underlying", "").upper())
        names = {each.underlying for each in found}
        lacking = {day for name in names for day in days_not_recorded(name, start, end)}
        return Response(RecordingsSerializer({"data": found, "not_recorded": sorted(lacking)}).data)


def _rows(bars: Bars, limit: int) -> list[dict[str, object]]:
    names = ("open", "high", "low", "close", "volume", "oi")
    columns = [getattr(bars, name)[:limit].tolist() for name in names]
    times = (EPOCH + at * MICROSECOND for at in bars.ts_us[:limit].tolist())
    return [
        {"time": at} | dict(zip(names, values, strict=True))
        for at, *values in zip(times, *columns, strict=True)
    ]


def _time(at_us: int) -> str:
    return (EPOCH + at_us * MICROSECOND).isoformat().replace("+00:00", "Z")


def _interval(text: str) -> Interval:
    if text not in NAMES:
        raise Malformed(f"“interval” is one of {', '.join(NAMES)}.", code="bad_interval")
    return "day" if text == "day" else int(text)


def _limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST:
        raise Malformed(f"“limit” is a number from 1 to {MOST}.", code="bad_limit")
    return int(text)


def _range(start: datetime, end: datetime, interval: Interval) -> None:
    longest = LONGEST["days" if interval == "day" else "minutes"]
    if start >= end or end - start > longest or micros(start) < 0:
        raise Malformed(
            f"“from” is before “to”, and at most {longest.days} days; ask for the rest apart.",
            code="bad_range",
        )
