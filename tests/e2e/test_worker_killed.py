"""kill -9 of the worker at ten random moments of a replay: the same trades, and no order twice at the
exchange.
"""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from brokers.models import BrokerAccount, VenueOrder
from execution.models import Order, Run
from execution.replay.report import document
from execution.replay.tool import Played, run_session
from execution.services.deployments import deployment_create
from execution.services.replays import replay_account, replay_start
from markets.models import Market
from markets.sessions import Session, bundled_sources, load_session
from qlplatform.core.models import User
from qlplatform.core.services import workspace_create
from qlplatform.core.tenancy import Actor
from strategies.services import strategy_create
from tests.e2e.roles import Roles, roles
from tests.oracle.specs import SPECS

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("seeded_database")]
SOURCE, DAY = "nifty_2022-06", date(2022, 6, 10)
KILLS = 10


def recorded() -> Session:
    source = bundled_sources()[SOURCE]
    return load_session(options=source.options, index=source.index, day=DAY, underlying="NIFTY")


def undisturbed() -> dict[str, list[Any]]:
    return {
        name: document(recorded(), run_session(session=recorded(), spec=spec))["trades"]
        for name, spec in SPECS.items()
    }


def start_replay() -> Market:
    owner = User.objects.create_user(email="chaos@example.invalid")
    workspace = workspace_create(name="Chaos", owner=owner)
    by = Actor.system("test", workspace.pk)
    market = replay_start(
        workspace=workspace, by=by, source=SOURCE, session_date=DAY, speed=600, deployments=[]
    )
    for spec in SPECS.values():
        strategy = strategy_create(workspace=workspace, spec=spec, by=by)
        deployment_create(strategy=strategy, account=replay_account(market), by=by)
    return market


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "the replay did not go on"
        time.sleep(0.02)


def kill_and_restart(running: Roles, market: Market, moments: list[int]) -> None:
    for moment in moments:
        wait_for(lambda moment=moment: Market.objects.get(pk=market.pk).seq >= moment, 60)  # type: ignore[misc]
        time.sleep(random.uniform(0, 0.03))
        running.kill("worker")
        running.start("worker")


def test_ten_kills_change_nothing(tmp_path: Path, free_port: int) -> None:
    wanted = undisturbed()
    # entry, stops and the square-off at 15:15 are the moments when orders are on their way
    moments = sorted(random.Random(7).sample(range(4, 200), KILLS - 4) + [5, 6, 15, 360])
    with roles(tmp_path, f"http://127.0.0.1:{free_port}") as running:
        running.start("venue", "engine", "worker", "feed")
        market = start_replay()
        kill_and_restart(running, market, moments)
        wait_for(lambda: Market.objects.get(pk=market.pk).state == Market.State.ENDED, 240)

    runs = Run.objects.filter(market=market).select_related("deployment__strategy")
    names = {spec["name"]: key for key, spec in SPECS.items()}
    got = {
        names[run.deployment.strategy.name]: document(recorded(), Played(run, 0, 0))["trades"] for run in runs
    }
    assert got == wanted
    account = BrokerAccount.objects.get(market=market)
    twice = VenueOrder.objects.filter(account=account).values("tag").annotate(n=Count("id")).filter(n__gt=1)
    assert not list(twice)
    assert VenueOrder.objects.filter(account=account).count() == Order.objects.filter(account=account).count()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
