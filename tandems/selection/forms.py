"""The forms of the selection: a note, a booklet, an anonymous Steckbrief."""

from typing import Any

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms

from mentoring.ui.forms import KernForm, KernModelForm, VersionedModelForm
from tandems.applications.models import Application
from tandems.selection import anonymous
from tandems.selection.contents import Part, part_of
from tandems.selection.models import ApplicationNote

CHECKED = "checked"


class NoteForm(VersionedModelForm):
    """The own note on an application. Its second editor is the same person in another tab."""

    class Meta:
        model = ApplicationNote
        fields = ("text", "shared")
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}  # noqa: RUF012  # as Django's

    def __init__(self, *args: Any, autosave_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = Layout(
            "text",
            HTML('{% include "selection/note_state.html" %}'),
            "shared",
            HTML('{% include "selection/note_buttons.html" %}'),
        )
        self.fields["text"].help_text = "Höchstens 4.000 Zeichen. Ein leerer Text löscht die Notiz."
        self.fields["shared"].help_text = (
            "Nicht geteilt liest die Notiz niemand außer Ihnen. Geteilt lesen sie alle Mitglieder "
            "des Beirats, die diese Bewerbung sehen, mit Ihrem Namen."
        )
        if autosave_url:
            self.fields["text"].widget.attrs.update(
                {
                    "hx-post": autosave_url,
                    "hx-trigger": "input changed delay:2s",
                    "hx-target": "#notiz-stand",
                    "hx-swap": "outerHTML",
                }
            )

    @property
    def stored_version(self) -> int | None:
        """The version of the note as it stood when the form was checked, ``None`` for none."""
        return self._stored.version if isinstance(self._stored, ApplicationNote) else None

    def _clean_form(self) -> None:
        if self.data.get("_version") or self.instance._state.adding:
            super()._clean_form()
            return
        # Opened before there was a note: it was begun in another tab meanwhile.
        KernModelForm._clean_form(self)  # type: ignore[attr-defined]  # the stubs leave it out
        self.show_conflict(self._stored)


class BookletForm(KernForm):
    """In which order the Steckbriefe stand."""

    HOUSE, NAME = "house", "name"
    ORDERS = {  # noqa: RUF012  # read only
        HOUSE: ("municipality__sort_key", "rank", "person__sort_key", "pk"),
        NAME: ("person__sort_key", "pk"),
    }

    order = forms.ChoiceField(
        label="Reihenfolge",
        choices=((HOUSE, "nach Kommune und Rang"), (NAME, "nach Namen")),
        widget=forms.RadioSelect,
        initial=HOUSE,
    )


class AnonymousForm(KernForm):
    """What shall stand on the anonymous Steckbrief; nothing typed here is stored."""

    code = forms.RegexField(
        r"\A[A-Z][0-9]?\Z",
        label="Kennung",
        help_text="Ein Buchstabe, dazu höchstens eine Ziffer. Sie ist ausgelost; merken Sie sich, "
        "wer gemeint ist, denn gespeichert wird sie nicht.",
        error_messages={
            "invalid": "Bitte einen Großbuchstaben und höchstens eine Ziffer, etwa B oder B4."
        },
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        self.warnings: list[tuple[str, list[str]]] = []
        self.safe = list(anonymous.safe_questions(application))
        self.free = list(anonymous.free_questions(application))
        self.fields["code"].initial = anonymous.new_code()
        self.fields["code"].widget.attrs["autocomplete"] = "off"
        parts: list[Any] = ["code"]
        if self.safe:
            for question in self.safe:
                part = part_of(question, application)
                self.fields[f"take-{question.key}"] = forms.BooleanField(
                    label=f"{part.label}: {part.text}", required=False, initial=True
                )
            parts.append(
                Fieldset("Angaben ohne eigene Worte", *(f"take-{q.key}" for q in self.safe))
            )
        for question in self.free:
            parts.append(self._free_part(question))
        if self.is_bound and CHECKED in self.data:
            parts.append("checked")
        self.fields["checked"] = forms.BooleanField(
            label="Ich habe die Hinweise geprüft: die Texte verraten nicht, um wen es geht",
            required=False,
        )
        self._parts = parts
        self.layout = Layout(*parts)

    def _free_part(self, question: Any) -> Fieldset:
        part = part_of(question, self.application)
        take, text = f"take-{question.key}", f"text-{question.key}"
        self.fields[take] = forms.BooleanField(label="Diesen Text aufnehmen", required=False)
        self.fields[text] = forms.CharField(
            label="Text für den anonymen Steckbrief",
            required=False,
            max_length=4000,
            initial=part.text,
            widget=forms.Textarea(attrs={"rows": 4 if part.long else 2}),
        )
        return Fieldset(part.label, take, text)

    def clean(self) -> dict[str, Any]:
        """Refuse names; ask to look again where something else may give the person away."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        places = anonymous.places_of(self.application)
        for question in self.free:
            field = f"text-{question.key}"
            text = data.get(field, "")
            if not data.get(f"take-{question.key}"):
                continue
            if not text.strip():
                self.add_error(
                    field, "Bitte schreiben Sie einen Text oder nehmen Sie den Haken weg."
                )
                continue
            names = anonymous.names_in(text, self.application)
            if names:
                self.add_error(
                    field,
                    f"Im Text steht der Name oder eine Adresse ({', '.join(names)}). Bitte "
                    "schreiben Sie den Satz so um, dass er ohne auskommt.",
                )
            if hints := anonymous.hints_in(text, self.application, places):
                self.warnings.append((question.label, hints))
        if self.warnings and not data.get("checked"):
            self._ask()
        elif not self.parts() and not self.errors:
            self.add_error(None, "Bitte wählen Sie mindestens eine Angabe oder einen Text aus.")
        return data

    def _ask(self) -> None:
        """Show the box that says somebody has looked, and the reasons why."""
        if "checked" not in self._parts:
            self._parts.append("checked")
        self.layout = self.helper.layout = Layout(*self._parts)
        self.add_error(
            "checked",
            "Bitte lesen Sie die Hinweise oben. Ändern Sie die Texte oder bestätigen Sie, dass "
            "sie so bleiben sollen.",
        )

    def parts(self) -> tuple[Part, ...]:
        """What was ticked, in the order of the sheet."""
        data, found = self.cleaned_data, []
        for question in self.safe:
            if data.get(f"take-{question.key}"):
                found.append(part_of(question, self.application))
        for question in self.free:
            if data.get(f"take-{question.key}"):
                text = data.get(f"text-{question.key}", "").strip()
                found.append(Part(question.label, text, part_of(question, self.application).long))
        return tuple(found)
