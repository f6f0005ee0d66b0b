"""Fetching a published file: in blocks, within limits, again after a hiccup, and not when unchanged."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from qlplatform.core.errors import UserError

BLOCK = 1 << 18
AGENT = "ql-platform"


class MasterUnavailable(UserError):
    """The file could not be fetched; nothing was imported."""

    default_code = "master_unavailable"


@dataclass(frozen=True, slots=True)
class Limits:
    """`timeout_s` for each answer of the network, `deadline_s` for one whole attempt, `largest` in bytes on
    the wire, `pause_s` before a second attempt and twice that before a third.
    """

    timeout_s: float = 30.0
    deadline_s: float = 300.0
    largest: int = 200_000_000
    attempts: int = 3
    pause_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of a file a server gave, in its own words; empty where it does not tell."""

    etag: str = ""
    modified: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask for another edition only."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came; the ending of `path` tells how its content is packed."""

    path: Path
    edition: Edition


class _Hiccup(Exception):
    """May well work at the next attempt."""


def fetch(url: str, into: Path, *, known: Edition, limits: Limits) -> Fetched | None:
    """Fetch `url` into the folder; None when the server has no other edition than the one `known`.

    Raises MasterUnavailable with the reason.
    """
    for attempt in range(1, limits.attempts + 1):
        try:
            return _once(url, into, known, limits)
        except _Hiccup as hiccup:
            if attempt == limits.attempts:
                raise MasterUnavailable(f"{url} could not be fetched: {hiccup}.") from None
            time.sleep(limits.pause_s * attempt)
    raise AssertionError("at least one attempt")


def _once(url: str, into: Path, known: Edition, limits: Limits) -> Fetched | None:
    headers = {"User-Agent": AGENT, **known.conditions}
    asked = urllib.request.Request(url, headers=headers)  # noqa: S310 - an adapter's or a setting's: http(s)
    try:
        with urllib.request.urlopen(asked, timeout=limits.timeout_s) as answer:  # noqa: S310
            return _save(answer, into / _file_name(url, answer), limits)
    except urllib.error.HTTPError as refusal:
        if refusal.code == HTTPStatus.NOT_MODIFIED:
            return None
        if refusal.code >= HTTPStatus.INTERNAL_SERVER_ERROR or refusal.code == HTTPStatus.TOO_MANY_REQUESTS:
            raise _Hiccup(f"the server answered {refusal.code}") from None
        raise MasterUnavailable(f"{url} could not be fetched: the server answered {refusal.code}.") from None
    except (OSError, HTTPException) as trouble:
        raise _Hiccup(str(getattr(trouble, "reason", None) or trouble) or type(trouble).__name__) from None


def _file_name(url: str, answer: HTTPResponse) -> str:
    name = url.rsplit("/", 1)[-1]
    packed = answer.headers.get("Content-Encoding", "") == "gzip" and not name.endswith(".gz")
    return f"{name}.gz" if packed else name


def _save(answer: HTTPResponse, path: Path, limits: Limits) -> Fetched:
    ends_at, size = time.monotonic() + limits.deadline_s, 0
    with path.open("wb") as file:
        while block := answer.read1(BLOCK):  # what is there: a trickle must not outlast the deadline
            size += file.write(block)
            if size > limits.largest:
                raise MasterUnavailable(f"{answer.url} is larger than {limits.largest} bytes: not taken.")
            if time.monotonic() > ends_at:
                raise _Hiccup(f"not done within {limits.deadline_s:g} seconds")
    told = answer.headers.get("Content-Length", "")
    if told.isdigit() and size != int(told):
        raise _Hiccup(f"{size} of {told} bytes came")
    return Fetched(path, Edition(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")))
