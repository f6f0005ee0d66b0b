"""Recording a live session: minute bars of every instrument and the option chain twice a minute.

Its hooks are called by the thread of the live feed and only gather arrays; files are written by whoever
`give` hands the work to. A minute is finished GRACE after its end, when late ticks have come in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

import numpy as np
import pyarrow as pa
import structlog
from numpy.typing import NDArray

from markets.candle_store import Series
from markets.domain.bars import MINUTE_US, Bars, concat, micros
from markets.domain.calendar import DaySession
from markets.domain.candles import CandleBuilder, TickArrays
from markets.quotes import VIX, Snapshot
from markets.recordings.closing import day_close
from markets.recordings.disk import DiskWatch, Room
from markets.recordings.parts import BAR_SCHEMA, BARS, CHAIN, INDEX, DayParts, Recorded
from markets.services.health import fault_record
from qlplatform.core.clock import IST

log = structlog.get_logger(__name__)
Ints = NDArray[np.int64]
Work = Callable[[], object]

SNAPSHOT_US = 30_000_000
GRACE_US = 5_000_000
CLOSE_US = 60_000_000  # the day is closed this long after the market
IST_US = 19_800_000_000
QUOTED = ("bid", "ask", "bid_qty", "ask_qty", "volume", "oi", "oi_chg")
RIGHTS = ("CE", "PE")


def at_once(work: Work) -> None:
    """Do it now."""
    work()


class Recorder:
    """Records one day of a market. `contracts[place]` is the instrument at each place of the feed's ticks and
    snapshots. One that starts during the day goes on where an earlier one stood.
    """

    def __init__(
        self,
        contracts: Sequence[Recorded],
        hours: DaySession,
        *,
        market: str = "live",
        give: Callable[[Work], None] = at_once,
    ) -> None:
        self.parts = DayParts(market, hours.open.astimezone(IST).date())
        self.market, self.hours = market, hours
        self.closed = False
        self._give = give
        self._contracts = list(contracts)
        self._open_us, self._close_us = micros(hours.open), micros(hours.close)
        self._builder = CandleBuilder([each.key for each in contracts], hours, (1,))
        self._disk = DiskWatch(self.parts.folder)
        self._options = _Options(self._contracts)
        self._bars: list[Bars] = []
        self._chain: list[pa.Table] = []
        self._index: list[pa.Table] = []
        self._chain_us = self._seq = 0
        self._flushed_us = self._open_us
        self._resume()

    def _resume(self) -> None:
        places = {(each.underlying, each.series): place for place, each in enumerate(self._contracts)}
        standing = self.parts.standing(places, len(self._contracts))
        if standing.bars_until_us:
            self._builder.resume(standing.totals, standing.oi, standing.bars_until_us)
            self._flushed_us = standing.bars_until_us
            log.info("recording.resumed", day=str(self.parts.day), bars_until=standing.bars_until_us)
        self._chain_us = standing.chain_until_us

    # -- hooks of the feed ------------------------------------------------------------

    def on_batch(self, ticks: TickArrays) -> None:
        """Ticks as the feed applied them."""
        if not self.closed:
            self._bars += self._builder.add(ticks)

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """A snapshot of the market; one in SNAPSHOT_US is kept."""
        at_us = micros(snapshot.at)
        trading = not self.closed and self._open_us <= at_us <= self._close_us
        if trading and at_us - self._chain_us >= SNAPSHOT_US:
            self._chain_us = at_us
            self._chain.append(self._options.rows(snapshot, at_us, self._seq))
            self._index.append(_index_rows(snapshot, at_us))
            self._seq = snapshot.seq
        self.on_time(snapshot.at)

    def on_time(self, at: datetime) -> None:
        """Write what is finished; close the day once it is over."""
        if self.closed:
            return
        at_us = micros(at)
        until = (at_us - GRACE_US) // MINUTE_US * MINUTE_US
        if until > self._flushed_us:
            self._flush(min(until, self._close_us))
        if at_us >= self._close_us + CLOSE_US:
            self.close_day()

    def stop(self) -> None:
        """The feed stops: write what there is of finished minutes. The rest of the day may follow."""
        if not self.closed:
            self._flush(self._flushed_us)

    def close_day(self) -> None:
        """The session is over: its parts become a session set and candles."""
        if not self.closed:
            self._flush(self._close_us)
            self.closed = True
            for code, count in self._builder.faults.items():
                self._give(partial(fault_record, source="recording", code=code, count=count))
            self._give(partial(day_close, self.market, self.hours))

    # -- writing ------------------------------------------------------------------------

    def _flush(self, until_us: int) -> None:
        bars = concat([*self._bars, *self._builder.close_until(until_us)], 1)
        chain, index = self._chain, self._index
        self._bars, self._chain, self._index = [], [], []
        finished = bars.ts_us < until_us
        if not finished.all():  # closed by ticks of the minute after, before its time: kept for the next part
            self._bars, bars = [bars.take(~finished)], bars.take(finished)
        self._flushed_us = until_us
        self._give(partial(self._write, until_us, self._chain_us, bars, chain, index))

    def _write(
        self, until_us: int, chain_us: int, bars: Bars, chain: list[pa.Table], index: list[pa.Table]
    ) -> None:
        if self._disk.look() is Room.FULL:
            lost = len(bars) + sum(part.num_rows for part in chain)
            fault_record(source="recording", code="disk_full", count=lost, example=str(self.parts.folder))
            return
        if index:
            self.parts.write(INDEX, chain_us, pa.concat_tables(index))
        if chain:
            self.parts.write(CHAIN, chain_us, pa.concat_tables(chain))
        self.parts.write(BARS, until_us, _bar_rows(bars, self._contracts, self._builder.keys))


class _Options:
    """The options among the instruments, and their rows in a snapshot."""

    def __init__(self, contracts: Sequence[Recorded]) -> None:
        options = [(each, place) for place, each in enumerate(contracts) if each.series.kind in RIGHTS]
        options.sort(key=lambda pair: _file_order(pair[0]))  # parts one after another are a sorted file
        self.places: Ints = np.array([place for _, place in options], dtype=np.int64)
        mine = [each for each, _ in options]
        self._named = {
            "underlying": pa.array([each.underlying for each in mine], pa.string()),
            "expiry": pa.array([each.series.expiry for each in mine], pa.date32()),
            "strike": pa.array([(each.series.strike_paise or 0) / 100 for each in mine], pa.float64()),
            "right": pa.array([each.series.kind for each in mine], pa.string()),
        }

    def rows(self, snapshot: Snapshot, at_us: int, seq: int) -> pa.Table:
        """Every option that is quoted; a last price only where it came after event `seq`."""
        ltp, stamp = snapshot.ltp[self.places], snapshot.stamp[self.places]
        values = {name: snapshot.column(name)[self.places] for name in QUOTED}
        fresh = (stamp > seq) & (ltp > 0)
        kept = np.flatnonzero(fresh | (values["bid"] > 0) | (values["ask"] > 0) | (values["oi"] > 0))
        columns = {"ts": pa.array(np.full(len(kept), at_us + IST_US), pa.timestamp("us"))}
        columns |= {name: column.take(pa.array(kept)) for name, column in self._named.items()}
        columns["close"] = _rupees(ltp[kept], fresh[kept])
        for name in QUOTED:
            numbers = values[name][kept]
            columns[name] = _rupees(numbers, numbers > 0) if name in ("bid", "ask") else pa.array(numbers)
        return pa.table(columns)


def _file_order(contract: Recorded) -> tuple[str, date, int, str]:
    series = contract.series
    return contract.underlying, series.expiry or date.min, series.strike_paise or 0, series.kind


def _rupees(paise: NDArray[np.integer], known: NDArray[np.bool_]) -> pa.Array:
    return pa.array(paise / 100, pa.float64(), mask=~known)


def _index_rows(snapshot: Snapshot, at_us: int) -> pa.Table:
    names = [name for name in snapshot.spot if name != VIX]
    vix = snapshot.spot.get(VIX)
    return pa.table(
        {
            "ts": pa.array([at_us + IST_US] * len(names), pa.timestamp("us")),
            "underlying": pa.array(names, pa.string()),
            "spot": pa.array([snapshot.spot[name] / 100 for name in names], pa.float64()),
            "vix": pa.array([vix / 100 if vix else None] * len(names), pa.float64()),
        }
    )


def _bar_rows(bars: Bars, contracts: Sequence[Recorded], keys: Ints) -> pa.Table:
    place_of = {int(key): place for place, key in enumerate(keys)}
    mine = [contracts[place_of[key]] for key in bars.key.tolist()]
    series: list[Series] = [each.series for each in mine]
    columns = {
        "ts": pa.array(bars.ts_us).cast(pa.timestamp("us", tz="UTC")),
        "underlying": pa.array([each.underlying for each in mine], pa.string()),
        "kind": pa.array([each.kind for each in series], pa.string()),
        "expiry": pa.array([each.expiry for each in series], pa.date32()),
        "strike": pa.array([each.strike_paise for each in series], pa.int64()),
    }
    columns |= {name: pa.array(getattr(bars, name)) for name in BAR_SCHEMA.names[5:]}
    return pa.table(columns).cast(BAR_SCHEMA)
