"""The participant list of a Durchgang: all the Logistikpartner may know of anybody."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from mentoring.ui.lists import Column, ListFilterSet, ListPage, SearchFilter
from programmes.cycles.models import Participant, ParticipantRole
from programmes.cycles.views.base import OfCycle
from programmes.organisations.models import Municipality

LEFT, ALL = "ausgeschieden", "alle"


class ParticipantFilter(ListFilterSet):
    """Name, role, Kommune; who has left only if asked for."""

    q = SearchFilter()
    role = django_filters.ChoiceFilter(
        label="Rolle", choices=ParticipantRole.choices, empty_label="alle"
    )
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune", queryset=Municipality.objects.none(), empty_label="alle"
    )
    left = django_filters.ChoiceFilter(
        label="Dabei",
        choices=((LEFT, "nur Ausgeschiedene"), (ALL, "alle")),
        empty_label="wer dabei ist",
        method="keep",
    )

    class Meta:
        model = Participant
        fields: tuple[str, ...] = ()

    def keep(self, queryset: Any, name: str, value: str) -> Any:
        """Nothing here: the default counts too, see ``filter_queryset``."""
        return queryset

    def filter_queryset(self, queryset: Any) -> Any:
        """As django-filter's, with those who are still there unless asked otherwise."""
        found = super().filter_queryset(queryset)
        wanted = self.form.cleaned_data.get("left")
        if wanted == ALL:
            return found
        return found.exclude(left_on=None) if wanted == LEFT else found.filter(left_on=None)


class ParticipantList(OfCycle, ListPage):
    """Name, Kommune, role, e-mail, phone; nothing else."""

    list_name = "cycles.participants"
    rule = "cycles.view_participants"
    title = "Teilnehmer/innen"
    filterset_class = ParticipantFilter
    default_sort = "name"
    empty_title = "Noch keine Teilnehmer/innen"
    empty_text = (
        "Wer nominiert ist, wer einen Platz bekommen hat und wer als Mentor/in zusagt, erscheint "
        "hier von selbst."
    )
    columns = (
        Column(
            "name",
            "Name",
            lambda row: f"{row.person.last_name}, {row.person.first_name}",
            sort="person__sort_key",
        ),
        Column(
            "municipality",
            "Kommune",
            "municipality.short_name",
            sort=("municipality__sort_key", "person__sort_key"),
        ),
        Column("role", "Rolle", "get_role_display", sort=("role", "person__sort_key")),
        Column("email", "E-Mail", "person.email"),
        Column("phone", "Telefon", "person.phone"),
    )

    def get_queryset(self) -> QuerySet[Participant]:
        """Those the user may see; HR staff only their own house's."""
        return (
            Participant.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("person", "municipality")
        )

    def filterset(self, queryset: Any = None) -> Any:
        """Offer only Kommunen from which the user sees somebody."""
        fresh = not hasattr(self, "_filterset")
        found = super().filterset(queryset)
        if fresh:
            found.filters["municipality"].queryset = Municipality.objects.filter(
                pk__in=self.get_queryset().values("municipality")
            )
        return found
