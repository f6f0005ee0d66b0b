"""What every other app stands on: people, workspaces, the outbox, the audit trail."""

from qlplatform.core.models.audit import AuditEntry
from qlplatform.core.models.idempotency import IdempotencyRecord
from qlplatform.core.models.outbox import OutboxEvent
from qlplatform.core.models.people import ApiKey, Membership, User, Workspace

__all__ = ["ApiKey", "AuditEntry", "IdempotencyRecord", "Membership", "OutboxEvent", "User", "Workspace"]
