"""Reads `Procfile`: one line a role, `name: command`; `$NAME` stands for a variable of the role's
environment.
"""

from __future__ import annotations

import shlex
import string
from collections.abc import Mapping
from dataclasses import dataclass

from qlplatform.launcher.errors import LauncherError


@dataclass(frozen=True, slots=True)
class Role:
    """One process of the platform."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]


def roles_of(text: str, env_of: Mapping[str, Mapping[str, str]], default: Mapping[str, str]) -> list[Role]:
    """The roles of a Procfile; each has `default` as environment, and over it what `env_of` says for its
    name.
    """
    lines = [line.strip() for line in text.splitlines()]
    return [_role(line, env_of, default) for line in lines if line and not line.startswith("#")]


def _role(line: str, env_of: Mapping[str, Mapping[str, str]], default: Mapping[str, str]) -> Role:
    name, colon, command = line.partition(":")
    env = {**default, **env_of.get(name, {}), "QL_ROLE": name}
    try:
        words = tuple(string.Template(word).substitute(env) for word in shlex.split(command))
    except (KeyError, ValueError) as error:
        raise LauncherError(f"Procfile, role “{name}”: {error} is not known.") from None
    if not colon or not words:
        raise LauncherError(f"Procfile: “{line}” is not of the form “role: command”.")
    return Role(name, words, env)
