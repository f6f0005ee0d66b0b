"""A structure and its evaluation, as the description of the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from markets.domain.margin.structure import ACCURACY, ESTIMATE

SHORT: dict[str, Any] = {
    "side": "SELL",
    "kind": "CE",
    "expiry": "2026-06-30",
    "strike": "24000.00",
    "lots": 1,
}
LONG = SHORT | {"side": "BUY", "strike": "24500.00"}
GREEKS = {
    "delta": 0.3922,
    "gamma": 0.000354,
    "theta": -6.367,
    "vega": 26.945,
    "rho": -0.2589,
    "vanna": 0.7803,
    "volga": 1470.8,
}
BLOCKED = {
    "total": "62457.79",
    "span": "31845.71",
    "scan": "20943.91",
    "spread_charge": "0.00",
    "net_option_value": "-10901.80",
    "exposure": "30612.08",
    "expiry_addon": "0.00",
    "worst_scenario": 12,
}
NAKED = BLOCKED | {
    "total": "156526.95",
    "span": "125914.87",
    "scan": "106878.32",
    "net_option_value": "-19036.55",
    "worst_scenario": 11,
}
MARGIN = BLOCKED | {
    "hedge_benefit": "94069.16",
    "needed": "65580.68",
    "basis": ESTIMATE,
    "accuracy": ACCURACY[ESTIMATE],
    "file_day": None,
    "alone": [NAKED],
    "steps": [
        {"leg": 1, "total": "0.00", "premium": "8134.75"},
        {"leg": 0, "total": "62457.79", "premium": "-10901.80"},
    ],
    "expiry_jump": {"on": "2026-06-30", "total": "93069.87", "extra": "30612.08"},
    "warning": "",
}
EVALUATION = {
    "underlying": "NIFTY",
    "at": "2026-05-29T03:45:00Z",
    "spot": "23547.75",
    "expiries": [
        {"expiry": "2026-06-30", "years": 0.08838, "forward": "23683.42", "rule": "CARRY", "stale": True}
    ],
    "legs": [
        SHORT
        | {"lot_size": 65, "qty": -65, "price": "292.87", "price_source": "GIVEN"}
        | {"iv": 0.1537, "iv_code": "OK", "greeks": GREEKS}
    ],
    "net_premium": "10901.80",
    "profit": {
        "max_profit": "10901.80",
        "max_profit_unlimited": False,
        "max_loss": "-21598.20",
        "max_loss_unlimited": False,
        "breakevens": ["24167.72"],
    },
    "probability_of_profit": 0.6793,
    "greeks": {
        "delta": -11.234,
        "gamma": -0.00409,
        "theta": 114.0,
        "vega": -401.9,
        "rho": 9.636,
        "vanna": 57.44,
        "volga": 490814.2,
    },
    "payoff": {"levels": ["23547.75"], "expiry": ["10901.80"], "now": ["0.00"]},
    "scenarios": {
        "moves_pct": [0.0],
        "levels": ["23547.75"],
        "vol_shifts": [0.0],
        "days": [0.0],
        "pnl": [[["0.00"]]],
    },
    "charges": {"plan": "zerodha", "total": "158.81", "parts": {"brokerage": "80.00", "stt": "40.76"}},
    "margin": MARGIN,
}
REQUEST = OpenApiExample(
    "A call spread",
    value={
        "underlying": "NIFTY",
        "on": "2026-05-29",
        "spot": "23547.75",
        "plan": "zerodha",
        "legs": [SHORT | {"price": "292.87"}, LONG | {"price": "125.15"}],
    },
    request_only=True,
)
ANSWER = OpenApiExample(
    "A call spread", description="Lists are cut short here.", value=EVALUATION, response_only=True
)
