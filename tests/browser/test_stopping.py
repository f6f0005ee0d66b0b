"""Stopping: by mouse, by keyboard, and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from execution.models import Deployment, KillSwitch
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

HOLD = "dialog ql-hold button >> nth=0"


def active(site: Site) -> list[str]:
    """The levels of the kill switches in force."""
    switches = KillSwitch.objects.filter(lifted_at=None)
    return site.theatre.ask(lambda: list(switches.values_list("level", flat=True)))


def lift(page: Page) -> None:
    page.get_by_role("button", name="Lift the stop").click()
    expect(page.locator(".banner.kill")).to_have_count(0)


def test_the_safe_button_has_the_focus_and_escape_leaves(visit: Any, site: Site) -> None:
    page = visit().open("/orders/")
    page.keyboard.press("Shift+K")
    expect(page.get_by_text("Keep trading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#kill")).not_to_be_visible()
    assert active(site) == []


def test_pausing_entries_is_two_clicks_and_is_shown_on_every_page(visit: Any, site: Site) -> None:
    seen = visit()
    page = seen.open("/")
    page.get_by_role("link", name="Kill switch").click()
    page.get_by_role("button", name="Pause entries now").click()
    expect(page.locator(".banner.kill")).to_contain_text("Trading is stopped: pause new entries.")
    assert active(site) == ["pause_entries"]
    seen.open("/positions/")
    lift(page)
    assert active(site) == []
    assert seen.console == []


def test_the_figures_of_the_dialog_arrive_but_never_take_a_choice_back(visit: Any) -> None:
    page = visit().open("/")
    page.get_by_role("link", name="Kill switch").click()
    expect(page.locator("dialog#kill")).to_contain_text("affected.")
    page.keyboard.press("Escape")
    late = page.expect_response("**/kill/")
    with late:
        page.evaluate("""() => {
          document.querySelector("[data-open=kill]").click();
          document.querySelector("dialog [value=square_off]").click();
        }""")
    expect(page.locator("dialog [value=square_off]")).to_be_checked()


def test_squaring_off_has_to_be_held(visit: Any, site: Site) -> None:
    page = visit().open("/")
    page.get_by_role("link", name="Kill switch").click()
    page.locator("dialog [value=square_off]").check()
    page.locator(HOLD).click()  # a click is not a hold
    assert active(site) == []
    page.locator(HOLD).hover()
    page.mouse.down()
    expect(page.locator(".banner.kill")).to_contain_text("square off everything")
    page.mouse.up()
    assert active(site) == ["square_off"]
    lift(page)


def test_with_the_keyboard_squaring_off_is_confirmed_instead(visit: Any, site: Site) -> None:
    page = visit().open("/")
    page.keyboard.press("Shift+K")
    page.locator("dialog [value=square_off]").check()
    page.locator(HOLD).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Confirm: square off now")).to_be_focused()
    assert active(site) == []
    page.keyboard.press("Enter")
    expect(page.locator(".banner.kill")).to_be_visible()
    lift(page)


def test_reading_pausing_and_stopping_work_without_javascript(visit: Any, site: Site) -> None:
    page = visit(javascript=False).open("/positions/")
    expect(page.locator("#positions tbody tr")).not_to_have_count(0)
    page.goto(f"{site.url}/strategies/")
    page.locator("button[aria-label^=Pause]").first.click()
    paused = lambda: Deployment.objects.filter(state="paused").count()  # noqa: E731 - asked in another thread
    assert site.theatre.ask(paused) == 1
    page.get_by_role("button", name="Undo").click()
    assert site.theatre.ask(paused) == 0
    page.get_by_role("link", name="Kill switch").click()
    page.get_by_role("button", name="Pause entries now").click()
    assert active(site) == ["pause_entries"]
    lift(page)


def test_shortcuts_jump_but_not_while_typing(visit: Any) -> None:
    page = visit().open("/audit/")
    page.locator("#action").press_sequentially("go ?")
    expect(page.locator("#action")).to_have_value("go ?")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/orders/")
    page.keyboard.press("Control+k")
    page.keyboard.type("template")
    page.keyboard.press("Enter")
    page.wait_for_url("**/templates/")


def test_a_lost_connection_is_told_and_recovered(visit: Any) -> None:
    seen = visit()
    page = seen.open("/orders/")
    seen.wait_live()
    with page.expect_response("**/orders/"):  # what happened meanwhile is fetched
        page.evaluate("document.querySelector('ql-live').socket.close()")
        expect(page.locator("ql-live")).to_contain_text("Reconnecting…")
        page.wait_for_selector("ql-live[state=fresh]", state="attached")
    assert seen.console == []
