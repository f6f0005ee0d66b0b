"""How fast and how lean an instrument master of 100,000 rows is imported, in a process of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

ROWS = 100_000
DAY, NEXT = date(2026, 11, 16), date(2026, 11, 17)
ROOT = Path(__file__).resolve().parents[1]
STRIKES = 250  # of each underlying and expiry


def run(args: list[str]) -> Iterator[dict[str, Any]]:
    """Imports a contract file of `ROWS` rows (or as many as the first argument says) twice: all of it new,
    and the next day with every lot changed.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")
    from qlplatform.launcher.scratch import scratch  # noqa: PLC0415 - the environment is set for the clone

    rows = int(args[0]) if args else ROWS
    with scratch(), TemporaryDirectory() as folder:
        file = Path(folder) / "contract.txt"
        for prefix, what, day, lot in (("", "all new", DAY, 65), ("update_", "every lot changed", NEXT, 75)):
            write(file, rows, lot)
            seconds, peak_mb = _import(file, day, folder)
            note = f"{what}; from opening the file to the commit and the kept copy"
            yield _measured(f"{prefix}import_s", round(seconds, 2), "s", rows, note)
            note = f"{what}; absolute peak memory (RSS) of that process, Python and Django included"
            yield _measured(f"{prefix}peak_mb", round(peak_mb), "MB", rows, note)


def _measured(metric: str, value: float, unit: str, rows: int, note: str) -> dict[str, Any]:
    return {"metric": metric, "value": value, "unit": unit, "n": rows, "note": note}


def write(file: Path, rows: int, lot: int) -> None:
    """A contract file in the layout of the exchange: underlyings of two expiries, calls and puts."""
    with file.open("w") as out:
        out.write("NEATFO|7.0.4|\n")
        for number in range(rows):
            out.write(line(number, lot))


def line(number: int, lot: int) -> str:
    """One contract of the file."""
    place, right = divmod(number, 2)
    place, strike = divmod(place, STRIKES)
    stock, month = divmod(place, 2)
    expiry = date(2026, 11, 24) + timedelta(days=35 * month)
    seconds = (expiry - date(1980, 1, 1)).days * 86_400 + 52_200  # 14:30
    kind, rupees, name = ("CE", "PE")[right], 1000 + 50 * strike, f"STOCK{stock}"
    fields = [""] * 69
    fields[0], fields[2], fields[3], fields[6] = str(number + 1), "OPTSTK", name, str(seconds)
    fields[7], fields[8], fields[31], fields[32] = str(rupees * 100), kind, str(lot), "5"
    fields[34], fields[53] = f"{lot * 27 + 1}.0", f"{name}{expiry:%y%b}".upper() + f"{rupees}{kind}"
    fields[68] = "N"
    return "|".join(fields) + "\n"


def _import(file: Path, day: date, folder: str) -> tuple[float, float]:
    """Seconds of one import in a process of its own, and the most memory (MB) that process ever held."""
    env = os.environ | {"QL_VAR_DIR": folder, "QL_ROLE": "worker-research", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benches.master", str(file), str(day)]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, peak_kb = done.stdout.split()[-2:]
    return float(seconds), int(peak_kb) / 1024


def _child(file: str, day: str) -> None:
    """Import one file and print the seconds from opening it to the commit, and the peak memory in KiB."""
    django.setup()
    from markets.services import master_file_import  # noqa: PLC0415 - Django is set up first
    from qlplatform.core.tenancy import Actor  # noqa: PLC0415

    began = time.perf_counter()
    master_file_import(
        source_name="nse_contract", path=Path(file), day=date.fromisoformat(day), by=Actor.system("bench")
    )
    seconds = time.perf_counter() - began
    sys.stdout.write(f"{seconds:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")


if __name__ == "__main__":
    _child(*sys.argv[1:])
