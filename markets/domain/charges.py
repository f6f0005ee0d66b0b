"""What an order costs beside its price: brokerage, taxes and fees by trade date (docs of each rate: its fact
row).

Options are charged on premium × quantity, futures and equity on price × quantity. Components stay exact; an
order's total is rounded half up to the paisa once, on the sum. What a contract note rounds otherwise is one
adjustment for each note: see `contract_notes`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from markets.domain.dated import fact_missing, newest
from qlplatform.core.money import round_half_up, rupees

ALL_SEGMENTS = "ALL"
BOTH = "BOTH"
AUTO_SQUARE_OFF = "AUTO_SQUAREOFF"
PER_UNIT = {"percent": Decimal("0.01"), "INR per crore": Decimal("0.0000001")}
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A statutory or exchange rate; `unit` is `percent` or `INR per crore`, `side` SELL, BUY or BOTH."""

    segment: str
    item: str
    rate: Decimal
    unit: str
    side: str
    effective_from: date
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class BrokerageRow:
    """A broker's bill per executed order: flat rupees, or a percentage of turnover with cap and floor."""

    broker: str
    segment: str
    flat: Decimal | None
    percent: Decimal | None
    cap: Decimal | None
    floor: Decimal | None
    effective_from: date
    effective_to: date | None = None

    def bill(self, turnover: Decimal) -> Decimal:
        """Rupees for one executed order of this turnover."""
        if self.flat is not None:
            return self.flat
        amount = turnover * (self.percent or NONE) / 100
        if self.cap is not None:
            amount = min(amount, self.cap)
        return amount if self.floor is None else max(amount, self.floor)


@dataclass(frozen=True, slots=True)
class Charges:
    """The components in exact rupees. `square_off`: what a broker bills for closing a position himself."""

    brokerage: Decimal = NONE
    square_off: Decimal = NONE
    stt: Decimal = NONE
    exchange_txn: Decimal = NONE
    ipft: Decimal = NONE
    sebi_fee: Decimal = NONE
    stamp: Decimal = NONE
    gst: Decimal = NONE

    def components(self) -> dict[str, Decimal]:
        """Every component by name, in the order of a contract note."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def total(self) -> Decimal:
        """The exact sum in rupees."""
        return sum(self.components().values(), NONE)

    @property
    def total_paise(self) -> int:
        """The sum in paise, rounded half up once."""
        return round_half_up(self.total * 100)


@dataclass(frozen=True, slots=True)
class Billed:
    """An order as its charges see it: all its fills together. `underlying` counts where an exchange has fees
    of its own for one; `auto_square_off`: the broker closed the position himself.
    """

    segment: str
    exchange: str
    broker: str
    side: str
    turnover_paise: int
    on: date
    underlying: str = ""
    auto_square_off: bool = False


class ChargeSchedule:
    """Rates by trade date; a missing one raises UserError `fact_missing` naming segment, item and date."""

    def __init__(self, charges: Iterable[ChargeRow], brokerage: Iterable[BrokerageRow]) -> None:
        self._charges: dict[tuple[str, str], list[ChargeRow]] = defaultdict(list)
        for row in charges:
            self._charges[row.segment, row.item].append(row)
        self._brokerage: dict[tuple[str, str], list[BrokerageRow]] = defaultdict(list)
        for bill in brokerage:
            self._brokerage[bill.broker, bill.segment].append(bill)

    def brokers(self) -> tuple[str, ...]:
        """Every broker whose bill is known."""
        return tuple(sorted({broker for broker, _ in self._brokerage}))

    def for_order(
        self,
        *,
        segment: str,
        exchange: str,
        broker: str,
        side: str,
        turnover_paise: int,
        on: date,
        underlying: str = "",
        auto_square_off: bool = False,
    ) -> Charges:
        """Charges of one executed order with this turnover (all its fills together) on trade date `on`.

        GST is due on brokerage, the square-off fee, exchange fee, IPFT and SEBI fee; not on STT and stamp
        duty. No turnover, no charge.
        """
        return self.of(
            Billed(segment, exchange, broker, side, turnover_paise, on, underlying, auto_square_off)
        )

    def of(self, order: Billed) -> Charges:
        """As `for_order`."""
        if order.turnover_paise == 0:
            return Charges()
        turnover = rupees(order.turnover_paise)
        brokerage = self._bill(order, order.segment, turnover)
        square_off = self._bill(order, AUTO_SQUARE_OFF, turnover) if order.auto_square_off else NONE
        exchange_txn = self._due(order, f"EXCH_TXN_{order.exchange}", turnover)
        ipft = self._due(order, f"IPFT_{order.exchange}", turnover)
        sebi_fee = self._due(order, "SEBI_FEE", turnover)
        return Charges(
            brokerage=brokerage,
            square_off=square_off,
            stt=self._due(order, "STT", turnover),
            exchange_txn=exchange_txn,
            ipft=ipft,
            sebi_fee=sebi_fee,
            stamp=self._due(order, "STAMP", turnover),
            gst=self._due(order, "GST", brokerage + square_off + exchange_txn + ipft + sebi_fee),
        )

    def for_exercise(self, *, segment: str, intrinsic_paise: int, qty: int, on: date) -> Charges:
        """What the holder of an option pays that expires in the money: STT on its intrinsic value (paise a
        unit). A writer who is assigned pays none, nor does anybody for one that expires worthless.
        """
        if intrinsic_paise <= 0 or qty <= 0:
            return Charges()
        row = self._row(segment, "STT_EXERCISE", on)
        return Charges(stt=rupees(intrinsic_paise * qty) * row.rate * PER_UNIT[row.unit])

    def _bill(self, order: Billed, segment: str, turnover: Decimal) -> Decimal:
        plan = newest(self._brokerage[order.broker, segment], order.on)
        return (plan or fact_missing(order.broker, f"brokerage {segment}", order.on)).bill(turnover)

    def _due(self, order: Billed, item: str, base: Decimal) -> Decimal:
        row = self._row(order.segment, item, order.on, order.underlying)
        return base * row.rate * PER_UNIT[row.unit] if row.side in (order.side, BOTH) else NONE

    def _row(self, segment: str, item: str, on: date, underlying: str = "") -> ChargeRow:
        """The rate of the underlying where it has its own (item "EXCH_TXN_BSE:SENSEX50"), else all's."""
        own = newest(self._charges[segment, f"{item}:{underlying}"], on) if underlying else None
        rows = self._charges[segment, item] or self._charges[ALL_SEGMENTS, item]
        return own or newest(rows, on) or fact_missing(segment, item, on)
