"""`/account/`: the look of the pages, the workspace, API keys."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qlplatform.core.actors import get_visible
from qlplatform.core.models import ApiKey, Workspace
from qlplatform.core.pages import page
from qlplatform.core.services import api_key_create, api_key_revoke
from qlplatform.core.tenancy import Actor
from qlplatform.web.forms import ApiKeyForm, LookForm


@require_http_methods(["GET", "HEAD", "POST"])
@page
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Theme and palette, workspace and role."""
    form = LookForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account")
    workspace = Workspace.objects.filter(pk=actor.workspace_id or 0).first()
    context = {"section": "account", "form": form, "workspace": workspace, "role": actor.role}
    return render(request, "web/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def api_keys(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The keys of the workspace; a new one is shown once, in the answer to the form that made it."""
    form = ApiKeyForm(request.POST or None)
    plain = ""
    if request.method == "POST" and form.is_valid():
        _, plain = api_key_create(actor=actor, name=form.cleaned_data["name"])
        form = ApiKeyForm()
    keys = ApiKey.objects.visible_to(actor).order_by("-id")
    return render(
        request, "web/api_keys.html", {"section": "api-keys", "form": form, "keys": keys, "plain_key": plain}
    )


@require_POST
@page
def revoke(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """End a key at once."""
    key = get_visible(ApiKey.objects.all(), actor, public_id)
    api_key_revoke(actor=actor, api_key=key)
    messages.success(request, f"The key “{key.name}” no longer works.")
    return redirect("api-keys")
