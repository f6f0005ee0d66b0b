"""What a margin is asked for: legs of one underlying, and the day and level they stand at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

CALL, PUT, FUTURE = "CE", "PE", "FUT"


@dataclass(frozen=True, slots=True)
class MarginLeg:
    """One contract of the underlying. `qty` in units, negative for sold; `price_paise` is the premium of an
    option or the price of a future, None when nobody knows it.
    """

    kind: str
    expiry: date
    qty: int
    strike_paise: int = 0
    price_paise: int | None = None

    @property
    def is_option(self) -> bool:
        return self.kind != FUTURE

    @property
    def is_short_option(self) -> bool:
        return self.is_option and self.qty < 0

    @property
    def w(self) -> int:
        """+1 call, -1 put, 0 future."""
        return {CALL: 1, PUT: -1}.get(self.kind, 0)

    def of(self, qty: int) -> MarginLeg:
        """The same contract in another quantity."""
        return replace(self, qty=qty)


@dataclass(frozen=True, slots=True)
class Underlying:
    """The underlying on a day: its level, and its annualised EWMA volatility (decimal) if that is known."""

    name: str
    on: date
    spot_paise: int
    volatility: float | None = None


def longer_than(months: int, on: date, expiry: date) -> bool:
    """Whether more than so many months lie between a day and an expiry."""
    apart = (expiry.year - on.year) * 12 + expiry.month - on.month
    return apart > months or (apart == months and expiry.day > on.day)
