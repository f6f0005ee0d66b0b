"""What a fresh installation starts with: platform roles, and people to try it with. Safe to repeat."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q, QuerySet

from qlplatform.core.models import User
from qlplatform.core.services import workspace_create

APPS = ("core", "markets", "brokers", "portfolio", "strategies", "baskets", "execution", "marketplace")

# platform role -> what it may change in the admin ("app" or "app.model"); all of them may look at everything
GROUPS: dict[str, tuple[str, ...]] = {
    "Curator": ("marketplace",),
    "Reviewer": ("marketplace.listing",),
    "Support": (),
    "Risk officer": ("portfolio.limit", "execution.killswitch"),
    "Compliance": (),
    "Admin": (*APPS, "django_celery_beat"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A demo user; a trader gets a workspace, staff get a platform role."""

    email: str
    name: str
    group: str = ""
    superuser: bool = False


DEMO_TRADER = "demo@example.com"
PEOPLE = (
    Person(DEMO_TRADER, "Demo trader"),
    Person("curator@example.com", "Demo curator", group="Curator"),
    Person("admin@example.com", "Demo administrator", superuser=True),
)


@transaction.atomic
def seed_people() -> dict[str, str]:
    """Make platform roles and, unless `QL_DEMO` is off, demo users; gives the passwords of new ones."""
    for name, may_change in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(may_change))
    if not getattr(settings, "QL_DEMO", True):
        return {}
    missing = [person for person in PEOPLE if not User.objects.filter(email=person.email).exists()]
    return {person.email: _create(person) for person in missing}


def _create(person: Person) -> str:
    """Make the user with `QL_DEMO_PASSWORD`, or a random one; gives the password."""
    password = getattr(settings, "QL_DEMO_PASSWORD", "") or secrets.token_urlsafe(12)
    staff = bool(person.group) or person.superuser
    user = User.objects.create_user(
        person.email, password, first_name=person.name, is_staff=staff, is_superuser=person.superuser
    )
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    if not staff:
        workspace_create(name=person.name, owner=user)
    return password


def _permissions(may_change: tuple[str, ...]) -> QuerySet[Permission]:
    wanted = Q(content_type__app_label__in=APPS, codename__startswith="view_")
    for name in may_change:
        app, _, model = name.partition(".")
        wanted |= Q(content_type__app_label=app) & (Q(content_type__model=model) if model else Q())
    return Permission.objects.filter(wanted)
