"""The form field for amounts: people type rupees, the model keeps paise."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from qlplatform.core.errors import UserError
from qlplatform.core.money import rupee_str, to_paise


class RupeesFormField(forms.Field):
    """`1250.50` <-> 125050 paise; anything inexact is refused with a sentence."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return rupee_str(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").replace(",", "").replace("₹", "").strip()
        if not text:
            return None
        try:
            return to_paise(text)
        except UserError as error:
            raise forms.ValidationError(error.message, code=error.code) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True
