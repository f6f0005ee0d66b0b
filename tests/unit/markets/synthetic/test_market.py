"""Synthetic prices hold together: paths, smiles, bars, books."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.pricing.conventions import DEFAULT
from markets.synthetic import SyntheticPlan
from markets.synthetic.contracts import Contracts
from markets.synthetic.path import MOODS, walk
from markets.synthetic.surface import forwards, values
from tests.unit.markets.synthetic.worlds import traded, world

STRIKES = np.arange(24_500.0, 27_501.0, 50.0)


def test_minutes_join_and_seeds_decide() -> None:
    days, paths = world()
    for path in paths:
        assert path.spot.shape == (375, 5)
        assert (path.spot[1:, 0] == path.spot[:-1, -1]).all()
    again, other = walk(SyntheticPlan(1), days), walk(SyntheticPlan(2), days)
    assert all((one.spot == two.spot).all() for one, two in zip(paths, again, strict=True))
    assert not (paths[0].spot == other[0].spot).all()


def test_six_days_go_up_down_and_nowhere() -> None:
    _, paths = world()
    ranges = [float(path.spot.max() / path.spot.min() - 1) for path in paths]
    closes = [float(path.spot[-1, -1] / path.spot[0, 0] - 1) for path in paths]
    assert len(paths) == len(MOODS)
    assert max(ranges) > 2.5 * min(ranges)
    assert min(closes) < -0.01 < 0.005 < max(closes)


@given(
    spot=st.floats(24_900, 27_100), vol=st.floats(0.08, 0.4), years=st.sampled_from([2e-6, 0.001, 0.02, 0.1])
)
def test_fair_prices_allow_no_arbitrage_between_strikes(spot: float, vol: float, years: float) -> None:
    fair = values(np.array(spot), np.array(vol), np.array(years), STRIKES)
    calls, puts = fair[:, 0], fair[:, 1]
    assert (np.diff(calls) <= 1e-9).all()
    assert (np.diff(puts) >= -1e-9).all()
    parity = np.exp(-DEFAULT.rate * years) * (forwards(spot, years) - STRIKES)
    assert np.allclose(calls - puts, parity, atol=1e-7)


@pytest.mark.parametrize("day", [0, 3, 5])
def test_bars_and_books_hold_together(day: int) -> None:
    for made in traded(day):
        bars, tick = made.tape, 10 if made.rights == ("FUT",) else 5
        assert (bars.low <= np.minimum(bars.open, bars.close)).all()
        assert (np.maximum(bars.open, bars.close) <= bars.high).all()
        assert (bars.bid <= bars.close).all()
        assert (bars.close <= bars.ask).all()
        assert (bars.bid < bars.ask).all()
        assert (bars.low >= tick).all()
        assert not any((part % tick).any() for part in bars[:6])


def test_quantities_are_whole_lots() -> None:
    for made in traded():
        bars = made.tape
        for part in (bars.volume, bars.oi, bars.bid_qty, bars.ask_qty):
            assert not (part % made.quoted.lot).any()
        assert ((bars.volume > 0) == bars.traded).all()


def near(made: tuple[Contracts, ...]) -> Contracts:
    return made[2]  # two futures come first


def test_a_future_lies_above_the_index_by_its_carry() -> None:
    _, paths = world()
    near_one, far_one = (made.tape.close[:, 0] / 100 / paths[0].spot[:, -1] - 1 for made in traded()[:2])
    assert 0.001 < near_one.mean() < 0.0025
    assert 0.006 < far_one.mean() < 0.0075


def test_an_expiring_option_ends_at_its_intrinsic_value() -> None:
    made, spot = near(traded(3)), world()[1][3].spot[-1, -1]
    calls = np.array([right == "CE" for right in made.rights])
    worth = np.maximum(np.where(calls, spot - made.strikes, made.strikes - spot), 0.05)
    assert np.abs(made.tape.close[-1] / 100 - worth).max() < 5


def test_spreads_are_tight_at_the_money() -> None:
    made = near(traded())
    spreads = np.median(made.tape.ask - made.tape.bid, axis=0)
    at_the_money = np.abs(made.strikes - 26_000) < 1
    assert spreads[at_the_money].max() <= 25
    assert (np.median(made.tape.close[:, at_the_money], axis=0) > 100_00).all()
