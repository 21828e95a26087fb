"""How much each criterion counts; which pair becomes an idea."""

from typing import Any

from django import forms

from mentoring.ui.forms import KernForm, VersionedModelForm
from tandems.pairs.models import MatchingFrame
from tandems.suggestions.basis import weights_of
from tandems.suggestions.engine import CRITERIA

SCALE = (
    (0, "0: zählt nicht"),
    (1, "1: zählt kaum"),
    (2, "2: zählt ein wenig"),
    (3, "3: zählt"),
    (4, "4: zählt viel"),
    (5, "5: zählt sehr viel"),
)
WORDS = dict(SCALE)


class WeightsForm(VersionedModelForm):
    """The weight of each criterion, a field each."""

    class Meta:
        model = MatchingFrame
        fields = ()

    def __init__(self, *args: Any, instance: MatchingFrame, **kwargs: Any) -> None:
        # An attribute of this object: each criterion is a field.
        self.base_fields = {one.key: _field(one) for one in CRITERIA}  # type: ignore[misc]  # stubs call it a class variable
        initial = {**weights_of(instance), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    @property
    def chosen(self) -> dict[str, int]:
        """The weight chosen for each criterion."""
        return {one.key: int(self.cleaned_data[one.key]) for one in CRITERIA}

    def _compared(self) -> list[str]:
        return [one.key for one in CRITERIA]

    def _initial_of(self, instance: Any) -> dict[str, Any]:
        return dict(weights_of(instance))


def _field(criterion: Any) -> forms.Field:
    return forms.TypedChoiceField(
        label=criterion.label,
        choices=SCALE,
        coerce=int,
        help_text=f"{criterion.question} Üblich: {criterion.default_weight}.",
    )


class TakeForm(KernForm):
    """Why the pair is an idea, and where one came from."""

    reason = forms.CharField(
        label="Was dafür spricht",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Steht an der Wand, mit Ihrem Namen.",
    )
    back = forms.ChoiceField(
        choices=(("suggestions", ""), ("best", ""), ("mentee", "")),
        widget=forms.HiddenInput,
        required=False,
    )
