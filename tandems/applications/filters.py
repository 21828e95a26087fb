"""The filters of the list of applications. They offer only what the user sees anyway."""

from typing import Any

import django_filters
from django import forms

from mentoring.ui.lists import ListFilterSet
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState, TargetGroup


class ApplicationFilter(ListFilterSet):
    """Search by the applicant's name; Kommune, state and target group."""

    search = django_filters.CharFilter(
        label="Suche",
        method="find",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune", queryset=Municipality.objects.none(), empty_label="alle"
    )
    state = django_filters.ChoiceFilter(label="Stand", empty_label="alle")
    target_group = django_filters.ChoiceFilter(
        label="Zielgruppe", choices=TargetGroup.choices, empty_label="alle"
    )

    class Meta:
        model = Application
        fields = ("search", "municipality", "state", "target_group")

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        visible = Application.objects.none() if queryset is None else queryset
        super().__init__(data, visible, **kwargs)
        seen: Any = visible.order_by()
        states = set(seen.values_list("state", flat=True).distinct())
        self.filters["state"].extra["choices"] = [
            choice for choice in ApplicationState.choices if choice[0] in states
        ]
        self.filters["municipality"].queryset = Municipality.objects.filter(
            pk__in=seen.values("municipality")
        )

    def find(self, queryset: Any, name: str, value: str) -> Any:
        """Applications of people whose name or address contains every word."""
        return queryset.filter(person__in=Person.objects.search(value).values("pk"))
