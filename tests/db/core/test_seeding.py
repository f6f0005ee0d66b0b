"""What a fresh installation starts with, twice."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from pytest_django import Settings

from qlplatform.core.management.commands.seed import _keep
from qlplatform.core.models import Membership, User
from qlplatform.core.seeding import GROUPS, PEOPLE, seed_people

pytestmark = pytest.mark.django_db


def test_demo_people_get_random_passwords_once() -> None:
    passwords = seed_people()
    assert passwords.keys() == {person.email for person in PEOPLE}
    assert len(set(passwords.values())) == len(PEOPLE)
    for email, password in passwords.items():
        assert User.objects.get(email=email).check_password(password)
    assert seed_people() == {}
    assert User.objects.count() == len(PEOPLE)


def test_the_given_password_counts(settings: Settings) -> None:
    settings.QL_DEMO_PASSWORD = "correct horse battery"
    assert set(seed_people().values()) == {"correct horse battery"}


def test_without_demo_only_platform_roles(settings: Settings) -> None:
    settings.QL_DEMO = False
    assert seed_people() == {}
    assert not User.objects.exists()
    assert set(Group.objects.values_list("name", flat=True)) == GROUPS.keys()


def test_who_is_who() -> None:
    seed_people()
    assert Membership.objects.get().user.email == "demo@example.com"
    curator = User.objects.get(email="curator@example.com")
    assert (curator.is_staff, curator.is_superuser) == (True, False)
    assert curator.has_perm("marketplace.change_listing")
    assert curator.has_perm("portfolio.view_fill")
    assert not curator.has_perm("portfolio.change_limit")


def test_credentials_file_is_private_and_grows(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    _keep(file, {"a@example.com": "1"})
    _keep(file, {"b@example.com": "2"})
    assert file.read_text() == '{\n  "a@example.com": "1",\n  "b@example.com": "2"\n}'
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
