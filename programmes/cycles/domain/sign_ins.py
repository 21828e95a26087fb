"""Inviting mentees and mentors of a cycle to sign in, all at once."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.people.domain import invite
from programmes.people.models import Invitation, Person
from programmes.people.permissions import invitable_people

MOST_AT_ONCE = 200
"""So many invitations are written in one go; further ones with the next."""

SIGNING_IN = (ParticipantRole.MENTEE, ParticipantRole.MENTOR)
"""Who gets a page of their own. Applicants come by personal link."""


def signing_in(cycle: Cycle, *, by: User) -> QuerySet[Participant]:
    """The mentees and mentors of ``cycle`` whom ``by`` may know of."""
    found: QuerySet[Participant] = (
        Participant.objects.visible_to(by).present().filter(cycle=cycle, role__in=SIGNING_IN)
    )
    return found


def without_sign_in(cycle: Cycle, *, by: User) -> QuerySet[Person]:
    """Those of them whom ``by`` can invite now: no sign-in, an address, no open invitation."""
    return (
        invitable_people(by)
        .filter(pk__in=signing_in(cycle, by=by).values("person"), user=None)
        .exclude(email="")
        .exclude(pk__in=Invitation.objects.open().values("person"))
        .order_by("sort_key", "pk")
    )


def invite_participants(cycle: Cycle, *, by: User) -> int:
    """Invite all who can be invited now, ``MOST_AT_ONCE`` at most; returns how many.

    Who has a sign-in or an open invitation gets no second mail, however often it is asked
    for. Raises ``Refused`` in a cycle that has ended.
    """
    with transaction.atomic(), acting(by):
        stored = held_open(cycle)
        people = list(without_sign_in(stored, by=by)[:MOST_AT_ONCE])
        roles: dict[int, list[str]] = {}
        entries = signing_in(stored, by=by).filter(person__in=people).order_by("role")
        for entry in entries:
            roles.setdefault(entry.person_id, []).append(entry.get_role_display())
        invited = 0
        for person in people:
            role = f"{' und '.join(roles[person.pk])} in „{stored.programme}“, {stored}"
            try:
                invite(person, role=role, by=by)
            except Refused:
                continue  # somebody else was quicker, from the page of the person
            invited += 1
        return invited


def invited_until() -> QuerySet[Invitation]:
    """The open invitations, for a subquery by person."""
    found: QuerySet[Invitation] = Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    return found
