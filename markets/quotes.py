"""Quotes: one snapshot per price event, the newest of its market in shared memory and in Redis, and told to
whoever listens.

A snapshot holds every instrument of its market: its last price and the event (`seq`) that brought it. What
was quoted in this very event may trigger rules and fills; older prices only mark positions. Beside the last
price it may carry any of QUOTE_COLUMNS.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray
from redis import RedisError

from markets import shared_prices
from markets.domain.bars import EPOCH, MICROSECOND, micros
from markets.domain.sessions import ContractKey, Session
from qlplatform.core.errors import OperatorError
from qlplatform.core.redis import client, key

log = structlog.get_logger(__name__)

Ids = NDArray[np.int64]
Paise = NDArray[np.int32]

Column = NDArray[np.int64]

QUOTE_COLUMNS = ("bid", "ask", "bid_qty", "ask_qty", "volume", "oi", "oi_chg", "exch_us")
"""Best bid and ask (paise) and their quantities, the day's volume so far, open interest and its change
against the previous day (all in units), the exchange's stamp (µs since 1970, UTC). 0 = none."""

VIX = "INDIAVIX"
"""India VIX among the spots of a snapshot, in hundredths of a point."""

MAGIC = b"QLQ2"
# magic, market, seq, time in µs, number of spots, number of instruments, which columns there are (bits)
HEADER = struct.Struct("<4sqqqHIH")
FORMATS = tuple("<i4" if name in ("bid", "ask") else "<i8" for name in QUOTE_COLUMNS)
SPOT = struct.Struct("<Bq")  # length of the name, paise; the name follows
KEEP_S = 7 * 86_400
SESSION_COLUMNS = QUOTE_COLUMNS[:-1]  # the stamps of a recorded session are its own times


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All prices of a market at one instant (paise). `spot` holds the indices quoted in this event only, the
    VIX among them.

    `stamp[i]` is the `seq` of the event that brought `ltp[i]`, 0 where there was no price yet. `columns` has
    those of QUOTE_COLUMNS that are known; ask for them with `column`.
    """

    market_id: int
    seq: int
    at: datetime
    spot: dict[str, int]
    keys: Ids
    ltp: Paise
    stamp: Ids
    columns: Mapping[str, Column] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """One of QUOTE_COLUMNS by instrument, all 0 where the market does not know it; KeyError for another
        name.
        """
        if name not in QUOTE_COLUMNS:
            raise KeyError(f"Quotes have no column {name!r}; they may have: {', '.join(QUOTE_COLUMNS)}.")
        found = self.columns.get(name)
        return np.zeros(len(self.keys), dtype=np.int64) if found is None else found

    def fresh(self) -> dict[int, int]:
        """Last price by instrument, of those quoted in this event."""
        return self._prices(self.stamp == self.seq)

    def marks(self) -> dict[int, int]:
        """Last price by instrument, of all that ever had one."""
        return self._prices(self.stamp > 0)

    def age(self, key: int) -> int | None:
        """How many events ago the instrument was quoted: 0 = in this one, None = never or unknown."""
        place = np.flatnonzero(self.keys == key)
        stamp = int(self.stamp[place[0]]) if len(place) else 0
        return self.seq - stamp if stamp else None

    def since(self, seq: int) -> Snapshot:
        """The events after `seq` as one: whatever any of them quoted counts as quoted in this one. For a
        reader who missed some.
        """
        return replace(self, stamp=np.where(self.stamp > seq, self.seq, self.stamp))

    def _prices(self, mask: NDArray[np.bool_]) -> dict[int, int]:
        mask = mask & (self.ltp > 0)
        return dict(zip(self.keys[mask].tolist(), self.ltp[mask].tolist(), strict=True))


def pack(snapshot: Snapshot) -> bytes:
    """The snapshot as bytes: a header, the spots, three arrays, then the columns there are, little-endian."""
    at = micros(snapshot.at)
    there = [n for n, name in enumerate(QUOTE_COLUMNS) if name in snapshot.columns]
    mask, count = sum(1 << n for n in there), len(snapshot.keys)
    parts = [HEADER.pack(MAGIC, snapshot.market_id, snapshot.seq, at, len(snapshot.spot), count, mask)]
    for name, paise in snapshot.spot.items():
        raw = name.encode()
        parts += [SPOT.pack(len(raw), paise), raw]
    arrays: list[tuple[NDArray[Any], str]] = [
        (snapshot.keys, "<i8"),
        (snapshot.ltp, "<i4"),
        (snapshot.stamp, "<i8"),
    ]
    arrays += [(snapshot.columns[QUOTE_COLUMNS[n]], FORMATS[n]) for n in there]
    parts += [array.astype(kind, copy=False).tobytes() for array, kind in arrays]
    return b"".join(parts)


def unpack(data: bytes) -> Snapshot:
    """The inverse of `pack`; ValueError for bytes that are no snapshot of this version. The arrays are
    read-only.
    """
    if len(data) < HEADER.size or data[:4] != MAGIC:
        raise ValueError("These bytes are no quote snapshot.")
    _, market_id, seq, at, spots, count, mask = HEADER.unpack_from(data)
    if mask >> len(QUOTE_COLUMNS):
        raise ValueError("This quote snapshot has columns nobody knows.")
    offset, spot = _unpack_spots(data, spots)
    there = [n for n in range(len(QUOTE_COLUMNS)) if mask >> n & 1]
    kinds = [np.dtype(kind) for kind in ("<i8", "<i4", "<i8", *(FORMATS[n] for n in there))]
    if len(data) != offset + count * sum(kind.itemsize for kind in kinds):
        raise ValueError("This quote snapshot is cut short.")
    arrays = []
    for kind in kinds:
        arrays.append(np.frombuffer(data, kind, count, offset))
        offset += count * kind.itemsize
    keys, ltp, stamp, *rest = arrays
    columns = {
        QUOTE_COLUMNS[n]: array.astype(np.int64, copy=False) for n, array in zip(there, rest, strict=True)
    }
    return Snapshot(market_id, seq, EPOCH + at * MICROSECOND, spot, keys, ltp, stamp, columns)


def _unpack_spots(data: bytes, count: int) -> tuple[int, dict[str, int]]:
    offset, spot = HEADER.size, {}
    for _ in range(count):
        if offset + SPOT.size > len(data):
            raise ValueError("This quote snapshot is cut short.")
        length, paise = SPOT.unpack_from(data, offset)
        offset += SPOT.size + length
        spot[data[offset - length : offset].decode()] = paise
    return offset, spot


def channel() -> str:
    """The Redis channel every new snapshot is published on, packed."""
    return key("prices")


def store(snapshot: Snapshot) -> bool:
    """Make it the newest of its market: at once for this host, through Redis for others and the screens.

    False when Redis is away and only this host knows it: prices are rebuildable, store it again later. Raises
    redis.RedisError when nobody knows it.
    """
    data = pack(snapshot)
    shared = share(snapshot, data)
    try:
        announce(snapshot.market_id, data)
    except RedisError:
        if not shared:
            raise
        return False
    return True


def share(snapshot: Snapshot, data: bytes) -> bool:
    """Give the packed snapshot to the processes of this host; False when it has no memory to share."""
    try:
        shared_prices.write(snapshot.market_id, snapshot.seq, data)
    except OSError as fault:
        log.warning("quotes.not_shared", market=snapshot.market_id, error=str(fault))
        return False
    return True


def announce(market_id: int, data: bytes) -> None:
    """Keep the packed snapshot in Redis and publish it. Raises redis.RedisError."""
    pipe = client().pipeline(transaction=True)
    pipe.set(key("quotes", market_id), data, ex=KEEP_S)
    pipe.publish(channel(), data)
    pipe.execute()


def latest(market_id: int) -> Snapshot | None:
    """The newest snapshot of a market, None before the first (or once Redis lost it).

    From the memory of this host as long as the process that writes it lives, without asking Redis. Raises
    redis.RedisError when Redis has to be asked and is away.
    """
    held = shared_prices.read(market_id)
    if held is None or not held.live:
        data = client().get(key("quotes", market_id))
        return _unpacked(market_id, data) if isinstance(data, bytes) else shared(market_id)
    return _unpacked(market_id, held.data)


def shared(market_id: int) -> Snapshot | None:
    """The newest snapshot this host knows of, perhaps left behind by a feed that has stopped."""
    held = shared_prices.read(market_id)
    return _unpacked(market_id, held.data) if held else None


def latest_or_none(market_id: int) -> Snapshot | None:
    """For pages and figures: `latest`, and what this host knows while Redis is away, if anything (they show
    what needs no price).
    """
    try:
        return latest(market_id)
    except RedisError:
        log.warning("quotes.unavailable", market=market_id)
        return shared(market_id)


def _unpacked(market_id: int, data: bytes) -> Snapshot | None:
    try:
        return unpack(data)
    except ValueError:  # of another version of the platform; the next one will be of ours
        log.warning("quotes.unreadable", market=market_id)
        return None


def forget(market_id: int) -> None:
    """Drop what is known of a market that begins: after a restore or a flush its number was used before."""
    shared_prices.forget(market_id)
    client().delete(key("quotes", market_id), key("ack", market_id))


def clock_tick(market_id: int, *, at: datetime, last: Snapshot | None = None) -> Snapshot:
    """The time of the live market, whose events are numbered by their µs: nothing is quoted in it, what
    `last` knew is carried on.
    """
    if last is not None:
        return replace(last, seq=max(last.seq + 1, micros(at)), at=at, spot={})
    nothing = np.empty(0, dtype=np.int64)
    return Snapshot(market_id, micros(at), at, {}, nothing, nothing.astype(np.int32), nothing)


class SnapshotBuilder:
    """Snapshots of a recorded session: event n (counted from 1) of the market's price events.

    `ids` gives the instrument key of each contract. Any event can be asked for directly, so a feed that
    starts anew goes on where the market stands, with the carried prices it would have had. Columns are
    carried as their rows are: the newest row of a contract counts, what it left empty is 0.
    """

    def __init__(self, session: Session, ids: Mapping[ContractKey, int], *, market_id: int) -> None:
        missing = [contract for contract in session.contracts if contract not in ids]
        if missing:
            raise OperatorError(f"{len(missing)} contracts of the session are not in the instrument master.")
        self._session, self._market_id = session, market_id
        self._keys = np.array([ids[contract] for contract in session.contracts], dtype=np.int64)
        quoted = session.prices > 0
        self._stamps = _carried(quoted)
        grids = {name: session.matrix(name) for name in SESSION_COLUMNS if name in session.columns}
        self._rows = _carried(np.logical_or.reduce([quoted, *(~np.isnan(grid) for grid in grids.values())]))
        self._values = {name: _quoted(grid, name, session) for name, grid in grids.items()}
        self._times = np.array([micros(at) for at in session.times], dtype=np.int64)
        self._columns = np.arange(len(session.contracts))

    def __len__(self) -> int:
        return len(self._session.times)

    def snapshot(self, seq: int) -> Snapshot:
        """The market as event `seq` leaves it; IndexError outside 1 … len."""
        if not 1 <= seq <= len(self):
            raise IndexError(f"The session has events 1 to {len(self)}, not {seq}.")
        stamp = self._stamps[seq - 1]
        ltp = np.where(stamp > 0, self._session.prices[stamp - 1, self._columns], 0).astype(np.int32)
        return Snapshot(
            market_id=self._market_id,
            seq=seq,
            at=self._session.times[seq - 1],
            spot=self._spots(seq),
            keys=self._keys,
            ltp=ltp,
            stamp=stamp,
            columns=self._columns_at(seq),
        )

    def _spots(self, seq: int) -> dict[str, int]:
        """The indices the event quotes: the underlying and India VIX."""
        spot, vix = self._session.spot_paise[seq - 1], self._session.vix[seq - 1]
        found = {} if spot is None else {self._session.underlying: spot}
        return found if vix is None else found | {VIX: round(vix * 100)}

    def _columns_at(self, seq: int) -> dict[str, Column]:
        row = self._rows[seq - 1]
        found = {
            name: np.where(row > 0, grid[row - 1, self._columns], 0) for name, grid in self._values.items()
        }
        return found | {"exch_us": np.where(row > 0, self._times[row - 1], 0)}

    def __iter__(self) -> Iterator[Snapshot]:
        return self.after(0)

    def after(self, seq: int) -> Iterator[Snapshot]:
        """The snapshots that follow event `seq`."""
        return (self.snapshot(n) for n in range(seq + 1, len(self) + 1))


def _carried(there: NDArray[np.bool_]) -> Ids:
    """For each event and contract the newest event (counted from 1) that had it, 0 before the first."""
    events = np.arange(1, len(there) + 1)[:, None]
    return np.maximum.accumulate(np.where(there, events, 0), axis=0)


def _quoted(grid: NDArray[np.float64], name: str, session: Session) -> Column:
    """A column of a session as quotes have it: paise, units, 0 for none, the volume since the open."""
    factor = 100 if name in ("bid", "ask") else 1
    whole = np.rint(np.nan_to_num(grid * factor, posinf=0, neginf=0)).astype(np.int64)
    return np.cumsum(whole, axis=0) if name == "volume" and not session.volume_is_total else whole
