"""How fast recorded days are traded by the whole platform path: engine, orders, exchange, in one process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

SPEC = {
    "name": "0920 straddle",
    "underlying": "NIFTY",
    "expiry_by": "WEEKLY",
    "entry_time": "09:20",
    "exit_time": "15:15",
    "legs": [
        {
            "side": "SELL",
            "right": right,
            "lots": 1,
            "strike_by": {"method": "ATM_OFFSET", "offset": 0},
            "stop": {"type": "PREMIUM_PCT", "value": 25},
        }
        for right in ("CE", "PE")
    ],
}
DAYS = 5


def run(args: list[str]) -> Iterator[dict[str, Any]]:
    """Replays `DAYS` days (or as many as the first argument says), loading them beforehand."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")
    from qlplatform.launcher.scratch import scratch  # noqa: PLC0415 - Django is set up inside, on the clone

    with scratch():
        import django  # noqa: PLC0415

        django.setup()
        yield from _measure(int(args[0]) if args else DAYS)


def _measure(days: int) -> Iterator[dict[str, Any]]:
    from execution.replay.tool import run_session  # noqa: PLC0415
    from markets.sessions import bundled_sources  # noqa: PLC0415

    source = next(iter(bundled_sources().values()))
    sessions = [source.load(day) for day in islice(cycle(source.days), days)]
    began = time.perf_counter()
    for session in sessions:
        run_session(session=session, spec=SPEC)
    took = time.perf_counter() - began
    note = "2-leg straddle with 25 % stops on 1-minute bars, every order through PostgreSQL"
    yield {
        "metric": "days_per_min",
        "value": round(60 * days / took, 1),
        "unit": "days/min",
        "n": days,
        "note": note,
    }
