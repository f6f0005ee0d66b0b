"""A full session of the exchange's own chain, 29 Aug 2025: its forward and its volatilities.

The exchange publishes Black-Scholes volatilities of each side. Solved on the same prices against the forward
with rate 0 they come out 0.3 (calls) and 0.1 (puts) points lower, as the description of the data says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from markets.domain.chain.forwards import Anchor, chain_forward
from markets.domain.chain.quotes import CALL, PUT, ChainQuotes, Floats, W
from markets.domain.chain.table import ChainTable, chain_table
from markets.domain.pricing.conventions import Convention, years
from markets.domain.pricing.implied import implied
from qlplatform.core.clock import IST
from tests.factories.reference import reference

ZERO_RATE = Convention(rate=0.0)
EVERY = 12


class Seen(NamedTuple):
    """Our chain and the exchange's volatilities [2, strikes] in per cent."""

    table: ChainTable
    published: Floats


@pytest.fixture(scope="module")
def session() -> list[Seen]:
    """Every twelfth snapshot, its nearest expiry."""
    return list(_read())


def _read() -> Iterator[Seen]:
    rows = pq.read_table(reference("data", "nse_chain_2025_08_29", "NIFTY.parquet"))
    near = rows.filter(pc.equal(rows["expiry"], pc.min(rows["expiry"])))
    for stamp in sorted(pc.unique(near["collected"]).to_pylist())[::EVERY]:
        yield _seen(near.filter(pc.equal(near["collected"], stamp)).sort_by("strike"))


def _seen(rows: object) -> Seen:
    def both(name: str) -> Floats:
        return np.array([rows[f"{side}_{name}"].to_numpy() for side in ("ce", "pe")], dtype=np.float64)  # type: ignore[index]

    def priced(name: str) -> Floats:
        return np.where(both(name) > 0, both(name), np.nan)

    counts = {name: both(name).astype(np.int64) for name in ("bid_qty", "ask_qty", "volume", "oi", "oi_chg")}
    strikes = rows["strike"].to_numpy().astype(np.float64)  # type: ignore[index]
    quotes = ChainQuotes(
        strikes=strikes, ltp=priced("ltp"), bid=priced("bid"), ask=priced("ask"),
        age=np.zeros((2, len(strikes))), **counts,
    )  # fmt: skip
    now, expiry = (rows[name][0].as_py() for name in ("nse_ts", "expiry"))  # type: ignore[index]
    close = datetime.combine(expiry.date(), datetime.min.time().replace(hour=15, minute=30), IST)
    left = years(now.replace(tzinfo=IST), close)
    forward = chain_forward(quotes, Anchor(), years=left, rate=0.0)
    table = chain_table(quotes, forward=forward, years=left, convention=ZERO_RATE)
    return Seen(table, priced("iv"))


def test_strikes_at_the_money_agree_about_the_forward(session: list[Seen]) -> None:
    spread = []
    for table, _ in session:
        assert table.forward is not None
        assert (table.forward.rule, table.forward.stale) == ("PARITY", False)
        mid = (table.quotes.bid + table.quotes.ask) / 2
        near = np.argsort(np.abs(table.quotes.strikes - table.forward.value))[:4]
        own = table.quotes.strikes[near] + mid[CALL, near] - mid[PUT, near]
        spread.append(float(np.std(own)))
    assert np.median(spread) < 0.25


@pytest.mark.parametrize(("side", "expected"), [(CALL, -0.3), (PUT, -0.1)])
def test_published_volatilities_lie_where_they_should(
    session: list[Seen], side: int, expected: float
) -> None:
    apart = []
    for table, published in session:
        assert table.forward is not None
        strikes, forward = table.quotes.strikes, table.forward.value
        near = np.abs(strikes / forward - 1) < 0.05
        found = implied(table.quotes.ltp[side], W[side], forward, strikes, table.years, 0.0)
        apart.append((100 * found.iv - published[side])[near])
    assert np.nanmedian(np.concatenate(apart)) == pytest.approx(expected, abs=0.1)


def test_ours_lies_between_the_two_it_publishes(session: list[Seen]) -> None:
    """Or as near as a tenth of a point: one volatility for both sides of a strike."""
    outside = []
    for table, published in session:
        low, high = np.nanmin(published, axis=0), np.nanmax(published, axis=0)
        ours = 100 * table.ivs.iv
        outside.append(np.maximum(np.maximum(low - ours, ours - high), 0))
    assert np.nanmedian(np.concatenate(outside)) < 0.35


def test_nearly_every_strike_has_a_volatility(session: list[Seen]) -> None:
    shares = [float(np.mean(table.ivs.code == 0)) for table, _ in session]
    assert np.median(shares) > 0.95
