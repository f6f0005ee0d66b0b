"""One market at the venue, in memory: newest prices and waiting orders. PostgreSQL is the truth."""

from __future__ import annotations

import logging
from datetime import date, datetime

from redis import RedisError

from brokers.models import VenueOrder
from markets import quotes
from markets.models import Market
from markets.quotes import Snapshot
from qlplatform.core.clock import IST, wall

log = logging.getLogger(__name__)

WORKING = "OPEN"
MAX_SEQ = 2**63 - 1


class MarketBook:
    """Loaded from PostgreSQL and the newest stored quotes; `fed` once a price event came since then.

    `fresh`: prices of the instruments quoted in the newest event, paise.
    """

    def __init__(self, market: Market) -> None:
        self.market = market
        self.closed = market.state == Market.State.ENDED
        self.fed = False
        self.snapshot: Snapshot | None = None
        self.fresh: dict[int, int] = {}
        working = VenueOrder.objects.filter(market=market, status=WORKING)
        self.working = {o.pk: o for o in working.select_related("account", "instrument").order_by("pk")}
        self.refresh()

    def take(self, snapshot: Snapshot) -> bool:
        """Make `snapshot` the newest prices; False when it is older than what is known."""
        if self.snapshot is not None and snapshot.seq < self.snapshot.seq:
            return False
        self.snapshot = snapshot
        self.fresh = snapshot.fresh()
        return True

    def hear(self, snapshot: Snapshot) -> bool:
        """A price event of the feed; False when it is older than what is known or the session is over."""
        if self.closed or not self.take(snapshot):
            return False
        self.fed = True
        return True

    def refresh(self) -> None:
        """Read the stored quotes until the first price event arrives.

        A venue that died between answering a price event and its publication would otherwise go on with older
        prices.
        """
        if self.fed:
            return
        try:
            stored = quotes.latest(self.market.pk)
        except RedisError:
            # Prices are rebuildable: without them orders rest until the next price event.
            log.warning("venue.quotes_unreachable", extra={"market": self.market.pk})
            return
        if stored is not None and stored.seq <= self._seq():
            self.take(stored)

    def _seq(self) -> int:
        """The newest event PostgreSQL knows: stored quotes beyond it are of a database that was replaced."""
        if not self.market.is_replay:
            return MAX_SEQ
        return Market.objects.values_list("seq", flat=True).get(pk=self.market.pk)

    def marks(self) -> dict[int, int]:
        """The last price seen of each instrument, however old, paise."""
        return {} if self.snapshot is None else self.snapshot.marks()

    def now(self) -> datetime:
        """Market time: live, the wall's; in a replay, the newest event's, else the market's clock."""
        if not self.market.is_replay:
            return wall()
        if self.snapshot is not None:
            return self.snapshot.at
        return self.market.now or wall()

    def today(self) -> date:
        """The trading date, IST."""
        return self.market.session_date or self.now().astimezone(IST).date()
