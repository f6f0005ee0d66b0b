"""The look of the admin, and its side bar: every registered model, by its place in the trader's day."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

# title -> models in order, with their Material symbol; what is registered and not named here goes to "More".
GROUPS: dict[str, dict[str, str]] = {
    "Marketplace": {"marketplace.listing": "storefront", "marketplace.listingversion": "history"},
    "Strategies": {
        "strategies.strategy": "layers",
        "strategies.strategyversion": "history",
        "baskets.basket": "inventory_2",
        "execution.deployment": "rocket_launch",
    },
    "Trading": {
        "execution.run": "play_circle",
        "execution.intent": "bolt",
        "execution.order": "receipt_long",
        "execution.killswitch": "emergency_home",
        "portfolio.fill": "done_all",
        "portfolio.position": "target",
        "portfolio.pnlpoint": "show_chart",
        "portfolio.limit": "shield",
        "portfolio.book": "menu_book",
    },
    "Brokers": {
        "brokers.brokeraccount": "account_balance",
        "brokers.report": "inbox",
        "brokers.venueorder": "swap_horiz",
        "brokers.venuetrade": "done",
    },
    "Market facts": {
        "markets.market": "schedule",
        "markets.instrument": "sell",
        "markets.holiday": "event_busy",
        "markets.sessiontime": "timer",
        "markets.contractfact": "description",
        "markets.chargerate": "percent",
        "markets.brokeragerate": "payments",
        "markets.marketrule": "rule",
        "markets.halt": "front_hand",
    },
    "Market data": {
        "markets.masterimport": "download_done",
        "brokers.instrumentalias": "label",
        "markets.datafault": "report",
        "markets.volatilityday": "show_chart",
    },
    "People": {
        "core.user": "person",
        "core.workspace": "groups",
        "core.membership": "badge",
        "core.apikey": "key",
        "auth.group": "admin_panel_settings",
    },
    "Operations": {
        "core.auditentry": "policy",
        "core.outboxevent": "outbox",
        "django_celery_beat.periodictask": "event_repeat",
    },
}
MORE = "More"


def environment(request: HttpRequest) -> list[str]:
    """The label in the header; every account of this version trades on paper."""
    return ["PAPER ONLY", "info"]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar for this person: only models he may look at."""
    shown = {
        model._meta.label_lower for model, site in admin.site._registry.items() if _may_see(site, request)
    }
    named = {label for models in GROUPS.values() for label in models}
    groups = {**GROUPS, MORE: dict.fromkeys(sorted(shown - named), "table")}
    sidebar = [
        _group(title, {k: v for k, v in models.items() if k in shown}) for title, models in groups.items()
    ]
    return [group for group in sidebar if group["items"]]


def _may_see(site: Any, request: HttpRequest) -> bool:
    return bool(site.has_view_or_change_permission(request) and site.has_module_permission(request))


def _group(title: str, models: dict[str, str]) -> dict[str, Any]:
    items = [_item(label, icon) for label, icon in models.items()]
    return {"title": title, "separator": True, "collapsible": title == MORE, "items": items}


def _item(label: str, icon: str) -> dict[str, str]:
    name = next(m for m in admin.site._registry if m._meta.label_lower == label)._meta.verbose_name_plural
    link = reverse(f"admin:{label.replace('.', '_')}_changelist")
    return {"title": str(name)[:1].upper() + str(name)[1:], "icon": icon, "link": link}


UNFOLD: dict[str, Any] = {
    "STYLES": [lambda request: static("css/admin.css")],
    "SITE_TITLE": "QL Platform",
    "SITE_HEADER": "QL Platform",
    "SITE_SUBHEADER": "Curators and operators",
    "SITE_URL": "/",
    "SITE_SYMBOL": "candlestick_chart",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/mark.svg")}
    ],
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "qlplatform.web.admin_home.dashboard",
    "ENVIRONMENT": "qlplatform.web.unfold.environment",
    "SIDEBAR": {"show_search": True, "navigation": "qlplatform.web.unfold.navigation"},
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "#eef1fd",
            "100": "#dfe5fb",
            "200": "#c5d0f8",
            "300": "#a6b6ff",
            "400": "#8aa2ff",
            "500": "#5a75e8",
            "600": "#3a56d4",
            "700": "#2f46b0",
            "800": "#293c8f",
            "900": "#253572",
            "950": "#182145",
        },
    },
}
