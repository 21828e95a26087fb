"""The forms of personal links."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.ui.forms import KernForm
from tandems.links.domain import MOST_DAYS, USUAL_DAYS


class SendLinkForm(KernForm):
    """Until when the link is good."""

    until = forms.DateField(
        label="Der Link gilt bis zum",
        help_text=f"Höchstens {MOST_DAYS} Tage. Danach können Sie ihn erneut senden.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", timezone.localdate() + timedelta(days=USUAL_DAYS))

    def clean_until(self) -> Any:
        """A day from today on, not too far ahead."""
        day, today = self.cleaned_data["until"], timezone.localdate()
        if day < today:
            raise ValidationError("Dieser Tag ist schon vorbei.", code="past")
        if day > today + timedelta(days=MOST_DAYS):
            raise ValidationError(f"Bitte wählen Sie einen Tag in den nächsten {MOST_DAYS} Tagen.")
        return day


class DigitsForm(KernForm):
    """The six digits from the mail."""

    digits = forms.CharField(
        label="Code aus der E-Mail",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="Sechs Ziffern.",
    )

    def clean_digits(self) -> str:
        """Blanks go."""
        return "".join(self.cleaned_data["digits"].split())
