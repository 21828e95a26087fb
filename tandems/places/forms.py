"""Forms of the Platzvergabe."""

from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.ui.fields import RowsField
from mentoring.ui.forms import KernForm, ReasonForm, VersionedModelForm
from programmes.cycles.models import Participation
from tandems.applications.reasons import DueReasonField
from tandems.places.board import TieRow, VoiceRow
from tandems.places.domain import VoiceEntry
from tandems.places.models import (
    Allocation,
    AllocationLine,
    AllocationRule,
    Outcome,
    OutcomeText,
    Stance,
)
from tandems.places.texts import PLACEHOLDERS, unknown_placeholders

_STALE = (
    "Das Formular stammt nicht von dieser Seite oder ist beschädigt. Laden Sie die Seite neu "
    "und geben Sie Ihre Änderungen noch einmal ein."
)


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class StartForm(KernForm):
    """What the first proposal needs."""

    rule = forms.ChoiceField(
        label="Regel des Vorschlags",
        choices=AllocationRule.choices,
        widget=forms.RadioSelect,
        help_text="Keine Regel sieht auf die Größe einer Kommune.",
    )
    met_on = forms.DateField(label="Sitzung am", required=False)


class FrameForm(VersionedModelForm):
    """Number of places and rule."""

    class Meta:
        model = Allocation
        fields = ("places", "rule", "places_note")
        widgets: ClassVar = {"rule": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.is_open:
            del self.fields["rule"]
        self.fields["places_note"].help_text = "Nötig, wenn sich die Zahl der Plätze ändert."


class MeetingForm(VersionedModelForm):
    """Day, Kommunen present, remarks."""

    class Meta:
        model = Allocation
        fields = ("met_on", "present", "minutes")
        field_classes: ClassVar = {"present": RowsField}
        widgets: ClassVar = {"present": forms.CheckboxSelectMultiple, "minutes": _area(6)}

    def __init__(self, *args: Any, houses: Any, with_minutes: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["present"]
        field.queryset = houses
        field.label_from_instance = lambda part: part.municipality.short_name
        if not with_minutes:
            del self.fields["minutes"]


class LineForm(VersionedModelForm):
    """The decision about one application."""

    number = forms.IntegerField(
        label="Stelle auf der Warteliste",
        required=False,
        min_value=1,
        max_value=999,
        help_text="Nur bei „Warteliste“. Leer lassen: unverändert oder am Ende.",
    )

    class Meta:
        model = AllocationLine
        fields = ("outcome", "reason")
        field_classes: ClassVar = {"reason": DueReasonField}
        widgets: ClassVar = {"outcome": forms.RadioSelect}

    field_order = ("outcome", "number", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(Outcome.choices)
        if not self.instance.proposed:
            choices.append(("", "noch offen"))
        field: Any = self.fields["outcome"]
        field.choices, field.required = choices, False
        self.fields["reason"].help_text = (
            "Nötig, wenn die Entscheidung vom Vorschlag abweicht oder einen Gleichstand auflöst. "
            "Die Begründung steht im Protokoll."
        )


class TieForm(KernForm):
    """Who of a tie gets a place."""

    SALT = "tandems.places.tie"

    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    placed = forms.TypedMultipleChoiceField(
        label="Einen Platz bekommen", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="Wie wurde der Gleichstand aufgelöst?",
        max_length=1000,
        widget=_area(),
        help_text="Zum Beispiel durch Los oder nach Aussprache. Steht im Protokoll.",
    )

    def __init__(self, *args: Any, tie: TieRow, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "opened": signing.dumps(
                {str(row.line.pk): row.line.version for row in tie.rows}, salt=self.SALT
            ),
            "placed": [row.line.pk for row in tie.rows if row.line.outcome == Outcome.PLACED],
            "reason": next((row.line.reason for row in tie.rows if row.line.reason), ""),
        }
        super().__init__(*args, **kwargs)
        field: Any = self.fields["placed"]
        field.choices = [
            (row.line.pk, f"{row.name} ({row.municipality}, Rang {row.line.rank})")
            for row in tie.rows
        ]

    def clean_opened(self) -> dict[int, int]:
        """The versions of the lines that were shown."""
        try:
            versions = signing.loads(self.cleaned_data["opened"], salt=self.SALT)
            return {int(pk): version for pk, version in versions.items()}
        except (signing.BadSignature, ValueError, TypeError, AttributeError):
            raise ValidationError(_STALE) from None


class VoicesForm(KernForm):
    """The voices of all Kommunen on one page; only what was changed is recorded."""

    SALT = "tandems.places.voices"

    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rows: list[VoiceRow], readable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        self._readable = readable
        self._versions: dict[int, int] = {}
        self.token = self._token()
        for row in rows:
            self._add(row)

    def _add(self, row: VoiceRow) -> None:
        key, voice = row.participation.pk, row.voice
        self.fields[f"stance-{key}"] = forms.ChoiceField(
            label=f"Stimme von {row.name}",
            choices=[*Stance.choices, ("", "noch keine")] if voice is None else Stance.choices,
            widget=forms.RadioSelect,
            required=False,
            initial=voice.stance if voice else "",
        )
        self.fields[f"text-{key}"] = forms.CharField(
            label=f"Einwand von {row.name}",
            max_length=2000,
            required=False,
            widget=_area(2),
            initial=voice.text if voice and self._readable else "",
        )
        if row.outdated:
            self.fields[f"again-{key}"] = forms.BooleanField(
                label="Die Stimme gilt auch nach der letzten Änderung", required=False
            )

    def _token(self) -> str:
        versions = {
            str(row.participation.pk): row.voice.version if row.voice else 0 for row in self._rows
        }
        return signing.dumps(versions, salt=self.SALT)

    def clean_opened(self) -> str:
        """Reads the versions that were shown."""
        token = self.cleaned_data["opened"]
        try:
            versions = signing.loads(token, salt=self.SALT)
            self._versions = {int(pk): version for pk, version in versions.items()}
        except (signing.BadSignature, ValueError, TypeError, AttributeError):
            raise ValidationError(_STALE) from None
        return str(token)

    def clean(self) -> dict[str, Any]:
        """An objection says what it is."""
        data = super().clean() or self.cleaned_data
        for row in self._rows:
            key = row.participation.pk
            if data.get(f"stance-{key}") == Stance.OBJECT and not self._text(row).strip():
                self.add_error(f"text-{key}", "Bitte schreiben Sie, worin der Einwand besteht.")
        return data

    def _text(self, row: VoiceRow) -> str:
        """The text typed; one the user may not read stays what it is."""
        typed = str(self.cleaned_data.get(f"text-{row.participation.pk}", ""))
        if not typed and not self._readable and row.voice is not None:
            return str(row.voice.text)
        return typed

    @property
    def entries(self) -> list[VoiceEntry]:
        """What the user changed or confirmed."""
        found = []
        for row in self._rows:
            key, voice, data = row.participation.pk, row.voice, self.cleaned_data
            stance, text = data.get(f"stance-{key}", ""), self._text(row)
            if not stance:
                continue
            text = text.strip() if stance == Stance.OBJECT else ""
            same = voice is not None and (voice.stance, voice.text) == (stance, text)
            if same and not data.get(f"again-{key}"):
                continue
            found.append(VoiceEntry(row.participation, stance, text, self._versions.get(key, 0)))
        return found

    def sections(self) -> list[dict[str, Any]]:
        """For the template: each Kommune with its fields."""
        return [
            {
                "row": row,
                "stance": self[f"stance-{row.participation.pk}"],
                "text": self[f"text-{row.participation.pk}"],
                "again": self[f"again-{row.participation.pk}"] if row.outdated else None,
            }
            for row in self._rows
        ]


class CloseForm(KernForm):
    """What a close needs beyond the decisions; fields that are not needed are not asked."""

    resolution = forms.CharField(
        label="Beschluss über den Einwand",
        max_length=4000,
        widget=_area(4),
        help_text="Was hat der Beirat zu dem Einwand beraten und beschlossen? Steht im Protokoll.",
        error_messages={
            "required": "Gegen den Vorschlag steht ein Einwand. Schreiben Sie, was der Beirat dazu "
            "beschlossen hat."
        },
    )
    missing_note = forms.CharField(
        label="Warum wird ohne die fehlenden Stimmen beschlossen?",
        max_length=2000,
        widget=_area(2),
        error_messages={
            "required": "Es fehlen (noch geltende) Stimmen. Tragen Sie sie vorher ein, oder "
            "schreiben Sie, warum ohne sie beschlossen wird."
        },
    )

    def __init__(self, *args: Any, objections: bool, missing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not objections:
            del self.fields["resolution"]
        if not missing:
            del self.fields["missing_note"]


class LaterForm(ReasonForm):
    """A later decision; the state it starts from travels along."""

    expected = forms.CharField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="Neue Entscheidung", widget=forms.RadioSelect)

    field_order = ("outcome", "reason")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["outcome"]
        field.choices = choices
        self.fields["reason"].max_length = 1000  # type: ignore[attr-defined]  # a CharField
        self.fields["reason"].help_text = (
            "Kann leer bleiben, wenn die oder der Erste der Warteliste nachrückt. Steht im "
            "Protokoll."
        )


class TellForm(KernForm):
    """The day on which the outcome was told; which one travels along."""

    expected = forms.CharField(widget=forms.HiddenInput)
    informed_on = forms.DateField(label="Mitgeteilt am")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["informed_on"].initial = timezone.localdate

    def clean_informed_on(self) -> Any:
        """Not in the future; that it is not too early, the door knows."""
        day = self.cleaned_data["informed_on"]
        if day > timezone.localdate():
            raise ValidationError("Dieser Tag liegt in der Zukunft.")
        return day


class TextForm(VersionedModelForm):
    """The words for an outcome."""

    class Meta:
        model = OutcomeText
        fields = ("text",)
        widgets: ClassVar = {"text": _area(22)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ", ".join(f"{{{name}}} ({label})" for name, label in PLACEHOLDERS.items())
        self.fields["text"].help_text = f"Platzhalter: {names}."

    def clean_text(self) -> str:
        """Every placeholder is a known one."""
        text = str(self.cleaned_data["text"])
        if unknown := unknown_placeholders(text):
            raise ValidationError(
                f"Diesen Platzhalter gibt es nicht: {{{unknown[0]}}}. Möglich sind "
                f"{', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}."
            )
        return text


def confirmed_houses(allocation: Allocation) -> Any:
    """The Kommunen that may have been present."""
    return (
        Participation.objects.filter(cycle=allocation.cycle_id, state="confirmed")
        .select_related("municipality")
        .order_by("municipality__sort_key")
    )
