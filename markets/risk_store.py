"""Imported risk files: one small numpy archive per day and underlying, `var/span/<day>/<UNDERLYING>.npz`.

A risk file takes seconds to read, its figures of one underlying milliseconds. A later import of the same day
replaces the earlier one, as the clearing corporation's own files of a day do.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from markets.domain.margin import FileSpread, FileUnderlying, RiskFile
from markets.domain.margin.arrays import RiskArray


def store(file: RiskFile) -> Path:
    """Keep every underlying of a file; the folder they are in."""
    folder = _folder(file.day)
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in file.underlyings.items():
        draft = folder / f"{name}.tmp.npz"
        np.savez_compressed(draft, **_packed(found))
        draft.replace(folder / f"{name}.npz")
    return folder


def load(underlying: str, on: date) -> FileUnderlying | None:
    """The figures of an underlying on a day; None when no file of that day with it was imported."""
    if Path(underlying).name != underlying:
        return None  # no name of an underlying, and no way out of the folder
    path = _folder(on) / f"{underlying}.npz"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path, changed, underlying)


def _folder(day: date) -> Path:
    return Path(settings.VAR_DIR) / "span" / f"{day:%Y%m%d}"


def _packed(found: FileUnderlying) -> dict[str, Any]:
    contracts = list(found.contracts.items())
    return {
        "spot_paise": found.spot_paise,
        "minimum": found.short_option_minimum,
        "kind": np.array([kind for (kind, _, _), _ in contracts]),
        "expiry": np.array([expiry.toordinal() for (_, expiry, _), _ in contracts]),
        "strike_paise": np.array([strike for (_, _, strike), _ in contracts]),
        "losses": np.array([array.losses for _, array in contracts]),
        "delta": np.array([array.delta for _, array in contracts]),
        "price": np.array([array.price for _, array in contracts]),
        "futures": np.array([(day.toordinal(), paise) for day, paise in found.future_prices.items()]),
        "spreads": np.array([_spread_row(spread) for spread in found.spreads]),
    }


def _spread_row(spread: FileSpread) -> tuple[float, ...]:
    days = spread.near.toordinal(), spread.far.toordinal()
    return (*days, spread.rate, spread.near_ratio, spread.far_ratio)


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int, underlying: str) -> FileUnderlying:
    with np.load(path) as archive:
        return _unpacked(underlying, {name: archive[name] for name in archive.files})


def _unpacked(underlying: str, columns: dict[str, Any]) -> FileUnderlying:
    names = ("kind", "expiry", "strike_paise", "losses", "delta", "price")
    rows = zip(*(columns[name] for name in names), strict=True)
    return FileUnderlying(
        name=underlying,
        spot_paise=int(columns["spot_paise"]),
        contracts={
            (str(kind), _day(expiry), int(strike)): RiskArray(losses, float(delta), float(price))
            for kind, expiry, strike, losses, delta, price in rows
        },
        future_prices={_day(expiry): int(paise) for expiry, paise in columns["futures"]},
        spreads=tuple(
            FileSpread(_day(near), _day(far), float(rate), float(one), float(other))
            for near, far, rate, one, other in columns["spreads"]
        ),
        short_option_minimum=float(columns["minimum"]),
    )


def _day(ordinal: Any) -> date:
    return date.fromordinal(int(ordinal))
