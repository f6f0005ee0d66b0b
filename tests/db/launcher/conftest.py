"""Bundled servers of their own, in a var directory of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qlplatform.launcher.server_account import server_account


@pytest.fixture
def own_servers(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Nothing of this run's own servers is touched. As root the data may lie outside var: that goes, too."""
    for name in ("DATABASE_URL", "REDIS_URL", "QL_APP_DATABASE_URL", "QL_SERVICE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    var = tmp_path_factory.mktemp("var")
    monkeypatch.setenv("QL_VAR_DIR", str(var))
    yield var
    shutil.rmtree(server_account().home())
