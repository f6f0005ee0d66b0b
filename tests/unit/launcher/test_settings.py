"""A wrong setting stops the process with one sentence that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qlplatform.launcher.places import PROJECT

WRONG = {
    "DATABASE_URL": ("mysql://h/d", "must be an address that starts with postgres:// or postgresql://"),
    "REDIS_URL": ("localhost:6379", "must be an address that starts with redis://"),
    "QL_LIVE_PORT": ("eight", "must be a whole number from 1 to 65535; it is “eight”"),
    "QL_DB_POOL": ("-1", "must be a whole number from 0 to 100"),
    "QL_SIGNUP": ("perhaps", "must be true or false"),
    "QL_LOG_LEVEL": ("LOUD", "must be one of DEBUG, INFO, WARNING, ERROR"),
}


def start(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in WRONG}
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=kept | env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_in_one_sentence(name: str) -> None:
    value, said = WRONG[name]
    done = start("manage.py", "check", **{name: value})
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith(f"{name} {said}")


def test_the_launcher_stops_before_it_starts_anything(own_var: Path) -> None:
    done = start("-m", "qlplatform.launcher", "run", "--port", "http", QL_VAR_DIR=str(own_var))
    assert done.stderr == "QL_PORT must be a whole number from 1 to 65533; it is “http”.\n"
    assert list(own_var.iterdir()) == []


def test_production_needs_its_secret_key() -> None:
    done = start("manage.py", "check", DJANGO_SETTINGS_MODULE="qlplatform.settings.prod")
    assert done.stderr.startswith("SECRET_KEY is not set.")


def test_a_secret_may_come_from_a_file(own_var: Path) -> None:
    (own_var / "url").write_text("mysql://h/d\n")
    assert start("manage.py", "check", DATABASE_URL_FILE=str(own_var / "url")).stderr.startswith(
        "DATABASE_URL must"
    )


def test_a_secret_file_that_is_missing_is_named() -> None:
    assert "DATABASE_URL_FILE names a file" in start("manage.py", "check", DATABASE_URL_FILE="/nowhere").stderr
