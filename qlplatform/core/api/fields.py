"""Serializer fields of the API's conventions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from qlplatform.core.errors import UserError
from qlplatform.core.money import rupee_str, to_paise


@extend_schema_field({"type": "string", "pattern": r"^-?\d+\.\d{2}$", "examples": ["142350.00"]})
class RupeesField(serializers.Field):  # type: ignore[type-arg]
    """Paise inside, a decimal string in rupees outside: 14235000 <-> "142350.00". No floats."""

    def to_representation(self, value: int) -> str:
        return rupee_str(value)

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, str):
            raise serializers.ValidationError("Write the amount as text, like “1250.50”.", code="bad_amount")
        try:
            return to_paise(data)
        except UserError as error:
            raise serializers.ValidationError(error.message, code=error.code) from None
