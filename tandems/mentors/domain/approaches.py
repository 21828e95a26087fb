"""Approaching somebody: one member at a time, with the answer that came of it."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain import add_participant
from programmes.cycles.domain.locks import no_operator
from programmes.cycles.models import ParticipantRole
from programmes.people.models import Person
from tandems.mentors.domain.checks import (
    NOT_POSSIBLE,
    actor,
    already,
    check_day,
    check_not_applicant,
    check_person,
    check_state,
    last_approach,
    locked,
    taken,
)
from tandems.mentors.domain.people import Named, create_named, forget, forget_contact
from tandems.mentors.domain.pool import keep_in_pool
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry


def claim(
    mentor: Mentor, *, person: Person | None = None, named: Named | None = None, by: User
) -> Approach:
    """Take over the approach of an idea: from now on nobody else asks.

    ``person`` is known already, ``named`` somebody new; an idea from the pool knows its
    person. Of two who claim at once one wins; the other's ``Refused`` says who, and since
    when. Raises it also for somebody who was asked under another idea, who applies in this
    cycle, or who wants a pause.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        asker = actor(by)
        if stored.state != MentorState.IDEA:
            raise taken(stored, by)
        who = _person_of(stored, person, named, by)
        check_person(stored.cycle, who, by, besides=stored)
        no_operator(who)
        try:
            with transaction.atomic():
                # The condition stands in the statement: whoever comes second changes nothing.
                claimed = Mentor.objects.filter(pk=stored.pk, state=MentorState.IDEA).update(
                    state=MentorState.APPROACHED, person=who
                )
                if not claimed:
                    raise taken(Mentor.objects.get(pk=stored.pk), by)
                return Approach.objects.create(mentor_id=stored.pk, by=asker)
        except IntegrityError as error:
            raise Refused(NOT_POSSIBLE) from error


def _person_of(mentor: Mentor, person: Person | None, named: Named | None, by: User) -> Person:
    if mentor.person is not None:
        return mentor.person
    if person is not None:
        known: Person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if known.municipality_id != mentor.municipality_id:
            raise Refused(
                f"{known} gehört nicht zu {mentor.municipality}. Legen Sie für die andere "
                "Kommune eine eigene Idee an."
            )
        return known
    if named is None:
        raise Refused("Bitte nennen Sie, wen Sie ansprechen.")
    return create_named(named, mentor.municipality, position=mentor.position, by=by)


def release(mentor: Mentor, *, by: User) -> Mentor:
    """Give a claimed approach back unasked: the idea is free, the name forgotten.

    Who came from the pool stays named: they agreed to it.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        approach = _open_approach(stored)
        _answer(approach, Answer.RELEASED, timezone.localdate())
        person = stored.person
        stored.state = MentorState.IDEA
        if person is not None and not _in_pool(stored, person):
            stored.person = None
        stored.save()
        if stored.person is None and person is not None:
            forget(person)
        return stored


def agree(mentor: Mentor, *, on: date, capacity: int = 1, by: User) -> Mentor:
    """Record that the person said yes on ``on``: from now on a participant.

    Raises ``Refused`` for a day to come or before the approach, and for somebody who has
    become an applicant of the cycle meanwhile.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        approach = _open_approach(stored)
        check_day(on, since=_claimed_on(approach))
        person = _person(stored)
        check_not_applicant(stored.cycle, person, by)
        _answer(approach, Answer.AGREED, on)
        stored.state = MentorState.AGREED
        stored.agreed_on = on
        stored.capacity = capacity
        stored.full_clean(exclude=("person", "cycle", "municipality", "had_by"))
        stored.save()
        add_participant(
            cycle=stored.cycle,
            person=person,
            municipality=stored.municipality,
            role=ParticipantRole.MENTOR,
            by=by,
        )
        return stored


def refuse(mentor: Mentor, *, on: date, by: User) -> Mentor:
    """Record that the person said no on ``on``. No reason is kept, nor what was noted.

    What stays is that they were asked, so that nobody asks again. Raises ``Refused``.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        approach = _open_approach(stored)
        check_day(on, since=_claimed_on(approach))
        _answer(approach, Answer.REFUSED, on)
        stored.state = MentorState.REFUSED
        _empty(stored)
        stored.save()
        forget_contact(stored)
        return stored


def postpone(
    mentor: Mentor, *, on: date, until: date, consent_on: date, consent_text: str, by: User
) -> Mentor:
    """Record "another time": with the consent to be asked again after ``until``.

    The person is kept in the pool with the words they agreed to. Raises ``Refused`` without
    these words, or for an ``until`` that is not to come.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        approach = _open_approach(stored)
        check_day(on, since=_claimed_on(approach))
        if until <= timezone.localdate():
            raise Refused("Die Pause endet an einem Tag, der noch kommt.")
        _answer(approach, Answer.LATER, on)
        stored.state = MentorState.PAUSED
        stored.paused_until = until
        topics = list(stored.topics)
        _empty(stored)
        stored.save()
        keep_in_pool(
            programme=stored.cycle.programme,
            person=_person(stored),
            consent_on=consent_on,
            consent_text=consent_text,
            topics=topics,
            paused_until=until,
            origin=f"angefragt in Durchgang Nr. {stored.cycle.number}",
            by=by,
        )
        return stored


def ask_again(mentor: Mentor, *, by: User) -> Approach:
    """Open a closed approach again: an answer recorded by mistake, or a pause that is over.

    For who leads the cycle. Raises ``Refused`` in any state but refused and paused, and
    during a pause.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        check_state(stored, MentorState.REFUSED, MentorState.PAUSED)
        check_person(stored.cycle, _person(stored), by, besides=stored)
        stored.state = MentorState.APPROACHED
        stored.paused_until = None
        stored.save()
        return Approach.objects.create(mentor=stored, by=actor(by))


def _open_approach(mentor: Mentor) -> Approach:
    approach = Approach.objects.select_for_update(of=("self",)).filter(mentor=mentor, answer="")
    found = approach.select_related("by").first()
    if mentor.state != MentorState.APPROACHED or found is None:
        last = last_approach(mentor)
        if last is None:
            raise Refused("Hier ist keine Anfrage offen. Laden Sie die Seite neu.")
        raise Refused(already(mentor))
    return found


def _answer(approach: Approach, answer: Answer, on: date) -> None:
    approach.answer = answer
    approach.answered_on = on
    approach.save(update_fields=["answer", "answered_on"])


def _claimed_on(approach: Approach) -> date:
    return timezone.localtime(approach.claimed_at).date()


def _person(mentor: Mentor) -> Person:
    if mentor.person is None:
        raise Refused("Hier ist noch niemand benannt.")
    return mentor.person


def _in_pool(mentor: Mentor, person: Person) -> bool:
    return PoolEntry.objects.filter(programme=mentor.cycle.programme_id, person=person).exists()


def _empty(mentor: Mentor) -> None:
    """Drop what the Beirat had noted about somebody who will not be a mentor."""
    mentor.topics, mentor.answers = [], {}
    mentor.department, mentor.handed_in_at = "", None
