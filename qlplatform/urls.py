"""All addresses. An app takes part by having `urls.py` (pages) or `api/urls.py` (REST, below /api/v1/)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

APPS = (
    "qlplatform.web",
    "marketplace",
    "execution",
    "baskets",
    "strategies",
    "portfolio",
    "brokers",
    "markets",
    "qlplatform.core",
)


def _of_every_app(prefix: str, *modules: str) -> list[URLPattern | URLResolver]:
    """The url modules that exist, in the order of the layers."""
    names = [f"{app}.{'.'.join(modules)}" for app in APPS if _has(app, *modules)]
    return [path(prefix, include(name)) for name in names]


def _has(package: str, *modules: str) -> bool:
    for module in modules:
        if not hasattr(import_module(package), "__path__"):
            return False
        package = f"{package}.{module}"
        if find_spec(package) is None:
            return False
    return True


handler404 = "qlplatform.core.views.not_found"
handler500 = "qlplatform.core.views.server_error"

DOCS = SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="core/api_docs.html")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", DOCS, name="api-docs"),
    *_of_every_app("api/v1/", "api", "urls"),
    *_of_every_app("", "urls"),
]
