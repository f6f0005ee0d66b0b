"""The kill switch: what each level does, whom it stops, and who lifts it."""

from __future__ import annotations

import pytest

from execution.models import KillSwitch, Order, Run, RunEvent
from execution.selectors import kill_state
from execution.services.kill import kill_switch_lift, kill_switch_press
from qlplatform.core.errors import NotEntitled, UserError
from qlplatform.core.live import values_of
from qlplatform.core.models import AuditEntry, OutboxEvent, Workspace
from qlplatform.core.tenancy import Actor, Role
from tests.factories.racing import race
from tests.factories.stage import OPENED
from tests.factories.trading import Floor

OPERATOR = Actor("risk officer", platform=True, via="admin")


@pytest.fixture
def neighbour(db: None) -> Actor:
    """An owner of another workspace."""
    return Actor(
        "neighbour@example.test", workspace_id=Workspace.objects.create(name="Other").pk, role=Role.OWNER
    )


def orders_of(floor: Floor, run: Run) -> tuple[Order, Order, Order]:
    """An open entry, an exit, and an entry that is over."""
    entry = floor.order(floor.intent(run, "e"), state="OPEN")
    way_out = floor.order(floor.intent(run, "x", purpose="EXIT"), state="OPEN")
    over = floor.order(floor.intent(run, "o"), state="FILLED", filled_qty=50)
    return entry, way_out, over


def wanted_cancelled() -> set[Order]:
    return set(Order.objects.filter(cancel_wanted=True))


def square_offs() -> list[tuple[int, str]]:
    """Runs told to close, and why."""
    return [
        (e.run_id, e.data["reason"])
        for e in RunEvent.objects.filter(data__kind="SQUARE_OFF").order_by("run_id")
    ]


def test_pausing_entries_touches_no_order(floor: Floor, run: Run) -> None:
    orders_of(floor, run)

    switch = kill_switch_press(actor=floor.actor(), level="pause_entries", reason="News at noon")

    assert (switch.level, switch.reason, switch.pressed_by) == (
        "pause_entries",
        "News at noon",
        "owner@example.test",
    )
    assert (wanted_cancelled(), square_offs()) == (set(), [])
    assert kill_state(floor.actor()) == switch


def test_cancelling_takes_entries_and_leaves_exits(floor: Floor, run: Run) -> None:
    entry, _, _ = orders_of(floor, run)

    kill_switch_press(actor=floor.actor(), level="cancel_orders")

    assert (wanted_cancelled(), square_offs()) == ({entry}, [])


def test_squaring_off_also_closes_every_open_run(floor: Floor, run: Run) -> None:
    entry, _, _ = orders_of(floor, run)
    floor.run(floor.deploy(), phase="COMPLETED")

    kill_switch_press(actor=floor.actor(), level="square_off")

    assert wanted_cancelled() == {entry}
    assert square_offs() == [(run.pk, "KILL_SWITCH")]


def test_a_higher_level_goes_further_and_a_lower_one_changes_nothing(floor: Floor) -> None:
    for level in ("pause_entries", "square_off", "cancel_orders"):
        kill_switch_press(actor=floor.actor(), level=level)

    assert KillSwitch.objects.get().level == "square_off"
    assert AuditEntry.objects.filter(action="kill_switch.pressed").count() == 3


def test_a_level_nobody_knows_is_refused(floor: Floor) -> None:
    with pytest.raises(UserError, match="pause_entries, cancel_orders, square_off"):
        kill_switch_press(actor=floor.actor(), level="panic")

    assert not KillSwitch.objects.exists()


def test_viewers_may_not_press_and_risk_managers_may_not_lift(floor: Floor) -> None:
    with pytest.raises(NotEntitled, match="“stop”"):
        kill_switch_press(actor=floor.actor("viewer"), level="pause_entries")
    kill_switch_press(actor=floor.actor("risk"), level="pause_entries")
    with pytest.raises(NotEntitled, match="“trade”"):
        kill_switch_lift(actor=floor.actor("risk"))


