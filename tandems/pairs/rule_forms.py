"""Forms of the hard rules: their settings, and going over a warning."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from mentoring.ui.forms import ReasonForm, VersionedModelForm
from tandems.pairs.models import MatchingFrame, PairRule
from tandems.pairs.settings import LABELS, OFF, RULES, settings_of


class RulesForm(VersionedModelForm):
    """What each rule does that can do one thing or another, and whether mentors come first."""

    class Meta:
        model = MatchingFrame
        fields = ("mentors_first",)

    def __init__(self, *args: Any, instance: MatchingFrame, **kwargs: Any) -> None:
        self._rules = [rule for rule, known in RULES.items() if len(known.choices) > 1]
        # An attribute of this object: each rule is a field.
        self.base_fields = {**self._make_fields(), **self.base_fields}  # type: ignore[misc]  # stubs call it a class variable
        initial = {**self._words_of(instance), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        names = [rule.value for rule in self._rules]
        self.layout = Layout(
            Fieldset("Was jede Regel tut", *names), Fieldset("Bekanntgabe", "mentors_first")
        )

    def _make_fields(self) -> dict[str, forms.Field]:
        return {
            rule.value: forms.ChoiceField(
                label=RULES[rule].title,
                choices=[(str(word), _option(rule, word)) for word in RULES[rule].choices],
                widget=forms.RadioSelect,
                help_text=RULES[rule].text,
            )
            for rule in self._rules
        }

    @property
    def chosen(self) -> dict[PairRule, str]:
        """What was chosen for each rule."""
        return {rule: str(self.cleaned_data[rule.value]) for rule in self._rules}

    def _words_of(self, frame: MatchingFrame) -> dict[str, str]:
        found = settings_of(frame)
        return {rule.value: str(found[rule] or OFF) for rule in self._rules}

    def _compared(self) -> list[str]:
        return [*(rule.value for rule in self._rules), "mentors_first"]

    def _initial_of(self, instance: Any) -> dict[str, Any]:
        return {**self._words_of(instance), "mentors_first": instance.mentors_first}


def _option(rule: PairRule, word: str) -> str:
    usual = " (üblich)" if word == RULES[rule].shipped else ""
    return f"{LABELS[word]}{usual}"


class OverruleForm(ReasonForm):
    """Why a warning is not in the way."""

    reason = forms.CharField(
        label="Begründung",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Steht auf der Seite des Paars für alle, die es matchen.",
    )
