"""Choosing contracts from what is listed (strategy vocabulary, section 2); never by arithmetic on a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from strategies.engine.program import LegProgram, Program
from strategies.engine.types import Chain, Contract, Right
from strategies.spec.model import AtmOffset


@dataclass(frozen=True, slots=True)
class NotListed:
    """No contract answers the rule; `code` is no_expiry or no_strike."""

    code: str
    text: str


def select(program: Program, chain: Chain, spot_paise: int) -> tuple[Contract, ...] | NotListed:
    """The contract of every leg, all from one snapshot; nothing when one leg has none (ABORT_CYCLE)."""
    expiry = weekly_expiry(chain, program.trading_date)
    if expiry is None:
        return NotListed(
            "no_expiry", f"No {program.underlying} option is listed from {program.trading_date} on."
        )
    chosen: list[Contract] = []
    for leg in program.legs:
        contract = leg_contract(chain, expiry, leg, spot_paise)
        if contract is None:
            return NotListed(
                "no_strike", f"{leg.id}: the {leg.right} strike asked for is not listed for {expiry}."
            )
        chosen.append(contract)
    return tuple(chosen)


def weekly_expiry(chain: Chain, trading_date: date) -> date | None:
    """The nearest listed expiry, the trading day's own included."""
    return next((expiry for expiry in chain.expiries() if expiry >= trading_date), None)


def atm_strike(chain: Chain, expiry: date, spot_paise: int) -> int | None:
    """The listed strike nearest the spot; on an exact tie the lower one."""
    return min(chain.strikes(expiry), key=lambda strike: (abs(strike - spot_paise), strike), default=None)


def leg_contract(chain: Chain, expiry: date, leg: LegProgram, spot_paise: int) -> Contract | None:
    """The contract of one leg, or None when the strike its rule names is not listed."""
    if not isinstance(leg.strike_by, AtmOffset):
        return chain.contract(expiry, leg.strike_by.strike_paise, leg.right)
    atm = atm_strike(chain, expiry, spot_paise)
    if atm is None:
        return None
    strike = _stepped(chain, expiry, leg.right, atm, leg.strike_by.offset)
    return None if strike is None else chain.contract(expiry, strike, leg.right)


def _stepped(chain: Chain, expiry: date, right: Right, atm: int, offset: int) -> int | None:
    """The strike `offset` steps from `atm`, counting strikes where `right` is listed; out of the money is
    positive.
    """
    steps = offset if right is Right.CE else -offset
    if steps == 0:
        return atm
    above = steps > 0
    beyond = [strike for strike in chain.strikes(expiry) if (strike > atm if above else strike < atm)]
    listed = [strike for strike in beyond if chain.contract(expiry, strike, right) is not None]
    ordered = listed if above else listed[::-1]
    return ordered[abs(steps) - 1] if abs(steps) <= len(ordered) else None
