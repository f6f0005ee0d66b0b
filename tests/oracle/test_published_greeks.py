"""Greeks and volatilities that a broker and the exchange published for one instant."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from markets.domain.pricing import conventions, spot
from markets.domain.pricing.conventions import PUBLISHED, Clock
from qlplatform.core.clock import IST
from tests.factories.reference import reference
from tests.oracle.published import Published, errors

BROKER = "upstox_nifty_chain_exp2026-04-07_rec2026-04-02.json.zst"
EXCHANGE = "nse_quote_derivative_NIFTY_2023-01-10.json.zst"
GREEKS = ("iv", "delta", "gamma", "theta", "vega")


def read(name: str) -> Any:
    path: Path = reference("data", "chain_with_greeks", name)
    with pa.input_stream(str(path), compression="zstd") as stream:
        return json.loads(stream.read())


@pytest.fixture(scope="module")
def broker() -> tuple[Published, dict[str, NDArray[np.float64]]]:
    """Traded options with a volatility, and their Greeks."""
    capture = read(BROKER)
    at = datetime.fromisoformat(capture["recorded_at"]).astimezone(IST).replace(tzinfo=None)
    rows, greeks = [], []
    for strike in capture["response"]["data"]:
        for side, w in (("call_options", 1.0), ("put_options", -1.0)):
            market, published = strike[side]["market_data"], strike[side]["option_greeks"]
            if published["iv"] > 0 and market["volume"] > 0:
                level = strike["underlying_spot_price"]
                rows.append((w, strike["strike_price"], market["ltp"], level, published["iv"]))
                greeks.append([published[name] for name in GREEKS])
    instants = (
        np.full(len(rows), np.datetime64(at, "s")),
        np.full(len(rows), np.datetime64("2026-04-07", "s")),
    )
    return Published(*instants, *np.array(rows).T), dict(zip(GREEKS, np.array(greeks).T, strict=True))


@pytest.fixture(scope="module")
def exchange() -> Published:
    """Index options with a last price and a volatility."""
    capture = read(EXCHANGE)
    at = np.datetime64(datetime.strptime(capture["opt_timestamp"], "%d-%b-%Y %H:%M:%S"), "s")  # noqa: DTZ007
    rows, expiries = [], []
    for each in capture["stocks"]:
        contract, iv = each["metadata"], each["marketDeptOrderBook"]["otherInfo"]["impliedVolatility"]
        if contract["instrumentType"] == "Index Options" and iv > 0:
            w = 1.0 if contract["optionType"] == "Call" else -1.0
            rows.append((w, contract["strikePrice"], contract["lastPrice"], capture["underlyingValue"], iv))
            expiries.append(datetime.strptime(contract["expiryDate"], "%d-%b-%Y"))  # noqa: DTZ007
    return Published(np.full(len(rows), at), np.array(expiries, "datetime64[s]"), *np.array(rows).T)


def test_the_brokers_volatility_comes_from_its_last_price(broker) -> None:
    quotes, _ = broker
    error = errors(quotes, PUBLISHED["UPSTOX_OPTION_CHAIN"])
    assert error.size > 190
    assert np.median(error) < 0.04
    assert np.median(errors(quotes, replace(PUBLISHED["UPSTOX_OPTION_CHAIN"], rate=0.10))) > 0.3


@pytest.mark.parametrize("rate", [0.05, 0.0525, 0.055])
def test_the_brokers_greeks_follow_from_its_volatility(broker, rate: float) -> None:
    quotes, published = broker
    left = conventions.years(
        quotes.at[0].astype(datetime).replace(tzinfo=IST),
        datetime(2026, 4, 7, 15, 30, tzinfo=IST),
        Clock.CALENDAR,
    )
    got = spot.greeks(quotes.w, quotes.spot, quotes.strike, left, published["iv"] / 100, rate)
    off = {name: np.abs(getattr(got, name) - published[name]) for name in ("delta", "gamma", "vega", "theta")}
    out = quotes.w * (quotes.spot - quotes.strike) < 0
    assert np.median(off["delta"]) < 0.0008
    assert np.median(off["gamma"]) < 0.00005  # published to four decimals
    assert np.median(off["vega"]) < 0.01  # of up to 10 rupees a point
    assert np.median(off["theta"][out]) < 0.15  # of up to 20 rupees a day


def test_the_exchanges_volatility_comes_from_the_spot_ten_percent_and_whole_days(exchange: Published) -> None:
    error = errors(exchange, PUBLISHED["NSE_OPTION_CHAIN"])
    assert error.size > 450
    assert np.median(error) < 0.20
    assert np.median(errors(exchange, replace(PUBLISHED["NSE_OPTION_CHAIN"], rate=0.0))) > 1.0
