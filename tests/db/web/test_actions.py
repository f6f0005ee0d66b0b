"""What the buttons do, as plain forms without any JavaScript."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from execution.models import KillSwitch
from execution.services.replays import workspace_prepare
from qlplatform.core.models import ApiKey, AuditEntry, User
from qlplatform.core.tenancy import Role
from tests.db.web.conftest import Desk


def action(desk: Desk, name: str) -> str:
    return reverse("deployment-action", args=[desk.deployment.public_id, name])


def test_pausing_is_one_click_and_can_be_undone_from_its_message(desk: Desk) -> None:
    response = desk.browser.post(action(desk, "pause"), {"next": "/orders/?show=open"}, follow=True)
    desk.deployment.refresh_from_db()
    assert desk.deployment.state == "paused"
    page = response.content.decode()
    [undo] = re.findall(f'<form method="post" action="{action(desk, "resume")}">.*?</form>', page)
    assert 'name="next" value="/orders/?show=open"' in undo
    desk.said(action(desk, "resume"))
    desk.deployment.refresh_from_db()
    assert desk.deployment.state == "active"


def test_square_off_is_asked_of_the_run(desk: Desk) -> None:
    assert desk.said(action(desk, "square-off")) == ["0920 straddle: everything it holds is being closed."]
    assert desk.open.events.get().data["kind"] == "SQUARE_OFF"


def test_an_open_strategy_is_not_archived_and_the_page_says_why(desk: Desk) -> None:
    [text] = desk.said(action(desk, "archive"))
    assert "Square it off first" in text
    desk.deployment.refresh_from_db()
    assert desk.deployment.state == "active"


@pytest.mark.parametrize("level", ["pause_entries", "cancel_orders", "square_off"])
def test_the_kill_switch_works_as_a_plain_form_and_is_shown_until_lifted(desk: Desk, level: str) -> None:
    desk.said("/kill/", level=level)
    assert KillSwitch.objects.get(lifted_at=None).level == level
    text = desk.page("/orders/")
    assert "Trading is stopped" in text
    desk.said("/kill/lift/")
    assert "Trading is stopped" not in desk.page("/orders/")


def test_an_unknown_level_stops_nothing_and_says_so(desk: Desk) -> None:
    [text] = desk.said("/kill/", level="everything")
    assert text.startswith("Level must be one of")
    assert not KillSwitch.objects.exists()


def test_a_viewer_may_look_but_not_touch(desk: Desk) -> None:
    viewer = Client()
    viewer.force_login(desk.member(Role.VIEWER))
    viewer.post(action(desk, "pause"))
    viewer.post("/kill/", {"level": "square_off"})
    desk.deployment.refresh_from_db()
    assert desk.deployment.state == "active"
    assert not KillSwitch.objects.exists()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_form_never_leads_to_another_site(desk: Desk, url: str) -> None:
    response = desk.browser.post(action(desk, "pause"), {"next": url})
    assert response.headers["Location"] == "/strategies/"


def test_forms_need_their_token(desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.member())
    assert strict.post("/kill/", {"level": "square_off"}).status_code == 403
    assert not KillSwitch.objects.exists()


def test_replay_controls(desk: Desk) -> None:
    url = reverse("replay-control", args=[desk.market.public_id, "speed"])
    desk.said(url, value="120", next="/")
    desk.market.refresh_from_db()
    assert desk.market.speed == 120
    [text] = desk.said(reverse("replay-control", args=[desk.market.public_id, "fly"]), next="/")
    assert text.startswith("A replay can: ")


def test_the_look_is_saved_and_set_by_the_server(desk: Desk) -> None:
    desk.said("/account/", theme="light", palette="blue-orange")
    assert 'data-theme="light" data-palette="blue-orange"' in desk.page("/")


def test_an_api_key_is_shown_once_and_ends_when_revoked(desk: Desk) -> None:
    text = desk.browser.post("/account/api-keys/", {"name": "backup"}).content.decode()
    key = ApiKey.objects.get(name="backup")
    assert text.count("ql_test_") >= 1
    assert f'value="{key.prefix}' in text
    assert f'value="{key.prefix}' not in desk.page("/account/api-keys/")
    desk.said(reverse("api-key-revoke", args=[key.public_id]))
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_bad_form_input_is_kept_and_explained(desk: Desk) -> None:
    text = desk.browser.post("/account/api-keys/", {"name": ""}).content.decode()
    assert 'role="alert"' in text
    assert 'href="#id_name"' in text
    assert not ApiKey.objects.exists()


def test_what_was_done_is_on_the_audit_page(desk: Desk) -> None:
    desk.said(action(desk, "pause"))
    assert AuditEntry.objects.filter(action="deployment.paused").exists()
    assert "Deployment paused" in desk.page("/audit/?action=deployment.paused")
    assert "Deployment paused" not in desk.page("/audit/?action=kill_switch")


def test_signing_up_gives_a_workspace_and_the_dashboard(desk: Desk) -> None:
    new = {"email": "new@example.test", "password1": "a-long-pass-9"}
    answer = Client().post("/accounts/signup/", new, follow=True)
    assert answer.redirect_chain[-1] == ("/", 302)
    assert User.objects.get(email="new@example.test").memberships.get().role == Role.OWNER


def test_a_recorded_day_is_chosen_and_an_odd_one_refused(desk: Desk) -> None:
    workspace_prepare(desk.workspace)
    desk.said("/replays/", date="2022-06-08")
    assert "Wed 8 Jun 2022" in desk.page("/")
    [text] = desk.said("/replays/", date="tomorrow")
    assert text == "Choose one of the recorded days."
