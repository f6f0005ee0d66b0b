"""Playing recorded days: a new market each time, joined while the entry is still ahead."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from brokers.models import BrokerAccount
from execution.models import Deployment
from execution.services.controls import replay_control
from execution.services.deployments import deployment_pause
from execution.services.kill import kill_switch_press
from execution.services.replays import next_session, paper_deploy, replay_start, workspace_prepare
from markets.models import Market
from markets.sessions import bundled_sources
from portfolio.models import Limit
from portfolio.services import limit_set
from qlplatform.core.errors import Conflict, KillSwitchOn, NotEntitled, UserError
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor, Role
from strategies.models import Strategy
from strategies.services import strategy_create
from tests.factories.trading import Floor, spec

SOURCE = "nifty_2022-06"
DAYS = bundled_sources()[SOURCE].days
LATE = datetime(2022, 6, 15, 9, 0, tzinfo=UTC)  # 14:30 IST


@pytest.fixture
def floor(db: None) -> Floor:
    """A floor whose workspace has the paper account it is born with."""
    floor = Floor()
    workspace_prepare(floor.workspace)
    floor.market.source = SOURCE
    floor.market.save()
    return floor


@pytest.fixture
def strangle(floor: Floor) -> Strategy:
    return floor.strategy_new(name="Strangle", entry_time="09:30")


def deploy(floor: Floor, strategy: Strategy) -> Deployment:
    return paper_deploy(workspace=floor.workspace, strategy=strategy, by=floor.actor())


def test_a_workspace_is_born_with_a_paper_account_and_limits(floor: Floor) -> None:
    home = BrokerAccount.objects.get(market__kind="live")

    assert (home.name, home.mode, home.capital_paise) == ("Paper", "paper", 10_00_000_00)
    assert dict(Limit.objects.filter(account=home).values_list("kind", "value")) == {
        "day_loss": 25_000_00,
        "open_lots": 40,
    }


def test_a_strategy_joins_the_replay_while_its_entry_is_ahead(floor: Floor, strangle: Strategy) -> None:
    assert deploy(floor, strangle).account == floor.account
    assert Market.objects.filter(kind="replay").count() == 1


def test_a_strategy_that_came_too_late_starts_the_day_again(floor: Floor, strangle: Strategy) -> None:
    Market.objects.filter(pk=floor.market.pk).update(now=LATE)

    deployment = deploy(floor, strangle)

    again = deployment.account.market
    assert again != floor.market
    assert (again.session_date, again.source, again.state) == (date(2022, 6, 15), SOURCE, "playing")
    names = Deployment.objects.filter(account__market=again).values_list("strategy__name", flat=True)
    assert sorted(names) == ["0920 straddle", "Strangle"]


def test_the_older_replay_plays_on(floor: Floor, strangle: Strategy) -> None:
    Market.objects.filter(pk=floor.market.pk).update(now=LATE)
    deploy(floor, strangle)

    floor.market.refresh_from_db()
    floor.deployment.refresh_from_db()
    assert (floor.market.state, floor.deployment.state) == ("playing", "active")


def test_an_ended_replay_is_never_joined(floor: Floor, strangle: Strategy) -> None:
    Market.objects.filter(pk=floor.market.pk).update(state="ended")

    assert deploy(floor, strangle).account.market != floor.market


def test_a_workspace_without_replay_gets_one(floor: Floor) -> None:
    other = Workspace.objects.create(name="New")
    workspace_prepare(other)
    owner = Actor("owner@example.test", workspace_id=other.pk, role=Role.OWNER)
    strategy = strategy_create(workspace=other, spec=spec(), by=owner)

    deployment = paper_deploy(workspace=other, strategy=strategy, by=owner)

    assert (deployment.workspace, deployment.account.market.session_date) == (other, DAYS[0])


def test_nothing_is_deployed_while_the_kill_switch_is_on(floor: Floor, strangle: Strategy) -> None:
    kill_switch_press(actor=floor.actor(), level="pause_entries")

    with pytest.raises(KillSwitchOn):
        deploy(floor, strangle)

    assert Deployment.objects.count() == 1


def test_a_new_replay_has_the_limits_of_home(floor: Floor) -> None:
    home = BrokerAccount.objects.get(market__kind="live")
    limit_set(account=home, kind="open_lots", value=7, by=floor.actor())

    market = replay_start(workspace=floor.workspace, by=floor.actor(), source=SOURCE, session_date=DAYS[3])

    assert Limit.objects.get(account__market=market, kind="open_lots").value == 7


def test_only_active_deployments_are_taken_along(floor: Floor) -> None:
    deployment_pause(deployment=floor.deployment, by=floor.actor())

    market = replay_start(workspace=floor.workspace, by=floor.actor())

    assert not Deployment.objects.filter(account__market=market).exists()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"source": "moon"}, "There is: nifty_2022-06"),
        ({"session_date": date(2022, 6, 4)}, "It has: 8 Jun 2022"),
    ],
)
def test_a_session_that_is_not_there_is_refused_with_those_that_are(
    floor: Floor, wanted: dict[str, object], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        replay_start(workspace=floor.workspace, by=floor.actor(), **wanted)  # type: ignore[arg-type]

    assert Market.objects.filter(kind="replay").count() == 1


def test_viewers_start_nothing(floor: Floor) -> None:
    with pytest.raises(NotEntitled, match="“trade”"):
        replay_start(workspace=floor.workspace, by=floor.actor("viewer"))


# -- controls -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "value", "changed"),
    [
        ("pause", None, {"state": "paused"}),
        ("play", None, {"state": "playing"}),
        ("step", None, {"state": "paused", "steps": 1}),
        ("step", 5, {"state": "paused", "steps": 5}),
        ("speed", 300, {"speed": 300}),
        ("next_decision", None, {"until_decision": True}),
    ],
)
def test_a_replay_does_as_it_is_told(
    floor: Floor, action: str, value: int | None, changed: dict[str, object]
) -> None:
    market = replay_control(market=floor.market, action=action, by=floor.actor(), value=value)

    assert market == floor.market
    assert {name: getattr(market, name) for name in changed} == changed


@pytest.mark.parametrize(
    ("action", "value"), [("fly", None), ("speed", 99_999), ("speed", None), ("end", None)]
)
def test_what_a_replay_cannot_do_changes_nothing(floor: Floor, action: str, value: int | None) -> None:
    with pytest.raises(UserError):
        replay_control(market=floor.market, action=action, by=floor.actor(), value=value)

    floor.market.refresh_from_db()
    assert (floor.market.state, floor.market.speed) == ("playing", 60)


def test_an_ended_replay_can_only_be_played_again(floor: Floor) -> None:
    Market.objects.filter(pk=floor.market.pk).update(state="ended")

    with pytest.raises(Conflict):
        replay_control(market=floor.market, action="play", by=floor.actor())

    again = replay_control(market=floor.market, action="again", by=floor.actor())
    assert (again.session_date, again.pk == floor.market.pk) == (floor.market.session_date, False)


def test_the_next_day_follows_until_the_last(floor: Floor) -> None:
    market = replay_control(market=floor.market, action="next_day", by=floor.actor())
    assert market.session_date == date(2022, 6, 16)

    Market.objects.filter(pk=market.pk).update(session_date=DAYS[-1])
    market.refresh_from_db()
    assert next_session(market) is None
    with pytest.raises(UserError, match="last recorded session"):
        replay_control(market=market, action="next_day", by=floor.actor())
