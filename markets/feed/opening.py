"""The live feed of a day, set up from the instrument master, the calendar and what was recorded before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import structlog

from markets import quotes
from markets.candle_store import Series, candle_store
from markets.domain.calendar import DaySession
from markets.feed.errands import Errands
from markets.feed.live import LiveFeed
from markets.feed.sources import PriceSource
from markets.feed.ticks import Ints
from markets.feed.universe import Universe, universe
from markets.models import Instrument
from markets.quotes import Snapshot
from markets.recordings.opening import recorder_open
from markets.recordings.recorder import Recorder
from markets.selectors import calendar, contract_facts, live_market
from markets.services.health import data_alert
from qlplatform.core.clock import IST, wall
from qlplatform.core.errors import UserError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """A day's feed with its recorder, which is missing on days that do not trade."""

    day: date
    live: LiveFeed
    recorder: Recorder | None
    errands: Errands

    def close(self) -> None:
        """Write what is not written yet."""
        self.live.flush()
        if self.recorder is not None:
            self.recorder.stop()
        self.live.finish()
        self.errands.finish()


def open_feed(sources: Sequence[PriceSource], *, apart: bool = True) -> OpenFeed | None:
    """The live feed of these sources, going on from what an earlier one of today left; None without any."""
    if not sources:
        return None
    market, day = live_market(), wall().astimezone(IST).date()
    of, hours = universe_of(sources, day), calendar().session(day)
    errands = Errands("recorder", apart=apart)
    recorder = _recorder(of, hours, errands)
    heard = [recorder] if recorder else []
    live = LiveFeed(
        sources,
        of,
        market_id=market.pk,
        hours=hours,
        on_batch=[each.on_batch for each in heard],
        on_snapshot=[each.on_snapshot for each in heard],
        on_time=[each.on_time for each in heard],
        apart=apart,
    )
    if (last := _newest(market.pk, day)) is not None:
        live.board.resume(last)
    return OpenFeed(day, live, recorder, errands)


def universe_of(sources: Sequence[PriceSource], day: date) -> Universe:
    """Every instrument that any of the sources is subscribed to, as the instrument master knows it."""
    wanted = {key for source in sources for key in source.tokens().values()}
    rows = list(Instrument.objects.filter(pk__in=wanted).order_by("pk"))
    if missing := len(wanted) - len(rows):
        log.warning("feed.unknown_instruments", count=missing)
    spots = {row.pk: row.underlying for row in rows if row.kind == Instrument.Kind.INDEX}
    lots = np.array([row.lot_size for row in rows], dtype=np.int64)
    return universe([row.pk for row in rows], spots, lot=lots, oi_before=_oi_before(rows, day))


def _oi_before(rows: Sequence[Instrument], day: date) -> Ints:
    """The open interest at the end of the trading day before, 0 where none was recorded."""
    try:
        start = datetime.combine(calendar().previous_trading_day(day), time.min, tzinfo=IST)
    except UserError:  # the holidays of the year are not confirmed
        return np.zeros(len(rows), dtype=np.int64)
    known: dict[tuple[str, Series], int] = {}
    for underlying in {row.underlying for row in rows}:
        exchange = contract_facts().exchange(underlying)
        bars = candle_store().read(exchange, underlying, "day", start, start + timedelta(days=1))
        for bar in bars.select(["kind", "expiry", "strike", "oi"]).to_pylist():
            known[underlying, Series(bar["kind"], bar["expiry"], bar["strike"])] = bar["oi"] or 0
    names = [(row.underlying, Series(row.kind, row.expiry, row.strike_paise)) for row in rows]
    return np.array([known.get(name, 0) for name in names], dtype=np.int64)


def _recorder(of: Universe, hours: DaySession | None, errands: Errands) -> Recorder | None:
    """What cannot be recorded is no reason to have no prices, but one to tell somebody."""
    if hours is None:
        return None
    try:
        return recorder_open(of.keys, hours, give=errands.give)
    except Exception as fault:
        log.exception("feed.no_recorder")
        data_alert(code="not_recorded", text=f"Today's session is not recorded: {fault}", source="recording")
        return None


def _newest(market_id: int, day: date) -> Snapshot | None:
    """The newest snapshot of the day."""
    last = quotes.latest_or_none(market_id)
    return last if last is not None and last.at.astimezone(IST).date() == day else None
