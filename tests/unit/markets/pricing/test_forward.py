"""Which forward an expiry gets, and by which rule."""

from __future__ import annotations

import numpy as np
import pytest

from markets.domain.pricing import black76, forward
from markets.domain.pricing.forward import CARRY, FUTURE, PARITY, ChainQuotes, choose, parity

STRIKES = np.arange(24000.0, 24701.0, 50.0)
YEARS, RATE = 7 / 365, 0.065


def chain(level: float = 24372.5, spread: float = 0.5) -> ChainQuotes:
    call, put = (black76.price(w, level, STRIKES, YEARS, 0.13, RATE) for w in (1, -1))
    return ChainQuotes(STRIKES, call - spread, call + spread, put - spread, put + spread)


def parity_of(quotes: ChainQuotes, near: float | None = 24350) -> float | None:
    sides = (quotes.call_bid, quotes.call_ask, quotes.put_bid, quotes.put_ask)
    return parity(quotes.strikes, *sides, years=YEARS, rate=RATE, near=near)


def blank(quotes: ChainQuotes, side: str, strikes: list[float], value: float = 0.0) -> ChainQuotes:
    changed = np.where(np.isin(STRIKES, strikes), value, getattr(quotes, side))
    return ChainQuotes(**{name: getattr(quotes, name) for name in ChainQuotes.__slots__} | {side: changed})


def test_parity_finds_the_forward_the_chain_was_priced_on() -> None:
    assert parity_of(chain()) == pytest.approx(24372.5, rel=1e-12)


def test_parity_finds_the_money_by_itself() -> None:
    assert parity_of(chain(), near=None) == pytest.approx(24372.5, rel=1e-12)


def test_one_bad_quote_does_not_move_the_median() -> None:
    assert parity_of(blank(chain(), "call_ask", [24350], 900.0)) == pytest.approx(24372.5, rel=1e-12)


@pytest.mark.parametrize(("side", "value"), [("call_bid", 0.0), ("put_ask", np.nan), ("put_bid", 1e6)])
def test_strikes_without_two_uncrossed_sides_are_passed_over(side: str, value: float) -> None:
    wrong = blank(chain(), side, [24250, 24300, 24350, 24400, 24450], value)
    assert parity_of(wrong) == pytest.approx(24372.5, rel=1e-12)


def test_only_the_five_nearest_strikes_are_asked() -> None:
    far = [strike for strike in STRIKES.tolist() if abs(strike - 24350) > 100]
    assert parity_of(blank(chain(), "call_ask", far, 5000.0)) == pytest.approx(24372.5, rel=1e-12)


def test_two_strikes_are_too_few() -> None:
    assert parity_of(blank(chain(), "put_bid", STRIKES[2:].tolist())) is None
    assert parity_of(blank(chain(), "put_bid", STRIKES[3:].tolist())) == pytest.approx(24372.5, rel=1e-12)


def test_a_level_that_is_no_number_is_as_none() -> None:
    assert parity_of(chain(), near=np.nan) == parity_of(chain(), near=None)


def test_quotes_that_make_no_price_give_no_forward() -> None:
    dear = np.full(3, 30_000.0)
    cheap = np.full(3, 0.05)
    assert parity(STRIKES[:3], cheap, cheap, dear, dear, years=YEARS, rate=RATE) is None


def test_the_future_of_the_expiry_comes_first() -> None:
    got = choose(years=YEARS, rate=RATE, future=(24380.0, 24382.0), quotes=chain(), spot=24350)
    assert got == (24381.0, FUTURE, False)


@pytest.mark.parametrize("quote", [(0.0, 24382.0), (24390.0, 24380.0), (24000.0, 24700.0), (24380.0, np.inf)])
def test_a_future_without_a_fair_quote_is_passed_over(quote: tuple[float, float]) -> None:
    got = choose(years=YEARS, rate=RATE, future=quote, quotes=chain(), spot=24350)
    assert got is not None
    assert got.rule == PARITY
    assert got.value == pytest.approx(24372.5, rel=1e-12)
    assert not got.stale


def test_the_spot_carried_forward_is_the_last_resort_and_says_so() -> None:
    got = choose(years=0.1, rate=0.065, spot=24350, dividend_yield=0.01)
    assert got is not None
    assert (got.rule, got.stale) == (CARRY, True)
    assert got.value == pytest.approx(24350 * np.exp(0.0055), rel=1e-14)


def test_without_any_price_there_is_no_forward() -> None:
    assert choose(years=0.1, rate=0.065) is None
    assert choose(years=0.1, rate=0.065, spot=0.0) is None
    assert forward.mid(float("nan"), 100.0) is None
