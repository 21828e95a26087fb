"""The forms in which a version of the Profilbogen is worked on."""

from collections.abc import Iterator
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset, Layout
from django import forms

from mentoring.ui.forms import KernForm, VersionedModelForm
from tandems.profiles.models import ProfileVersion, SheetKind
from tandems.profiles.questions import Kind, Needed, Question, questions
from tandems.profiles.versions import OWN_KINDS, SHIPPED

ASK, VOLUNTARY, OFF = "ask", "voluntary", "off"
SHEETS = {
    SheetKind.APPLICANT: "Bogen für Bewerberinnen und Bewerber",
    SheetKind.MENTOR: "Bogen für Mentorinnen und Mentoren",
}
CHOICES_MOST = 12


def changeable_questions(kind: SheetKind) -> Iterator[Question]:
    """The shipped questions a version may switch off, on, or make voluntary."""
    return (question for question in questions(SHIPPED[kind]) if not question.fixed)


class VersionForm(VersionedModelForm):
    """What is new, and of each question whether it is asked."""

    class Meta:
        model = ProfileVersion
        fields = ("note",)
        help_texts: ClassVar = {"note": "Ein Satz für alle, die die vorige Fassung kennen."}

    def __init__(self, *args: Any, instance: ProfileVersion, **kwargs: Any) -> None:
        self._names = {
            f"{kind}-{question.key}": (kind, question)
            for kind in SheetKind
            for question in changeable_questions(kind)
        }
        # An attribute of this object: each question of the shipped sheets is a field.
        self.base_fields = {**self.base_fields, **self._make_fields()}  # type: ignore[misc]  # stubs call it a class variable
        initial = {**self._choices_of(instance), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        parts = []
        for kind, title in SHEETS.items():
            names = [name for name, (of, _) in self._names.items() if of == kind]
            parts.append(Fieldset(title, *names))
        self.layout = Layout("note", *parts)

    def _make_fields(self) -> dict[str, forms.Field]:
        return {
            name: forms.ChoiceField(label=question.label, choices=_options(question))
            for name, (_, question) in self._names.items()
        }

    def asked(self) -> dict[SheetKind, dict[str, list[str]]]:
        """For each sheet the keys that differ from the shipped sheet."""
        found: dict[SheetKind, dict[str, list[str]]] = {
            kind: {"off": [], "on": [], "voluntary": []} for kind in SheetKind
        }
        for name, (kind, question) in self._names.items():
            chosen = self.cleaned_data[name]
            if chosen == VOLUNTARY:
                found[kind]["voluntary"].append(question.key)
            if chosen == OFF and not question.off:
                found[kind]["off"].append(question.key)
            if chosen != OFF and question.off:
                found[kind]["on"].append(question.key)
        return found

    def _choices_of(self, version: ProfileVersion) -> dict[str, str]:
        return {
            name: _chosen(question, version.changes.get(kind, {}))
            for name, (kind, question) in self._names.items()
        }

    def _compared(self) -> list[str]:
        return ["note", *self._names]

    def _initial_of(self, instance: Any) -> dict[str, Any]:
        return {"note": instance.note, **self._choices_of(instance)}


def _options(question: Question) -> list[tuple[str, str]]:
    asked = "verpflichtend" if question.needed != Needed.NEVER else "freiwillig"
    options = [(ASK, asked), (OFF, "nicht fragen")]
    if question.needed != Needed.NEVER:
        options.insert(1, (VOLUNTARY, "freiwillig"))
    return options


def _chosen(question: Question, part: dict[str, Any]) -> str:
    on = (
        question.key in part.get("on", ())
        if question.off
        else question.key not in part.get("off", ())
    )
    if not on:
        return OFF
    needed = question.needed != Needed.NEVER
    return VOLUNTARY if needed and question.key in part.get("voluntary", ()) else ASK


class QuestionForm(KernForm):
    """A question of one's own."""

    sheet = forms.ChoiceField(label="Bogen", choices=list(SHEETS.items()))
    label = forms.CharField(label="Frage", max_length=200)
    kind = forms.ChoiceField(
        label="Antwort", choices=[(str(kind), label) for kind, label in OWN_KINDS.items()]
    )
    choices = forms.CharField(
        label="Auswahl",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Nur bei „eine Auswahl“: je Zeile eine Möglichkeit, zwei bis zwölf.",
    )
    hint = forms.CharField(label="Hinweis", required=False, max_length=300)
    needed = forms.BooleanField(
        label="Ohne Antwort lässt sich der Bogen nicht einreichen", required=False
    )

    def clean(self) -> dict[str, Any]:
        """The lines of a choice, each once."""
        cleaned = super().clean() or self.cleaned_data
        lines = [" ".join(line.split()) for line in str(cleaned.get("choices", "")).splitlines()]
        found = list(dict.fromkeys(line[:120] for line in lines if line))
        if cleaned.get("kind") != Kind.CHOICE:
            found = []
        elif not 2 <= len(found) <= CHOICES_MOST:
            self.add_error("choices", f"Bitte nennen Sie zwei bis {CHOICES_MOST} Möglichkeiten.")
        cleaned["choices"] = found
        return cleaned

    def entry(self) -> dict[str, Any]:
        """The question as a version keeps it."""
        names = ("label", "kind", "choices", "hint", "needed")
        return {name: self.cleaned_data[name] for name in names}


class ChoiceForm(KernForm):
    """Which version a cycle uses."""

    version = forms.ChoiceField(label="Fassung", widget=forms.RadioSelect)

    def __init__(self, *args: Any, versions: list[ProfileVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {str(version.number): version for version in versions}
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((number, f"Fassung {number}: {row.note}") for number, row in self._versions.items()),
            ("0", "der mitgelieferte Bogen (Fassung 0)"),
        ]

    @property
    def chosen(self) -> ProfileVersion | None:
        """The version chosen; ``None`` is the shipped sheet."""
        return self._versions.get(self.cleaned_data["version"])
