"""A wrong setting stops the process with one sentence that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qlplatform.launcher.places import PROJECT
from qlplatform.settings import reading
from qlplatform.settings.reading import SettingError

NAME = "QL_PROBE"
Read = Callable[[str], Any]


def port(name: str) -> int:
    return reading.number(name, 1, least=1, most=65535)


def level(name: str) -> str:
    return reading.choice(name, "INFO", ("INFO", "ERROR"))


def redis(name: str) -> str:
    return reading.address(name, None, ("redis", "unix"))


def database(name: str) -> dict[str, Any]:
    return reading.database(name, None)


def flag(name: str) -> bool:
    return reading.flag(name, default=False)


WRONG: list[tuple[Read, str, str]] = [
    (port, "eight", "must be a whole number from 1 to 65535; it is “eight”."),
    (port, "0", "must be a whole number from 1 to 65535; it is “0”."),
    (flag, "perhaps", "must be true or false; it is “perhaps”."),
    (level, "LOUD", "must be one of INFO, ERROR; it is “LOUD”."),
    (redis, "localhost:6379", "must be an address that starts with redis:// or unix://."),
    (redis, "redis://h:port/0", "must be an address that starts with redis:// or unix://."),
    (redis, "", "is not set. Set it to a text; .env.example describes it."),
    (database, "mysql://h/d", "must be an address that starts with postgres:// or postgresql://."),
    (
        database,
        "postgres://h",
        "names no database: it must look like postgres://user:password@host:5432/database.",
    ),
]
RIGHT: list[tuple[Read, str, Any]] = [
    (port, "65535", 65535),
    (flag, "Yes", True),
    (flag, "off", False),
    (level, "ERROR", "ERROR"),
    (redis, "redis://:p@h:6379/0", "redis://:p@h:6379/0"),
    (lambda name: reading.words(name, []), " a, b,,", ["a", "b"]),
    (lambda name: database(name)["NAME"], "postgres://u:p@h:5432/ql", "ql"),
]


@pytest.mark.parametrize(("read", "value", "said"), WRONG)
def test_a_wrong_value_is_named(read: Read, value: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(SettingError) as stopped:
        read(NAME)
    assert str(stopped.value) == f"{NAME} {said}"


@pytest.mark.parametrize(("read", "value", "meant"), RIGHT)
def test_a_right_value_is_read(read: Read, value: str, meant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    assert read(NAME) == meant


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "mysql://me:hidden@h/d")
    with pytest.raises(SettingError) as stopped:
        database(NAME)
    assert "hidden" not in str(stopped.value)


def test_a_secret_may_come_from_a_file(own_var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_var / "key").write_text("from the file\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(own_var / "key"))
    assert reading.text(NAME) == "from the file"


def test_a_secret_file_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{NAME}_FILE", "/nowhere")
    with pytest.raises(SettingError, match=f"{NAME}_FILE names a file that cannot be read"):
        reading.text(NAME)


def start(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", [("manage.py", "check"), ("-m", "celery", "-A", "qlplatform", "beat")])
def test_a_process_stops_with_one_sentence(command: tuple[str, ...]) -> None:
    done = start(*command, QL_LIVE_PORT="eight")
    said = "QL_LIVE_PORT must be a whole number from 1 to 65535; it is “eight”.\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_the_launcher_stops_before_it_starts_anything(own_var: Path) -> None:
    done = start("-m", "qlplatform.launcher", "run", "--port", "http", QL_VAR_DIR=str(own_var))
    assert done.stderr == "QL_PORT must be a whole number from 1 to 65533; it is “http”.\n"
    assert list(own_var.iterdir()) == []


def test_production_needs_its_secret_key() -> None:
    done = start("manage.py", "check", DJANGO_SETTINGS_MODULE="qlplatform.settings.prod")
    assert done.stderr.startswith("SECRET_KEY is not set.")
