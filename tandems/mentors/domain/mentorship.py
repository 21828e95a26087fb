"""Somebody who agreed: capacity, another Kommune, leaving the cycle."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain import add_participant, mark_left
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participant,
    ParticipantRole,
    Participation,
)
from programmes.organisations.models import Municipality
from programmes.people.models import MunicipalityStaff, Person
from tandems.mentors.domain.checks import check_house, check_state, locked
from tandems.mentors.domain.ideas import drop
from tandems.mentors.models import Answer, Approach, Mentor, MentorState
from tandems.mentors.registries import mentees_held
from tandems.profiles.retention import forget_exclusions


def change_capacity(mentor: Mentor, *, capacity: int, by: User) -> Mentor:
    """Set how many mentees an agreed mentor takes, 1 to 5.

    Raises ``Refused`` for fewer than they have already.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        check_state(stored, MentorState.AGREED)
        held = mentees_held(stored)
        if capacity < held:
            raise Refused(
                f"{stored.called} begleitet schon {held} Mentees. Lösen Sie erst die Tandems, "
                "bevor Sie die Zahl senken."
            )
        stored.capacity = capacity
        stored.full_clean(exclude=("person", "cycle", "municipality", "had_by"))
        stored.save()
        return stored


def change_house(mentor: Mentor, *, municipality: Municipality, by: User) -> Mentor:
    """Note that a mentor works for another Kommune of the cycle now.

    The Personalstelle of the new one looks after the entry from now on. Raises ``Refused``
    for a Kommune outside the cycle, and where the person still holds a seat or a post for
    the old one.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        check_state(stored, MentorState.AGREED)
        if municipality.pk == stored.municipality_id:
            raise Refused(f"{stored.called} gehört schon zu {municipality}.")
        check_house(stored.cycle, municipality)
        person = _move_person(stored, municipality)
        stored.municipality = municipality
        stored.save()
        add_participant(
            cycle=stored.cycle,
            person=person,
            municipality=municipality,
            role=ParticipantRole.MENTOR,
            by=by,
        )
        return stored


def _move_person(mentor: Mentor, municipality: Municipality) -> Person:
    person: Person = Person.objects.select_for_update(of=("self",)).get(pk=mentor.person_id or 0)
    posts = MunicipalityStaff.objects.current().filter(person=person)
    seats = CouncilSeat.objects.current().filter(person=person)
    if (
        posts.exclude(municipality=municipality).exists()
        or seats.exclude(participation__municipality=municipality).exists()
    ):
        raise Refused(
            f"{person} hat für die bisherige Kommune noch eine Aufgabe (Personalstelle oder "
            "Beirat). Beenden Sie diese zuerst."
        )
    if person.municipality_id == mentor.municipality_id:
        person.municipality = municipality
        person.save()
    return person


def end(mentor: Mentor, *, by: User) -> Mentor:
    """Note that an agreed mentor no longer takes part: the Profilbogen goes, the list ends.

    Raises ``Refused`` while they have mentees.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        check_state(stored, MentorState.AGREED)
        held = mentees_held(stored)
        if held:
            raise Refused(
                f"{stored.called} begleitet noch {held} Mentee(s). Lösen Sie erst die Tandems."
            )
        _end(stored, by=by)
        return stored


def _end(mentor: Mentor, *, by: User) -> None:
    mentor.state = MentorState.PAUSED
    mentor.agreed_on, mentor.paused_until = None, None
    mentor.answers, mentor.handed_in_at = {}, None
    mentor.save()
    if mentor.person_id is not None:
        forget_exclusions(mentor.cycle_id, [mentor.person_id])
    entries = Participant.objects.filter(
        cycle=mentor.cycle, person=mentor.person, role=ParticipantRole.MENTOR
    ).present()
    for entry in entries:
        mark_left(entry, on=timezone.localdate(), by=by)


def house_leaves(participation: Participation, reason: str, by: User) -> None:
    """A Kommune leaves: its ideas go, open approaches end unasked, mentors leave the cycle.

    Agreed ones are kept as paused: who said yes is not noted as having refused.
    """
    cycle: Cycle = participation.cycle
    today: date = timezone.localdate()
    with transaction.atomic(), acting(by):
        mentors = Mentor.objects.filter(
            cycle=cycle, municipality=participation.municipality
        ).select_related("person", "cycle")
        for mentor in mentors:
            if mentor.state == MentorState.APPROACHED:
                Approach.objects.filter(mentor=mentor, answer="").update(
                    answer=Answer.RELEASED, answered_on=today
                )
            if mentor.state in (MentorState.IDEA, MentorState.APPROACHED):
                drop(mentor)
            elif mentor.state == MentorState.AGREED:
                _end(mentor, by=by)


def consequences_of_leaving(participation: Participation, user: User) -> list[str]:
    """What goes with the Kommune, counted from what ``user`` may see."""
    counted: dict[str, int] = {}
    seen = Mentor.objects.visible_to(user).filter(
        cycle=participation.cycle, municipality=participation.municipality
    )
    for state in seen.values_list("state", flat=True):
        counted[state] = counted.get(state, 0) + 1
    lines = (
        (
            MentorState.IDEA,
            "Idee für Mentor/innen wird gelöscht",
            "Ideen für Mentor/innen werden gelöscht",
        ),
        (
            MentorState.APPROACHED,
            "offene Anfrage an eine Mentorin oder einen Mentor endet: bitte sagen Sie ab",
            "offene Anfragen an Mentor/innen enden: bitte sagen Sie ab",
        ),
        (
            MentorState.AGREED,
            "Mentor/in scheidet aus, der Profilbogen wird gelöscht",
            "Mentor/innen scheiden aus, ihre Profilbögen werden gelöscht",
        ),
    )
    return [
        f"{number} {one if number == 1 else many}."
        for state, one, many in lines
        if (number := counted.get(state, 0))
    ]
