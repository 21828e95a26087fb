"""The filters of the list of applications. They offer only what the user sees anyway."""

from typing import Any

import django_filters
from django import forms
from django.db.models import TextField
from django.db.models.functions import Cast

from mentoring.ui.lists import ListFilterSet
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.applications.registries import list_filters
from tandems.profiles.models import TargetGroup, Topic


class ApplicationFilter(ListFilterSet):
    """Search by the applicant's name; Kommune, state, target group, topic and rank.

    With ``cycle`` the filters that later rooms add stand there too.
    """

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
    topic = django_filters.ChoiceFilter(
        label="Thema", choices=Topic.choices, empty_label="alle", method="about"
    )
    rank = django_filters.ChoiceFilter(label="Rang", empty_label="alle")

    class Meta:
        model = Application
        fields = ("search", "municipality", "state", "target_group", "topic", "rank")

    def __init__(
        self, data: Any = None, queryset: Any = None, *, cycle: Any = None, **kwargs: Any
    ) -> None:
        visible = Application.objects.none() if queryset is None else queryset
        super().__init__(data, visible, **kwargs)
        self._add_further(cycle)
        seen: Any = visible.order_by()
        pairs = list(seen.values_list("state", "rank").distinct())
        states = {state for state, _ in pairs}
        ranks = sorted({rank for _, rank in pairs if rank is not None})
        self.filters["rank"].extra["choices"] = [(str(rank), str(rank)) for rank in ranks]
        self.filters["state"].extra["choices"] = [
            choice for choice in ApplicationState.choices if choice[0] in states
        ]
        self.filters["municipality"].queryset = Municipality.objects.filter(
            pk__in=seen.values("municipality")
        )

    def find(self, queryset: Any, name: str, value: str) -> Any:
        """Applications of people whose name or address contains every word."""
        return queryset.filter(person__in=Person.objects.search(value).values("pk"))

    def about(self, queryset: Any, name: str, value: str) -> Any:
        """Applications that name the topic. The keys are plain ASCII, as JSON writes them."""
        # SQLite knows no "contains" for JSON.
        found = queryset.annotate(topics_text=Cast("topics", TextField()))
        return found.filter(topics_text__contains=f'"{value}"')

    def _add_further(self, cycle: Any) -> None:
        if cycle is None or self.request is None:
            return
        for name in list_filters.names():
            further = list_filters.get(name).make(self.request.user, cycle)
            if further is not None:
                further.parent, further.model = self, Application
                self.filters[name] = further
