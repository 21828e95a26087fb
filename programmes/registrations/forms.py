"""The form of the public registration page, and how it tells robots from people."""

import re
from datetime import timedelta
from typing import Any

from crispy_forms.layout import Div, Layout, Row
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from mentoring.ui.forms import KernForm
from programmes.organisations.models import Municipality
from programmes.outbox.messages import one_line
from programmes.registrations.domain import Typed

_SALT = "programmes.registrations.form"
LEAST = timedelta(seconds=3)
"""Nobody fills in the form faster."""
MOST = timedelta(days=1)
TOO_FAST = "Das ging sehr schnell. Bitte prüfen Sie Ihre Angaben und senden Sie sie noch einmal ab."
TOO_OLD = (
    "Die Seite war zu lange offen. Ihre Angaben sind noch da: bitte senden Sie sie noch einmal ab."
)
LEAVE_EMPTY = (
    "Ein Feld, das leer bleiben muss, war ausgefüllt, vielleicht von Ihrem Browser. Wir haben es "
    "geleert: bitte senden Sie das Formular noch einmal ab."
)
ONLY_NAME = "Bitte geben Sie hier nur Ihren Namen ein, ohne Adressen und Links."

# Mail programs make a link of "gewinn.example" too; "Dr.Reich" and "J.R." are names.
_HOST = re.compile(r"[^\W_]{2,}\.[a-z]{2,}")


class OneLine(forms.CharField):
    """A text in one line, whatever was pasted."""

    def to_python(self, value: Any) -> str:
        """Line breaks and tabs become spaces; what turns the direction of writing is left out."""
        return one_line(super().to_python(value) or "")


class NameField(OneLine):
    """A person's name. We write it into a mail to an address nobody has confirmed yet."""

    def validate(self, value: str) -> None:
        """As Django's; a name is no advertisement."""
        super().validate(value)
        marks = ("/", "@", "<", ">", "www.", "\\", "|")
        if any(mark in value for mark in marks) or _HOST.search(value):
            raise ValidationError(ONLY_NAME, code="name")


class RegistrationForm(KernForm):
    """Who registers, from which Kommune, and at which address."""

    first_name = NameField(
        label="Vorname", max_length=80, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = NameField(
        label="Nachname", max_length=80, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    municipality = OneLine(
        label="Kommune",
        max_length=120,
        help_text="Die Stadt, die Gemeinde oder der Kreis, bei der oder dem Sie arbeiten.",
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label="E-Mail-Adresse",
        max_length=254,
        help_text="Dorthin schicken wir einen Link, mit dem Sie die Anmeldung bestätigen.",
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    homepage = forms.CharField(
        label="Bitte leer lassen",
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    layout = Layout(
        Row("first_name", "last_name"),
        "municipality",
        "email",
        # Off the screen instead of hidden: robots fill in what they find.
        Div("homepage", css_class="kern-sr-only"),
        "shown",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown"] = _signer().sign("")

    def clean(self) -> dict[str, Any]:
        """Neither filled in by a robot nor faster or slower than a person would."""
        super().clean()
        if self.cleaned_data.get("homepage"):
            self._replace("homepage", "")
            raise ValidationError(LEAVE_EMPTY, code="robot")
        try:
            shown = self.cleaned_data.get("shown") or ""
            _signer().unsign(shown, max_age=MOST)
        except signing.BadSignature:
            self._replace("shown", _signer().sign(""))
            raise ValidationError(TOO_OLD, code="old") from None
        if self.errors:
            # It is shown again anyway.
            return self.cleaned_data
        try:
            _signer().unsign(shown, max_age=LEAST)
        except signing.SignatureExpired:
            return self.cleaned_data
        raise ValidationError(TOO_FAST, code="fast")

    @property
    def typed(self) -> Typed:
        """What was typed, once it is valid."""
        names = ("first_name", "last_name", "municipality", "email")
        return Typed(**{name: self.cleaned_data[name] for name in names})

    def _replace(self, name: str, value: str) -> None:
        """Show the form with another value than was posted."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # posted data
        data[name] = value
        self.data = data


class InviteHouseForm(KernForm):
    """Which Kommune is meant by what was typed."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label="Kommune", empty_label="bitte wählen"
    )

    def __init__(
        self, *args: Any, municipalities: Any, meant: Municipality | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]  # a choice of models
        self.initial["municipality"] = meant


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_SALT)
