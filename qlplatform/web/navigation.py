"""The pages that exist, once: rail, bottom bar, command box and shortcuts are made of this list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavItem:
    """`route` is a URL name (a page is current when its `section` is that name), `keys` its shortcut,
    `count` the name of the shell's counter shown beside it, `phone` its title in the bottom bar.
    """

    title: str
    route: str
    icon: str
    keys: str = ""
    count: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NavGroup:
    title: str
    items: tuple[NavItem, ...]


NAVIGATION: tuple[NavGroup, ...] = (
    NavGroup(
        "",
        (
            NavItem("Dashboard", "home", "layout-dashboard", keys="g d", phone="Home"),
            NavItem("Strategies", "strategies", "layers", keys="g s", count="strategies", phone="Strategies"),
            NavItem("Templates", "templates", "store", keys="n"),
            NavItem("Option chain", "chain", "grid-3x3", keys="g c", phone="Chain"),
        ),
    ),
    NavGroup(
        "Trading",
        (
            NavItem("Orders", "orders", "scroll-text", keys="g o", count="orders", phone="Orders"),
            NavItem("Positions", "positions", "target", keys="g p"),
            NavItem("Baskets", "baskets", "boxes", keys="g b"),
        ),
    ),
    NavGroup(
        "Account",
        (
            NavItem("Audit trail", "audit", "history", keys="g a"),
            NavItem("API keys", "api-keys", "key-round"),
            NavItem("Data health", "data", "database", keys="g h"),
        ),
    ),
)

PHONE: tuple[NavItem, ...] = tuple(item for group in NAVIGATION for item in group.items if item.phone)
MORE = NavItem("More", "more", "menu", phone="More")
EVERYWHERE: tuple[NavItem, ...] = (
    NavItem("Account and look", "account", "settings"),
    NavItem("System status", "status", "activity"),
    NavItem("About and licences", "about", "info"),
)
