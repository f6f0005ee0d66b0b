"""Expiries, lots, ticks and freezes of published masters of five years, against our facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import IO

import pytest

from brokers.adapters.kite.instruments import parse as kite
from brokers.adapters.shoonya.instruments import parse as shoonya
from brokers.adapters.upstox.instruments import parse as upstox
from markets.master.nse_contract import parse as nse
from markets.master.opening import opened
from markets.master.rows import MasterRow
from tests.factories.reference import reference
from tests.unit.markets.facts import contracts

# file, its parser, and a trade date it was valid on
MASTERS: dict[str, tuple[Callable[[IO[bytes]], Iterator[object]], date]] = {
    "nse_nnf_contract_2020-02.txt.zst": (nse, date(2020, 2, 11)),
    "shoonya_NFO_symbols_2023-10.txt.zst": (shoonya, date(2023, 10, 9)),
    "upstox_complete_2025-08.json.zst": (upstox, date(2025, 8, 13)),
    "shoonya_BFO_symbols_2025-09.txt.zst": (shoonya, date(2025, 9, 25)),
    "kite_nfo_bfo_instruments_2026-08.csv.zst": (kite, date(2026, 8, 18)),
}


@cache
def index_contracts(name: str) -> frozenset[tuple[str, str, date, int, int, int]]:
    """Underlying, kind (OPT, FUT), expiry, lot, tick and freeze (0 = not in the file) of index contracts."""
    ours, parse = contracts().underlyings(), MASTERS[name][0]
    with opened(reference("data", "instrument_masters", name)) as stream:
        rows = [row for row in parse(stream) if isinstance(row, MasterRow) and row.underlying in ours]
    return frozenset(
        (
            row.underlying,
            "FUT" if row.kind == "FUT" else "OPT",
            row.expiry,
            row.lot_size or 0,
            row.tick_paise or 0,
            row.freeze_qty or 0,
        )
        for row in rows
        if row.expiry
    )


@pytest.mark.parametrize("name", MASTERS)
def test_expiries_of_a_master_are_the_computed_ones(name: str) -> None:
    facts, on = contracts(), MASTERS[name][1]
    listed = {(symbol, expiry) for symbol, _, expiry, *_ in index_contracts(name)}
    wrong = [
        (symbol, expiry)
        for symbol, expiry in sorted(listed)
        if [each.on for each in facts.expiries(symbol, expiry, expiry, listed_on=on)] != [expiry]
    ]
    assert (len(listed) > 10, wrong) == (True, [])


@pytest.mark.parametrize("name", MASTERS)
def test_lots_of_a_master_are_those_of_the_facts(name: str) -> None:
    facts, on = contracts(), MASTERS[name][1]
    rows = {(symbol, expiry, lot) for symbol, _, expiry, lot, *_ in index_contracts(name)}
    assert [row for row in sorted(rows) if facts.lot_size(row[0], row[1], on) != row[2]] == []


@pytest.mark.parametrize("name", MASTERS)
def test_ticks_of_a_master_are_those_of_the_facts(name: str) -> None:
    facts, on = contracts(), MASTERS[name][1]
    rows = {(symbol, kind, tick) for symbol, kind, _, _, tick, _ in index_contracts(name)}
    assert [
        (symbol, kind, tick)
        for symbol, kind, tick in sorted(rows)
        if facts.tick_paise(symbol, on, future=kind == "FUT") != tick
    ] == []


@pytest.mark.parametrize("name", ["nse_nnf_contract_2020-02.txt.zst", "upstox_complete_2025-08.json.zst"])
def test_freezes_of_a_master_are_those_of_the_facts_in_whole_lots(name: str) -> None:
    """Upstox publishes what whole lots leave of the exchange's figure: 595 of 600 at a lot of 35."""
    facts, on = contracts(), MASTERS[name][1]
    wrong = []
    for symbol, kind, _, lot, _, freeze in sorted(index_contracts(name)):
        figure = facts.freeze_qty(symbol, on, future=kind == "FUT")
        if freeze and freeze not in (figure, figure // lot * lot):
            wrong.append((symbol, kind, freeze, figure))
    assert wrong == []
