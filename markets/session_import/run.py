"""The import of captured files into a session set of one's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from markets.domain.sessions import BARS, SNAPSHOTS, TICKS
from markets.selectors import contract_facts
from markets.session_files import SessionDataError
from markets.session_import.chain import DAY_US, Chain, join_chains
from markets.session_import.checking import day_of, option_rows_check, refuse_nothing
from markets.session_import.index import index_of_bars, index_of_chain, index_of_ticks
from markets.session_import.reading import Asked, Collected, IndexPart, Tell, collect
from markets.session_import.rows import OptionRows, into_units, join_rows, lots_of, rows_of_chain
from markets.session_import.units import Unit
from markets.session_import.writing import index_table, set_write
from markets.sessions import bundled_sources, own_folder
from qlplatform.core.clock import wall
from qlplatform.core.errors import UserError

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")
VERSION = 1
UNIT_RATIO = 20  # strikes in paise are a hundredfold of an index in rupees


@dataclass(frozen=True, slots=True)
class _Made:
    """What goes into the files of a set."""

    kind: str
    rows: OptionRows
    index: IndexPart
    spot_rule: str
    dropped: Counter[str]


def session_import(
    *,
    paths: Iterable[Path],
    underlying: str,
    name: str,
    day: date | None = None,
    expiry: date | None = None,
    lot: int | None = None,
    replace: bool = False,
    tell: Tell = lambda text: None,
) -> dict[str, Any]:
    """Make a session set of one's own and return its manifest. Nothing is written when anything is refused.

    `day`: only this day, and that of pages whose name tells none; `expiry` that of pages whose name tells
    none; `lot` where no dated fact is known. Raises UserError `bad_name`, `set_exists`, `nothing_usable`,
    SessionDataError `mixed_layouts`, `no_options`, `no_index`, `wrong_units`, `lot_unknown` and what
    `collect` raises.
    """
    underlying = underlying.upper()
    folder = _folder(name, replace=replace)
    found = collect(paths, Asked(underlying, day, expiry), tell)
    tell(f"{len(found.files)} files read; checking the rows")
    made = _made(found, underlying, day)
    if not len(made.index.ts) or (made.kind != TICKS and not len(made.rows)):
        raise refuse_nothing(made.dropped, underlying)
    _refuse_wrong_unit(made)
    lots = lots_of(made.rows, lambda on: lot or _known_lot(underlying, on))
    _require_lots(lots, made.rows, underlying)
    if unlisted := [on for on in lots if _known_lot(underlying, on) is None]:
        found.notes.add(
            f"no lot of {underlying} is on file for expiries from {min(unlisted)} to {max(unlisted)}: add it "
            "in the admin, under Markets, before replaying this set"
        )
    units = into_units(made.rows, lots)
    manifest = _manifest(made, found, underlying, name) | {
        "lots": {str(each): size for each, size in lots.items()},
        "units": _units_told(units),
    }
    tell(f"writing {len(made.rows)} option rows of {len(manifest['days'])} days")
    vix = made.index.vix if np.isfinite(made.index.vix).any() else None
    index = index_table(made.index.ts, made.index.price, vix)
    set_write(folder, options=[made.rows.table()], index=index, manifest=manifest)
    return manifest


def _folder(name: str, *, replace: bool) -> Path:
    if not NAME.fullmatch(name):
        raise UserError(
            f"“{name}” is no name for a set: use up to 60 of a-z, 0-9, “_”, “-” and “.”, a letter or digit "
            "first.",
            code="bad_name",
        )
    folder = own_folder() / name
    if name in bundled_sources() or (folder.exists() and not replace):
        raise UserError(
            f"There is a set “{name}” already; choose another name or say --replace.", code="set_exists"
        )
    return folder


def _made(found: Collected, underlying: str, day: date | None) -> _Made:
    if found.chains and found.bars:
        raise SessionDataError(
            "Snapshots and bars do not go into one set; import them apart.", code="mixed_layouts"
        )
    if found.chains:
        return _snapshots(found, join_chains(found.chains), underlying, day)
    if found.bars:
        return _bars(found, underlying, day)
    if any(part.ticks for part in found.index):
        return _ticks(found, underlying, day)
    raise SessionDataError(
        "These files hold bars of an index alone. They belong into the candle store: manage.py candles "
        "backfill.",
        code="no_options",
    )


def _snapshots(found: Collected, chain: Chain, underlying: str, day: date | None) -> _Made:
    rows = rows_of_chain(chain)
    rows.take(np.lexsort((rows.right, rows.strike, rows.expiry, rows.ts)))
    option_rows_check(rows, underlying, day=day, snapshots=True)
    chain.order(np.flatnonzero(np.isin(chain.ts, np.unique(rows.ts))))
    if not len(rows):
        nothing = np.empty(0)
        index, rule = IndexPart(nothing.astype(np.int64), nothing, nothing, ticks=True), ""
    else:
        spot = index_of_chain(found, chain, underlying)
        index, rule = IndexPart(spot.ts, spot.price, np.full(len(spot.ts), np.nan), ticks=True), spot.rule
    return _Made(SNAPSHOTS, rows, index, rule, found.dropped + rows.dropped)


def _bars(found: Collected, underlying: str, day: date | None) -> _Made:
    rows = join_rows(found.bars)
    option_rows_check(rows, underlying, day=day, snapshots=False)
    dropped = Counter[str]()
    index, rule = index_of_bars(found, underlying, dropped)
    index = _on_days(index, np.unique(rows.ts // DAY_US))
    told = found.dropped + rows.dropped + Counter({f"index_{why}": n for why, n in dropped.items()})
    return _Made(BARS, rows, index, rule, told)


def _ticks(found: Collected, underlying: str, day: date | None) -> _Made:
    dropped = Counter(found.dropped)
    index = index_of_ticks(found, underlying, dropped)
    if day is not None:
        index = _on_days(index, np.array([(day - day_of(0)).days]))
    empty = np.empty(0, dtype=np.int64)
    values = {"close": np.empty(0)}
    rows = OptionRows(empty, empty, np.empty(0), np.empty(0, dtype="U2"), values)
    return _Made(TICKS, rows, index, "the ticks themselves", dropped)


def _on_days(index: IndexPart, days: np.ndarray[Any, np.dtype[np.int64]]) -> IndexPart:
    mine = np.isin(index.ts // DAY_US, days)
    return IndexPart(index.ts[mine], index.price[mine], index.vix[mine], index.ticks)


def _refuse_wrong_unit(made: _Made) -> None:
    """Strikes far from the index are paise taken for rupees, or the like."""
    known = made.index.price[np.isfinite(made.index.price)]
    if not len(made.rows) or not len(known):
        return
    ratio = float(np.median(made.rows.strike) / np.median(known))
    if not 1 / UNIT_RATIO < ratio < UNIT_RATIO:
        raise SessionDataError(
            f"The strikes are {ratio:.3g} times the index: are both in rupees? Nothing was imported.",
            code="wrong_units",
        )


def _known_lot(underlying: str, expiry: date) -> int | None:
    try:
        return contract_facts().lot_size(underlying, expiry)
    except UserError:
        return None


def _require_lots(lots: dict[date, int | None], rows: OptionRows, underlying: str) -> None:
    """Without a lot the unit of open interest, volume and quantities cannot be told."""
    unknown = [str(expiry) for expiry, size in lots.items() if size is None]
    counted = {"oi", "volume", "bid_qty", "ask_qty"} & rows.values.keys()
    if unknown and counted:
        raise SessionDataError(
            f"The lot of {underlying} expiring on {', '.join(unknown[:5])} is not known, so the unit of "
            f"{', '.join(sorted(counted))} cannot be told; say --lot.",
            code="lot_unknown",
        )


def _manifest(made: _Made, found: Collected, underlying: str, name: str) -> dict[str, Any]:
    days = np.unique((made.rows.ts if made.kind != TICKS else made.index.ts) // DAY_US)
    events = np.union1d(made.rows.ts, made.index.ts)
    return {
        "version": VERSION,
        "name": name,
        "underlying": underlying,
        "kind": made.kind,
        "days": [day_of(int(each)).isoformat() for each in days],
        "events": len(events),
        "option_rows": len(made.rows),
        "index_rows": len(made.index.ts),
        "index_rows_without_price": int(np.count_nonzero(~np.isfinite(made.index.price))),
        "columns": list(made.rows.values),
        "spot": made.spot_rule,
        "dropped": dict(+made.dropped),
        "cleared": dict(made.rows.cleared),
        "notes": sorted(found.notes),
        "files": found.files,
        "imported_at": wall().isoformat(),
    }


def _units_told(units: dict[str, Unit]) -> dict[str, object]:
    return {family: unit.told() | {"stored": "units"} for family, unit in units.items()}
