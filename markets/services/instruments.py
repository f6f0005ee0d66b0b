"""The instrument master: making sure that what a session quotes is listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from markets.domain.contracts import ContractFacts
from markets.domain.sessions import FUT, ContractKey, Session
from markets.domain.symbols import symbol_of
from markets.models import Instrument
from markets.selectors import contract_facts


def instruments_ensure(session: Session) -> dict[ContractKey, Instrument]:
    """The instruments of a session's contracts, made where missing (and the index with them).

    Lot and tick come from the dated facts; UserError `fact_missing` when one is not known for an expiry. Safe
    to run twice at once.
    """
    index_instrument(session.underlying)
    known = _known(session)
    missing = [contract for contract in session.contracts if contract not in known]
    if missing:
        _list(session, missing)
        known = _known(session)
    return {contract: known[contract] for contract in session.contracts}


def index_instrument(underlying: str) -> Instrument:
    """The instrument of the index itself: quoted, not traded."""
    index, _ = Instrument.objects.get_or_create(
        exchange=contract_facts().exchange(underlying),
        underlying=underlying,
        kind=Instrument.Kind.INDEX,
        expiry=None,
        strike_paise=None,
        defaults={"symbol": symbol_of(underlying, Instrument.Kind.INDEX)},
    )
    return index


def _known(session: Session) -> dict[ContractKey, Instrument]:
    rows = Instrument.objects.filter(
        exchange=contract_facts().exchange(session.underlying),
        underlying=session.underlying,
        expiry__in={contract.expiry for contract in session.contracts},
        kind__in=[Instrument.Kind.CE, Instrument.Kind.PE, Instrument.Kind.FUT],
    )
    return {ContractKey(row.expiry, row.strike_paise or 0, row.kind): row for row in rows}  # type: ignore[arg-type]


def _list(session: Session, contracts: Iterable[ContractKey]) -> None:
    facts = contract_facts()
    lots: dict[date, int] = {}
    rows = []
    for contract in contracts:
        if contract.expiry not in lots:
            lots[contract.expiry] = facts.lot_size(session.underlying, contract.expiry)
        rows.append(_listed(facts, session, contract, lots[contract.expiry]))
    Instrument.objects.bulk_create(rows, ignore_conflicts=True)


def _listed(facts: ContractFacts, session: Session, contract: ContractKey, lot_size: int) -> Instrument:
    underlying, future = session.underlying, contract.right == FUT
    strike = None if future else contract.strike_paise
    tick = facts.tick_paise(underlying, session.day, future=True) if future else facts.tick_paise(underlying)
    return Instrument(
        exchange=facts.exchange(underlying),
        underlying=underlying,
        kind=contract.right,
        expiry=contract.expiry,
        strike_paise=strike,
        lot_size=lot_size,
        tick_paise=tick,
        symbol=symbol_of(underlying, contract.right, contract.expiry, strike),
    )
