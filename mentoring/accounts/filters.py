"""Filters of the list of sign-ins."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from mentoring.accounts.models import User
from mentoring.ui.lists import ListFilterSet

STATES = [("active", "aktiv"), ("inactive", "gesperrt")]
KINDS = [("operator", "Betreiber/in"), ("other", "Zugang")]


class UserFilterSet(ListFilterSet):
    """By part of the address, state and kind."""

    email = django_filters.CharFilter(
        label="E-Mail-Adresse",
        lookup_expr="icontains",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = django_filters.ChoiceFilter(label="Stand", choices=STATES, method="by_state")
    kind = django_filters.ChoiceFilter(label="Art", choices=KINDS, method="by_kind")

    class Meta:
        model = User
        fields = ("email", "state", "kind")

    def by_state(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Active or deactivated ones."""
        return queryset.filter(is_active=value == "active")

    def by_kind(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Operators or all others."""
        return queryset.filter(is_superuser=value == "operator")
