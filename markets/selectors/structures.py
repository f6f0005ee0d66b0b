"""Evaluating a structure nobody holds yet: facts, quotes and clock of a market put to its legs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

import numpy as np

from markets.chain_reading import years_left
from markets.domain import structures
from markets.domain.charges import Charges
from markets.domain.margin import MarginLeg
from markets.domain.pricing.conventions import DEFAULT
from markets.domain.pricing.forward import FUTURE, Forward
from markets.domain.rounding import nearest_paise
from markets.domain.structures import Finding, Leg, Outlook, Quoted, Term, Valued
from markets.models import Instrument, Market
from markets.selectors import chain as chains
from markets.selectors.chain import Chain
from markets.selectors.facts import charge_schedule, contract_facts, instrument_group
from markets.selectors.margin import MarginAnswer, margin_estimate
from qlplatform.core.clock import IST
from qlplatform.core.errors import NotFound, UserError

SIDES = (structures.BUY, structures.SELL)

Key = tuple[str, date, int | None]  # kind, expiry, strike in paise


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """What entering and leaving at the same prices costs: one order a leg each way."""

    plan: str
    charges: Charges
    total_paise: int


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A structure at an instant. `net_premium_paise` is positive when premium is received."""

    underlying: str
    at: datetime
    spot_paise: int
    terms: Mapping[date, Term]
    legs: tuple[Valued, ...]
    net_premium_paise: int
    outlook: Outlook
    round_trip: RoundTrip | None
    margin: MarginAnswer


def structure_evaluate(
    *,
    underlying: str,
    legs: Sequence[Leg],
    at: datetime,
    market: Market | None = None,
    spot_paise: int | None = None,
    plan: str = "",
) -> Evaluation:
    """Value, outlook, charges and margin of legs of one underlying at `at` (aware).

    Prices left out are the newest of `market`; `plan` is the broker whose brokerage counts, "" for none.
    Raises UserError `structure_invalid` with a finding per leg (`expired`, `not_an_expiry`, `strike_missing`,
    `strike_unwanted`, `price_range`, `price_missing`), `spot_missing`, `fact_missing`.
    """
    today = at.astimezone(IST).date()
    structures.refuse(structures.findings(legs, today))
    listed = _listed(underlying, legs)
    structures.refuse(_unlisted(underlying, legs, listed))
    quoted_chains = _chains(market, underlying, legs)
    spot = spot_paise or next((c.spot_paise for c in quoted_chains.values() if c.spot_paise), None)
    if spot is None:
        raise UserError(
            f"Nobody quotes {underlying} in this market now. Give its level as “spot”.", code="spot_missing"
        )
    quoted = [_quoted(underlying, leg, listed, quoted_chains.get(leg.expiry)) for leg in legs]
    terms = _terms(underlying, quoted, quoted_chains, at, spot)
    valued = structures.valued(quoted, terms, DEFAULT.rate)
    return Evaluation(
        underlying=underlying,
        at=at,
        spot_paise=spot,
        terms=terms,
        legs=valued,
        net_premium_paise=-sum(_money(leg) for leg in valued if leg.quoted.leg.w),
        outlook=structures.outlook(valued, terms, spot / 100, DEFAULT.rate),
        round_trip=_round_trip(underlying, valued, plan, today) if plan else None,
        margin=_margin(underlying, valued, today, spot),
    )


def _listed(underlying: str, legs: Sequence[Leg]) -> dict[Key, Instrument]:
    """The instruments of the legs that a master or a session has listed."""
    rows = Instrument.objects.filter(underlying=underlying, expiry__in={leg.expiry for leg in legs})
    wanted = rows.filter(kind__in={leg.kind for leg in legs})
    return {(row.kind, row.expiry, row.strike_paise): row for row in wanted if row.expiry}


def _unlisted(underlying: str, legs: Sequence[Leg], listed: Iterable[Key]) -> list[Finding]:
    """Legs on days that are no expiry, as far as masters and the expiry rules tell."""
    known = {expiry for _, expiry, _ in listed}
    return [
        Finding(
            f"/legs/{number}/expiry",
            "not_an_expiry",
            f"No contract of {underlying} expires on {leg.expiry:%d %b %Y}.",
        )
        for number, leg in enumerate(legs)
        if leg.expiry not in known and not _by_rule(underlying, leg.expiry)
    ]


