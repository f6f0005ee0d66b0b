"""What the API answers is what its published description promises."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from execution.models import Decision, Leg, OrderEvent
from tests.api.execution.conftest import Api
from tests.api.test_openapi import COPY
from tests.factories.trading import AT_0920, LOT, Floor

PATHS = [
    "deployments",
    "deployments/{dep}",
    "runs",
    "runs/{run}",
    "runs/{run}/decisions",
    "orders",
    "orders/{ord}",
    "replays",
    "replays/{mkt}",
    "kill-switch",
    "orders/ord_unknown",  # a problem document
]


@pytest.fixture(scope="module")
def described() -> Any:
    return yaml.safe_load(COPY.read_text(encoding="utf-8"))


@pytest.fixture
def names(floor: Floor) -> dict[str, str]:
    """A run in the middle of its day, with everything a run can have."""
    run = floor.run(phase="RUNNING")
    filled = {"entry_qty": LOT, "entry_value_paise": LOT * 100 + 1, "entered_at": AT_0920}
    Leg.objects.create(run=run, leg_id="L1", instrument=floor.call, side="SELL", lots=1, qty=LOT, **filled)
    Decision.objects.create(
        run=run, at=AT_0920, kind="open", text="Sold", inputs={"spot": "15790.00", "n": 3}
    )
    order = floor.order(
        floor.intent(run), state="PARTIAL", filled_qty=1, filled_value_paise=101_25, sent_at=AT_0920
    )
    OrderEvent.objects.create(order=order, at=AT_0920, state="NEW", text="")
    return {
        "dep": floor.deployment.public_id,
        "run": run.public_id,
        "ord": order.public_id,
        "mkt": floor.market.public_id,
    }


def promised(described: Any, path: str, answer: Any) -> Any:
    """The schema the description gives for this answer."""
    pattern = {"{dep}", "{run}", "{ord}", "{mkt}", "ord_unknown"}
    address = "/".join("{public_id}" if part in pattern else part for part in path.split("/"))
    responses = described["paths"][f"/api/v1/{address}"]["get"]["responses"]
    media_type = answer["Content-Type"].partition(";")[0]
    schema = responses[str(answer.status_code)]["content"][media_type]["schema"]
    return {**schema, "components": described["components"]}


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_is_as_described(described: Any, api: Api, names: dict[str, str], path: str) -> None:
    answer = api.get(path.format(**names))

    Draft202012Validator(promised(described, path, answer)).validate(answer.json())


@pytest.mark.parametrize("path", ["deployments/{dep}", "runs/{run}", "orders/{ord}", "replays/{mkt}"])
def test_everything_says_paper_or_live_and_its_trading_day(
    api: Api, names: dict[str, str], path: str
) -> None:
    shown = api.get(path.format(**names)).json()

    assert (shown["mode"], shown["trading_date"]) == ("paper", "2022-06-15")
