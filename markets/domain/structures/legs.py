"""The legs of a structure as a trader names them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qlplatform.core.errors import UserError
from qlplatform.core.indian import rupee_text

BUY, SELL = "BUY", "SELL"
CALL, PUT, FUTURE = "CE", "PE", "FUT"
MOST_LEGS = 20
MOST_PAISE = 10**10  # a unit: beyond any level, strike or premium, and well within exact floats
LONGEST = timedelta(days=366 * 7)  # the longest index options live five years


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
    if leg.expiry - today > LONGEST:
        yield Finding(f"{place}/expiry", "not_an_expiry", f"No contract runs until {leg.expiry:%d %b %Y}.")
    if leg.w and (leg.strike_paise or 0) <= 0:
        yield Finding(f"{place}/strike", "strike_missing", "An option needs a strike above 0.")
    if leg.w and (leg.strike_paise or 0) > MOST_PAISE:
        yield Finding(f"{place}/strike", "strike_range", f"A strike is at most {rupee_text(MOST_PAISE)}.")
    if not leg.w and leg.strike_paise is not None:
        yield Finding(f"{place}/strike", "strike_unwanted", "A future has no strike; leave it out.")
    if leg.price_paise is not None and not 0 < leg.price_paise <= MOST_PAISE:
        text = f"A price is above 0 and at most {rupee_text(MOST_PAISE)}; left out it is the market's."
        yield Finding(f"{place}/price", "price_range", text)


def refuse(found: Sequence[Finding]) -> None:
    """Raise UserError `structure_invalid` with all findings, if there are any."""
    if found:
        text = " ".join(dict.fromkeys(each.message for each in found))
        errors = [{"pointer": f.pointer, "code": f.code, "message": f.message} for f in found]
        raise UserError(f"The structure cannot be evaluated. {text}", code="structure_invalid", errors=errors)
