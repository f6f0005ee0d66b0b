"""One contract of a chain in full: quote, volatility, Greeks, and the rules orders in it meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from markets.domain.bands import PriceRange, lpp_range
from markets.domain.chain.layout import RIGHTS
from markets.domain.chain.quotes import Basis, in_paise
from markets.domain.chain.volatility import REASONS
from markets.models import Instrument
from markets.selectors.chain import Chain
from markets.selectors.facts import contract_facts, price_protection
from qlplatform.core.errors import NotFound, UserError

GREEKS = ("delta", "gamma", "theta", "vega", "rho", "vanna", "volga")


@dataclass(frozen=True, slots=True)
class ContractCard:
    """Prices in paise, quantities in units, volatility and its uncertainty as decimals; None for unknown.

    `band` is the range the exchange takes orders in around the last price, `freeze_qty` the largest order.
    """

    instrument: Instrument
    ltp_paise: int | None
    bid_paise: int | None
    ask_paise: int | None
    bid_qty: int
    ask_qty: int
    oi: int
    oi_chg: int
    volume: int
    price_paise: int | None
    basis: str
    stale: bool
    age_s: float | None
    iv: float | None
    iv_error: float | None
    reason: str
    greeks: dict[str, float | None]
    band: PriceRange | None
    freeze_qty: int | None

    @property
    def iv_points(self) -> float | None:
        """The uncertainty in volatility points."""
        return None if self.iv_error is None else self.iv_error * 100


def card_of(chain: Chain, instrument: Instrument) -> ContractCard:
    """The card of a contract of this chain; NotFound `no_chain` when the chain does not have it."""
    side = RIGHTS.get(instrument.kind)
    places = np.flatnonzero(chain.layout.strikes_paise == (instrument.strike_paise or 0))
    if side is None or not len(places):
        raise NotFound("This contract is not quoted in this market.", code="no_chain")
    at = (side, int(places[0]))
    table, quotes = chain.table, chain.table.quotes
    ltp, bid, ask, price = in_paise(
        np.array([quotes.ltp[at], quotes.bid[at], quotes.ask[at], table.used.price[at]])
    )
    code = int(table.ivs.code[at[1]])
    return ContractCard(
        instrument=instrument,
        ltp_paise=ltp,
        bid_paise=bid,
        ask_paise=ask,
        bid_qty=int(quotes.bid_qty[at]),
        ask_qty=int(quotes.ask_qty[at]),
        oi=int(quotes.oi[at]),
        oi_chg=int(quotes.oi_chg[at]),
        volume=int(quotes.volume[at]),
        price_paise=price,
        basis=Basis(int(table.used.basis[at])).name.lower(),
        stale=bool(table.used.stale[at]),
        age_s=_known(quotes.age[at]),
        iv=_known(table.ivs.iv[at[1]]),
        iv_error=_known(table.ivs.error[at[1]]),
        reason=REASONS[code] if code else "",
        greeks={name: _known(getattr(table.greeks, name)[at]) for name in GREEKS},
        band=_band(chain, instrument, ltp) if ltp else None,
        freeze_qty=instrument.freeze_qty or _freeze(chain),
    )


def _band(chain: Chain, instrument: Instrument, ltp_paise: int) -> PriceRange | None:
    """What price protection leaves around the last price; None where the rule of that day is not known."""
    try:
        room = price_protection(instrument, chain.day)
    except UserError:
        return None
    return lpp_range(reference_paise=ltp_paise, tick_paise=instrument.tick_paise, protection=room)


def _freeze(chain: Chain) -> int | None:
    """The quantity freeze of the day from the dated facts, where no master told it."""
    try:
        return contract_facts().freeze_qty(chain.underlying, chain.day)
    except UserError:
        return None


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
