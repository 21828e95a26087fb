"""Forms of the tandems' year, as the Beirat follows it."""

from typing import Any

from django import forms
from django.utils import timezone

from mentoring.ui.fields import RowsField
from mentoring.ui.forms import KernForm, VersionedModelForm
from programmes.people.models import Person
from tandems.meetings.counts import weeks_silent
from tandems.meetings.domain.year import MENTEE, MENTOR
from tandems.pairs.models import EndReason, Tandem


class DayForm(KernForm):
    """The day something ended."""

    on = forms.DateField(label="am", initial=timezone.localdate)


class CompleteAllForm(DayForm):
    """The day of the end, for all that still run."""

    on = forms.DateField(
        label="am",
        initial=timezone.localdate,
        help_text="Meist der Tag der Abschlussveranstaltung.",
    )


class EndForm(KernForm):
    """When and why a tandem ends early, and who leaves the programme with it."""

    on = forms.DateField(label="Beendet am", initial=timezone.localdate)
    reason = forms.ChoiceField(
        label="Warum?",
        choices=EndReason.choices,
        widget=forms.RadioSelect,
        help_text="Nur diese Auswahl wird gespeichert. Was dahinter steht, bleibt unter Ihnen.",
    )
    leavers = forms.MultipleChoiceField(
        label="Wer verlässt damit das Programm?",
        choices=((MENTEE, "Mentee"), (MENTOR, "Mentor/in")),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Lassen Sie frei, wer weiter dabei ist und ein neues Match bekommen kann.",
    )

    def __init__(self, *args: Any, tandem: Tandem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names: Any = self.fields["leavers"]
        names.choices = (
            (MENTEE, tandem.mentee_person.full_name),
            (MENTOR, tandem.mentor_person.full_name),
        )


class CompanionForm(VersionedModelForm):
    """Who of the Beirat accompanies a tandem."""

    class Meta:
        model = Tandem
        fields = ("accompanied_by",)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["accompanied_by"]
        field.queryset = Person.objects.filter(pk__in=[person.pk for person in people])
        field.label_from_instance = _with_house
        field.empty_label = "niemand"


class NudgeForm(KernForm):
    """Which of the silent tandems the draft goes to."""

    tandems = RowsField(
        Tandem.objects.none(),
        label="An beide Hälften dieser Tandems",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Bitte wählen Sie mindestens ein Tandem. Ohne Auswahl ginge die Mail an "
            "niemanden.",
        },
    )

    def __init__(self, *args: Any, tandems: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tandems"]
        field.queryset = tandems
        field.label_from_instance = _silent_line


def _with_house(person: Person) -> str:
    return f"{person.full_name} ({person.municipality})" if person.municipality else str(person)


def _silent_line(tandem: Any) -> str:
    weeks = weeks_silent(tandem)
    names = f"{tandem.mentee_person.full_name} und {tandem.mentor_person.full_name}"
    return f"{names}: seit {weeks} {'Woche' if weeks == 1 else 'Wochen'} ohne Treffen"
