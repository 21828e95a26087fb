"""Filters of the lists of people and invitations."""

from typing import Any

import django_filters
import rules
from django.db.models import QuerySet

from mentoring.ui.lists import ListFilterSet, SearchFilter
from programmes.organisations.models import Municipality
from programmes.people.models import Invitation, InvitationState, Person


def known_municipalities(request: Any) -> QuerySet[Municipality]:
    """The Kommunen the user may see."""
    return Municipality.objects.visible_to(request.user)


class PersonFilter(ListFilterSet):
    """Text, Kommune, and whether somebody can sign in."""

    q = SearchFilter(help_text="Name oder E-Mail-Adresse")
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune", queryset=known_municipalities, empty_label="alle"
    )
    access = django_filters.ChoiceFilter(
        label="Zugang",
        choices=(("yes", "ja"), ("no", "nein")),
        empty_label="alle",
        method="with_access",
    )

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As the column: what is not shown must not be found out by filtering.
        if not rules.test_rule("people.view_details", self.request.user):
            del self.filters["access"]

    def with_access(self, queryset: Any, name: str, value: str) -> Any:
        """People who can or cannot sign in."""
        return queryset.filter(user__isnull=value == "no")


class InvitationFilter(ListFilterSet):
    """What became of an invitation, and text of the person."""

    q = django_filters.CharFilter(label="Suche", max_length=200, method="of_person")
    state = django_filters.ChoiceFilter(
        label="Stand", choices=InvitationState.choices, empty_label="alle", method="in_state"
    )

    class Meta:
        model = Invitation
        fields: tuple[str, ...] = ()

    def of_person(self, queryset: Any, name: str, value: str) -> Any:
        """Invitations of people who contain every word."""
        return queryset.filter(person__in=Person.objects.search(value))

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        """Invitations of which this became."""
        return queryset.in_state(value)
