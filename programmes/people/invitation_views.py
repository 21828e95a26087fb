"""Inviting people to sign in: the list of invitations, inviting, resending, withdrawing."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse_lazy

from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ObjectActionPage
from programmes.people.domain import invite, resend, withdraw
from programmes.people.filters import InvitationFilter
from programmes.people.models import Invitation, InvitationState, Person
from programmes.people.roles import roles_in_words
from programmes.people.views import PEOPLE

_BADGES = {
    InvitationState.OPEN: "info",
    InvitationState.ACCEPTED: "success",
    InvitationState.EXPIRED: "warning",
    InvitationState.WITHDRAWN: "danger",
}
INVITATIONS = Crumb("Einladungen", reverse_lazy("invitations"))  # type: ignore[arg-type]  # text once shown


class InvitationList(ListPage):
    """Invitations of the people the user may invite."""

    list_name = "people.invitations"
    rule = "people.list_invitations"
    title = "Einladungen"
    filterset_class = InvitationFilter
    default_sort = "-created"
    empty_title = "Noch keine Einladung"
    empty_text = (
        "Laden Sie auf der Seite einer Person zur Anmeldung ein. Eine Einladung gilt 14 Tage."
    )
    columns = (
        Column(
            "name",
            "Person",
            lambda invitation: f"{invitation.person.last_name}, {invitation.person.first_name}",
            sort="person__sort_key",
            link=lambda invitation: invitation.person.get_absolute_url(),
        ),
        Column("role", "als", "role"),
        Column("email", "geschickt an", "email", sort="email"),
        Column("created", "eingeladen am", "created_at", sort="created_at"),
        Column("expires", "gültig bis", "expires_at", sort="expires_at"),
        Column(
            "state",
            "Stand",
            lambda invitation: Badge(_BADGES[invitation.state], invitation.state.label),
        ),
    )

    def get_queryset(self) -> QuerySet[Invitation]:
        """With the person, whom the list names."""
        return Invitation.objects.visible_to(self.request.user).select_related("person")


class PersonInvite(ObjectActionPage):
    """Invite a person to sign in."""

    model = Person
    rule = "people.invite"
    button_label = "Einladung senden"

    def get_title(self) -> str:
        """Whom."""
        return f"{self.object} einladen"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the person."""
        return [PEOPLE, Crumb(str(self.object), self.object.get_absolute_url())]

    def get_question(self) -> str:
        """Whom."""
        return f"Soll {self.object} einen Zugang bekommen?"

    def consequences(self) -> list[str]:
        """What is sent where."""
        to = self.object.email or "– es ist noch keine Adresse eingetragen"
        return [
            f"Eine E-Mail mit einem persönlichen Link geht an {to}.",
            f"Eingeladen wird als: {self.role}.",
            "Der Link gilt 14 Tage. Er gibt keine neuen Rechte, er verbindet nur die Person mit "
            "einem Zugang.",
        ]

    @property
    def role(self) -> str:
        """As what."""
        return ", ".join(roles_in_words(self.object)) or "Mitglied des Programms"

    def get_success_url(self) -> str:
        """Back to the person."""
        return str(self.object.get_absolute_url())

    def get_success_message(self) -> str:
        """Where it went."""
        return f"Die Einladung an {self.object.email} ist unterwegs."

    def perform(self) -> Invitation:
        """By way of the domain."""
        user: Any = self.request.user
        return invite(self.object, role=self.role, by=user)


class InvitationAction(ObjectActionPage):
    """Something done with one invitation."""

    model = Invitation
    rule = "people.handle_invitation"

    def get_queryset(self) -> QuerySet[Invitation]:
        """With the person."""
        return super().get_queryset().select_related("person")

    def breadcrumbs(self) -> list[Crumb]:
        """Below the person."""
        person = self.object.person
        return [INVITATIONS, Crumb(str(person), person.get_absolute_url())]

    def get_success_url(self) -> str:
        """Back to the person."""
        return str(self.object.person.get_absolute_url())


class InvitationResend(InvitationAction):
    """Send a new code."""

    button_label = "Erneut senden"
    success_message = "Die Einladung ist noch einmal unterwegs."

    def get_title(self) -> str:
        """Whose."""
        return f"Einladung an {self.object.person} erneut senden"

    def get_question(self) -> str:
        """Where to."""
        return f"Die Einladung noch einmal an {self.object.person.email} senden?"

    def consequences(self) -> list[str]:
        """What happens to the old link."""
        return ["Der bisherige Link gilt dann nicht mehr; der neue gilt 14 Tage."]

    def perform(self) -> Invitation:
        """By way of the domain."""
        user: Any = self.request.user
        return resend(self.object, by=user)


class InvitationWithdraw(InvitationAction):
    """End an invitation."""

    button_label = "Einladung zurückziehen"
    danger = True
    success_message = "Die Einladung ist zurückgezogen."

    def get_title(self) -> str:
        """Whose."""
        return f"Einladung an {self.object.person} zurückziehen"

    def get_question(self) -> str:
        """Which one."""
        return f"Soll die Einladung an {self.object.email} nicht mehr gelten?"

    def consequences(self) -> list[str]:
        """What happens to the link."""
        return [
            "Wer den Link öffnet, liest, dass die Einladung zurückgezogen wurde.",
            "Sie können die Person jederzeit neu einladen.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        user: Any = self.request.user
        withdraw(self.object, by=user)
