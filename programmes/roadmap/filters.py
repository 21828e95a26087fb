"""The filters of milestones and Aufgaben. They offer only what the user sees anyway."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone

from mentoring.ui.lists import ListFilterSet, SearchFilter
from programmes.cycles.models import CouncilSeat
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from programmes.roadmap.forms.fields import DayField
from programmes.roadmap.models import (
    Milestone,
    MilestoneKind,
    MilestoneState,
    Responsible,
    Task,
    TaskState,
    Track,
)
from programmes.roadmap.responsibility import own_tasks, unassigned

OVERDUE, ALL = "overdue", "all"
MINE, UNASSIGNED = "mine", "unassigned"


class SeatField(django_filters.fields.ModelChoiceField):
    """A seat, named by who holds it."""

    def label_from_instance(self, seat: CouncilSeat) -> str:
        """The person."""
        return str(seat.person)


class SeatFilter(django_filters.ModelChoiceFilter):
    """By who is responsible in the Beirat."""

    field_class = SeatField


class DayFilter(django_filters.DateFilter):
    """A day within the years in which there are Durchgänge."""

    field_class = DayField


class MilestoneFilter(ListFilterSet):
    """By words, Bereich, Art, Stand, who is responsible, and time."""

    search = SearchFilter()
    track = django_filters.ChoiceFilter(label="Bereich", choices=Track.choices)
    state = django_filters.ChoiceFilter(label="Stand", choices=MilestoneState.choices)
    kind = django_filters.ChoiceFilter(label="Art", choices=MilestoneKind.choices)
    seat = SeatFilter(
        label="zuständig im Beirat", field_name="seats", queryset=CouncilSeat.objects.none()
    )
    municipality = django_filters.ModelChoiceFilter(
        label="zuständige Kommune", queryset=Municipality.objects.none(), method="of_house"
    )
    since = DayFilter(label="von", field_name="ends_on", lookup_expr="gte")
    until = DayFilter(label="bis", field_name="starts_on", lookup_expr="lte")
    ended = DayFilter(label="zu Ende bis", field_name="ends_on", lookup_expr="lte")

    class Meta:
        model = Milestone
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        visible = Milestone.objects.none() if queryset is None else queryset
        super().__init__(data, visible, **kwargs)
        found: Any = visible.order_by()
        seats = CouncilSeat.objects.filter(milestones__in=found.values("pk")).distinct()
        self.filters["seat"].queryset = seats.select_related("person").order_by("person__sort_key")
        houses = Q(pk__in=found.values("municipality")) | Q(
            pk__in=seats.values("participation__municipality")
        )
        self.filters["municipality"].queryset = Municipality.objects.filter(houses)

    def of_house(self, queryset: Any, name: str, value: Municipality) -> Any:
        """Milestones of a Kommune, or of a seat it holds."""
        seats = CouncilSeat.objects.filter(participation__municipality=value)
        held = Milestone.seats.through.objects.filter(councilseat__in=seats)
        return queryset.filter(Q(municipality=value) | Q(pk__in=held.values("milestone")))


class TaskFilter(ListFilterSet):
    """Open ones unless asked otherwise; mine, whose, which milestone, due when."""

    q = SearchFilter()
    state = django_filters.ChoiceFilter(
        label="Stand",
        choices=(*TaskState.choices, (OVERDUE, "überfällig"), (ALL, "alle")),
        empty_label=None,  # the first choice stands for none, see ``filter_queryset``
        method="keep",
    )
    whose = django_filters.ChoiceFilter(
        label="Wessen",
        choices=((MINE, "meine"), (UNASSIGNED, "noch ohne Zuständige")),
        empty_label="alle",
        method="keep_whose",
    )
    responsible = django_filters.ChoiceFilter(
        label="Zuständig", choices=Responsible.choices, empty_label="alle"
    )
    person = django_filters.ModelChoiceFilter(
        label="Person", queryset=Person.objects.none(), empty_label="alle"
    )
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune", queryset=Municipality.objects.none(), empty_label="alle"
    )
    milestone = django_filters.ModelChoiceFilter(
        label="Meilenstein", queryset=Milestone.objects.none(), empty_label="alle"
    )
    due_from = django_filters.DateFilter(label="fällig ab", field_name="due_on", lookup_expr="gte")
    due_until = django_filters.DateFilter(
        label="fällig bis", field_name="due_on", lookup_expr="lte"
    )

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        visible = Task.objects.none() if queryset is None else queryset
        super().__init__(data, visible, **kwargs)
        seen: Any = visible.order_by()
        for name, model in (
            ("person", Person),
            ("municipality", Municipality),
            ("milestone", Milestone),
        ):
            offered = model._default_manager.filter(pk__in=seen.values(name))
            self.filters[name].queryset = offered

    def keep(self, queryset: Any, name: str, value: str) -> Any:
        """Nothing here: the default counts too, see ``filter_queryset``."""
        return queryset

    def keep_whose(self, queryset: Any, name: str, value: str) -> Any:
        """Those of the user, or those of nobody."""
        if value == UNASSIGNED:
            return queryset.filter(unassigned())
        return queryset.filter(own_tasks(self.request.user))

    def filter_queryset(self, queryset: Any) -> Any:
        """As django-filter's, with open tasks only unless asked otherwise."""
        found = super().filter_queryset(queryset)
        wanted = self.form.cleaned_data.get("state") or TaskState.OPEN
        if wanted == ALL:
            return found
        if wanted == OVERDUE:
            return found.filter(state=TaskState.OPEN, due_on__lt=timezone.localdate())
        return found.filter(state=wanted)
