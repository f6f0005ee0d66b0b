"""The forward of a chain and the rule that gave it."""

from __future__ import annotations

from math import exp, nan

import numpy as np
import pytest

from markets.domain.chain.forwards import Anchor, chain_forward
from markets.domain.chain.quotes import ChainQuotes
from markets.domain.pricing.conventions import DEFAULT
from markets.domain.pricing.forward import Forward
from tests.unit.markets.chain.worlds import FORWARD, YEARS, nothing, prices, quotes

FUTURE = Anchor(24_450.0, 24_519.0, 24_521.0, 24_400.0, 3.0)


def forward(of: ChainQuotes, anchor: Anchor = Anchor(), years: float = YEARS) -> Forward | None:  # noqa: B008
    return chain_forward(of, anchor, years=years, rate=DEFAULT.rate)


def closes(age: float = 0.0) -> ChainQuotes:
    return quotes(bid=nothing(), ask=nothing(), ltp=prices(), age=np.full(prices().shape, age))


def test_the_future_of_the_expiry_comes_first() -> None:
    assert forward(quotes(), FUTURE) == (24_520.0, "FUTURE", False)


def test_a_future_that_only_traded_counts_while_fresh() -> None:
    assert forward(quotes(), FUTURE._replace(future_bid=nan)) == (24_400.0, "FUTURE", True)
    assert forward(quotes(), FUTURE._replace(future_age=500.0)).rule == "PARITY"  # type: ignore[union-attr]


def test_else_put_call_parity() -> None:
    found = forward(quotes(), Anchor(spot=20_000.0))
    assert found is not None
    assert (found.value, found.rule, found.stale) == (pytest.approx(FORWARD, abs=1e-6), "PARITY", False)


def test_parity_of_closes_is_marked_as_old() -> None:
    found = forward(closes())
    assert found is not None
    assert (found.value, found.rule, found.stale) == (pytest.approx(FORWARD, abs=1e-6), "PARITY", True)


def test_else_spot_and_interest() -> None:
    found = forward(closes(age=500.0), Anchor(spot=24_480.0))
    assert found == (pytest.approx(24_480 * exp(DEFAULT.rate * YEARS)), "CARRY", True)


def test_an_expired_chain_has_the_spot_and_an_empty_one_nothing() -> None:
    assert forward(quotes(), Anchor(spot=24_480.0), years=0.0) == (24_480.0, "CARRY", True)
    assert forward(closes(age=500.0)) is None
