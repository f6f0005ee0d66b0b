"""The normal distribution on float64 arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

INV_SQRT_2PI = 0.3989422804014327


def cdf(x: Floats) -> Floats:
    """N(x): the probability of a standard normal below x."""
    result: Floats = special.ndtr(x)
    return result


def inverse_cdf(p: Floats) -> Floats:
    """The x with N(x) = p."""
    result: Floats = special.ndtri(p)
    return result


def density(x: Floats) -> Floats:
    """n(x): the standard normal density."""
    result: Floats = INV_SQRT_2PI * np.exp(-0.5 * x * x)
    return result
