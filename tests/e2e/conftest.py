"""One seeded database for the end-to-end tests of a module: processes and threads need committed rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def seeded_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A test database with the facts of `manage.py seed`, committed; emptied again afterwards."""
    with django_db_blocker.unblock():
        call_command("seed", verbosity=0)
        yield
        call_command("flush", verbosity=0, interactive=False)
