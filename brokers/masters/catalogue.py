"""Every file of instruments the known brokers publish; adapters are imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib import import_module
from typing import Final

from brokers.masters.files import MasterFile
from qlplatform.core.errors import NotFound

# brokers whose adapter has a module `instruments` with FILES
BROKERS: Final = ("kite", "angelone", "shoonya", "upstox", "dhan", "fyers")


@cache
def master_files() -> dict[str, MasterFile]:
    """All files by the name of their source."""
    modules = (import_module(f"brokers.adapters.{broker}.instruments") for broker in BROKERS)
    return {file.name: file for module in modules for file in module.FILES}


def master_files_of(names: Collection[str]) -> list[MasterFile]:
    """The files of these names; a broker's name stands for all of its files that can be fetched.

    NotFound `unknown_source` for a name that is neither a file's nor a broker's.
    """
    every = master_files().values()
    known = {name for file in every for name in (file.name, file.broker)}
    if unknown := sorted(set(names) - known):
        raise NotFound(
            f"There is no broker or file “{', '.join(unknown)}”. There are: {', '.join(sorted(known))}.",
            code="unknown_source",
        )
    return [file for file in every if file.url and (file.name in names or file.broker in names)]
