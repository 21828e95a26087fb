"""The filter of the overview. It offers only what the user sees anyway."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q

from mentoring.ui.lists import ListFilterSet
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.meetings.counts import silent
from tandems.pairs.models import Tandem, TandemState

RUNNING = "running"
NOBODY = "nobody"
STATES = [
    (RUNNING, "läuft oder beginnt"),
    *((state, TandemState(state).label) for state in TandemState.known()),
]


class TandemFilter(ListFilterSet):
    """Search by name of either half; Kommune, state, weeks of silence, accompaniment."""

    search = django_filters.CharFilter(
        label="Suche",
        method="find",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune", queryset=Municipality.objects.none(), method="of_house", empty_label="alle"
    )
    silent = django_filters.NumberFilter(
        label="ohne Treffen seit (Wochen)",
        method="silent_for",
        min_value=1,
        max_value=200,
        decimal_places=0,
    )
    state = django_filters.ChoiceFilter(
        label="Stand", choices=STATES, method="in_state", empty_label="alle"
    )
    accompanied = django_filters.ChoiceFilter(
        label="Begleitung", method="accompanied_by", empty_label="alle"
    )

    class Meta:
        model = Tandem
        fields = ("search", "municipality", "silent", "state", "accompanied")

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        visible = Tandem.objects.none() if queryset is None else queryset
        super().__init__(data, visible, **kwargs)
        seen: Any = visible.order_by()
        self.filters["municipality"].queryset = Municipality.objects.filter(
            Q(pk__in=seen.values("application__municipality"))
            | Q(pk__in=seen.values("mentor__municipality"))
        )
        people = Person.objects.filter(pk__in=seen.values("accompanied_by")).order_by("sort_key")
        self.filters["accompanied"].extra["choices"] = [
            (NOBODY, "ohne Begleitung"),
            *((str(person.pk), person.full_name) for person in people),
        ]

    def find(self, queryset: Any, name: str, value: str) -> Any:
        """Tandems of people whose name contains every word, of either half."""
        people = Person.objects.search(value).values("pk")
        return queryset.filter(Q(mentee_person__in=people) | Q(mentor_person__in=people))

    def of_house(self, queryset: Any, name: str, value: Municipality) -> Any:
        """Tandems a half of which works there."""
        return queryset.filter(Q(application__municipality=value) | Q(mentor__municipality=value))

    def silent_for(self, queryset: Any, name: str, value: Any) -> Any:
        """Running ones that have not met for so many weeks."""
        return silent(queryset, int(value))

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        """In this state, or in any in which the two meet."""
        states = TandemState.running() if value == RUNNING else (value,)
        return queryset.filter(state__in=states)

    def accompanied_by(self, queryset: Any, name: str, value: str) -> Any:
        """Accompanied by this member, or by nobody."""
        return queryset.filter(accompanied_by=None if value == NOBODY else int(value))
