"""Volatilities that others published come out of our solver once their convention is set."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from markets.domain.pricing.conventions import PUBLISHED, Clock
from tests.factories.reference import reference
from tests.oracle.published import bars_2025, chain_pages, errors

AUGUST = np.datetime64("2025-08-01")
BARS = ("data", "nifty_options_15m_rolling_2025", "options.parquet")
UNTIL_JULY = PUBLISHED["DHAN_EXPIRED_OPTIONS_2025_07"]
FROM_AUGUST = PUBLISHED["DHAN_EXPIRED_OPTIONS_2025_08"]
PAGE = PUBLISHED["NSE_OPTION_CHAIN"]


def test_vendor_bars_until_july_2025_count_from_the_end_of_the_bar_to_the_close() -> None:
    quotes = bars_2025(reference(*BARS), bar=timedelta(minutes=15))
    old = quotes.where(quotes.expiry < AUGUST)
    error = errors(old, UNTIL_JULY)
    assert error.size > 128_000
    assert np.median(error) < 0.0005
    assert np.quantile(error, 0.9) < 0.1
    assert np.median(errors(old, replace(UNTIL_JULY, clock=Clock.MIDNIGHT))) > 0.1
    assert np.median(errors(old, replace(UNTIL_JULY, rate=0.065))) > 0.1


def test_vendor_bars_from_august_2025_count_from_the_start_of_the_bar_to_midnight() -> None:
    quotes = bars_2025(reference(*BARS), bar=timedelta(0))
    new = quotes.where(quotes.expiry >= AUGUST)
    error = errors(new, FROM_AUGUST)
    assert error.size > 18_000
    assert np.median(error) < 0.02
    assert np.median(errors(new, replace(FROM_AUGUST, clock=Clock.CALENDAR))) > 0.1


@pytest.mark.parametrize(
    ("name", "median", "nine_tenths"),
    [("NIFTY", 0.31, 1.4), ("NIFTY_multi_expiry", 0.31, 1.4), ("BANKNIFTY", 0.34, 2.2)],
)
def test_the_exchange_page_uses_the_spot_ten_percent_and_whole_days(
    name: str, median: float, nine_tenths: float
) -> None:
    quotes = chain_pages(reference("data", "nse_chain_2018_2019", f"{name}.parquet"))
    error = errors(quotes, PAGE)
    assert error.size > 20_000
    assert np.median(error) < median
    assert np.quantile(error, 0.9) < nine_tenths
    assert np.median(errors(quotes, replace(PAGE, rate=0.0))) > 2 * median
