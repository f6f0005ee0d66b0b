"""/api/v1/runs and /api/v1/orders"""

from __future__ import annotations

from datetime import timedelta

import pytest

from execution.models import Decision, Leg, Order, OrderEvent, Run, RunEvent
from tests.api.execution.conftest import Api
from tests.factories.queries import queries_of
from tests.factories.trading import AT_0920, LOT, Floor


@pytest.fixture
def run(floor: Floor) -> Run:
    """A run with one open leg and three decisions."""
    run = floor.run(phase="RUNNING")
    Leg.objects.create(
        run=run,
        leg_id="L1",
        instrument=floor.call,
        side="SELL",
        lots=1,
        qty=LOT,
        entry_qty=LOT,
        entry_value_paise=LOT * 101_25,
        entered_at=AT_0920,
        stop="126.5625",
    )
    for number, kind in enumerate(("plan", "open", "level")):
        at = AT_0920 + timedelta(minutes=number)
        Decision.objects.create(
            run=run, at=at, kind=kind, leg_id="L1", text=kind, inputs={"spot": "15790.00"}
        )
    return run


@pytest.fixture
def order(floor: Floor, run: Run) -> Order:
    """A filled entry with its history."""
    order = floor.order(
        floor.intent(run), state="FILLED", filled_qty=LOT, filled_value_paise=LOT * 101_25, limit_paise=98_20
    )
    for state in ("NEW", "SENDING", "FILLED"):
        OrderEvent.objects.create(order=order, at=AT_0920, state=state, text=state.lower())
    return order


def test_a_run_comes_with_legs_and_decisions(floor: Floor, api: Api, run: Run) -> None:
    shown = api.get(f"runs/{run.public_id}").json()

    assert (shown["phase"], shown["mode"], shown["trading_date"], shown["version"]) == (
        "RUNNING",
        "paper",
        "2022-06-15",
        1,
    )
    [leg] = shown["legs"]
    assert (leg["entry_price"], leg["exit_price"], leg["open_qty"], leg["stop"]) == (
        "101.25",
        None,
        LOT,
        "126.5625",
    )
    assert leg["instrument"]["strike"] == "15800.00"
    assert [decision["kind"] for decision in shown["decisions"]] == ["plan", "open", "level"]


def test_the_decision_log_can_be_followed(api: Api, run: Run) -> None:
    first = api.get(f"runs/{run.public_id}/decisions", order="asc", limit=2).json()
    second = api.get(f"runs/{run.public_id}/decisions", order="asc", cursor=first["next_cursor"]).json()

    assert [decision["kind"] for decision in first["data"] + second["data"]] == ["plan", "open", "level"]
    assert first["data"][0]["at"] == "2022-06-15T03:50:00Z"


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"open": "true"}, 1),
        ({"open": "false"}, 0),
        ({"phase": "RUNNING"}, 1),
        ({"phase": "ERROR"}, 0),
        ({"trading_date": "2022-06-15"}, 1),
        ({"trading_date": "2022-06-16"}, 0),
        ({"created_after": "2022-06-15T04:00:00Z"}, 0),
    ],
)
def test_runs_can_be_narrowed(api: Api, run: Run, params: dict[str, str], found: int) -> None:
    assert len(api.get("runs", **params).json()["data"]) == found


def test_squaring_a_run_off(api: Api, run: Run) -> None:
    answer = api.post(f"runs/{run.public_id}/square-off")

    assert (answer.status_code, answer.json()["id"]) == (202, run.public_id)
    assert RunEvent.objects.get().data["reason"] == "MANUAL"


def test_a_run_that_ended_is_a_conflict(api: Api, run: Run) -> None:
    Run.objects.update(phase="COMPLETED")

    problem = api.post(f"runs/{run.public_id}/square-off")

    assert (problem.status_code, problem.json()["code"]) == (409, "nothing_open")


def test_an_order_comes_with_reason_and_history(floor: Floor, api: Api, run: Run, order: Order) -> None:
    shown = api.get(f"orders/{order.public_id}").json()

    wanted = {
        "run": run.public_id,
        "deployment": floor.deployment.public_id,
        "session": floor.market.public_id,
        "mode": "paper",
        "trading_date": "2022-06-15",
        "purpose": "ENTRY",
        "exit_reason": "",
        "text": "Sell 1 lot",
        "side": "SELL",
        "qty": LOT,
        "lots": 1,
        "limit_price": "98.20",
        "average_price": "101.25",
        "state": "FILLED",
        "tag": order.tag,
        "created_at": "2022-06-15T03:50:00Z",
        "sent_at": None,
    }
    assert {name: shown[name] for name in wanted} == wanted
    assert shown["instrument"]["symbol"] == "NIFTY 16 JUN 15800 CE"
    assert [event["state"] for event in shown["history"]] == ["NEW", "SENDING", "FILLED"]


def test_orders_can_be_narrowed(floor: Floor, api: Api, run: Run, order: Order) -> None:
    def found(**params: str) -> int:
        return len(api.get("orders", **params).json()["data"])

    assert (found(state="FILLED"), found(state="OPEN")) == (1, 0)
    assert (found(session=floor.market.public_id), found(session="mkt_other")) == (1, 0)
    assert (found(run=run.public_id), found(run="run_other")) == (1, 0)


@pytest.mark.parametrize("path", ["orders", "runs"])
def test_lists_ask_the_database_as_often_for_one_as_for_many(floor: Floor, api: Api, path: str) -> None:
    floor.order(floor.intent(floor.run()))
    for_one = queries_of(lambda: api.get(path))
    for _ in range(8):
        floor.order(floor.intent(floor.run(floor.deploy())))

    assert queries_of(lambda: api.get(path)) == for_one <= 8
    assert len(api.get(path).json()["data"]) == 9
