"""/api/v1/kill-switch"""

from __future__ import annotations

from execution.models import KillSwitch
from execution.services.kill import kill_switch_press
from qlplatform.core.tenancy import Actor
from tests.api.execution.conftest import Api

OFF = {"on": False, "level": "", "scope": "", "reason": "", "pressed_by": "", "pressed_at": None}


def test_it_is_off_until_pressed(api: Api) -> None:
    assert api.get("kill-switch").json() == OFF


def test_pressing_shows_who_and_why(api: Api) -> None:
    shown = api.post("kill-switch", {"level": "cancel_orders", "reason": "News"}).json()

    assert api.get("kill-switch").json() == shown
    assert shown.pop("pressed_at").endswith("Z")
    assert shown.pop("pressed_by").startswith("owner")
    assert shown == {"on": True, "level": "cancel_orders", "scope": "workspace", "reason": "News"}


def test_the_same_key_presses_once(api: Api) -> None:
    for _ in range(2):
        api.post("kill-switch", {"level": "pause_entries"}, key="k1")

    assert KillSwitch.objects.count() == 1


def test_a_level_nobody_knows_names_the_levels(api: Api) -> None:
    problem = api.post("kill-switch", {"level": "panic"})

    assert (problem.status_code, problem.json()["errors"][0]["pointer"]) == (422, "/level")
    assert not KillSwitch.objects.exists()


def test_pressing_needs_a_key(api: Api) -> None:
    assert api.post("kill-switch", {"level": "pause_entries"}, key="").status_code == 400


def test_lifting_answers_off(api: Api) -> None:
    api.post("kill-switch", {"level": "pause_entries"})

    assert api.delete("kill-switch").json() == OFF
    assert api.delete("kill-switch").status_code == 422


def test_the_operators_switch_shows_and_stays(api: Api) -> None:
    kill_switch_press(actor=Actor.system("operator"), level="square_off", reason="Exchange outage")

    assert api.get("kill-switch").json()["scope"] == "platform"
    assert api.delete("kill-switch").json()["code"] == "platform_kill"


def test_viewers_may_look_and_not_touch(viewer: Api) -> None:
    assert viewer.get("kill-switch").json() == OFF
    assert "“stop”" in viewer.post("kill-switch", {"level": "pause_entries"}).json()["detail"]
    assert "“trade”" in viewer.delete("kill-switch").json()["detail"]
