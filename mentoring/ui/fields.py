"""Fields that more than one room needs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows to choose from; a number beyond the column's range is no choice."""

    def clean(self, value: Any) -> Any:
        """The rows. Raises ``ValidationError`` where Django's own field would fail."""
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError("Bitte wählen Sie aus dem, was angeboten wird.") from None
