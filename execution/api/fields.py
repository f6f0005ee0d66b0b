"""Fields that only execution shows."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from execution.domain.averages import average_str


@extend_schema_field({"type": ["string", "null"], "pattern": r"^\d+\.\d{2,4}$", "examples": ["101.25"]})
class AverageField(serializers.Field):  # type: ignore[type-arg]
    """Average price in rupees of the quantity and value columns of a row; null while nothing has filled."""

    def __init__(self, *, qty: str, value: str, **kwargs: Any) -> None:
        self.qty, self.value = qty, value
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Any) -> str | None:
        qty: int = getattr(row, self.qty)
        return average_str(getattr(row, self.value), qty) if qty else None
