"""Forms of the account pages."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from qlplatform.core.models import User


class LookForm(forms.ModelForm):  # type: ignore[type-arg]
    """Theme and palette; stored on the user so that the server sets them without a flash."""

    class Meta:
        model = User
        fields: ClassVar = ["theme", "palette"]
        labels: ClassVar = {"theme": "Theme", "palette": "Colours of profit and loss"}
        help_texts: ClassVar = {"theme": "System follows your device."}


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        max_length=60, label="Name", help_text="What will use it, for example “backup script”."
    )
