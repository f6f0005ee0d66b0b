from __future__ import annotations

import pytest

from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.places import PROJECT
from qlplatform.launcher.procfile import roles_of
from qlplatform.launcher.run import role_environments
from qlplatform.launcher.services import Services

SERVICES = Services("postgres://owner@h/d", "postgres://app@h/d", "postgres://service@h/d", "redis://h")


def test_a_role_gets_the_default_environment_under_its_own() -> None:
    [web, beat] = roles_of(
        "web: serve $PORT\n# note\n\nbeat: tick", {"web": {"A": "w"}}, {"A": "d", "PORT": "1"}
    )
    assert (web.command, web.env["A"], beat.env["A"]) == (("serve", "1"), "w", "d")


def test_a_role_knows_its_name() -> None:
    assert roles_of("beat: tick", {}, {})[0].env["QL_ROLE"] == "beat"


@pytest.mark.parametrize("line", ["web", "web:", "web: serve $NOWHERE", 'web: "open'])
def test_a_line_that_cannot_be_run_is_named(line: str) -> None:
    with pytest.raises(LauncherError, match="Procfile"):
        roles_of(line, {}, {})


def test_the_roles_of_the_house() -> None:
    roles = roles_of((PROJECT / "Procfile").read_text(), *role_environments(SERVICES, 8000))
    assert [role.name for role in roles] == [
        "web", "live", "beat", "worker", "worker-research", "feed", "engine", "venue", "relay"
    ]  # fmt: skip


def test_pages_connect_with_the_role_that_sees_one_workspace() -> None:
    roles = roles_of((PROJECT / "Procfile").read_text(), *role_environments(SERVICES, 8000))
    assert {role.name for role in roles if role.env["DATABASE_URL"] == "postgres://app@h/d"} == {
        "web",
        "live",
    }
    assert {role.env["DATABASE_URL"] for role in roles if role.name not in ("web", "live")} == {
        "postgres://service@h/d"
    }
