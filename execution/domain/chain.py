"""The listed contracts of a trading day, as the decision core asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from strategies.engine.types import Contract, Right


class InstrumentChain:
    """Chain of one underlying on one day; expiries before the day are left out."""

    def __init__(self, contracts: Iterable[Contract], *, on: date) -> None:
        self._by_expiry: dict[date, dict[tuple[int, Right], Contract]] = {}
        for contract in contracts:
            if contract.expiry >= on:
                listed = self._by_expiry.setdefault(contract.expiry, {})
                listed[contract.strike_paise, contract.right] = contract
        self._expiries = tuple(sorted(self._by_expiry))
        self._strikes = {
            expiry: tuple(sorted({strike for strike, _ in listed}))
            for expiry, listed in self._by_expiry.items()
        }

    def expiries(self) -> tuple[date, ...]:
        return self._expiries

    def strikes(self, expiry: date) -> tuple[int, ...]:
        return self._strikes.get(expiry, ())

    def contract(self, expiry: date, strike_paise: int, right: Right) -> Contract | None:
        return self._by_expiry.get(expiry, {}).get((strike_paise, right))
