"""Participants: the bridge over the privacy wall, written by `tandems` through here."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open, no_operator
from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.organisations.models import Municipality
from programmes.people.models import Person


def add_participant(
    *,
    cycle: Cycle,
    person: Person,
    municipality: Municipality,
    role: ParticipantRole | str,
    by: User,
) -> Participant:
    """Enter ``person`` in a role, or let them back in; doing it twice changes nothing.

    Who becomes a mentee is no applicant any more: that entry ends on the same day. Raises
    ``Refused`` in a cycle that has ended and for operators.
    """
    with transaction.atomic(), acting(by):
        found = held_open(cycle)
        no_operator(person)
        participant = Participant.objects.filter(cycle=found, person=person, role=role).first()
        if participant is None:
            participant = Participant.objects.create(
                cycle=found, person=person, municipality=municipality, role=role
            )
        elif participant.left_on is not None or participant.municipality_id != municipality.pk:
            participant.left_on = None
            participant.municipality = municipality
            participant.save(update_fields=["left_on", "municipality"])
        if role == ParticipantRole.MENTEE:
            for entry in Participant.objects.filter(
                cycle=found, person=person, role=ParticipantRole.APPLICANT
            ).present():
                mark_left(entry, on=timezone.localdate(), by=by)
        return participant


def mark_left(participant: Participant, *, on: date, by: User | None) -> Participant:
    """Note that somebody has left; doing it again keeps the first day.

    Raises ``Refused`` for a day to come, before the first, or in a cycle that has ended.
    """
    with transaction.atomic(), acting(by):
        held_open(participant.cycle)
        stored = Participant.objects.get(pk=participant.pk)
        if stored.left_on is not None:
            return stored
        if on > timezone.localdate():
            raise Refused(
                "Das Ausscheiden kann erst an dem Tag eingetragen werden, an dem es gilt."
            )
        if on < stored.joined_on:
            raise Refused(f"Dabei ist die Person erst seit dem {stored.joined_on:%d.%m.%Y}.")
        stored.left_on = on
        stored.save(update_fields=["left_on"])
        return stored
