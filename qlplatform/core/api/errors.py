"""Errors that exist only in the API's protocol: preconditions and idempotency keys."""

from __future__ import annotations

from typing import ClassVar

from qlplatform.core.errors import Conflict, Malformed, QlError, UserError


class PreconditionFailed(QlError):
    """`If-Match` names a version that is no longer the current one."""

    status: ClassVar[int] = 412
    default_code = "version_changed"


class PreconditionRequired(QlError):
    """The change must say which version it is based on."""

    status: ClassVar[int] = 428
    default_code = "if_match_required"


class KeyMissing(Malformed):
    """This request needs an `Idempotency-Key`."""

    default_code = "idempotency-key-missing"


class KeyReused(UserError):
    """The key was used before, for another request."""

    default_code = "idempotency-key-reused"


class KeyInFlight(Conflict):
    """A request with this key is being worked on right now."""

    default_code = "idempotency-key-in-flight"
