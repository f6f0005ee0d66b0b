"""`/api/v1/rules/…`: check, complete, vocabulary."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from qlplatform.core.models import Membership, User, Workspace
from strategies.indicators import DEFINITIONS

CHECK = "/api/v1/rules/check"


@pytest.fixture
def client(db: None) -> APIClient:
    """Somebody who may only look."""
    user = User.objects.create_user("asha@example.com", "secret")
    Membership.objects.create(workspace=Workspace.objects.create(name="A"), user=user, role="viewer")
    client = APIClient()
    client.force_login(user)
    return client


def check(client: APIClient, text: str, **more: Any) -> dict[str, Any]:
    answer = client.post(CHECK, {"text": text, **more}, format="json")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_right_text_is_told_back_in_its_standard_form_and_in_words(client: APIClient) -> None:
    assert check(client, "RSI(close,14,'5m')  crosses_above 60 and delta('A')<.3", legs=["A"]) == {
        "ok": True,
        "canonical": 'rsi(close, 14, "5m") crosses_above 60 and delta("A") < 0.3',
        "words": (
            "the relative strength index (length 14) of the spot's 5-minute close crosses above 60 "
            "and the delta of leg A is below 0.3"
        ),
        "errors": [],
        "type": "condition",
        "instruments": ["SPOT"],
        "scalars": ["delta:A"],
        "timeframes": ["1m", "5m"],
        "warmup": {"1m": 1, "5m": 16},
    }


def test_mistakes_have_their_place(client: APIClient) -> None:
    found = check(client, "rsi(clos, 14) > 60")
    assert (found["ok"], found["canonical"], found["warmup"]) == (False, "", {})
    assert found["errors"] == [
        {
            "position": 4,
            "length": 4,
            "code": "name_unknown",
            "message": "There is no “clos”.",
            "suggestion": "Did you mean “close”?",
        }
    ]


def test_a_number_about_another_underlying(client: APIClient) -> None:
    found = check(client, "close - spot", want="number", underlying="FUTURE")
    assert (found["type"], found["instruments"]) == ("number", ["FUTURE", "SPOT"])


@pytest.mark.parametrize("text", ["", "x" * 1_000_000, "(" * 5000, "__import__('os').system('ls')", "\ud800"])
def test_whatever_is_sent_is_answered(client: APIClient, text: str) -> None:
    answer = client.post(CHECK, json.dumps({"text": text}), content_type="application/json")
    if answer.status_code == 200:
        assert (answer.json()["ok"], len(answer.json()["errors"])) == (False, 1)
    else:
        assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": 5},
        {"text": "a\0b"},
        {"text": "mtm > 0", "legs": ["x"] * 41},
        {"text": "mtm > 0", "want": "magic"},
        {"text": None},
        [],
    ],
)
def test_a_wrong_body_is_refused(client: APIClient, body: Any) -> None:
    answer = client.post(CHECK, body, format="json")
    assert answer.status_code in {200, 422}
    assert answer.status_code == 422 or not answer.json()["ok"]


def test_completion(client: APIClient) -> None:
    body = {"text": "rsi(close, 14) > 60 and vi", "cursor": 26}
    found = client.post("/api/v1/rules/complete", body, format="json").json()
    assert found["start"] == 24
    assert [each["text"] for each in found["completions"]][0] == "vix"


def test_the_vocabulary_knows_every_indicator_and_is_cached(client: APIClient) -> None:
    answer = client.get("/api/v1/rules/vocabulary")
    words = {word["name"]: word for word in answer.json()["words"]}
    assert set(DEFINITIONS) <= set(words)
    assert words["bb"]["outputs"] == ["middle", "upper", "lower"]
    assert words["rsi"]["params"][0] == {
        "name": "length",
        "kind": "int",
        "default": 14,
        "meaning": "bars it looks back",
        "low": 1,
        "high": 5000,
    }
    again = client.get("/api/v1/rules/vocabulary", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_strangers_are_not_answered() -> None:
    assert APIClient().post(CHECK, {"text": "mtm > 0"}, format="json").status_code == 401
