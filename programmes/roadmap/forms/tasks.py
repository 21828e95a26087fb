"""Forms of the Aufgaben and of the reminders somebody wants."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.db.models import Q

from mentoring.ui.errors import Refused
from mentoring.ui.forms import KernModelForm, VersionedModelForm
from programmes.cycles.models import Cycle, ParticipationState
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from programmes.roadmap import calendar
from programmes.roadmap.models import (
    Milestone,
    MilestoneState,
    NoticeChoice,
    Responsible,
    Task,
)
from programmes.roadmap.responsibility import people_of

MOST_DAYS = 1095
"""Three years either way: more than a Durchgang lasts."""


class PersonChoice(forms.ModelChoiceField):
    """A person, told apart by the Kommune."""

    def label_from_instance(self, obj: Person) -> str:
        """Name and Kommune."""
        name = f"{obj.last_name}, {obj.first_name}"
        return f"{name} ({obj.municipality.short_name})" if obj.municipality else name


class TaskForm(VersionedModelForm):
    """A task; it is due on a day, or so many days after its milestone."""

    days_from_milestone = forms.IntegerField(
        label="Abstand in Tagen",
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text="Gezählt vom ersten Tag des Meilensteins. Minus heißt davor: -14 sind zwei "
        "Wochen vorher. Verschiebt sich der Meilenstein, geht die Aufgabe mit.",
    )
    person = PersonChoice(
        Person.objects.none(), label="Person", required=False, empty_label="noch niemand"
    )

    class Meta:
        model = Task
        fields = (
            "title",
            "description",
            "milestone",
            "days_from_milestone",
            "due_on",
            "responsible",
            "municipality",
            "person",
        )
        labels: ClassVar = {"due_on": "oder fällig am"}
        help_texts: ClassVar = {
            "due_on": "Ein festes Datum statt des Abstands. Es bleibt stehen, auch wenn sich der "
            "Meilenstein verschiebt.",
            "responsible": "Wer die Aufgabe sieht und daran erinnert wird, solange keine Person "
            "eingetragen ist. Der Beirat sieht alle Aufgaben.",
            "municipality": "Leer lassen, wenn keine bestimmte Kommune gemeint ist.",
        }

    layout = Layout(
        "title",
        "description",
        "milestone",
        "days_from_milestone",
        "due_on",
        "responsible",
        "municipality",
        "person",
    )

    def __init__(self, *args: Any, cycle: Cycle, user: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.days_from_milestone is not None:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), "due_on": None}
        super().__init__(*args, **kwargs)
        found: Task = self.instance
        self._offer(
            "milestone",
            Milestone.objects.visible_to(user)
            .filter(Q(cycle=cycle) & (~Q(state=MilestoneState.DROPPED) | Q(pk=found.milestone_id)))
            .order_by("starts_on", "ends_on", "pk"),
            "keiner",
        )
        houses = cycle.participations.exclude(state=ParticipationState.DECLINED)
        self._offer(
            "municipality",
            Municipality.objects.filter(
                Q(pk__in=houses.values("municipality")) | Q(pk=found.municipality_id)
            ).order_by("sort_key", "pk"),
            "keine bestimmte",
        )
        # Who has left since stays to be chosen, or every other change would drop them.
        self._offer(
            "person",
            Person.objects.filter(
                Q(pk__in=people_of(cycle, user).values("pk")) | Q(pk=found.person_id)
            ).select_related("municipality"),
            "noch niemand",
        )

    def _offer(self, name: str, queryset: Any, empty: str) -> None:
        field: Any = self.fields[name]
        field.queryset, field.empty_label = queryset, empty

    def _initial_of(self, instance: Any) -> dict[str, Any]:
        """As the form shows it: a counted date is not typed."""
        initial = super()._initial_of(instance)
        if instance.days_from_milestone is not None:
            initial["due_on"] = None
        return initial

    def clean(self) -> dict[str, Any]:
        """One of two ways to a date, and what goes together."""
        super().clean()
        data = self.cleaned_data
        milestone, days, due_on = (
            data.get(name) for name in ("milestone", "days_from_milestone", "due_on")
        )
        if self.errors.keys() & {"milestone", "days_from_milestone", "due_on"}:
            return data
        if days is not None and milestone is None:
            self.add_error(
                "milestone",
                "Wählen Sie den Meilenstein, von dem an die Tage zählen, oder lassen Sie die "
                "Tage leer.",
            )
        elif days is not None and due_on is not None:
            self.add_error(
                "due_on",
                "Entweder ein festes Datum oder Tage nach dem Meilenstein: bitte leeren Sie "
                "eines der beiden Felder.",
            )
        else:
            self._fill_date(milestone, days, due_on)
        if data.get("municipality") and data.get("responsible") == Responsible.LOGISTICS:
            self.add_error(
                "municipality", "Eine Aufgabe des Logistikpartners gehört keiner Kommune."
            )
        return data

    def _fill_date(self, milestone: Milestone | None, days: int | None, due_on: Any) -> None:
        data = self.cleaned_data
        if milestone is not None and due_on is None:
            days = data["days_from_milestone"] = days or 0
        try:
            if due_on is not None:
                calendar.check_day(due_on)
            elif milestone is not None and days is not None:
                data["due_on"] = calendar.later(milestone.starts_on, days)
        except Refused as refusal:
            name = "due_on" if due_on is not None else "days_from_milestone"
            self.add_error(name, str(refusal))


class NoticeForm(KernModelForm):
    """Which mails somebody wants."""

    class Meta:
        model = NoticeChoice
        fields = ("reminders", "weekly")
        help_texts: ClassVar = {
            "reminders": "28, 14 und 3 Tage vorher und am Tag nach einem verpassten Datum, "
            "höchstens eine E-Mail am Tag.",
            "weekly": "Montags: was in den nächsten zwei Wochen fällig wird, was überfällig ist, "
            "welche Aufgaben noch niemand übernommen hat. Nur an Treiber/innen des Beirats.",
        }

    def __init__(self, *args: Any, weekly: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not weekly:
            del self.fields["weekly"]