def test_somebody_without_workspace_stops_nobody(floor: Floor) -> None:
    with pytest.raises(NotEntitled):
        kill_switch_press(actor=Actor("stray", role=Role.OWNER), level="pause_entries")


def test_a_workspace_stops_only_itself(floor: Floor, run: Run, neighbour: Actor) -> None:
    orders_of(floor, run)

    kill_switch_press(actor=neighbour, level="square_off")

    assert (wanted_cancelled(), square_offs()) == (set(), [])
    assert kill_state(floor.actor()) is None


def test_lifting_is_written_down_and_allows_entries(floor: Floor) -> None:
    kill_switch_press(actor=floor.actor(), level="pause_entries")

    switch = kill_switch_lift(actor=floor.actor())

    assert (switch.lifted_by, kill_state(floor.actor())) == ("owner@example.test", None)
    with pytest.raises(UserError, match="not on"):
        kill_switch_lift(actor=floor.actor())
    kinds = (
        OutboxEvent.objects.filter(type__startswith="kill_switch")
        .order_by("id")
        .values_list("type", flat=True)
    )
    assert list(kinds) == ["kill_switch.pressed", "kill_switch.lifted"]


def test_the_platforms_switch_stops_everybody(floor: Floor, run: Run, neighbour: Actor) -> None:
    entry, _, _ = orders_of(floor, run)

    switch = kill_switch_press(actor=OPERATOR, level="square_off", reason="Exchange outage")

    assert switch.workspace_id is None
    assert [kill_state(a) for a in (floor.actor(), neighbour)] == [switch, switch]
    assert (wanted_cancelled(), square_offs()) == ({entry}, [(run.pk, "KILL_SWITCH")])
    told = OutboxEvent.objects.filter(type="kill_switch.pressed").values_list("workspace_id", flat=True)
    assert set(told) == {floor.workspace.pk, neighbour.workspace_id}


def test_only_an_operator_lifts_the_platforms_switch(floor: Floor) -> None:
    kill_switch_press(actor=OPERATOR, level="pause_entries")

    with pytest.raises(UserError) as refused:
        kill_switch_lift(actor=floor.actor())

    assert refused.value.code == "platform_kill"
    kill_switch_lift(actor=OPERATOR)
    assert kill_state(floor.actor()) is None


def test_a_workspaces_own_switch_outlives_the_platforms(floor: Floor) -> None:
    kill_switch_press(actor=OPERATOR, level="pause_entries")
    own = kill_switch_press(actor=floor.actor(), level="cancel_orders")
    kill_switch_press(actor=floor.actor(), level="cancel_orders")

    kill_switch_lift(actor=OPERATOR)

    assert KillSwitch.objects.count() == 2
    assert kill_state(floor.actor()) == own
    kill_switch_lift(actor=floor.actor())
    assert kill_state(floor.actor()) is None


def test_screens_show_the_level_in_force(racing_floor: Floor) -> None:
    workspace_id = racing_floor.workspace.pk
    kill_switch_press(actor=OPERATOR, level="pause_entries")
    kill_switch_press(actor=racing_floor.actor(), level="square_off")
    kill_switch_lift(actor=racing_floor.actor())

    assert values_of(workspace_id)["kill.level"] == "pause_entries"
    kill_switch_lift(actor=OPERATOR)
    assert values_of(workspace_id)["kill.level"] == ""


def test_two_presses_at_once_are_one_switch(racing_floor: Floor) -> None:
    def press(level: str) -> KillSwitch:
        return kill_switch_press(actor=racing_floor.actor(), level=level)

    race(lambda: press("pause_entries"), lambda: press("square_off"), lambda: press("cancel_orders"))

    assert KillSwitch.objects.get().level == "square_off"
    assert KillSwitch.objects.get().pressed_at > OPENED
