"""What an adapter states about a file of instruments its broker publishes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO

from markets.master.rows import Outcome


@dataclass(frozen=True, slots=True)
class MasterFile:
    """One published file. `name` is its source in the list of imports, `broker` whose names it carries.

    `url` is where the broker publishes it for everybody, empty when it cannot be had without signing in.
    Files of one segment are sources of their own: what one of them does not list has not gone.
    `written_in` finds the day the file was written, where its content tells that.
    """

    name: str
    broker: str
    label: str
    parse: Callable[[IO[bytes]], Iterable[Outcome]]
    url: str = ""
    written_in: Callable[[IO[bytes]], date | None] | None = None

    @property
    def file_name(self) -> str:
        """The last part of the address: its ending tells how the content is packed."""
        return self.url.rsplit("/", 1)[-1]
