"""Fields that several forms of the Fahrplan have."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mentoring.ui.fields import RowsField
from programmes.cycles.models import CouncilSeat
from programmes.roadmap import calendar


def check_year(day: date) -> None:
    """Raise ``ValidationError`` for a day no Durchgang has anything to do with."""
    if not calendar.in_range(day):
        raise ValidationError(
            f"Bitte prüfen Sie die Jahreszahl: möglich sind {calendar.FIRST_DAY.year} bis "
            f"{calendar.LAST_DAY.year}."
        )


class DayField(forms.DateField):
    """A day within the years in which there are Durchgänge."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(check_year)


class SeatsField(RowsField):
    """Seats of a Beirat, named by who holds them."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, seat: CouncilSeat) -> str:
        """Person and Kommune."""
        return f"{seat.person} ({seat.participation.municipality})"
