"""Inverts the normalised Black formula: total volatility s = sigma sqrt(T) from the price of an
out-of-the-money option in units of sqrt(F K).

With x = ln(F/K) taken as -|x|, the price is b(s) = e^(x/2) N(x/s + s/2) - e^(-x/2) N(x/s - s/2). After Peter
Jäckel, "By Implication" (2006) and "Let's Be Rational" (2015): the inflection s_c = sqrt(2 |x|) parts a
lower half, solved on 1/ln b, from an upper one, solved on ln(e^(x/2) - b); the tangent at the inflection
parts each half into a near and a far zone with a start of its own. Householder steps of third order follow.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.domain.pricing.normal import INV_SQRT_2PI, Floats, cdf, inverse_cdf

STEPS = 2  # double accuracy for any strike within a factor of 1,000 of the forward


class _Point(NamedTuple):
    """The curve at s: value b, slope v = b', and x/s, s/2 it was made of."""

    b: Floats
    v: Floats
    along: Floats
    half: Floats


class _Curve(NamedTuple):
    """The options' curves: distance |x|, the limit e^(x/2) of b, its inverse and the inflection."""

    distance: Floats
    limit: Floats
    inverse_limit: Floats
    s_c: Floats
    b_c: Floats
    v_c: Floats


def total_volatility(distance: Floats, beta: Floats) -> Floats:
    """s such that b(s) = `beta`, for `distance` = |ln(F/K)| and 0 < `beta` < exp(-`distance` / 2)."""
    with np.errstate(all="ignore"):  # the start that is not taken may be anything
        return _total_volatility(_curve(distance), beta)


def slope(distance: Floats, s: Floats) -> Floats:
    """v = db/ds: the vega in units of sqrt(F K)."""
    along, half = distance / s, 0.5 * s
    result: Floats = INV_SQRT_2PI * np.exp(-0.5 * (along * along + half * half))
    return result


def _total_volatility(curve: _Curve, beta: Floats) -> Floats:
    upper = beta > curve.b_c
    if not upper.any():
        return _lower(curve, beta)
    s = np.empty_like(beta)
    lower = ~upper
    s[upper] = _upper(_part(curve, upper), beta[upper])
    s[lower] = _lower(_part(curve, lower), beta[lower])
    return s


def _curve(distance: Floats) -> _Curve:
    limit = np.exp(-0.5 * distance)
    inverse_limit = 1.0 / limit
    s_c = np.sqrt(2.0 * distance)
    # at the inflection x/s + s/2 is 0
    return _Curve(
        distance, limit, inverse_limit, s_c, 0.5 * limit - cdf(-s_c) * inverse_limit, INV_SQRT_2PI * limit
    )


def _part(curve: _Curve, rows: NDArray[np.bool_]) -> _Curve:
    return _Curve(*(values[rows] for values in curve))


def _at(curve: _Curve, s: Floats) -> _Point:
    along, half = -curve.distance / s, 0.5 * s
    b = curve.limit * cdf(along + half) - curve.inverse_limit * cdf(along - half)
    return _Point(b, INV_SQRT_2PI * np.exp(-0.5 * (along * along + half * half)), along, half)


def _lower(curve: _Curve, beta: Floats) -> Floats:
    s_l = curve.s_c - curve.b_c / curve.v_c
    low = _at(curve, s_l)
    log_beta = np.log(beta)
    far = curve.distance / np.sqrt(low.along * low.along - 2.0 * (log_beta - np.log(low.b)))
    near = _hermite(beta, (low.b, curve.b_c), (s_l, curve.s_c), (low.v, curve.v_c))
    s = np.where(beta < low.b, far, near)
    for _ in range(STEPS):
        at = _at(curve, s)
        log_b = np.log(at.b)
        ratio = at.v / at.b
        newton = log_b * (log_beta - log_b) / (log_beta * ratio)
        twist = ratio * (1.0 + 2.0 / log_b)
        bend, third = _bends(at, s)
        h3 = third + 2.0 * ratio * ratio * (1.0 + 3.0 / log_b * (1.0 + 1.0 / log_b)) - 3.0 * bend * twist
        s = s + _householder(newton, bend - twist, h3)
    return s


def _upper(curve: _Curve, beta: Floats) -> Floats:
    room = curve.limit - curve.b_c
    s_u = curve.s_c + room / curve.v_c
    high = _at(curve, s_u)
    left = curve.limit - beta
    far = -2.0 * inverse_cdf(left / room * cdf(-0.5 * curve.s_c))
    near = _hermite(beta, (curve.b_c, high.b), (curve.s_c, s_u), (curve.v_c, high.v))
    s = np.where(beta > high.b, far, near)
    for _ in range(STEPS):
        at = _at(curve, s)
        gap = curve.limit - at.b
        ratio = at.v / gap
        bend, third = _bends(at, s)
        h3 = third + ratio * (2.0 * ratio + 3.0 * bend)
        s = s + _householder(np.log(gap / left) / ratio, bend + ratio, h3)
    return s


def _hermite(
    b: Floats, ends: tuple[Floats, Floats], s: tuple[Floats, Floats], v: tuple[Floats, Floats]
) -> Floats:
    """The cubic through both ends with the curve's inverse slopes there."""
    width = ends[1] - ends[0]
    u = (b - ends[0]) / width
    rest = 1.0 - u
    lift = u * rest * width * (rest / v[0] - u / v[1])
    result: Floats = s[0] + (s[1] - s[0]) * u * u * (3.0 - 2.0 * u) + lift
    return result


def _bends(at: _Point, s: Floats) -> tuple[Floats, Floats]:
    """b''/b' and b'''/b'."""
    square = at.along * at.along
    bend = square / s - 0.5 * at.half
    return bend, bend * bend - 3.0 * square / (s * s) - 0.25


def _householder(newton: Floats, h2: Floats, h3: Floats) -> Floats:
    step: Floats = newton * (1.0 + 0.5 * h2 * newton) / (1.0 + newton * (h2 + h3 * newton / 6.0))
    return step
