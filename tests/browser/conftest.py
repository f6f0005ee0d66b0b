"""A browser on a played morning: the demo trader's three templates on the session of 8 June 2022."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from execution.services.replays import replay_start
from marketplace.models import Listing
from marketplace.services import listing_use
from qlplatform.core.actors import membership_of
from qlplatform.core.models import User
from qlplatform.core.redis import client, key
from qlplatform.core.tenancy import Actor
from tests.browser.theatre import Theatre, live_socket, pages

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DAY = date(2022, 6, 8)
PASSWORD = "only-for-this-test-9"
OTHERS_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@dataclass(slots=True)
class Site:
    """Where the pages are, who may sign in, and the hand on the market."""

    url: str
    theatre: Theatre
    cookies: dict[str, str]
    email: str = "demo@example.com"


@dataclass(slots=True)
class Visit:
    """A page with everything its console said."""

    page: Page
    url: str
    console: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def wait_live(self) -> None:
        """Until the socket has delivered its first values."""
        self.page.wait_for_selector("ql-live[state=fresh]", state="attached")

    def figure(self, key: str) -> str:
        return self.page.locator(f'ql-value[data-key="{key}"]').first.inner_text()

    def wait_figure(self, key: str, other_than: str) -> str:
        """The figure once it no longer reads `other_than`."""
        self.page.wait_for_function(
            "([key, old]) => document.querySelector(`ql-value[data-key='${key}']`)?.textContent !== old",
            arg=[key, other_than],
        )
        return self.figure(key)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the pages were not tested in a browser")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the tests
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The morning until 09:45, committed; emptied again afterwards."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "STATIC_ROOT", settings.STATICFILES_DIRS[0])
        patch.setattr(settings, "QL_DEMO_PASSWORD", PASSWORD, raising=False)
        call_command("seed", verbosity=0)
        theatre = Theatre(_set_up())
        with live_socket() as port, pages() as url:
            patch.setattr(settings, "QL_LIVE_PORT", port)
            patch.setattr(settings, "CONTENT_SECURITY_POLICY", _policy(port))
            theatre.until("09:45")
            yield Site(url, theatre, {who: _cookie(who) for who in ("demo", "admin")})
        theatre.close()
        with connection.cursor() as cursor:  # the threads of the servers leave their connections open
            cursor.execute(OTHERS_OUT)
        call_command("flush", verbosity=0, interactive=False)
        for name in client().scan_iter(key("*"), count=1000):  # flushing gives keys of the database out again
            client().unlink(name)


def _set_up() -> int:
    trader = User.objects.get(email="demo@example.com")
    membership = membership_of(trader)
    assert membership is not None
    workspace = membership.workspace
    by = Actor(trader.email, workspace_id=workspace.pk, role=membership.role, user_id=trader.pk, via="web")
    replay_start(workspace=workspace, by=by, session_date=DAY, deployments=[])
    for listing in Listing.objects.order_by("slug"):
        listing_use(listing=listing, actor=by)
    return int(workspace.pk)


def _policy(port: int) -> dict[str, Any]:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
        "connect-src": ["'self'", f"ws://127.0.0.1:{port}"]
    }
    return settings.CONTENT_SECURITY_POLICY | {"DIRECTIVES": directives}


def _cookie(who: str) -> str:
    client = Client()
    client.force_login(User.objects.get(email=f"{who}@example.com"))
    return str(client.cookies["sessionid"].value)


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Any]:
    """Open a browser window: `visit()`, `visit(width=390, scheme="light", who="admin", javascript=False)`."""
    contexts: list[BrowserContext] = []

    def begin(
        width: int = 1440, height: int = 900, scheme: Any = "dark", who: str = "demo", javascript: bool = True
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if who:
            context.add_cookies([{"name": "sessionid", "value": site.cookies[who], "url": site.url}])
        seen = Visit(context.new_page(), site.url)
        seen.page.on("console", lambda said: _note(seen, said.type, said.text))
        seen.page.on("pageerror", lambda error: seen.console.append(str(error)))
        return seen

    yield begin
    for context in contexts:
        context.close()


def _note(seen: Visit, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        seen.console.append(text)
