"""What every page view shares: who is asking, and what becomes of an error raised on purpose."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from qlplatform.core.actors import actor_of
from qlplatform.core.errors import QlError
from qlplatform.core.tenancy import Actor

P = ParamSpec("P")

_TEMPLATES = {400: "400.html", 403: "403.html", 404: "404.html"}


def page(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view for signed-in people, given its actor.

    A QlError becomes an error page with its sentence; after a POST a message on the page one came from,
    since the use case that raised it has changed nothing.
    """

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, actor_of(request), *args, **kwargs)
        except QlError as error:
            return _told(request, error)

    return login_required(shown)


def back(request: HttpRequest, otherwise: str = "/") -> HttpResponse:
    """Redirect to the page named by the form's `next` if it is ours, else to `otherwise` (URL or name)."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect(otherwise)


def _told(request: HttpRequest, error: QlError) -> HttpResponse:
    if request.method == "POST" and error.status < 500:
        messages.error(request, error.message)
        return back(request)
    context = {"explanation": error.message, "request_id": getattr(request, "request_id", "")}
    return render(request, _TEMPLATES.get(error.status, "409.html"), context, status=error.status)
