"""Public identifiers: an opaque ULID with a prefix that tells the kind, e.g. `ord_01JD...`."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import models
from ulid import ULID


def new_id(prefix: str) -> str:
    """A new public id; ids made later sort after earlier ones (to the millisecond)."""
    return f"{prefix}_{ULID()}"


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """The id people and integrators see; the bigint primary key stays inside."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs |= {"max_length": 40, "unique": True, "editable": False, "default": partial(new_id, prefix)}
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, _, _ = super().deconstruct()
        return name, path, [], {"prefix": self.prefix}
