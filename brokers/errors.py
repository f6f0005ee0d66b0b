"""What can go wrong at a broker, cut by what the caller should do. Adapters raise nothing else.

BrokerError
  Rejected           a definite no; the broker's reason is kept word for word
  NotSent            nothing reached the broker: safe to send again (also: a read that failed)
  Throttled          the broker says it refused for its rate limit and did not process the request
  SessionExpired     the account has to log in again
  OutcomeUnknown     the order may exist: never send again before its absence is proven by tag
"""

from __future__ import annotations

from typing import ClassVar

from qlplatform.core.errors import QlError


class BrokerError(QlError):
    """Base of every error an adapter raises."""

    status: ClassVar[int] = 502
    default_code: ClassVar[str] = "broker_error"


class Rejected(BrokerError):
    """The broker or the exchange refused; `code` is stable, the message is the broker's own text."""

    status = 422
    default_code = "rejected"

    def __init__(self, message: str, *, code: str = "rejected", broker_order_id: str = "") -> None:
        super().__init__(message, code=code)
        self.broker_order_id = broker_order_id


class NotSent(BrokerError):
    """The connection never opened, or the request only read: nothing changed at the broker."""

    default_code = "not_sent"


class Throttled(BrokerError):
    """Refused for the rate limit, documented by the broker as not processed."""

    status = 429
    default_code = "throttled"


class SessionExpired(BrokerError):
    """The broker no longer accepts this session."""

    default_code = "session_expired"


class OutcomeUnknown(BrokerError):
    """The request was on its way when the answer failed to come: look the order up by its tag."""

    default_code = "outcome_unknown"
