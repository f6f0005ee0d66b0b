"""Pages that explain: status of the installation, about and licences, everything else on a phone."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from markets.selectors import calendar_alerts
from qlplatform.core.clock import wall
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor
from qlplatform.web.status import parts_now
from qlplatform.web.vendoring import read_manifest


@require_safe
@page
def status(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Each part of the installation, whether it is alive, and what it means if it is not."""
    parts = parts_now()
    return render(
        request,
        "web/status.html",
        {
            "section": "status",
            "parts": parts,
            "all_well": bool(parts) and all(p.well for p in parts),
            "alerts": calendar_alerts(wall()),
        },
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, the notices we owe, and the licences of what is served with the pages."""
    files = read_manifest(Path(settings.BASE_DIR) / "static" / "vendor")
    layout = "base.html" if request.user.is_authenticated else "entrance.html"
    vendored = [{"file": file, "licence_url": static(f"vendor/{file.licence_file}")} for file in files]
    return render(request, "web/about.html", {"section": "about", "layout": layout, "vendored": vendored})


@require_safe
@page
def more(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All pages in one list: the fifth button of the phone's bar."""
    return render(request, "web/more.html", {"section": "more"})
