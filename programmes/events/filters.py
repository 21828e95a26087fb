"""Filters of the lists of this room."""

from typing import Any

import django_filters
from django import forms

from mentoring.ui.lists import ListFilterSet, SearchFilter
from programmes.events.models import Answer, Attendee, Event, EventKind, EventState
from programmes.organisations.models import Municipality

CAME, MISSED, UNKNOWN = "da", "nicht-da", "offen"


class EventFilter(ListFilterSet):
    """Words, kind, state, from a day until a day."""

    q = SearchFilter()
    kind = django_filters.ChoiceFilter(label="Art", choices=EventKind.choices)
    state = django_filters.ChoiceFilter(label="Stand", choices=EventState.choices)
    since = django_filters.DateFilter(
        label="ab",
        field_name="starts_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(),
    )
    until = django_filters.DateFilter(
        label="bis",
        field_name="starts_at",
        lookup_expr="date__lte",
        widget=forms.DateInput(),
    )

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()


class AttendeeFilter(ListFilterSet):
    """Name, answer, role, Kommune, who came."""

    q = SearchFilter()
    answer = django_filters.ChoiceFilter(label="Antwort", choices=Answer.choices)
    role = django_filters.ChoiceFilter(label="eingeladen als")
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune", queryset=Municipality.objects.none()
    )
    attended = django_filters.ChoiceFilter(
        label="Anwesenheit",
        choices=((CAME, "war da"), (MISSED, "war nicht da"), (UNKNOWN, "nicht eingetragen")),
        method="by_attendance",
    )

    class Meta:
        model = Attendee
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        if queryset is None:
            return
        roles = queryset.order_by("role").values_list("role", flat=True).distinct()
        self.filters["role"].extra["choices"] = [(role, role) for role in roles if role]
        self.filters["municipality"].queryset = Municipality.objects.filter(
            pk__in=queryset.order_by().values("municipality")
        )

    def by_attendance(self, queryset: Any, name: str, value: str) -> Any:
        """Those who came, did not, or of whom nothing was entered."""
        return queryset.filter(attended={CAME: True, MISSED: False, UNKNOWN: None}[value])
