"""`bin/bench NAME`: runs `benches/<name>.py` and prints one JSON object a line, and nothing else, on standard
output.
"""

from __future__ import annotations

import contextlib
import json
import sys
from importlib import import_module

from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.places import PROJECT

FIELDS = ("metric", "value", "unit", "n", "note")


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in (PROJECT / "benches").glob("[a-z]*.py"))


def bench(name: str, more: list[str]) -> None:
    """Run one benchmark; its `run(args)` yields dicts of metric, value, unit, n and note."""
    if name not in names():
        asked = f"There is no benchmark “{name}”. " if name else ""
        raise LauncherError(f"{asked}There are: {', '.join(names())}. Call: bin/bench NAME")
    out = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):  # whatever a library prints is not a result
        for row in import_module(f"benches.{name}").run(more):
            out.write(json.dumps({"bench": name} | {field: row[field] for field in FIELDS}) + "\n")
            out.flush()
