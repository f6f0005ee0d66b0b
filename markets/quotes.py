"""Quotes: one snapshot per price event, kept as the newest of its market in Redis and told to whoever
listens.

A snapshot holds every instrument of its market: its last price and the event (`seq`) that brought it. What
was quoted in this very event may trigger rules and fills; older prices only mark positions.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import structlog
from numpy.typing import NDArray
from redis import RedisError

from markets.domain.sessions import ContractKey, Session
from qlplatform.core.errors import OperatorError
from qlplatform.core.redis import client, key

log = structlog.get_logger(__name__)

Ids = NDArray[np.int64]
Paise = NDArray[np.int32]

MAGIC = b"QLQ1"
HEADER = struct.Struct("<4sqqqHI")  # magic, market, seq, time in µs, number of spots, number of instruments
SPOT = struct.Struct("<Bq")  # length of the name, paise; the name follows
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
KEEP_S = 7 * 86_400


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All prices of a market at one instant (paise). `spot` holds the indices quoted in this event only.

    `stamp[i]` is the `seq` of the event that brought `ltp[i]`, 0 where there was no price yet.
    """

    market_id: int
    seq: int
    at: datetime
    spot: dict[str, int]
    keys: Ids
    ltp: Paise
    stamp: Ids

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

    def _prices(self, mask: NDArray[np.bool_]) -> dict[int, int]:
        mask = mask & (self.ltp > 0)
        return dict(zip(self.keys[mask].tolist(), self.ltp[mask].tolist(), strict=True))


def pack(snapshot: Snapshot) -> bytes:
    """The snapshot as bytes: a header, the spots, then the three arrays, little-endian."""
    at = (snapshot.at - EPOCH) // MICROSECOND
    parts = [HEADER.pack(MAGIC, snapshot.market_id, snapshot.seq, at, len(snapshot.spot), len(snapshot.keys))]
    for name, paise in snapshot.spot.items():
        raw = name.encode()
        parts += [SPOT.pack(len(raw), paise), raw]
    parts += [
        snapshot.keys.astype("<i8", copy=False).tobytes(),
        snapshot.ltp.astype("<i4", copy=False).tobytes(),
        snapshot.stamp.astype("<i8", copy=False).tobytes(),
    ]
    return b"".join(parts)


def unpack(data: bytes) -> Snapshot:
    """The inverse of `pack`; ValueError for bytes that are no snapshot of this version. The arrays are
    read-only.
    """
    if len(data) < HEADER.size or data[:4] != MAGIC:
        raise ValueError("These bytes are no quote snapshot.")
    _, market_id, seq, at, spots, count = HEADER.unpack_from(data)
    offset, spot = _unpack_spots(data, spots)
    if len(data) != offset + count * 20:
        raise ValueError("This quote snapshot is cut short.")
    keys = np.frombuffer(data, "<i8", count, offset)
    ltp = np.frombuffer(data, "<i4", count, offset + count * 8)
    stamp = np.frombuffer(data, "<i8", count, offset + count * 12)
    return Snapshot(market_id, seq, EPOCH + at * MICROSECOND, spot, keys, ltp, stamp)


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


def store(snapshot: Snapshot) -> None:
    """Make it the newest of its market and publish it. Raises redis.RedisError: quotes are rebuildable,
    callers may go on.
    """
    data = pack(snapshot)
    pipe = client().pipeline(transaction=True)
    pipe.set(key("quotes", snapshot.market_id), data, ex=KEEP_S)
    pipe.publish(channel(), data)
    pipe.execute()


def latest(market_id: int) -> Snapshot | None:
    """The newest snapshot of a market, None before the first (or once Redis lost it)."""
    data = client().get(key("quotes", market_id))
    return unpack(data) if isinstance(data, bytes) else None


def forget(market_id: int) -> None:
    """Drop what Redis holds of a market that begins: after a restore or a flush its key was used before."""
    client().delete(key("quotes", market_id), key("ack", market_id))


def latest_or_none(market_id: int) -> Snapshot | None:
    """For pages and figures: `latest`, and None while Redis is away (they show what needs no price)."""
    try:
        return latest(market_id)
    except RedisError:
        log.warning("quotes.unavailable", market=market_id)
        return None


def clock_tick(market_id: int, *, seq: int, at: datetime) -> Snapshot:
    """A snapshot without any price: the time of a market."""
    nothing = np.empty(0, dtype=np.int64)
    return Snapshot(market_id, seq, at, {}, nothing, nothing.astype(np.int32), nothing)


class SnapshotBuilder:
    """Snapshots of a recorded session: event n (counted from 1) of the market's price events.

    `ids` gives the instrument key of each contract. Any event can be asked for directly, so a feed that
    starts anew goes on where the market stands, with the carried prices it would have had.
    """

    def __init__(self, session: Session, ids: Mapping[ContractKey, int], *, market_id: int) -> None:
        missing = [contract for contract in session.contracts if contract not in ids]
        if missing:
            raise OperatorError(f"{len(missing)} contracts of the session are not in the instrument master.")
        self._session, self._market_id = session, market_id
        self._keys = np.array([ids[contract] for contract in session.contracts], dtype=np.int64)
        events = np.arange(1, len(session.times) + 1)[:, None]
        self._stamps = np.maximum.accumulate(np.where(session.prices > 0, events, 0), axis=0)
        self._columns = np.arange(len(session.contracts))

    def __len__(self) -> int:
        return len(self._session.times)

    def snapshot(self, seq: int) -> Snapshot:
        """The market as event `seq` leaves it; IndexError outside 1 … len."""
        if not 1 <= seq <= len(self):
            raise IndexError(f"The session has events 1 to {len(self)}, not {seq}.")
        stamp = self._stamps[seq - 1]
        ltp = np.where(stamp > 0, self._session.prices[stamp - 1, self._columns], 0).astype(np.int32)
        spot = self._session.spot_paise[seq - 1]
        return Snapshot(
            market_id=self._market_id,
            seq=seq,
            at=self._session.times[seq - 1],
            spot={} if spot is None else {self._session.underlying: spot},
            keys=self._keys,
            ltp=ltp,
            stamp=stamp,
        )

    def __iter__(self) -> Iterator[Snapshot]:
        return self.after(0)

    def after(self, seq: int) -> Iterator[Snapshot]:
        """The snapshots that follow event `seq`."""
        return (self.snapshot(n) for n in range(seq + 1, len(self) + 1))
