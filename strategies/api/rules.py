"""`/api/v1/rules/…`: checking and completing texts of the rule language, and its words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qlplatform.core.api.etag import tagged
from qlplatform.core.api.views import WorkspaceAPIView
from strategies.indicators import Param
from strategies.rules import (
    OPERATORS,
    WORDS,
    Rule,
    RuleInvalid,
    Type,
    compile_rule,
    complete,
    completion_start,
)
from strategies.rules.catalog import Word
from strategies.rules.rule import UNDERLYINGS
from strategies.rules.timeframes import NAMES, TIMEFRAMES, words

MAX_LEGS = 40


class RuleTextSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A text of the rule language and the strategy it is for."""

    text = serializers.CharField(trim_whitespace=False, allow_blank=True, help_text="at most 4 kB")
    legs = serializers.ListField(
        child=serializers.CharField(max_length=12),
        required=False,
        max_length=MAX_LEGS,
        default=list,
        help_text="ids of the legs it may name",
    )


class RuleCheckSerializer(RuleTextSerializer):
    """What to check: a condition, or a number for the live value of an expression."""

    want = serializers.ChoiceField(("condition", "number"), default="condition")
    underlying = serializers.ChoiceField(
        UNDERLYINGS, default=UNDERLYINGS[0], help_text="what a bare “close” means"
    )


class RuleCursorSerializer(RuleTextSerializer):
    """A text and where the cursor is in it, in characters from its beginning."""

    cursor = serializers.IntegerField(min_value=0)


class RuleErrorSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One thing that is wrong, with its place in the text, counted from 0."""

    position = serializers.IntegerField()
    length = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()
    suggestion = serializers.CharField(help_text="what to write instead; may be empty")


class RuleReportSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What a text says, or what is wrong with it; the other fields are empty then."""

    ok = serializers.BooleanField()
    canonical = serializers.CharField(help_text="the text in its standard form")
    words = serializers.CharField(help_text="the rule in plain words")
    errors = RuleErrorSerializer(many=True)  # type: ignore[assignment]
    type = serializers.CharField(help_text="condition or number")
    instruments = serializers.ListField(child=serializers.CharField(), help_text="series it reads")
    scalars = serializers.ListField(child=serializers.CharField(), help_text="facts it reads")
    timeframes = serializers.ListField(
        child=serializers.CharField(), help_text="candles at whose closes it is looked at"
    )
    warmup = serializers.DictField(
        child=serializers.IntegerField(), help_text="candles needed before it knows, by timeframe"
    )


class WordSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A word of the language."""

    name = serializers.CharField()
    kind = serializers.CharField()
    type = serializers.CharField(help_text="what it gives")
    signature = serializers.CharField()
    meaning = serializers.CharField()
    example = serializers.CharField()
    unit = serializers.CharField()
    outputs = serializers.ListField(child=serializers.CharField())
    params = serializers.ListField(child=serializers.DictField())


class VocabularySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Every word and every timeframe."""

    words = WordSerializer(many=True)
    timeframes = serializers.ListField(child=serializers.DictField())


class CompletionSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A text that may stand at the cursor."""

    text = serializers.CharField()
    kind = serializers.CharField()
    signature = serializers.CharField()
    meaning = serializers.CharField()


class CompletionsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What may be put in place of the characters from `start` to the cursor."""

    start = serializers.IntegerField()
    completions = CompletionSerializer(many=True)


CHECKED: dict[str, Any] = {
    "ok": True,
    "canonical": 'rsi(close, 14, "5m") crosses_above 60 and vix < 16',
    "words": (
        "the relative strength index (length 14) of the spot's 5-minute close crosses above 60 "
        "and India VIX is below 16"
    ),
    "errors": [],
    "type": "condition",
    "instruments": ["SPOT", "VIX"],
    "scalars": [],
    "timeframes": ["1m", "5m"],
    "warmup": {"1m": 1, "5m": 16},
}
_EMPTY: dict[str, Any] = {
    "ok": False,
    "canonical": "",
    "words": "",
    "type": "",
    "instruments": [],
    "scalars": [],
    "timeframes": [],
    "warmup": {},
}
_TYPES = {"condition": Type.BOOL, "number": Type.NUM}


