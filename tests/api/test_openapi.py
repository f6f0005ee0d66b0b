"""The published description of the API: complete, free of warnings, and the committed copy is today's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

COPY = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
REFRESH = "run: python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml"


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The schema as generated now; a warning fails it."""
    made = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    return made.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def schema(text: str) -> Any:
    return yaml.safe_load(text)


def operations(schema: Any) -> Iterator[tuple[str, Any]]:
    """Every operation by its address."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def successes(operation: Any) -> Iterator[Any]:
    """Media types of the answers of success that have a body."""
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            yield from answer.get("content", {}).values()


def test_the_committed_copy_is_current(text: str) -> None:
    assert COPY.read_text(encoding="utf-8") == text, REFRESH


def test_it_is_openapi_3_1(schema: Any) -> None:
    assert schema["openapi"] == "3.1.0"


def test_every_operation_has_a_name_of_its_own_and_a_summary(schema: Any) -> None:
    names = [operation["operationId"] for _, operation in operations(schema)]

    assert len(set(names)) == len(names)
    assert [where for where, operation in operations(schema) if not operation.get("summary")] == []


def test_every_answer_has_an_example(schema: Any) -> None:
    bare = [where for where, op in operations(schema) for body in successes(op) if "examples" not in body]

    assert bare == []


def test_every_request_body_has_an_example(schema: Any) -> None:
    bodies = [
        (where, op["requestBody"]["content"]) for where, op in operations(schema) if "requestBody" in op
    ]

    assert [
        where for where, content in bodies if not all("examples" in body for body in content.values())
    ] == []


def test_every_operation_tells_its_errors_as_problems(schema: Any) -> None:
    for where, operation in operations(schema):
        assert {"401", "403", "404"} <= operation["responses"].keys(), where
        problem = operation["responses"]["404"]["content"]["application/problem+json"]
        assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_what_starts_or_stops_money_demands_a_key(schema: Any) -> None:
    demanding = {
        operation["operationId"]
        for _, operation in operations(schema)
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "Idempotency-Key" and parameter.get("required")
    }

    assert demanding >= {
        "deployments_create",
        "deployments_square_off",
        "runs_square_off",
        "replays_create",
        "kill_switch_press",
    }
