"""Forms with which an invitation is answered."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from mentoring.ui.forms import KernForm
from programmes.events.models import Answer, Attendee

NEEDS = ("diet", "access_needs", "forget")
NEEDS_HINT = (
    "Das lesen nur der Logistikpartner und die Treiber/innen. Es wird 14 Tage nach der "
    "Veranstaltung gelöscht."
)


class AnswerForm(KernForm):
    """Yes or no, for the person themselves who is signed in: everything as stored."""

    answer = forms.ChoiceField(
        label="Kommen Sie?",
        choices=[(Answer.YES, "Ja, ich komme"), (Answer.NO, "Nein, ich kann nicht kommen")],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie „Ja“ oder „Nein“."},
    )
    note = forms.CharField(
        label="Bemerkung",
        max_length=300,
        required=False,
        help_text="Zum Beispiel, dass Sie später kommen. Das liest, wer die Veranstaltung plant.",
    )
    diet = forms.CharField(
        label="Essen",
        max_length=200,
        required=False,
        help_text=f"Zum Beispiel vegetarisch oder eine Unverträglichkeit. {NEEDS_HINT}",
    )
    access_needs = forms.CharField(
        label="Barrierefreiheit",
        max_length=300,
        required=False,
        help_text="Was brauchen Sie, um gut teilnehmen zu können?",
    )

    def __init__(self, *args: Any, attendee: Attendee, **kwargs: Any) -> None:
        self.attendee = attendee
        kwargs["initial"] = self.stored(attendee)
        super().__init__(*args, **kwargs)
        asked = self.asked_needs() if attendee.event.asks_needs else []
        for name in NEEDS:
            if name not in asked:
                self.fields.pop(name, None)
        needs = [Fieldset("Was wir vorbereiten sollen", *asked)] if asked else []
        self.layout = Layout("answer", "note", *needs)

    def asked_needs(self) -> list[str]:
        """The fields of an event that asks for needs."""
        return ["diet", "access_needs"]

    def stored(self, attendee: Attendee) -> dict[str, Any]:
        """What the form begins with."""
        chosen = attendee.answer if attendee.answer != Answer.OPEN else None
        return {
            "answer": chosen,
            "note": attendee.note,
            "diet": attendee.diet,
            "access_needs": attendee.access_needs,
        }

    def as_answer(self) -> dict[str, Any]:
        """The answer as ``domain.answer`` takes it."""
        return {**self.cleaned_data}


class LinkAnswerForm(AnswerForm):
    """The same behind a personal link, which others may have got hold of.

    It shows nothing the person wrote before; what is left empty stays as it was.
    """

    forget = forms.BooleanField(
        label="Löschen Sie, was ich zu Essen und Barrierefreiheit angegeben habe",
        required=False,
    )

    def asked_needs(self) -> list[str]:
        """With the way to take them back, where there are some."""
        some = self.attendee.diet or self.attendee.access_needs
        return [*super().asked_needs(), *(["forget"] if some else [])]

    def stored(self, attendee: Attendee) -> dict[str, Any]:
        """The answer alone."""
        return {"answer": super().stored(attendee)["answer"]}

    def as_answer(self) -> dict[str, Any]:
        """Empty fields leave what is stored, as long as the answer is the same."""
        data = {**self.cleaned_data}
        forget = data.pop("forget", False)
        if not data["note"] and data["answer"] == self.attendee.answer:
            data["note"] = self.attendee.note
        for name in ("diet", "access_needs"):
            if name in data and not data[name] and not forget:
                data[name] = None
        return data


class AnswerOnBehalfForm(AnswerForm):
    """The answer as somebody gave it by phone; needs only for who may read them."""

    def __init__(self, *args: Any, sees_needs: bool, **kwargs: Any) -> None:
        self.sees_needs = sees_needs
        super().__init__(*args, **kwargs)
        field: Any = self.fields["answer"]
        field.label = "Antwort"
        field.choices = Answer.choices
        self.fields["note"].help_text = ""

    def asked_needs(self) -> list[str]:
        """None for who may not read them."""
        return super().asked_needs() if self.sees_needs else []

    def stored(self, attendee: Attendee) -> dict[str, Any]:
        """Everything, and "noch offen" too."""
        return {**super().stored(attendee), "answer": attendee.answer}

    def as_answer(self) -> dict[str, Any]:
        """Needs that were not shown stay as they are."""
        return {"diet": None, "access_needs": None, **self.cleaned_data}
