"""Making a session set: the days of a plan, written as the files every reader of sessions knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from markets.domain.sessions import BARS
from markets.selectors import calendar, contract_facts
from markets.session_import.writing import set_write
from markets.session_rows import ONE_MINUTE_US, naive_us
from markets.sessions import SYNTHETIC
from markets.synthetic.contracts import Contracts, Strikes, day_contracts
from markets.synthetic.path import DayPath, walk
from markets.synthetic.plan import Facts, MarketDay, SyntheticPlan, market_days

VERSION = 1
SHARES = "CM_FO_UNDERLYING"
VIX_OVER_VOL = 1.04
PRICES = ("open", "high", "low", "close", "bid", "ask")
QUANTITIES = ("bid_qty", "ask_qty", "volume", "oi")
Floats = NDArray[np.float64]


def generate(plan: SyntheticPlan, folder: Path) -> dict[str, Any]:
    """Write the session set of a plan into `folder`, replacing one that is there, and return its manifest.
    One plan gives the same bytes each time.

    Raises UserError `bad_plan`, `unknown_underlying`, `nothing_listed`, `calendar_unknown`, `fact_missing`.
    """
    days = market_days(plan, _facts(plan.underlying))
    paths = walk(plan, days)
    tables = list(_option_tables(plan, days, paths))
    index = pa.concat_tables(_index_table(day, path) for day, path in zip(days, paths, strict=True))
    manifest = _manifest(plan, days, folder.name) | {
        "option_rows": sum(len(table) for table in tables),
        "index_rows": len(index),
        "columns": tables[0].column_names[4:],
    }
    set_write(folder, options=tables, index=index, manifest=manifest)
    return manifest


def _facts(underlying: str) -> Facts:
    exchange = contract_facts().exchange(underlying)
    return Facts(contract_facts(), calendar(exchange), calendar(exchange, SHARES))


def _option_tables(
    plan: SyntheticPlan, days: tuple[MarketDay, ...], paths: list[DayPath]
) -> Iterator[pa.Table]:
    """One table a day; strikes are added as the index moves and stay listed."""
    strikes: Strikes | None = None
    for day, path in zip(days, paths, strict=True):
        around = Strikes.around(float(path.spot[0, 0]), day.step_paise / 100, plan.strikes)
        strikes = around if strikes is None else strikes.joined(around)
        yield pa.concat_tables(_table(day, each) for each in day_contracts(plan, day, path, strikes))


def _table(day: MarketDay, made: Contracts) -> pa.Table:
    """The rows of an expiry, contract after contract: prices next to each other are alike and pack well."""
    bars, there = made.tape, made.tape.traded.T
    contract, minute = np.nonzero(there)
    columns: dict[str, Any] = {
        "ts": pa.array(_stamps(day, made.quoted.minutes)[minute], pa.timestamp("us")),
        "expiry": pa.array([made.quoted.expiry] * len(minute), pa.date32()),
        "strike": made.strikes[contract],
        "right": pa.array(np.array(made.rights, dtype=object)[contract], pa.string()),
    }
    columns |= {name: getattr(bars, name).T[there] / 100 for name in PRICES}
    columns |= {name: getattr(bars, name).T[there] for name in QUANTITIES}
    return pa.table(columns)


def _index_table(day: MarketDay, path: DayPath) -> pa.Table:
    spot, vol = path.spot[: day.index_minutes], path.vol[: day.index_minutes]
    return pa.table(
        {
            "ts": pa.array(_stamps(day, len(spot)), pa.timestamp("us")),
            "open": spot[:, 0],
            "high": spot.max(axis=1),
            "low": spot.min(axis=1),
            "spot": spot[:, -1],
            "vix": np.round(vol[:, -1] * VIX_OVER_VOL * 100, 2),
        }
    )


def _stamps(day: MarketDay, minutes: int) -> NDArray[np.int64]:
    """When bars start, in µs of naive Indian time."""
    return naive_us(day.opens) + ONE_MINUTE_US * np.arange(minutes)


def _manifest(plan: SyntheticPlan, days: tuple[MarketDay, ...], name: str) -> dict[str, Any]:
    expiries = {quoted.expiry: quoted.lot for day in days for quoted in (*day.options, *day.futures)}
    return {
        "version": VERSION,
        "name": name,
        "underlying": plan.underlying,
        "kind": BARS,
        "origin": SYNTHETIC,
        "days": [day.on.isoformat() for day in days],
        "events": sum(day.minutes for day in days),
        "lots": {expiry.isoformat(): lot for expiry, lot in sorted(expiries.items())},
        "spot": "made up",
        "plan": asdict(plan) | {"first_day": plan.first_day.isoformat()},
        "notes": ["synthetic: made from a seed, nothing of it was ever traded"],
    }
