"""The filters of the lists of this room. They offer only what the user sees anyway."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from mentoring.text import search_key
from mentoring.ui.lists import ListFilterSet
from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry
from tandems.profiles.models import Topic

SEARCH = forms.TextInput(attrs={"type": "search"})


def about(queryset: Any, name: str, value: str) -> Any:
    """Rows that name the topic. The keys are plain ASCII, as JSON writes them."""
    # SQLite knows no "contains" for JSON.
    found = queryset.annotate(topics_text=Cast("topics", TextField()))
    return found.filter(topics_text__contains=f'"{value}"')


class MentorFilter(ListFilterSet):
    """Search by name and function; state, Kommune, topic, who asked."""

    search = django_filters.CharFilter(label="Suche", method="find", max_length=200, widget=SEARCH)
    state = django_filters.ChoiceFilter(
        label="Stand", choices=MentorState.choices, empty_label="alle"
    )
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune", queryset=Municipality.objects.none(), empty_label="alle"
    )
    topic = django_filters.ChoiceFilter(
        label="Thema", choices=Topic.choices, empty_label="alle", method="about"
    )
    asked_by = django_filters.ModelChoiceFilter(
        label="angefragt von", queryset=Person.objects.none(), method="by", empty_label="alle"
    )

    class Meta:
        model = Mentor
        fields = ("search", "state", "municipality", "topic", "asked_by")

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        visible = Mentor.objects.none() if queryset is None else queryset
        super().__init__(data, visible, **kwargs)
        seen: Any = visible.order_by()
        self.filters["municipality"].queryset = Municipality.objects.filter(
            pk__in=seen.values("municipality")
        )
        approaches = Approach.objects.filter(mentor__in=seen.values("pk"))
        self.filters["asked_by"].queryset = Person.objects.filter(
            pk__in=approaches.exclude(answer=Answer.RELEASED).values("by")
        )

    def find(self, queryset: Any, name: str, value: str) -> Any:
        """Entries whose person's name, or whose function, contains every word."""
        people = Person.objects.search(value)
        words = Q()
        for word in value.split():
            words &= Q(position__icontains=word)
        # The function has no stored key; umlauts in another spelling are tried as well.
        keys = search_key(value).split()
        alike = Q()
        for key in keys:
            alike &= Q(position__icontains=key)
        return queryset.filter(Q(person__in=people.values("pk")) | words | alike)

    def about(self, queryset: Any, name: str, value: str) -> Any:
        """Entries that name the topic."""
        return about(queryset, name, value)

    def by(self, queryset: Any, name: str, value: Person) -> Any:
        """Entries this member asked."""
        asked = Approach.objects.filter(by=value).exclude(answer=Answer.RELEASED)
        return queryset.filter(pk__in=asked.values("mentor"))


class ApproachFilter(ListFilterSet):
    """Who asked, with what answer, in which Kommune."""

    search = django_filters.CharFilter(label="Suche", method="find", max_length=200, widget=SEARCH)
    answer = django_filters.ChoiceFilter(
        label="Antwort",
        choices=[("open", "noch offen"), *Answer.choices],
        method="answered",
        empty_label="alle",
    )
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune",
        field_name="mentor__municipality",
        queryset=Municipality.objects.none(),
        empty_label="alle",
    )
    by = django_filters.ModelChoiceFilter(
        label="angefragt von", queryset=Person.objects.none(), empty_label="alle"
    )

    class Meta:
        model = Approach
        fields = ("search", "answer", "municipality", "by")

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        visible = Approach.objects.none() if queryset is None else queryset
        super().__init__(data, visible, **kwargs)
        seen: Any = visible.order_by()
        self.filters["municipality"].queryset = Municipality.objects.filter(
            pk__in=seen.values("mentor__municipality")
        )
        self.filters["by"].queryset = Person.objects.filter(pk__in=seen.values("by"))

    def find(self, queryset: Any, name: str, value: str) -> Any:
        """Approaches of people whose name contains every word, or of that function."""
        people = Person.objects.search(value)
        return queryset.filter(
            Q(mentor__person__in=people.values("pk")) | Q(mentor__position__icontains=value)
        )

    def answered(self, queryset: Any, name: str, value: str) -> Any:
        """With this answer, or with none yet."""
        return queryset.filter(answer="" if value == "open" else value)


class PoolFilter(ListFilterSet):
    """Search by name; topic, Kommune, role in an earlier cycle, pause."""

    search = django_filters.CharFilter(label="Suche", method="find", max_length=200, widget=SEARCH)
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune",
        field_name="person__municipality",
        queryset=Municipality.objects.none(),
        empty_label="alle",
    )
    topic = django_filters.ChoiceFilter(
        label="Thema", choices=Topic.choices, empty_label="alle", method="about"
    )
    was = django_filters.ChoiceFilter(label="war dabei als", method="were", empty_label="alle")
    paused = django_filters.ChoiceFilter(
        label="Pause",
        choices=[("no", "kann gefragt werden"), ("yes", "pausiert")],
        method="pausing",
        empty_label="alle",
    )

    class Meta:
        model = PoolEntry
        fields = ("search", "municipality", "topic", "was", "paused")

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        visible = PoolEntry.objects.none() if queryset is None else queryset
        super().__init__(data, visible, **kwargs)
        seen: Any = visible.order_by()
        self.filters["municipality"].queryset = Municipality.objects.filter(
            pk__in=seen.values("person__municipality")
        )
        cycles = Cycle.objects.filter(
            programme__in=seen.values("programme"),
            participants__in=_roles_held(seen).values("pk"),
        )
        numbers = cycles.order_by("-number").values_list("pk", "number").distinct()
        self.filters["was"].extra["choices"] = [
            (f"{role.value}-{pk}", f"{role.label} in Nr. {number}")
            for pk, number in numbers
            for role in (ParticipantRole.MENTEE, ParticipantRole.MENTOR)
        ]

    def find(self, queryset: Any, name: str, value: str) -> Any:
        """People whose name or address contains every word."""
        return queryset.filter(person__in=Person.objects.search(value).values("pk"))

    def about(self, queryset: Any, name: str, value: str) -> Any:
        """Entries that name the topic."""
        return about(queryset, name, value)

    def were(self, queryset: Any, name: str, value: str) -> Any:
        """Who was mentee, or mentor, in a cycle."""
        role, _, cycle = value.partition("-")
        rows = Participant.objects.filter(role=role, cycle=int(cycle))
        return queryset.filter(person__in=rows.values("person"))

    def pausing(self, queryset: Any, name: str, value: str) -> Any:
        """Who has a pause today, or has none."""
        today = timezone.localdate()
        paused = Q(paused_until__gte=today)
        return queryset.filter(paused if value == "yes" else ~paused)


def _roles_held(entries: Any) -> Any:
    roles = (ParticipantRole.MENTEE, ParticipantRole.MENTOR)
    return Participant.objects.filter(person__in=entries.values("person"), role__in=roles)
