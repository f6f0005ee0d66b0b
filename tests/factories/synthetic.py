"""Synthetic markets for tests: made once a test run and plan, read-only afterwards."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from markets.selectors import facts_from_files
from markets.sessions import SYNTHETIC, SessionSource, session_source
from markets.synthetic import SyntheticPlan, generate

__all__ = ["SyntheticPlan", "synthetic_source"]

_FOLDER = tempfile.TemporaryDirectory(prefix="ql-synthetic-")


@cache
def synthetic_source(plan: SyntheticPlan = SyntheticPlan()) -> SessionSource:  # noqa: B008
    """The session set of a plan. Six NIFTY days from 13 to 20 November 2025 by default: the nearest expiries
    are 18 and 25 November, from the 19th on 25 November and 2 December; monthly futures.
    """
    folder = Path(_FOLDER.name) / f"synthetic_{plan.underlying.lower()}_{abs(hash(plan)):x}"
    with facts_from_files():
        generate(plan, folder)
    return session_source(
        name=folder.name,
        underlying=plan.underlying,
        options=folder / "options.parquet",
        index=folder / "index.parquet",
        origin=SYNTHETIC,
    )
