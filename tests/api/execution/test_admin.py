"""Operators see everything of execution and change nothing, but for the kill switch."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.test import Client

from execution.admin.columns import average, stamp
from execution.models import Decision, KillSwitch, Leg, Order, OrderEvent, Run
from execution.selectors import kill_state
from execution.services.kill import kill_switch_press
from qlplatform.core.models import AuditEntry, User
from qlplatform.core.seeding import seed_people
from qlplatform.core.tenancy import Actor
from tests.factories.queries import queries_of
from tests.factories.staff import superuser_client
from tests.factories.trading import AT_0920, LOT, Floor

MODELS = ["deployment", "schedule", "run", "intent", "order", "orderevent", "killswitch", "shardlease"]
PRESS = "/admin/execution/killswitch/press/"
LIST = "/admin/execution/killswitch/"


@pytest.fixture
def order(floor: Floor) -> Order:
    """An order of a run with a leg and a decision."""
    run = floor.run(phase="RUNNING")
    Leg.objects.create(
        run=run,
        leg_id="L1",
        instrument=floor.call,
        side="SELL",
        lots=1,
        qty=LOT,
        entry_qty=LOT,
        entry_value_paise=LOT,
    )
    Decision.objects.create(run=run, at=AT_0920, kind="open", text="Sold at the open")
    order = floor.order(floor.intent(run, qty=1_800), limit_paise=12_345_50)
    OrderEvent.objects.create(order=order, at=AT_0920, state="NEW")
    kill_switch_press(actor=Actor.system("operator"), level="pause_entries")
    return order


@pytest.fixture
def admin(db: None) -> Client:
    return superuser_client()


def person(group: str) -> Client:
    """A member of staff with a platform role."""
    seed_people()
    user = User.objects.create_user(f"{group[:4].lower()}@example.test", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", MODELS)
def test_a_list_opens_with_few_queries_however_long(
    floor: Floor, admin: Client, order: Order, model: str
) -> None:
    for _ in range(5):
        extra = floor.order(floor.intent(floor.run(floor.deploy())))
        OrderEvent.objects.create(order=extra, at=AT_0920, state="NEW")

    assert queries_of(lambda: admin.get(f"/admin/execution/{model}/")) <= 15


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_by_hand(admin: Client, order: Order, model: str) -> None:
    assert admin.get(f"/admin/execution/{model}/").status_code == 200
    assert admin.get(f"/admin/execution/{model}/add/").status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_changed_or_deleted_by_superusers_either(admin: Client, order: Order, model: str) -> None:
    rows = {
        "deployment": order.intent.run.deployment.pk,
        "schedule": order.intent.run.deployment.schedule.pk,
        "run": order.intent.run.pk,
        "intent": order.intent.pk,
        "order": order.pk,
        "orderevent": order.events.get().pk,
        "killswitch": KillSwitch.objects.get().pk,
        "shardlease": 3,
    }
    path = f"/admin/execution/{model}/{rows[model]}"

    assert admin.get(f"{path}/change/").status_code == 200
    assert admin.post(f"{path}/change/", {"state": "FILLED"}).status_code == 403
    assert admin.post(f"{path}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("model", "words"), [("order", "16 JUN"), ("run", "straddle"), ("deployment", "straddle")]
)
def test_a_list_can_be_searched(admin: Client, order: Order, model: str, words: str) -> None:
    found = admin.get(f"/admin/execution/{model}/", {"q": words})
    missed = admin.get(f"/admin/execution/{model}/", {"q": "condor"})

    assert (found.context["cl"].result_count, missed.context["cl"].result_count) == (1, 0)


def test_amounts_and_times_are_written_as_people_read_them(admin: Client, order: Order) -> None:
    page = admin.get("/admin/execution/order/").content.decode()

    assert "₹12,345.50" in page
    assert "0 of 1,800" in page
    assert "15 Jun 09:20:00" in page
    assert (average(10_001, 3), average(0, 0), stamp(None)) == ("₹33.34", "–", "–")


def test_a_run_shows_its_legs_and_why(admin: Client, order: Order) -> None:
    page = admin.get(f"/admin/execution/run/{Run.objects.get().pk}/change/").content.decode()

    assert "NIFTY 16 JUN 15800 CE" in page
    assert "Sold at the open" in page


@pytest.mark.parametrize("model", MODELS)
def test_a_list_fits_the_screen(model: str) -> None:
    shown = site._registry[apps.get_model("execution", model)]

    assert len(shown.list_display) <= 8
    assert shown.list_per_page == 25


# -- the kill switch --------------------------------------------------------------


def test_nothing_is_pressed_before_the_form_is_sent(floor: Floor, admin: Client) -> None:
    assert "Press the kill switch now" in admin.get(PRESS).content.decode()
    assert not KillSwitch.objects.exists()


def test_pressing_for_one_workspace(floor: Floor, admin: Client) -> None:
    sent = {"workspace": floor.workspace.pk, "level": "cancel_orders", "reason": "Asked by phone"}

    assert admin.post(PRESS, sent)["Location"] == LIST

    switch = KillSwitch.objects.get()
    assert (switch.workspace, switch.level, switch.pressed_by) == (
        floor.workspace,
        "cancel_orders",
        "root@example.test",
    )
    entry = AuditEntry.objects.get(action="kill_switch.pressed")
    assert (entry.via, entry.actor, entry.workspace) == ("admin", "root@example.test", floor.workspace)


def test_pressing_for_everybody(floor: Floor, admin: Client) -> None:
    admin.post(PRESS, {"workspace": "", "level": "square_off", "reason": "Exchange outage"})

    switch = kill_state(floor.actor())
    assert switch is not None
    assert switch.workspace is None


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"level": "panic"}, {"workspace": "999999"}])
def test_a_wrong_form_presses_nothing(floor: Floor, admin: Client, wrong: dict[str, str]) -> None:
    sent = {"workspace": "", "level": "pause_entries", "reason": "Because"} | wrong

    assert admin.post(PRESS, sent).status_code == 200
    assert not KillSwitch.objects.exists()


def test_lifting_asks_first(floor: Floor, admin: Client, order: Order) -> None:
    switch = KillSwitch.objects.get()
    path = f"/admin/execution/killswitch/{switch.pk}/lift/"

    assert "Allow new entries again" in admin.get(path).content.decode()
    assert kill_state(floor.actor()) == switch

    assert admin.post(path)["Location"] == LIST
    assert kill_state(floor.actor()) is None
    assert admin.get(path)["Location"] == LIST  # lifted already


@pytest.mark.parametrize(
    ("group", "allowed"), [("Risk officer", True), ("Support", False), ("Curator", False)]
)
def test_only_risk_officers_press(floor: Floor, group: str, allowed: bool) -> None:
    client = person(group)

    client.post(PRESS, {"workspace": "", "level": "pause_entries", "reason": "Because"})

    assert KillSwitch.objects.exists() is allowed
    assert ("Press the kill switch" in client.get(LIST).content.decode()) is allowed
