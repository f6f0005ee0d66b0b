"""The venue's JSON: orders and reports there and back, errors by the name of their class."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import orjson
from django.conf import settings
from django.utils.crypto import salted_hmac

from brokers.errors import BrokerError, NotSent, OutcomeUnknown, Rejected, SessionExpired, Throttled
from brokers.gateway import (
    InstrumentRef,
    OrderReport,
    OrderRequest,
    OrderStatus,
    PositionReport,
    Product,
    Side,
    TradeReport,
    Validity,
)
from qlplatform.core.errors import Malformed

TOKEN_HEADER: Final = "X-QL-Venue-Token"  # noqa: S105 (a header's name)
DEADLINE_HEADER: Final = "X-QL-Deadline"
JSON_TYPE: Final = "application/json"

_ERRORS: Final[dict[str, type[BrokerError]]] = {
    kind.__name__: kind for kind in (Rejected, NotSent, Throttled, SessionExpired, OutcomeUnknown)
}


def venue_token() -> str:
    """What proves to the venue that a caller belongs to this installation."""
    return salted_hmac("qlplatform.venue", "token").hexdigest()


def token_is_right(given: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), venue_token().encode())


def venue_url() -> str:
    """Where role `venue` listens, without a slash at the end."""
    return str(settings.QL_VENUE_URL).rstrip("/")


def dump(value: Any) -> bytes:
    """Dataclasses, enums and times to JSON."""
    return orjson.dumps(value)


def load(body: bytes) -> Any:
    """JSON to plain values; raises Malformed."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed("The body is not JSON.") from error


def order_request(data: Mapping[str, Any]) -> OrderRequest:
    """The order of a request body; raises Malformed naming what is missing or wrong."""
    try:
        return OrderRequest(
            tag=str(data["tag"]),
            account_ref=str(data["account_ref"]),
            instrument=InstrumentRef(**data["instrument"]),
            side=Side(data["side"]),
            qty=int(data["qty"]),
            limit_paise=int(data["limit_paise"]),
            product=Product(data["product"]),
            validity=Validity(data["validity"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"The order cannot be read: {error}.") from error


def order_report(data: Mapping[str, Any]) -> OrderReport:
    """A report of the venue; a status word of a newer release becomes UNKNOWN."""
    known = data["status"] in OrderStatus.__members__
    return OrderReport(
        **_typed(data) | {"status": OrderStatus(data["status"]) if known else OrderStatus.UNKNOWN}
    )


def trade_report(data: Mapping[str, Any]) -> TradeReport:
    """A trade of the venue."""
    return TradeReport(**_typed(data))


def position_report(data: Mapping[str, Any]) -> PositionReport:
    """A position of the venue."""
    return PositionReport(**data)


def _typed(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **data,
        "side": Side(data["side"]),
        "exchange_time": datetime.fromisoformat(data["exchange_time"]),
    }


def dump_order(order: OrderRequest) -> bytes:
    """The body that places an order."""
    return orjson.dumps(asdict(order))


def dump_error(error: BrokerError) -> bytes:
    """An error as its class name, code and message."""
    ref = error.broker_order_id if isinstance(error, Rejected) else ""
    return orjson.dumps(
        {"kind": type(error).__name__, "code": error.code, "message": error.message, "broker_order_id": ref}
    )


def load_error(status: int, body: bytes) -> BrokerError:
    """The error of an answer; whatever is not one of ours leaves the outcome unknown."""
    try:
        data = orjson.loads(body)
        kind, message, code = _ERRORS[data["kind"]], data["message"], data["code"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return OutcomeUnknown(f"The exchange answered with status {status}.")
    if kind is Rejected:
        return Rejected(message, code=code, broker_order_id=data.get("broker_order_id", ""))
    return kind(message, code=code)