def _by_rule(underlying: str, expiry: date) -> bool:
    """Whether the expiry rules name the day. Where the holiday list is missing they cannot say no."""
    try:
        return any(each.on == expiry for each in contract_facts().expiries(underlying, expiry, expiry))
    except UserError:
        return True


def _chains(market: Market | None, underlying: str, legs: Sequence[Leg]) -> dict[date, Chain]:
    """The chains of the legs' expiries a market quotes."""
    if market is None:
        return {}
    found = {expiry: _chain(market, underlying, expiry) for expiry in {leg.expiry for leg in legs}}
    return {expiry: chain for expiry, chain in found.items() if chain is not None}


def _chain(market: Market, underlying: str, expiry: date) -> Chain | None:
    try:
        return chains.chain(market, underlying, expiry)
    except NotFound:
        return None


def _quoted(
    underlying: str,
    leg: Leg,
    listed: Mapping[Key, Instrument],
    chain: Chain | None,
) -> Quoted:
    instrument = listed.get((leg.kind, leg.expiry, leg.strike_paise))
    lot = instrument.lot_size if instrument else contract_facts().lot_size(underlying, leg.expiry)
    if leg.price_paise is not None:
        return Quoted(leg, lot, leg.price_paise / 100, structures.GIVEN)
    return Quoted(leg, lot, _market_price(leg, chain) if chain else None, structures.MARKET)


def _market_price(leg: Leg, chain: Chain) -> float | None:
    if not leg.w:
        ahead = chain.table.forward
        return ahead.value if ahead and ahead.rule == FUTURE else None
    place = np.flatnonzero(chain.layout.strikes_paise == leg.strike_paise)
    if not place.size:
        return None
    price = float(chain.table.used.price[0 if leg.w == 1 else 1, place[0]])
    return None if np.isnan(price) else price


def _terms(
    underlying: str, quoted: Sequence[Quoted], quoted_chains: Mapping[date, Chain], at: datetime, spot: int
) -> dict[date, Term]:
    terms = {}
    for expiry in sorted({leg.leg.expiry for leg in quoted}):
        years = years_left(underlying, expiry, at, DEFAULT)
        same = [leg for leg in quoted if leg.leg.expiry == expiry]
        known = _market_forward(quoted_chains.get(expiry))
        terms[expiry] = Term(years, structures.forward(same, spot / 100, years, DEFAULT.rate, known))
    return terms


def _market_forward(chain: Chain | None) -> Forward | None:
    return chain.table.forward if chain else None


def _money(leg: Valued) -> int:
    """Signed turnover in paise: positive for what is bought."""
    return nearest_paise(leg.price) * leg.quoted.qty


def _margin(underlying: str, legs: Sequence[Valued], today: date, spot: int) -> MarginAnswer:
    asked = [
        MarginLeg(
            kind=leg.quoted.leg.kind,
            expiry=leg.quoted.leg.expiry,
            qty=leg.quoted.qty,
            strike_paise=leg.quoted.leg.strike_paise or 0,
            price_paise=nearest_paise(leg.price),
        )
        for leg in legs
    ]
    return margin_estimate(asked, underlying=underlying, on=today, spot_paise=spot)


def _round_trip(underlying: str, legs: Sequence[Valued], plan: str, today: date) -> RoundTrip:
    orders = [
        charge_schedule().for_order(
            segment=instrument_group(leg.quoted.leg.kind, underlying),
            exchange=contract_facts().exchange(underlying),
            broker=plan,
            side=side,
            turnover_paise=abs(_money(leg)),
            on=today,
        )
        for leg in legs
        for side in SIDES
    ]
    return RoundTrip(plan, _sum(orders), sum(order.total_paise for order in orders))


def _sum(orders: Sequence[Charges]) -> Charges:
    names = [field.name for field in fields(Charges)]
    return Charges(**{name: sum((getattr(o, name) for o in orders), Decimal(0)) for name in names})
