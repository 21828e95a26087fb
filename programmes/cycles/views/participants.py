"""The participant list of a Durchgang: all the Logistikpartner may know of anybody."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from mentoring.ui.lists import Column, ListFilterSet, ListPage, SearchFilter
from mentoring.ui.views import Action
from programmes.cycles.models import Participant, ParticipantRole
from programmes.cycles.registries import participant_sheets
from programmes.cycles.views.base import OfCycle, acting_user
from programmes.organisations.models import Municipality

ROLES = {str(role): str(role.label) for role in ParticipantRole}
SHOWN = (
    *(f"person__{name}" for name in ("first_name", "last_name", "email", "phone")),
    "municipality__short_name",
)
LEFT, ALL = "ausgeschieden", "alle"


class ParticipantFilter(ListFilterSet):
    """Name, role, Kommune; who has left only if asked for.

    Whoever only changed the role, from applicant to mentee, has not left.
    """

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
        if wanted not in (LEFT, ALL):
            return found.filter(left_on=None)
        present = self.queryset.filter(left_on=None)
        still_there = Q(person__in=present.order_by().values("person"))
        gone = Q(left_on__isnull=False) & ~still_there
        return found.filter(gone if wanted == LEFT else gone | Q(left_on=None))


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
        Column("role", "Rolle", lambda row: ROLES[row.role], sort=("role", "person__sort_key")),
        Column("email", "E-Mail", "person.email"),
        Column("phone", "Telefon", "person.phone"),
    )

    def get_queryset(self) -> QuerySet[Participant]:
        """Those the user may see; HR staff only their own house's.

        Only what the columns show is read: a Kommune has thirty fields, and a row has one.
        """
        return (
            Participant.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("person", "municipality")
            .only("role", "cycle", *SHOWN)
        )

    def actions(self) -> list[Action]:
        """For leads: who of them can sign in."""
        if not self.allowed("cycles.invite_participants", self.cycle):
            return []
        return [Action("Zugänge", self.url("sign_ins"), "secondary")]

    def sheets(self) -> list[tuple[str, str]]:
        """What later rooms print of it, with the filters and the order of this page."""
        user = acting_user(self.request)
        query = self.query(page=None, export=None).partition("?")[2]
        return [
            (label, f"{url}?{query}" if query else url)
            for find in participant_sheets
            for label, url in find(user, self.cycle)
        ]

    def filterset(self, queryset: Any = None) -> Any:
        """Offer only Kommunen from which the user sees somebody."""
        fresh = not hasattr(self, "_filterset")
        found = super().filterset(queryset)
        if fresh:
            found.filters["municipality"].queryset = Municipality.objects.filter(
                pk__in=self.get_queryset().values("municipality")
            )
        return found
