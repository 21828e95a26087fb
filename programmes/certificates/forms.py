"""The forms of the certificates: their words, and whose are made."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Fieldset, Layout, Row
from django import forms

from mentoring.ui.forms import KernForm, VersionedModelForm
from programmes.certificates.domain import NO_NAME
from programmes.certificates.layout import signatures_in
from programmes.certificates.making import FORMS
from programmes.certificates.models import CertificateText
from programmes.certificates.placeholders import names_holder, problems_in
from programmes.cycles.models import Participant
from programmes.roadmap.forms.fields import check_year

MOST_SIGNATURES = 6


class TextForm(VersionedModelForm):
    """The words of one kind, and who gets it."""

    class Meta:
        model = CertificateText
        fields = (
            "heading",
            "text",
            "events_at_least",
            "lists_events",
            "place",
            "dated_on",
            "signatures",
            "with_logos",
        )
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 14}),
            "signatures": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts: ClassVar = {
            "text": "Eine Leerzeile beginnt einen neuen Absatz. Ein Absatz, in dem nur {name} oder "
            "{anrede} {name} steht, wird groß gesetzt.",
            "events_at_least": "Wer seltener da war, bekommt keine. Es zählen die Veranstaltungen "
            "des Durchgangs, nicht die Sitzungen des Beirats und nicht, was vor der Platzvergabe "
            "lag.",
            "dated_on": "Bleibt das Feld leer, steht dort nur der Ort, und das Datum wird von Hand "
            "eingetragen.",
            "with_logos": "Kommunen ohne Logo stehen dort mit ihrem Namen.",
        }

    layout = Layout(
        HTML('{% include "certificates/parts/placeholders.html" %}'),
        "heading",
        "text",
        Fieldset("Wer bekommt es?", "events_at_least", "lists_events"),
        Fieldset("Unter dem Text", Row("place", "dated_on"), "signatures", "with_logos"),
    )

    def clean_heading(self) -> str:
        """Only placeholders that exist."""
        return self._known("heading")

    def clean_text(self) -> str:
        """Only placeholders that exist, and whose it is."""
        source = self._known("text")
        if not names_holder([source]):
            raise forms.ValidationError(NO_NAME)
        return source

    def clean_dated_on(self) -> date | None:
        """No mistyped year, which nobody would see before it is printed."""
        day: date | None = self.cleaned_data["dated_on"]
        if day is not None:
            check_year(day)
        return day

    def clean_signatures(self) -> str:
        """No more than fit under a text."""
        source: str = self.cleaned_data["signatures"]
        if len(signatures_in(source)) > MOST_SIGNATURES:
            raise forms.ValidationError(
                f"Höchstens {MOST_SIGNATURES} Unterschriften haben Platz: eine je Zeile."
            )
        return source

    def _known(self, name: str) -> str:
        source: str = self.cleaned_data[name]
        if problems := problems_in(source):
            raise forms.ValidationError(problems)
        return source


class MakeForm(KernForm):
    """Whose certificates are made, and as what."""

    people = forms.MultipleChoiceField(
        label="Für wen?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Wählen Sie mindestens eine Person aus."},
    )
    form = forms.ChoiceField(
        label="Als was?", choices=list(FORMS.items()), widget=forms.RadioSelect, initial="pdf"
    )

    layout = Layout("form", "people")

    def __init__(self, *args: Any, rows: Sequence[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        self.fields["people"].choices = [(str(row.pk), said(row)) for row in rows]  # type: ignore[attr-defined]  # a choice field
        self.fields["people"].initial = [str(row.pk) for row in rows]

    @property
    def chosen(self) -> list[Participant]:
        """Those chosen, in their order."""
        keys = set(self.cleaned_data["people"])
        return [row for row in self._rows if str(row.pk) in keys]


def said(row: Any) -> str:
    """A participant as one line: "Muster, Erika (Ahausen), Mentee"."""
    person = row.person
    return f"{person.last_name}, {person.first_name} ({row.municipality}), {row.get_role_display()}"
