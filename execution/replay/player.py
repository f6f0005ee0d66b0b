"""One replay. The player owns its market's clock; every step can be repeated, so it may be killed anywhere.

A step: the clock moves to the next bar end and is committed -> the venue matches waiting orders -> due runs
are opened -> the snapshot is published to the engines. The next step waits until an engine acknowledged the
snapshot and nothing is under way.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from brokers.sandbox.feed import VenueFeed
from execution.domain.outcomes import REPLAY_ENDED
from execution.models import Run
from execution.services.deployments import command
from execution.services.schedule import open_due
from execution.services.settle import outstanding
from markets import quotes, shared_prices
from markets.models import Market
from markets.quotes import Snapshot, SnapshotBuilder
from markets.services import instruments_ensure, market_advance, market_end
from markets.sessions import ContractKey, Session, SessionDataError, session_sources
from portfolio.services import pnl_record, reservation_release
from qlplatform.core.tenancy import Actor

log = structlog.get_logger(__name__)
TELL_AGAIN_S = 1.0


class Player:
    """Plays one replay market. `deliver` and `finish` may be called again after a crash; they do nothing
    twice.
    """

    def __init__(
        self, market: Market, venue: VenueFeed, session: Session, acked: Callable[[int], int]
    ) -> None:
        self.market = market
        self.venue = venue
        self.session = session
        self._acked = acked
        self._snapshots = SnapshotBuilder(session, _keys(session), market_id=market.pk)
        self.filled = 0
        self._told_at = float("-inf")
        self._told = True  # everywhere: this host and Redis
        self.current: Snapshot | None = self._snapshots.snapshot(market.seq) if market.seq else None

    @property
    def length(self) -> int:
        """Number of price events of the session."""
        return len(self.session.times)

    @property
    def at_end(self) -> bool:
        return self.market.seq >= self.length

    def advance(self) -> Snapshot:
        """Move the clock to the next event and deliver it."""
        snapshot = self._snapshots.snapshot(self.market.seq + 1)
        market_advance(market=self.market, seq=snapshot.seq, at=snapshot.at)
        self.current = snapshot
        self.deliver()
        return snapshot

    def deliver(self) -> None:
        """Hand the current event to venue, schedules and engines."""
        if self.current is None:
            return
        self.filled = self.venue.price_event(self.current)
        open_due(market=self.market, now=self.current.at)
        self._tell(self.current)

    def tell_again(self) -> None:
        """Publish the current event once more when Redis did not take it, at most once a second."""
        if self.current and not self._told and time.monotonic() - self._told_at >= TELL_AGAIN_S:
            self._tell(self.current)

    def _tell(self, snapshot: Snapshot) -> None:
        """Publish it; engines of this host know it even when Redis does not take it."""
        before, self._told_at = self._told, time.monotonic()
        self._told = quotes.store(snapshot)
        if before and not self._told:
            log.warning("replay.redis_lost", market=self.market.public_id, seq=snapshot.seq)

    def waiting_for(self) -> str:
        """Why the next step has to wait, in plain words; empty when everything has settled."""
        if self.current is None:
            return ""
        if self._acked(self.market.pk) < self.current.seq:
            return "waiting for the engine"
        left = outstanding(self.market.pk)
        return "waiting for " + ", ".join(f"{count} {name}" for name, count in left.items()) if left else ""

    def settled(self) -> None:
        """Record P&L once an event is done with."""
        if self.current is not None:
            pnl_record(market=self.market, at=self.current.at, marks=self.current.marks())

    def square_off(self) -> None:
        """After the last event: what is still open is closed, as a broker closes intraday positions."""
        for run in self._open_runs().select_related("market"):
            command(run, "SQUARE_OFF", reason="BROKER_SQUARE_OFF", text="The session ended")

    def close_session(self) -> None:
        """Then the venue ends its day: what no price came for is filled at the last one."""
        self.venue.session_close(self.market.pk)

    def _open_runs(self) -> QuerySet[Run]:
        return Run.objects.filter(market=self.market).exclude(phase__in=Run.CLOSED)

    def end(self) -> None:
        """The replay is over; runs that could not end are closed and say so."""
        stuck = self._open_runs()
        for run_ref in stuck.values_list("public_id", flat=True):
            reservation_release(run_ref=run_ref)
        stuck.update(
            phase=Run.Phase.ERROR,
            outcome=REPLAY_ENDED,
            outcome_text="The session ended while this run still had something open.",
            closed_at=self.market.now or timezone.now(),
        )
        self.market = market_end(market=self.market, by=Actor.system("feed"))
        shared_prices.forget(self.market.pk)  # pages find its last prices in Redis


def _keys(session: Session) -> dict[ContractKey, int]:
    return {contract: instrument.pk for contract, instrument in instruments_ensure(session).items()}


def recorded_session(market: Market) -> Session:
    """The recorded session a replay market plays. Raises SessionDataError when it is not installed."""
    source = session_sources().get(market.source)
    if market.session_date is None or source is None:
        raise SessionDataError(f"There is no recorded session set “{market.source}”.", code="unknown_source")
    return source.load(market.session_date)
