"""Role `feed`: plays every open replay, each at its own speed, and shows what is on the way to the screens.

Never blocks on one replay: a player that waits for its orders to settle is looked at again in the next round.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from brokers.errors import NotSent
from brokers.sandbox.feed import VenueFeed
from execution.models import Decision
from execution.replay.acks import acked
from execution.replay.player import Player, recorded_session
from execution.screen import screen_push
from markets.models import Market
from markets.services import market_note
from qlplatform.core.errors import UserError
from qlplatform.core.loop import TRANSIENT

log = structlog.get_logger(__name__)
IDLE_S = 0.02
CONTROL_S = 0.25
SHOW_S = 1.0
TELL_S = 1.5
FAULT = "stopped by a fault of the platform; press Play to try again"
OPEN_STATES = (Market.State.READY, Market.State.PLAYING, Market.State.PAUSED)


@dataclass(slots=True)
class Seat:
    """A player and where it stands in wall time. `pending`: its current event has not settled yet."""

    player: Player
    pending: bool
    next_at: float = field(default_factory=time.monotonic)
    sent_at: float = field(default_factory=time.monotonic)
    ending: int = 0
    decisions: int = 0
    shown: tuple[object, ...] = ()
    shown_at: float = 0.0


class Feed:
    """Every open replay and its player; `step` is what the role repeats."""

    def __init__(self, venue: VenueFeed) -> None:
        self.venue = venue
        self.seats: dict[int, Seat] = {}
        self._controls_at = 0.0

    def step(self) -> None:
        """One round and a short rest. What is away (database, Redis, venue) is waited for by the role;
        players start afresh from what PostgreSQL knows.
        """
        try:
            self.round()
        except TRANSIENT:
            self.seats.clear()
            raise
        except NotSent as away:
            self.seats.clear()
            raise ConnectionError(away.message) from away
        time.sleep(IDLE_S)

    def round(self) -> None:
        """Read the controls a few times a second, then move every player that can move."""
        now = time.monotonic()
        if now >= self._controls_at:
            self._read_controls()
            self._controls_at = now + CONTROL_S
        for pk, seat in list(self.seats.items()):
            with self._apart(seat.player.market):
                if self._move(seat):
                    del self.seats[pk]

    # -- controls -----------------------------------------------------------

    def _read_controls(self) -> None:
        rows = {
            market.pk: market
            for market in Market.objects.filter(kind=Market.Kind.REPLAY, state__in=OPEN_STATES)
        }
        for pk in self.seats.keys() - rows.keys():
            del self.seats[pk]
        for market in rows.values():
            with self._apart(market):
                self._read_control(market)

    def _read_control(self, market: Market) -> None:
        if market.pk not in self.seats and market.note != FAULT:
            self._seat(market)
        seat = self.seats.get(market.pk)
        if seat is None:
            return
        if market.speed != seat.player.market.speed:
            seat.next_at = time.monotonic()
        seat.player.market = market
        self._show(seat)

    @contextmanager
    def _apart(self, market: Market) -> Iterator[None]:
        """What goes wrong with one replay pauses that one and says so; play starts it again."""
        try:
            yield
        except (*TRANSIENT, NotSent):
            raise
        except Exception:
            log.exception("replay.failed", market=market.public_id)
            self.seats.pop(market.pk, None)
            Market.objects.filter(pk=market.pk).update(state=Market.State.PAUSED, note=FAULT)

    def _seat(self, market: Market) -> None:
        try:
            session = recorded_session(market)
        except UserError as bad:
            Market.objects.filter(pk=market.pk).update(state=Market.State.ENDED, note=bad.message[:200])
            return
        player = Player(market, self.venue, session, acked)
        seat = Seat(player, pending=player.current is not None)
        if seat.pending:
            player.deliver()  # perhaps the feed died before it could: nothing happens twice
        self.seats[market.pk] = seat

    def _show(self, seat: Seat) -> None:
        """Push to the screens after an event or a control, and once a second for what happens in between (a
        square-off while paused); valuing costs two dozen queries.
        """
        seat.player.tell_again()
        market = seat.player.market
        seen = (market.seq, seat.pending, market.state, market.speed, market.note)
        if seen != seat.shown or time.monotonic() - seat.shown_at >= SHOW_S:
            screen_push(market)
            seat.shown, seat.shown_at = seen, time.monotonic()

    # -- playing --------------------------------------------------------------

    def _move(self, seat: Seat) -> bool:
        """One look at a seat; True when its replay has ended."""
        player = seat.player
        if seat.pending and not self._settle(seat):
            return False
        if player.at_end:
            return self._end(seat)
        if not self._may_advance(seat):
            return False
        seat.decisions = _decisions(player.market) if player.market.until_decision else 0
        player.advance()
        seat.pending, seat.sent_at = True, time.monotonic()
        seat.next_at = max(seat.next_at, time.monotonic() - 1.0) + self._gap(player)
        return False

    def _settle(self, seat: Seat) -> bool:
        why = seat.player.waiting_for()
        if why:
            self._say_why(seat, why)
            return False
        seat.pending = False
        if seat.player.market.note:
            market_note(market=seat.player.market, note="")
        seat.player.settled()
        if seat.player.market.until_decision and _decisions(seat.player.market) > seat.decisions:
            Market.objects.filter(pk=seat.player.market.pk).update(
                until_decision=False, state=Market.State.PAUSED
            )
            seat.player.market.until_decision, seat.player.market.state = False, Market.State.PAUSED
        return True

    def _say_why(self, seat: Seat, why: str) -> None:
        """Tell why a replay waits once it waits for longer than orders usually take."""
        if time.monotonic() - seat.sent_at >= TELL_S:
            market_note(market=seat.player.market, note=why)

    def _may_advance(self, seat: Seat) -> bool:
        market = seat.player.market
        if market.until_decision or market.steps > 0:
            return True
        return market.state == Market.State.PLAYING and time.monotonic() >= seat.next_at

    def _gap(self, player: Player) -> float:
        """Wall seconds until the next event; speed 0 and stepping are as fast as it can."""
        market = player.market
        if market.speed == 0 or market.until_decision:
            return 0.0
        return player.session.gap_after(market.seq).total_seconds() / market.speed

    def _end(self, seat: Seat) -> bool:
        """One look at a replay after its last event: square off, end the venue's day, end the replay."""
        player = seat.player
        if seat.ending:
            if why := player.waiting_for():
                self._say_why(seat, why)
                return False
            player.settled()
        steps = (player.square_off, player.close_session, player.end)
        steps[seat.ending]()
        seat.ending += 1
        seat.sent_at = time.monotonic()
        if seat.ending < len(steps):
            return False
        screen_push(player.market)
        return True


def _decisions(market: Market) -> int:
    """How many things were decided in a market so far (waiting notes and levels aside)."""
    return Decision.objects.filter(run__market=market, kind__in=["plan", "open", "close", "end"]).count()
