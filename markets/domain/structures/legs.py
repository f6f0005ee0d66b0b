"""The legs of a structure as a trader names them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from qlplatform.core.errors import UserError

BUY, SELL = "BUY", "SELL"
CALL, PUT, FUTURE = "CE", "PE", "FUT"
MOST_LEGS = 20


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg. `price_paise` is what was paid or received per unit, None to take it from the market."""

    side: str
    kind: str
    expiry: date
    lots: int
    strike_paise: int | None = None
    price_paise: int | None = None

    @property
    def w(self) -> int:
        """+1 call, -1 put, 0 future."""
        return {CALL: 1, PUT: -1}.get(self.kind, 0)

    @property
    def sign(self) -> int:
        return 1 if self.side == BUY else -1


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a leg, by JSON pointer into the request."""

    pointer: str
    code: str
    message: str


def findings(legs: Sequence[Leg], today: date) -> list[Finding]:
    """Everything that can be told without knowing the market."""
    if not 1 <= len(legs) <= MOST_LEGS:
        return [Finding("/legs", "legs", f"A structure has 1 to {MOST_LEGS} legs.")]
    return [found for number, leg in enumerate(legs) for found in _of_leg(f"/legs/{number}", leg, today)]


def _of_leg(place: str, leg: Leg, today: date) -> Iterator[Finding]:
    if leg.expiry < today:
        yield Finding(f"{place}/expiry", "expired", f"This contract expired on {leg.expiry:%d %b %Y}.")
    if leg.w and not leg.strike_paise:
        yield Finding(f"{place}/strike", "strike_missing", "An option needs a strike above 0.")
    if not leg.w and leg.strike_paise is not None:
        yield Finding(f"{place}/strike", "strike_unwanted", "A future has no strike; leave it out.")
    if leg.price_paise is not None and leg.price_paise <= 0:
        yield Finding(f"{place}/price", "price_range", "A price is above 0; left out it is the market's.")


def refuse(found: Sequence[Finding]) -> None:
    """Raise UserError `structure_invalid` with all findings, if there are any."""
    if found:
        text = " ".join(dict.fromkeys(each.message for each in found))
        errors = [{"pointer": f.pointer, "code": f.code, "message": f.message} for f in found]
        raise UserError(f"The structure cannot be evaluated. {text}", code="structure_invalid", errors=errors)
