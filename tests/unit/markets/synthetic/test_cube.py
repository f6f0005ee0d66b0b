"""The year of bars that benchmarks run on."""

from __future__ import annotations

import numpy as np

from markets.synthetic import bars_cube


def test_shapes_and_numbers() -> None:
    cube = bars_cube(days=6, strikes=11, seed=3)
    assert cube.close.shape == (6, 11, 2, 375)
    assert (cube.spot.shape, cube.strikes.shape) == ((6, 375), (6, 11))
    assert cube.close.dtype == cube.spot.dtype == np.int32
    assert cube.days_left.tolist() == [4, 3, 2, 1, 0, 4]
    assert (cube.close > 0).all()
    assert not (cube.close % 5).any()


def test_the_middle_strike_is_the_one_at_the_money_at_the_open() -> None:
    cube = bars_cube(days=6, strikes=11)
    assert (np.abs(cube.strikes[:, 5] - cube.spot[:, 0]) <= 25_00).all()
    assert (np.diff(cube.strikes, axis=1) == 50_00).all()


def test_one_seed_is_one_cube() -> None:
    one, two, other = (bars_cube(days=2, strikes=3, seed=seed) for seed in (5, 5, 6))
    assert (one.close == two.close).all()
    assert not (one.close == other.close).all()


def test_bars_around_the_closes() -> None:
    cube, plain = bars_cube(days=2, strikes=3, ohlc=True), bars_cube(days=2, strikes=3)
    assert plain.ohlc is None
    assert cube.ohlc is not None
    opened, high, low, close = cube.ohlc
    assert (close == plain.close).all()
    assert (low <= np.minimum(opened, close)).all()
    assert (high >= np.maximum(opened, close)).all()
    assert (low > 0).all()
    assert (opened[..., 1:] == close[..., :-1]).all()
