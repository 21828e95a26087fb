"""A field for a time in Berlin that knows the two nights when the clocks change."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

FIRST_YEAR, LAST_YEAR = 2000, 2100


class LocalDateTimeField(forms.DateTimeField):
    """Day and time as the clock on the wall shows them.

    A time that the clocks jump over in March is refused; of the two that they show twice
    in October the first one is meant.
    """

    def to_python(self, value: Any) -> datetime | None:
        """The time, aware. Raises ``ValidationError`` (German)."""
        with timezone.override(UTC):
            # Here no time is missing or double, so Django's own check has no say.
            found = super().to_python(value)
        if found is None:
            return None
        typed = found.replace(tzinfo=None)
        if not FIRST_YEAR <= typed.year <= LAST_YEAR:
            raise ValidationError(
                f"Das Jahr muss zwischen {FIRST_YEAR} und {LAST_YEAR} liegen.", code="year"
            )
        zone = timezone.get_current_timezone()
        local = typed.replace(tzinfo=zone)
        if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed:
            raise ValidationError(
                f"{typed:%H:%M} Uhr gibt es am {typed:%d.%m.%Y} nicht: In dieser Nacht werden die "
                "Uhren von 2 auf 3 Uhr vorgestellt.",
                code="missing_hour",
            )
        return local
