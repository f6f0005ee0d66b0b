"""Ticks, boards and gates for the tests of live prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from markets.domain.bars import micros
from markets.feed.board import Board
from markets.feed.gate import Gate
from markets.feed.ticks import Ticks, ticks_of
from markets.feed.universe import TokenTable, universe

AT = datetime(2026, 11, 3, 4, 45, tzinfo=UTC)
AT_US = micros(AT)
CALL, PUT, INDEX = 11, 12, 13
TOKENS = {101: CALL, 102: PUT, 103: INDEX}
S = 1_000_000


def board() -> Board:
    """A call with lot 75 and a price band of 50 to 200, a put without either, an index."""
    of = universe(
        [CALL, PUT, INDEX], {INDEX: "NIFTY"}, lot=[75, 0, 1], low=[50_00, 0, 0], high=[200_00, 0, 0]
    )  # type: ignore[arg-type]
    return Board(of, market_id=1)


def gate(on: Board, *, oi_in_contracts: bool = False) -> Gate:
    return Gate(on, TokenTable(TOKENS, on.universe), oi_in_contracts=oi_in_contracts)


def ticks(*rows: Mapping[str, int]) -> Ticks:
    """Ticks of the call at 100.00, stamped and received at AT unless a row says otherwise."""
    usual = {"token": 101, "ltp": 100_00, "exch_us": AT_US, "recv_us": AT_US}
    whole = [usual | dict(row) for row in rows]
    names = sorted({name for row in whole for name in row})
    return ticks_of(len(rows), **{name: [row.get(name, -1) for row in whole] for name in names})