def report(rule: Rule) -> dict[str, Any]:
    """What the API says of a rule."""
    return {
        "ok": True,
        "canonical": rule.text,
        "words": rule.describe(),
        "errors": [],
        "type": rule.type.value,
        "instruments": sorted(rule.instruments),
        "scalars": sorted(rule.scalars),
        "timeframes": [NAMES[minutes] for minutes in sorted(rule.timeframes)],
        "warmup": {NAMES[minutes]: bars for minutes, bars in sorted(rule.warmup.items())},
    }


class RuleCheck(WorkspaceAPIView):
    """Checking a rule while it is typed."""

    rights: ClassVar[dict[str, str]] = {"POST": "read"}

    @extend_schema(
        operation_id="rules_check",
        summary="Check a text of the rule language",
        request=RuleCheckSerializer,
        responses=RuleReportSerializer,
        examples=[
            OpenApiExample(
                "A condition",
                value={"text": "rsi(close,14,'5m') crosses_above 60 and vix<16", "legs": ["L1"]},
                request_only=True,
            ),
            OpenApiExample("It is right", value=CHECKED, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """A text with mistakes is answered with 200 too, `ok` false and every finding in `errors`."""
        asked = RuleCheckSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        try:
            rule = compile_rule(
                given["text"],
                legs=given["legs"],
                want=_TYPES[given["want"]],
                underlying=given["underlying"],
            )
        except RuleInvalid as invalid:
            return Response({**_EMPTY, "errors": [asdict(error) for error in invalid.errors]})
        return Response(report(rule))


class RuleComplete(WorkspaceAPIView):
    """Completing a rule while it is typed."""

    rights: ClassVar[dict[str, str]] = {"POST": "read"}

    @extend_schema(
        operation_id="rules_complete",
        summary="List what may stand at the cursor",
        request=RuleCursorSerializer,
        responses=CompletionsSerializer,
        examples=[
            OpenApiExample("An indicator", value={"text": "rs", "cursor": 2}, request_only=True),
            OpenApiExample(
                "One fits",
                value={
                    "start": 0,
                    "completions": [
                        {
                            "text": "rsi(",
                            "kind": "indicator",
                            "signature": 'rsi(source, length=14, "timeframe")',
                            "meaning": "Relative strength index. …",
                        }
                    ],
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        asked = RuleCursorSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        text, cursor = asked.validated_data["text"], asked.validated_data["cursor"]
        found = complete(text, cursor, asked.validated_data["legs"])
        return Response(
            {
                "start": completion_start(text, cursor),
                "completions": [each._asdict() for each in found],
            }
        )


class RuleVocabulary(WorkspaceAPIView):
    """The words of the rule language."""

    @extend_schema(
        operation_id="rules_vocabulary",
        summary="Get every word of the rule language",
        responses=VocabularySerializer,
        examples=[
            OpenApiExample(
                "Its beginning",
                value={
                    "words": [],
                    "timeframes": [{"name": "1m", "minutes": 1, "meaning": "1-minute candles"}],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        frames = [
            {"name": name, "minutes": minutes, "meaning": f"{words(minutes)} candles"}
            for name, minutes in TIMEFRAMES.items()
        ]
        known = [_word(word) for word in (*WORDS.values(), *OPERATORS.values())]
        return tagged(request, {"words": known, "timeframes": frames})


def _word(word: Word) -> dict[str, Any]:
    told = ("name", "kind", "type", "signature", "meaning", "example", "unit", "outputs")
    return {name: getattr(word, name) for name in told} | {"params": [_param(param) for param in word.params]}


def _param(param: Param) -> dict[str, Any]:
    told = {"name": param.name, "kind": param.kind, "default": param.default, "meaning": param.meaning}
    return told | ({"choices": param.choices} if param.choices else {"low": param.low, "high": param.high})
