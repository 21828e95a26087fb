"""Who of the mentees and mentors can sign in, and inviting the others."""

from typing import Any

import django_filters
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from mentoring.ui.lists import Badge, Column, ListFilterSet, ListPage, SearchFilter
from mentoring.ui.views import Action, ActionPage
from programmes.cycles import domain
from programmes.cycles.domain.sign_ins import MOST_AT_ONCE, SIGNING_IN, invited_until
from programmes.cycles.models import Participant, ParticipantRole
from programmes.cycles.views.base import OfCycle, acting_user

YES, INVITED, NO = "ja", "eingeladen", "nein"
_ROLES = [(role.value, role.label) for role in ParticipantRole if role in SIGNING_IN]


class SignInFilter(ListFilterSet):
    """Name, role, and whether somebody can sign in."""

    q = SearchFilter()
    role = django_filters.ChoiceFilter(label="Rolle", choices=_ROLES, empty_label="alle")
    access = django_filters.ChoiceFilter(
        label="Zugang",
        choices=((YES, "hat einen Zugang"), (INVITED, "eingeladen"), (NO, "noch keiner")),
        empty_label="alle",
        method="with_access",
    )

    class Meta:
        model = Participant
        fields: tuple[str, ...] = ()

    def with_access(self, queryset: Any, name: str, value: str) -> Any:
        """By what the column says."""
        has = Q(person__user__isnull=False)
        invited = Q(invited_until__isnull=False)
        wanted = {YES: has, INVITED: ~has & invited, NO: ~has & ~invited}
        return queryset.filter(wanted[value])


def access_badge(row: Any) -> Badge:
    """Where somebody stands on the way to a sign-in."""
    if row.person.user_id is not None:
        return Badge("success", "hat einen Zugang")
    if row.invited_until is not None:
        day = timezone.localtime(row.invited_until)
        return Badge("info", f"eingeladen, gültig bis {day:%d.%m.%Y}")
    if not row.person.email:
        return Badge("warning", "keine E-Mail-Adresse")
    return Badge("warning", "noch nicht eingeladen")


class SignInList(OfCycle, ListPage):
    """Mentees and mentors, and whether they can sign in."""

    list_name = "cycles.sign_ins"
    rule = "cycles.invite_participants"
    title = "Zugänge der Mentees und Mentor/innen"
    filterset_class = SignInFilter
    default_sort = "name"
    parents = (("Teilnehmer/innen", "participants"),)
    empty_title = "Noch keine Mentees und Mentor/innen"
    empty_text = (
        "Mentees stehen hier, sobald ihre Kommune ihnen den Platz mitgeteilt hat, Mentor/innen "
        "mit ihrer Zusage. Dann laden Sie alle auf einmal ein."
    )
    columns = (
        Column(
            "name",
            "Name",
            lambda row: f"{row.person.last_name}, {row.person.first_name}",
            sort="person__sort_key",
            link=lambda row: row.person.get_absolute_url(),
        ),
        Column("role", "Rolle", "get_role_display", sort=("role", "person__sort_key")),
        Column(
            "municipality",
            "Kommune",
            "municipality.short_name",
            sort=("municipality__sort_key", "person__sort_key"),
        ),
        Column("email", "E-Mail", "person.email"),
        Column("access", "Zugang", access_badge),
    )

    def get_queryset(self) -> QuerySet[Participant]:
        """Each with the end of an open invitation."""
        until = invited_until().filter(person=OuterRef("person")).values("expires_at")[:1]
        return (
            domain.signing_in(self.cycle, by=acting_user(self.request))
            .annotate(invited_until=Subquery(until))
            .select_related("person", "municipality")
        )

    def actions(self) -> list[Action]:
        """Invite all who are without."""
        number = domain.without_sign_in(self.cycle, by=acting_user(self.request)).count()
        if not number:
            return []
        label = "1 Person einladen" if number == 1 else f"Alle {number} ohne Zugang einladen"
        return [Action(label, self.url("sign_ins_invite"), "primary")]


class InviteAll(OfCycle, ActionPage):
    """Asks, and invites all who have neither sign-in nor open invitation."""

    rule = "cycles.invite_participants"
    title = "Mentees und Mentor/innen einladen"
    once = True
    button_label = "Einladungen senden"
    parents = (*SignInList.parents, ("Zugänge", "sign_ins"))

    def get_question(self) -> str:
        """How many."""
        number = self._number()
        if not number:
            return "Es ist niemand einzuladen: alle haben einen Zugang oder eine offene Einladung."
        people = "1 Person" if number == 1 else f"{number} Personen"
        return f"{people} zu einem eigenen Zugang einladen?"

    def _number(self) -> int:
        return domain.without_sign_in(self.cycle, by=acting_user(self.request)).count()

    def consequences(self) -> list[str]:
        """What is sent, and what is not."""
        lines = [
            "Jede Person bekommt eine E-Mail mit einem persönlichen Link, der 14 Tage gilt.",
            "Ein Passwort braucht niemand: anmelden kann man sich mit einem Code per E-Mail.",
            "Wer einen Zugang oder eine offene Einladung hat, bekommt nichts.",
            "Über Tandems sagt die Einladung nichts.",
        ]
        if self._number() > MOST_AT_ONCE:
            lines.append(
                f"Es gehen {MOST_AT_ONCE} Einladungen auf einmal hinaus; die weiteren senden Sie "
                "danach auf demselben Weg."
            )
        return lines

    def perform(self) -> int:
        """By way of the domain."""
        return domain.invite_participants(self.cycle, by=acting_user(self.request))

    def get_success_message(self) -> str:
        """How many went out."""
        if not self.saved:
            return "Es war niemand mehr einzuladen."
        sent = "Eine Einladung ist" if self.saved == 1 else f"{self.saved} Einladungen sind"
        return f"{sent} unterwegs."

    def get_success_url(self) -> str:
        """Back to the list."""
        return self.url("sign_ins")
