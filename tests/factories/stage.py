"""A replay market with a paper account and options on it, prices under the test's control."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np

from brokers.gateway import InstrumentRef
from brokers.models import BrokerAccount
from brokers.services import account_open_paper
from markets.models import Instrument, Market
from markets.quotes import Snapshot
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor

OPENED = datetime(2022, 6, 15, 3, 45, tzinfo=UTC)
LOT = 50


def option(strike: int, underlying: str = "NIFTY", kind: str = "CE") -> Instrument:
    """A weekly option of the session day."""
    return Instrument.objects.create(
        underlying=underlying,
        kind=kind,
        expiry=date(2022, 6, 16),
        strike_paise=strike * 100,
        lot_size=LOT,
        tick_paise=5,
        symbol=f"{underlying} 16 JUN {strike} {kind}",
    )


def ref_of(instrument: Instrument) -> InstrumentRef:
    """How a gateway names it."""
    return InstrumentRef(
        instrument.pk, instrument.exchange, instrument.symbol, instrument.lot_size, instrument.tick_paise
    )


class Stage:
    """A replay market with a paper account and two options, prices under the test's control."""

    def __init__(self) -> None:
        self.workspace = Workspace.objects.create(name="Test")
        self.market = Market.objects.create(
            kind="replay",
            workspace=self.workspace,
            underlying="NIFTY",
            session_date=OPENED.date(),
            slippage_paise=5,
        )
        self.account = self.account_open("One")
        self.call, self.put = option(15_800), option(15_800, kind="PE")
        self.seq = 0
        self._prices: dict[int, int] = {}
        self._seen: dict[int, int] = {}

    def account_open(self, name: str) -> BrokerAccount:
        """One more account on the same market."""
        return account_open_paper(
            workspace=self.workspace,
            market=self.market,
            name=name,
            capital_paise=10_00_000_00,
            by=Actor.system("test"),
        )

    @property
    def now(self) -> datetime:
        """Market time of the newest event."""
        return OPENED + timedelta(minutes=self.seq)

    def next_snapshot(self, prices: Mapping[Instrument, int]) -> Snapshot:
        """The next event, its clock committed as the feed does it: `prices` are quoted in it, the others keep
        their old price and stamp.
        """
        self.seq += 1
        Market.objects.filter(pk=self.market.pk).update(seq=self.seq)
        for instrument, paise in prices.items():
            self._prices[instrument.pk], self._seen[instrument.pk] = paise, self.seq
        keys = sorted(self._prices)
        return Snapshot(
            market_id=self.market.pk,
            seq=self.seq,
            at=self.now,
            spot={"NIFTY": 15_790_00},
            keys=np.array(keys, dtype=np.int64),
            ltp=np.array([self._prices[k] for k in keys], dtype=np.int32),
            stamp=np.array([self._seen[k] for k in keys], dtype=np.int64),
        )
