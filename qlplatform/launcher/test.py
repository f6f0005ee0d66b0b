"""`bin/test [part]`: static checks, Django's checks, then pytest, with servers that live as long as they are
needed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from qlplatform.launcher.announcement import say
from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.places import PROJECT
from qlplatform.launcher.services import Services, running_services

PYTHON = sys.executable
BIN = Path(PYTHON).parent
STATIC: tuple[tuple[str, ...], ...] = (
    (str(BIN / "ruff"), "check", "."),
    (str(BIN / "ruff"), "format", "--check", "."),
    (str(BIN / "lint-imports"),),
    (PYTHON, "-m", "mypy"),
    (PYTHON, "manage.py", "check", "--fail-level", "WARNING"),
    (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"),
)
GROUPS = ("unit", "oracle", "db", "contract", "api", "browser", "e2e")
NEED_CHROMIUM = ("browser",)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def test(part: str, more: list[str]) -> int:
    """Run `part` ("all", "static" or a group of tests); the exit status. pytest's closing line comes last."""
    if part not in ("all", "static", *GROUPS):
        raise LauncherError(f"There is no part “{part}”. There are: all, static, {', '.join(GROUPS)}.")
    with running_services() as services:
        env = _environment(services)
        failed = [name for name in _static(env)] if part in ("all", "static") else []
        if failed:
            say(f"\nFailed: {'; '.join(failed)}")
        status = 0 if part == "static" else _pytest(part, more, env)
    return status or (1 if failed else 0)


def _environment(services: Services) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "qlplatform.settings.test",
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        **services.role_urls(),
        "QL_DB_POOL": "0",
    }


def _static(env: Mapping[str, str]) -> list[str]:
    """Runs every static check and names those that failed."""
    failed = []
    for command in STATIC:
        words = [Path(command[0]).name, *command[1:]]
        say(f"\n— {' '.join(words)}")
        if subprocess.run(command, cwd=PROJECT, env=env, check=False).returncode:  # noqa: S603
            failed.append(" ".join(words))
    return failed


def _pytest(part: str, more: list[str], env: dict[str, str]) -> int:
    groups = [group for group in GROUPS if part in ("all", group) and (PROJECT / "tests" / group).exists()]
    chromium = _chromium() if set(groups) & set(NEED_CHROMIUM) else None
    if chromium:
        env["QL_CHROMIUM"] = chromium
    elif set(groups) & set(NEED_CHROMIUM):
        groups = [group for group in groups if group not in NEED_CHROMIUM]
        say("\n*** NO BROWSER TESTS: there is no Chromium here. Install it or set QL_CHROMIUM. ***\n")
    if not groups:
        return 1
    # apart: while a browser is open its event loop runs in the thread of the tests, and no other may
    apart = [group for group in groups if group in NEED_CHROMIUM]
    together = [group for group in groups if group not in NEED_CHROMIUM]
    codes = [_pytest_once(part, more, env) for part in (apart, together) if part]
    return next((code for code in codes if code), 0)


def _pytest_once(groups: list[str], more: list[str], env: dict[str, str]) -> int:
    paths = [f"tests/{group}" for group in groups]
    say(f"\n— pytest {' '.join(paths)}")
    command = [PYTHON, "-m", "pytest", *paths, *more]
    return subprocess.run(command, cwd=PROJECT, env=env, check=False).returncode  # noqa: S603


def _chromium() -> str | None:
    """A Chromium on this system; root on Debian or Ubuntu gets it installed."""
    if os.environ.get("QL_CHROMIUM"):
        return os.environ["QL_CHROMIUM"]
    if not _chromium_on_path() and os.geteuid() == 0 and shutil.which("apt-get"):
        say("\n— installing chromium")
        for words in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *words], check=False, stdout=subprocess.DEVNULL)  # noqa: S603, S607
    return _chromium_on_path()


def _chromium_on_path() -> str | None:
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)
