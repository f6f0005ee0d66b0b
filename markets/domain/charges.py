"""What an order costs beside its price: brokerage, taxes and fees by trade date (docs of each rate: its fact
row).

Options are charged on premium × quantity, futures and equity on price × quantity. Components stay exact; an
order's total is rounded half up to the paisa once, on the sum.
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
    """The components in exact rupees."""

    brokerage: Decimal = NONE
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


class ChargeSchedule:
    """Rates by trade date; a missing one raises UserError `fact_missing` naming segment, item and date."""

    def __init__(self, charges: Iterable[ChargeRow], brokerage: Iterable[BrokerageRow]) -> None:
        self._charges: dict[tuple[str, str], list[ChargeRow]] = defaultdict(list)
        for row in charges:
            self._charges[row.segment, row.item].append(row)
        self._brokerage: dict[tuple[str, str], list[BrokerageRow]] = defaultdict(list)
        for bill in brokerage:
            self._brokerage[bill.broker, bill.segment].append(bill)

    def for_order(
        self, *, segment: str, exchange: str, broker: str, side: str, turnover_paise: int, on: date
    ) -> Charges:
        """Charges of one executed order with this turnover (all its fills together) on trade date `on`.

        GST is due on brokerage, exchange fee, IPFT and SEBI fee; not on STT and stamp duty. No turnover, no
        charge.
        """
        if turnover_paise == 0:
            return Charges()
        turnover = rupees(turnover_paise)
        plan = newest(self._brokerage[broker, segment], on) or fact_missing(
            broker, f"brokerage {segment}", on
        )
        brokerage = plan.bill(turnover)
        stt = self._due(segment, "STT", side, turnover, on)
        exchange_txn = self._due(segment, f"EXCH_TXN_{exchange}", side, turnover, on)
        ipft = self._due(segment, f"IPFT_{exchange}", side, turnover, on)
        sebi_fee = self._due(segment, "SEBI_FEE", side, turnover, on)
        stamp = self._due(segment, "STAMP", side, turnover, on)
        gst = self._due(segment, "GST", side, brokerage + exchange_txn + ipft + sebi_fee, on)
        return Charges(brokerage, stt, exchange_txn, ipft, sebi_fee, stamp, gst)

    def _due(self, segment: str, item: str, side: str, base: Decimal, on: date) -> Decimal:
        rows = self._charges[segment, item] or self._charges[ALL_SEGMENTS, item]
        row = newest(rows, on) or fact_missing(segment, item, on)
        return base * row.rate * PER_UNIT[row.unit] if row.side in (side, BOTH) else NONE
