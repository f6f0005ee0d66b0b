"""Examples of the API's documentation: one straddle of the session of 15 June 2022."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_MADE = "2026-11-20T03:40:00Z"
_DEP, _RUN = "dep_01KB3TA1X2M2E8Y5V0R7N4D1C3", "run_01KB3TA4R8B8W6H2J4K0M9P7RS"
_STR, _ACC = "str_01KB3T9V7C2E8Y5V0R7N4D1C3X", "acc_01KB3T9Q6M2E8Y5V0R7N4D1C3X"
_MKT, _ORD = "mkt_01KB3T9Q5ZB8W6H2J4K0M9P7RS", "ord_01KB3TA5D1B8W6H2J4K0M9P7RS"

_INSTRUMENT = {
    "id": "ins_01KB3T8B5ZB8W6H2J4K0M9P7RS",
    "exchange": "NSE",
    "underlying": "NIFTY",
    "kind": "CE",
    "expiry": "2022-06-16",
    "strike": "15800.00",
    "lot_size": 50,
    "tick": "0.05",
    "symbol": "NIFTY 16 JUN 15800 CE",
}
_RUN_VALUE = {
    "id": _RUN,
    "deployment": _DEP,
    "strategy": _STR,
    "strategy_name": "09:20 straddle",
    "version": 1,
    "account": _ACC,
    "session": _MKT,
    "mode": "paper",
    "trading_date": "2022-06-15",
    "phase": "RUNNING",
    "outcome": "",
    "outcome_text": "",
    "paused": False,
    "multiplier": 1,
    "opened_at": "2022-06-15T03:50:00Z",
    "closed_at": None,
}
_LEG_VALUE = {
    "leg": "L1",
    "cycle": 1,
    "instrument": _INSTRUMENT,
    "side": "SELL",
    "lots": 1,
    "qty": 50,
    "entry_qty": 50,
    "entry_price": "101.25",
    "entered_at": "2022-06-15T03:50:00Z",
    "exit_qty": 0,
    "exit_price": None,
    "exited_at": None,
    "exit_reason": "",
    "open_qty": 50,
    "stop": "126.5625",
    "target": "",
}
_DECISION_VALUE = {
    "at": "2022-06-15T03:50:00Z",
    "kind": "open",
    "code": "",
    "leg": "L1",
    "text": "Sell 1 lot NIFTY 16 JUN 15800 CE at about ₹101.25: entry time 09:20.",
    "inputs": {"spot": "15790.10"},
    "price_seq": 5,
}
_ORDER_VALUE = {
    "id": _ORD,
    "run": _RUN,
    "deployment": _DEP,
    "strategy_name": "09:20 straddle",
    "account": _ACC,
    "session": _MKT,
    "mode": "paper",
    "trading_date": "2022-06-15",
    "instrument": _INSTRUMENT,
    "leg": "L1",
    "purpose": "ENTRY",
    "exit_reason": "",
    "text": "Sell 1 lot NIFTY 16 JUN 15800 CE at about ₹101.25: entry time 09:20.",
    "side": "SELL",
    "qty": 50,
    "lots": 1,
    "limit_price": "98.20",
    "filled_qty": 50,
    "average_price": "101.25",
    "state": "FILLED",
    "reason_code": "",
    "reason_text": "",
    "tag": "QMFZWIZDLMRXW2ZTB",
    "broker_order_id": "V41",
    "algo_id": "99999",
    "created_at": "2022-06-15T03:50:00Z",
    "sent_at": "2026-11-20T03:45:00Z",
    "updated_at": "2026-11-20T03:45:01Z",
}
_KILL_VALUE = {
    "on": True,
    "level": "cancel_orders",
    "scope": "workspace",
    "reason": "News at noon",
    "pressed_by": "demo@example.com",
    "pressed_at": "2026-11-20T06:30:00Z",
}


def _answer(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


DEPLOY = _request("On paper", {"strategy": _STR, "multiplier": 1})
DEPLOYMENT = _answer(
    "A running straddle",
    {
        "id": _DEP,
        "strategy": _STR,
        "strategy_name": "09:20 straddle",
        "version": None,
        "account": _ACC,
        "session": _MKT,
        "basket": None,
        "mode": "paper",
        "multiplier": 1,
        "state": "active",
        "status": "running",
        "next_action": "Exit 15:15",
        "next_due_at": None,
        "run": _RUN,
        "trading_date": "2022-06-15",
        "open_legs": 2,
        "pnl": {"realised": "0.00", "unrealised": "612.50", "charges": "52.31", "net": "560.19"},
        "created_at": _MADE,
    },
)
RUN = _answer("An open run", _RUN_VALUE)
RUN_ASKED = OpenApiExample("An open run", value=_RUN_VALUE, response_only=True, status_codes=["202"])
RUN_DETAIL = _answer("An open run", _RUN_VALUE | {"legs": [_LEG_VALUE], "decisions": [_DECISION_VALUE]})
DECISION = _answer("An entry", _DECISION_VALUE)
ORDER = _answer("A filled entry", _ORDER_VALUE)
ORDER_DETAIL = _answer(
    "A filled entry",
    _ORDER_VALUE | {"history": [{"at": "2026-11-20T03:45:00Z", "state": "SENDING", "text": "sending"}]},
)
KILL = _request("Stop and cancel", {"level": "cancel_orders", "reason": "News at noon"})
KILL_SWITCH = _answer("On", _KILL_VALUE)
KILL_SWITCH_OFF = _answer(
    "Off", {"on": False, "level": "", "scope": "", "reason": "", "pressed_by": "", "pressed_at": None}
)
REPLAY_START = _request("One day", {"session_date": "2022-06-15", "speed": 60})
REPLAY = _answer(
    "A replay",
    {
        "id": _MKT,
        "mode": "paper",
        "underlying": "NIFTY",
        "trading_date": "2022-06-15",
        "source": "nifty_2022-06",
        "state": "playing",
        "speed": 60,
        "seq": 87,
        "now": "2022-06-15T05:12:00Z",
        "note": "",
        "created_at": _MADE,
        "ended_at": None,
    },
)
CONTROL = _request("Faster", {"action": "speed", "value": 300})
