"""A pytest plug-in: a bare `pytest` finds servers running, too. `bin/test` and set addresses are left alone.

Named by `-p` in pyproject.toml, because pytest-django reads the settings before any conftest.py is loaded.
"""

from __future__ import annotations

import os
from contextlib import ExitStack

import pytest

from qlplatform.launcher.services import running_services

_held = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the bundled servers before settings are read, unless somebody has."""
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        services = _held.enter_context(running_services())
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = services.database_url, services.redis_url
        os.environ.update(services.role_urls())


def pytest_unconfigure() -> None:
    """Leave; the last one out stops them."""
    _held.close()
