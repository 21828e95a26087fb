"""The forms of the Ausschreibung and of the involvement in a Kommune."""

from typing import Any, ClassVar

from crispy_forms.layout import HTML, Layout, Row
from django import forms
from django.utils import timezone

from mentoring.ui.forms import VersionedModelForm
from programmes.calls.models import Call, Involvement
from programmes.calls.placeholders import problems_in


class CallForm(VersionedModelForm):
    """Text and conditions, both in Markdown with placeholders."""

    class Meta:
        model = Call
        fields = ("text", "conditions", "agreed_on")
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 24, "class": "call-body"}),
            "conditions": forms.Textarea(attrs={"rows": 14, "class": "call-body"}),
        }
        help_texts: ClassVar = {
            "conditions": "Stehen in Word und PDF hinter dem Text und der Tabelle der Termine.",
            "agreed_on": "An diesem Tag hat der Beirat Text und Bedingungen beschlossen. Solange "
            "das Feld leer ist, tragen Word und PDF den Vermerk „Entwurf“.",
        }

    layout = Layout(
        HTML('{% include "calls/parts/placeholders.html" %}'), "text", "conditions", "agreed_on"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True

    def clean_text(self) -> str:
        """Only placeholders that exist."""
        return self._known("text")

    def clean_conditions(self) -> str:
        """Only placeholders that exist."""
        return self._known("conditions")

    def clean_agreed_on(self) -> Any:
        """No agreement in the future."""
        return _not_in_future(self.cleaned_data["agreed_on"])

    def _known(self, name: str) -> str:
        source: str = self.cleaned_data[name]
        if problems := problems_in(source):
            raise forms.ValidationError(problems)
        return source


class InvolvementForm(VersionedModelForm):
    """When Personalrat and Gleichstellung were involved."""

    class Meta:
        model = Involvement
        fields = ("staff_council_on", "equality_on", "note")
        help_texts: ClassVar = {
            "note": "Zum Beispiel, wer beteiligt war. Diese Angaben liest auch der Beirat.",
        }

    layout = Layout(Row("staff_council_on", "equality_on"), "note")

    def clean_staff_council_on(self) -> Any:
        """Not in the future."""
        return _not_in_future(self.cleaned_data["staff_council_on"])

    def clean_equality_on(self) -> Any:
        """Not in the future."""
        return _not_in_future(self.cleaned_data["equality_on"])


def _not_in_future(day: Any) -> Any:
    if day is not None and day > timezone.localdate():
        raise forms.ValidationError(
            "Dieser Tag liegt in der Zukunft. Tragen Sie ihn ein, wenn es so weit war."
        )
    return day
