"""What the frame around every page needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from qlplatform.core.actors import actor_of
from qlplatform.web.selectors import shell_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell`: navigation, clock, market, mode, kill switch. Nothing is read until a template asks."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {"shell": SimpleLazyObject(lambda: shell_of(actor_of(request), host=request.get_host()))}
