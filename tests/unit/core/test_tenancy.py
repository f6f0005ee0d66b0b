"""Rights of roles."""

from __future__ import annotations

import pytest

from qlplatform.core.errors import NotEntitled
from qlplatform.core.tenancy import Actor


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("owner", {"read", "trade", "stop", "limits", "members"}),
        ("trader", {"read", "trade", "stop"}),
        ("risk", {"read", "stop", "limits"}),
        ("viewer", {"read"}),
        ("", set()),
    ],
)
def test_rights_of_roles(role: str, rights: set[str]) -> None:
    actor = Actor(label="a", workspace_id=1, role=role)
    assert {right for right in ("read", "trade", "stop", "limits", "members") if actor.can(right)} == rights


def test_refusal_names_the_right() -> None:
    with pytest.raises(NotEntitled, match="“trade”"):
        Actor(label="a", workspace_id=1, role="viewer").require("trade")


def test_the_platform_may_do_everything() -> None:
    assert Actor.system("engine").can("trade")
