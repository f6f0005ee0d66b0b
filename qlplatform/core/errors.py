"""The error tree, cut by what the caller should do. Every error has a stable `code` and a plain-word message.

QlError
  UserError            tell the user what to change (HTTP 422)
    Malformed          the request cannot be read (400)
    NotEntitled        the role does not allow it (403)
    NotFound           it does not exist for this actor (404)
    KillSwitchOn       trading is stopped (423)
  Conflict             somebody moved first: reload (409)
  OperatorError        the installation needs a person (500)
"""

from __future__ import annotations

from typing import Any, ClassVar


class QlError(Exception):
    """Base of every error the platform raises on purpose."""

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str | None = None, **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.context = context


class UserError(QlError):
    status = 422
    default_code = "invalid"


class Malformed(UserError):
    status = 400
    default_code = "malformed"


class NotEntitled(UserError):
    status = 403
    default_code = "not_entitled"


class NotFound(UserError):
    status = 404
    default_code = "not_found"


class KillSwitchOn(UserError):
    status = 423
    default_code = "kill_switch_on"


class Conflict(QlError):
    status = 409
    default_code = "conflict"


class OperatorError(QlError):
    status = 500
    default_code = "operator_needed"
