"""Reads settings from the environment, from `.env` beside manage.py, or from the file a `NAME_FILE` variable
names.

A value that cannot be right ends the process with one sentence that names the variable: `SettingError` is a
`SystemExit`, so no entry point (manage.py, celery, granian, uvicorn) can turn it into a traceback.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

from qlplatform.launcher.places import PROJECT


class SettingError(SystemExit):
    """A setting is missing or wrong; the message says which and what would be right."""


if os.environ.get("QL_READ_DOT_ENV", "1") == "1" and (PROJECT / ".env").exists():
    environ.Env.read_env(PROJECT / ".env")  # what is set already stays


def _given(name: str) -> str:
    """The variable itself, or else the content of the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE", "")
    if os.environ.get(name) or not path:
        return os.environ.get(name, "").strip()
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}_FILE names a file that cannot be read: {error}.") from None


def _read(name: str, parse: Callable[[str], Any], wanted: str, default: Any) -> Any:
    given = _given(name)
    if not given:
        if default is None:
            raise SettingError(f"{name} is not set. Set it to {wanted}; .env.example describes it.")
        return default
    try:
        return parse(given)
    except ValueError:
        raise SettingError(f"{name} must be {wanted}; it is “{given}”.") from None


def text(name: str, default: str | None = None) -> str:
    """A text; without `default` it must be set."""
    value: str = _read(name, str, "a text", default)
    return value


def flag(name: str, default: bool) -> bool:
    """Yes or no."""
    yes, no = ("1", "true", "yes", "on"), ("0", "false", "no", "off")

    def parse(given: str) -> bool:
        if given.lower() not in yes + no:
            raise ValueError(given)
        return given.lower() in yes

    return bool(_read(name, parse, "true or false", default))


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""

    def parse(given: str) -> int:
        value = int(given)
        if not least <= value <= most:
            raise ValueError(given)
        return value

    return int(_read(name, parse, f"a whole number from {least} to {most}", default))


def choice(name: str, default: str, among: Collection[str]) -> str:
    """One of the words `among`."""

    def parse(given: str) -> str:
        if given not in among:
            raise ValueError(given)
        return given

    return str(_read(name, parse, f"one of {', '.join(among)}", default))


def words(name: str, default: list[str]) -> list[str]:
    """A list separated by commas."""

    def parse(given: str) -> list[str]:
        return [word.strip() for word in given.split(",") if word.strip()]

    return list(_read(name, parse, "a list", default))


def address(name: str, default: str | None, schemes: Collection[str]) -> str:
    """An address with one of `schemes` and a host, such as redis://127.0.0.1:6379/0. Its password is never
    shown.
    """
    value = text(name, default)
    try:
        parts = urlsplit(value)
        good = not value or (parts.scheme in schemes and bool(parts.hostname or parts.path))
        _ = parts.port  # raises ValueError when it is no number
    except ValueError:
        good = False
    if not good:
        starts = " or ".join(f"{scheme}://" for scheme in schemes)
        raise SettingError(f"{name} must be an address that starts with {starts}.")
    return value


def database(name: str, default: str | None) -> dict[str, Any]:
    """Django's connection settings from a postgres:// address."""
    url = address(name, default, ("postgres", "postgresql"))
    try:
        parsed: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, environ.ImproperlyConfigured):
        raise SettingError(f"{name} must look like postgres://user:password@host:5432/database.") from None
    if not parsed.get("NAME"):
        raise SettingError(
            f"{name} names no database: it must look like postgres://user:password@host:5432/database."
        )
    return parsed
