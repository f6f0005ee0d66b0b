"""Examples of the portfolio API."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

_ACCOUNT = "acc_01KB3T9Q6M2E8Y5V0R7N4D1C31"
_BOOK = "bok_01KB3T9Q6M2E8Y5V0R7N4D1C32"
_PNL = {"realised": "0.00", "unrealised": "1000.00", "charges": "33.43", "net": "966.57", "unpriced": 0}

POSITION = OpenApiExample(
    "A short call",
    value={
        "id": "pos_01KB3T9Q6M2E8Y5V0R7N4D1C33",
        "account": _ACCOUNT,
        "mode": "paper",
        "book": _BOOK,
        "book_name": "0920 straddle",
        "symbol": "NIFTY 09 JUN 16400 CE",
        "underlying": "NIFTY",
        "expiry": "2022-06-09",
        "strike": "16400.00",
        "type": "CE",
        "trading_date": "2022-06-08",
        "qty": -50,
        "lots": -1,
        "average_price": "120.00",
        "mark": "100.00",
        "bought_qty": 0,
        "bought_value": "0.00",
        "sold_qty": 50,
        "sold_value": "6000.00",
        "realised": "0.00",
        "unrealised": "1000.00",
        "charges": "33.43",
        "net": "966.57",
    },
    response_only=True,
)
PNL = OpenApiExample(
    "An account with one strategy",
    value={
        "account": _ACCOUNT,
        "name": "Replay 8 Jun 2022",
        "mode": "paper",
        "market": "mkt_01KB3T9Q5ZB8W6H2J4K0M9P7RS",
        "trading_date": "2022-06-08",
        "pnl": _PNL,
        "books": [{"book": _BOOK, "name": "0920 straddle", "kind": "deployment", "pnl": _PNL}],
    },
    response_only=True,
)
LIMIT = OpenApiExample(
    "The day loss",
    value={
        "id": "lim_01KB3T9Q6M2E8Y5V0R7N4D1C34",
        "account": _ACCOUNT,
        "kind": "day_loss",
        "unit": "rupees",
        "value": "25000.00",
        "enabled": True,
    },
    response_only=True,
)
LIMIT_CHANGE = OpenApiExample("A smaller day loss", value={"value": "10000.00"}, request_only=True)
