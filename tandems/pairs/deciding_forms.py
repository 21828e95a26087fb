"""Forms of deciding on tandems."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from mentoring.ui.forms import ConfirmForm, KernForm, ReasonForm
from tandems.pairs.models import PairStance, Tandem
from tandems.pairs.standing import VoiceRow

STALE = (
    "Das Formular stammt nicht von dieser Seite oder ist beschädigt. Laden Sie die Seite neu "
    "und geben Sie Ihre Änderungen noch einmal ein."
)


class ProposeForm(KernForm):
    """Why the two fit, for whoever decides on it."""

    reason = forms.CharField(
        label="Warum passen die beiden zusammen?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lesen nur die Mitglieder des Beirats, die mitmatchen.",
    )


class WhyForm(ReasonForm):
    """A reason of at most 1000 characters, kept with the tandem."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.max_length = 1000
        field.validators = [one for one in field.validators if not hasattr(one, "limit_value")]
        field.validators.append(forms.CharField(max_length=1000).validators[0])
        field.help_text = "Lesen nur die Mitglieder des Beirats, die mitmatchen."


@dataclass(frozen=True)
class Said:
    """What is to be recorded for a Kommune; ``version`` is that of the voice shown."""

    row: VoiceRow
    stance: str
    text: str
    version: int


class VoicesForm(KernForm):
    """The voices the user records, one per Kommune concerned; ``opened`` holds their versions."""

    SALT = "tandems.pairs.voices"

    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    close = forms.BooleanField(
        label="Stimmen alle zu, das Tandem damit beschließen",
        required=False,
        help_text="Beschlossen bleibt es geheim und lässt sich bis zur Bekanntgabe wieder öffnen.",
    )

    def __init__(
        self, *args: Any, tandem: Tandem, rows: list[VoiceRow], may_close: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        versions = {str(row.participation.pk): _version(row) for row in rows}
        self.token = signing.dumps([tandem.pk, versions], salt=self.SALT)
        self._tandem = tandem.pk
        self._versions: dict[int, int] = {}
        self.fields["opened"].initial = self.token
        if not may_close:
            del self.fields["close"]
        for row in rows:
            self._add(row)
        if may_close:
            self.fields["close"] = self.fields.pop("close")  # below the voices

    def _add(self, row: VoiceRow) -> None:
        key, shown = row.participation.pk, None if row.missing else row.voice
        self.fields[f"stance-{key}"] = forms.ChoiceField(
            label=f"Stimme von {row.name}",
            choices=[*PairStance.choices, *([] if shown else [("", "noch keine")])],
            widget=forms.RadioSelect,
            required=False,
            initial=shown.stance if shown else "",
            help_text="" if row.voice is None or shown else row.words,
        )
        self.fields[f"text-{key}"] = forms.CharField(
            label=f"Einwand von {row.name}",
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=row.voice.text if row.voice else "",
        )

    def clean_opened(self) -> str:
        """Reads the versions that were shown."""
        token = str(self.cleaned_data["opened"])
        try:
            tandem, versions = signing.loads(token, salt=self.SALT)
            self._versions = {int(pk): version for pk, version in versions.items()}
        except (signing.BadSignature, ValueError, TypeError, AttributeError):
            raise ValidationError(STALE) from None
        if tandem != self._tandem:
            raise ValidationError(STALE)
        return token

    def clean(self) -> dict[str, Any]:
        """An objection says what it is."""
        data = super().clean() or self.cleaned_data
        for row in self._rows:
            key = row.participation.pk
            text = str(data.get(f"text-{key}", "")).strip()
            if data.get(f"stance-{key}") == PairStance.OBJECT and not text:
                self.add_error(f"text-{key}", "Bitte schreiben Sie, worin der Einwand besteht.")
        return data

    def show_newest(self) -> None:
        """Shown again after a refusal the form knows the voices stored by now."""
        data: Any = self.data
        data = data.copy()
        data["opened"] = self.token
        self.data = data

    @property
    def said(self) -> list[Said]:
        """What the user changed or gave anew."""
        found = []
        for row in self._rows:
            key, data = row.participation.pk, self.cleaned_data
            stance = data.get(f"stance-{key}", "")
            text = data.get(f"text-{key}", "").strip() if stance == PairStance.OBJECT else ""
            same = row.voice is not None and (row.voice.stance, row.voice.text) == (stance, text)
            if stance and not (same and not row.missing):
                found.append(Said(row, stance, text, self._versions.get(key, 0)))
        return found


def _version(row: VoiceRow) -> int:
    return row.voice.version if row.voice is not None else 0


class SealForm(ConfirmForm):
    """Which tandems the lead has read: only those are sealed."""

    SALT = "tandems.pairs.seal"

    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_seen(self) -> list[int]:
        """The keys of the tandems shown."""
        try:
            keys = signing.loads(self.cleaned_data["seen"], salt=self.SALT)
            return [int(key) for key in keys]
        except (signing.BadSignature, ValueError, TypeError):
            raise ValidationError(STALE) from None
