"""The pool over all cycles: people who agreed to be asked again as mentors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open, no_operator
from programmes.cycles.models import (
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Programme,
)
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.mentors.domain.checks import actor, check_house, check_person
from tandems.mentors.domain.people import Named, create_named, forget
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry
from tandems.profiles.models import Consent, ConsentKind


def keep_in_pool(
    *,
    programme: Programme,
    person: Person,
    consent_on: date,
    consent_text: str,
    capacity: int = 1,
    topics: Iterable[str] = (),
    paused_until: date | None = None,
    origin: str = "",
    by: User | None,
) -> PoolEntry:
    """Enter ``person``, or renew the consent of somebody who is in the pool already.

    Raises ``Refused`` without the words of the consent, for a consent of a day to come and
    for a person without a Kommune or who runs the installation.
    """
    with transaction.atomic(), acting(by):
        _check_consent(consent_on, consent_text)
        no_operator(person)
        if person.municipality_id is None:
            raise Refused(
                f"Für {person} ist keine Kommune eingetragen; Mentor/innen kommen aus einer."
            )
        entry = (
            PoolEntry.objects.select_for_update(of=("self",))
            .filter(programme=programme, person=person)
            .first()
        )
        if entry is None:
            entry = PoolEntry(programme=programme, person=person, created_by=by, origin=origin)
            entry.capacity, entry.topics = capacity, list(topics)
        entry.consent_on, entry.consent_text = consent_on, consent_text.strip()
        entry.paused_until = paused_until
        entry.save()
        kept: PoolEntry = entry
        return kept


@dataclass(frozen=True)
class Kept:
    """What is kept of somebody in the pool; ``consent_text`` are the words they agreed to."""

    consent_on: date
    consent_text: str
    capacity: int = 1
    topics: tuple[str, ...] = ()
    paused_until: date | None = None
    origin: str = ""


def enter_by_hand(
    *,
    cycle: Cycle,
    municipality: Municipality,
    kept: Kept,
    person: Person | None = None,
    named: Named | None = None,
    by: User,
) -> PoolEntry:
    """Enter somebody who told a member of the Beirat: ``person``, or ``named`` who is new.

    Raises ``Refused`` for oneself and for somebody who is in the pool already.
    """
    with transaction.atomic(), acting(by):
        found = held_open(cycle)
        if person is None and named is not None:
            person = create_named(named, municipality, position="", by=by)
        if person is None:
            raise Refused("Bitte nennen Sie, wer in den Pool kommt.")
        if person.pk == actor(by).pk:
            raise Refused("Sich selbst trägt niemand ein: bitten Sie ein anderes Mitglied darum.")
        if PoolEntry.objects.filter(programme=found.programme_id, person=person).exists():
            raise Refused(f"{person} steht schon im Pool. Ändern Sie den vorhandenen Eintrag.")
        return keep_in_pool(
            programme=found.programme,
            person=person,
            consent_on=kept.consent_on,
            consent_text=kept.consent_text,
            capacity=kept.capacity,
            topics=kept.topics,
            paused_until=kept.paused_until,
            origin=kept.origin,
            by=by,
        )


def change_entry(entry: PoolEntry, *, by: User) -> PoolEntry:
    """Save changed topics, capacity, pause or consent. Raises ``EditConflict``, ``Refused``."""
    with transaction.atomic(), acting(by):
        _check_consent(entry.consent_on, entry.consent_text)
        entry.save()
        return entry


def pause(entry: PoolEntry, *, until: date | None, by: User) -> PoolEntry:
    """Let the person be until a day, or end the pause. Raises ``Refused`` for a day gone by."""
    with transaction.atomic(), acting(by):
        stored = _locked(entry)
        if until is not None and until <= timezone.localdate():
            raise Refused("Die Pause endet an einem Tag, der noch kommt.")
        stored.paused_until = until
        stored.save()
        return stored


def remove(entry: PoolEntry, *, by: User | None) -> None:
    """Take the person out: they withdrew the consent, or left. Nothing of it is kept.

    Where nobody has asked them yet, what was planned with them goes as well; a pause noted
    in a cycle ends, for it rested on the same consent.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(entry)
        person = stored.person
        sought = Mentor.objects.filter(person=person, cycle__programme=stored.programme_id)
        for idea in sought.filter(state=MentorState.IDEA):
            idea.delete()
        for mentor in sought.filter(paused_until__isnull=False):
            mentor.paused_until = None
            mentor.save()
        stored.delete()
        forget(person)


def plan(entry: PoolEntry, *, cycle: Cycle, by: User) -> Mentor:
    """Mean somebody from the pool for ``cycle``: an idea that may carry a name.

    Raises ``Refused`` during a pause, for a Kommune outside the cycle, an applicant of it, and
    for who is in it already.
    """
    with transaction.atomic(), acting(by):
        found = held_open(cycle)
        stored = _locked(entry)
        person = stored.person
        if found.programme_id != stored.programme_id:
            raise Refused("Dieser Pool gehört zu einem anderen Programm.")
        if stored.is_paused:
            raise Refused(
                f"{person} möchte bis zum {stored.paused_until:%d.%m.%Y} nicht gefragt werden."
            )
        if person.municipality is None:
            raise Refused(f"Für {person} ist keine Kommune eingetragen.")
        check_house(found, person.municipality)
        check_person(found, person, by)
        idea = Mentor(
            cycle=found,
            municipality=person.municipality,
            person=person,
            position=person.position or "Funktion nicht bekannt",
            topics=stored.topics,
            capacity=stored.capacity,
            had_by=actor(by),
        )
        idea.save()
        return idea


# --- Filled from consents ---------------------------------------------------------------
def take_over_consents(programme: Programme | None = None) -> int:
    """Enter former mentees and mentors with a valid consent to be asked again.

    Former is a mentor from the day on which they are one, and a mentee once the cycle is
    closed. Returns how many were entered; bears being run again.
    """
    consents = (
        Consent.objects.valid()
        .filter(kind=ConsentKind.ALUMNI, person__municipality__isnull=False)
        .exclude(cycle__state=CycleState.CANCELLED)
        .select_related("person", "cycle__programme", "person__user")
        .order_by("given_on", "pk")
    )
    if programme is not None:
        consents = consents.filter(cycle__programme=programme)
    known = set(PoolEntry.objects.values_list("programme", "person"))
    roles = _roles(consents.values("person"))
    entered = 0
    for consent in consents:
        key = (consent.cycle.programme_id, consent.person_id)
        role = roles.get((consent.cycle_id, consent.person_id))
        operator = consent.person.user is not None and consent.person.user.is_operator
        if key in known or role is None or operator:
            continue
        keep_in_pool(
            programme=consent.cycle.programme,
            person=consent.person,
            consent_on=consent.given_on,
            consent_text=consent.text,
            origin=f"{role} in Durchgang Nr. {consent.cycle.number}",
            by=None,
        )
        known.add(key)
        entered += 1
    return entered


def _roles(people: Any) -> dict[tuple[int, int], str]:
    """Cycle and person to the role in which they were there."""
    former = Q(role=ParticipantRole.MENTOR) | Q(
        role=ParticipantRole.MENTEE, cycle__state=CycleState.CLOSED
    )
    rows = Participant.objects.filter(former, person__in=people).order_by("role")
    return {
        (cycle, person): str(ParticipantRole(role).label)
        for cycle, person, role in rows.values_list("cycle", "person", "role")
    }


def consent_withdrawn(consent: Consent, by: User | None) -> None:
    """Take out of the pool who withdrew the consent to be asked again.

    A consent given in another cycle of the programme still holds.
    """
    if consent.kind != ConsentKind.ALUMNI:
        return
    programme = consent.cycle.programme_id
    entry = PoolEntry.objects.filter(programme=programme, person=consent.person_id).first()
    if entry is not None:
        remove(entry, by=by)


# --- What is known of earlier cycles ------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """When somebody was last asked, in which cycle, by whom, and the answer."""

    number: int
    on: date
    by: str
    answer: str

    def __str__(self) -> str:
        return f"Nr. {self.number}, {self.on:%d.%m.%Y}: {self.answer or 'noch offen'}"


def last_asked(entries: Iterable[PoolEntry]) -> dict[int, list[Asked]]:
    """Of each person of these entries (by primary key) how they were asked, the newest first.

    Over all cycles of their programmes, also ended ones: they agreed to be asked again.
    """
    entries = list(entries)
    approaches = (
        Approach.objects.filter(
            mentor__person__in=[entry.person_id for entry in entries],
            mentor__cycle__programme__in={entry.programme_id for entry in entries},
        )
        .exclude(answer=Answer.RELEASED)
        .select_related("mentor__cycle", "by")
        .order_by("-claimed_at", "-pk")
    )
    found: dict[int, list[Asked]] = {}
    for row in approaches:
        if row.mentor.person_id is None:
            continue
        asked = Asked(
            row.mentor.cycle.number,
            timezone.localtime(row.claimed_at).date(),
            row.by.full_name,
            str(Answer(row.answer).label) if row.answer else "",
        )
        found.setdefault(row.mentor.person_id, []).append(asked)
    return found


def _locked(entry: PoolEntry) -> PoolEntry:
    stored = (
        PoolEntry.objects.select_for_update(of=("self",))
        .select_related("person__municipality", "programme")
        .filter(pk=entry.pk)
        .first()
    )
    if stored is None:
        raise Refused("Diesen Eintrag gibt es im Pool nicht mehr.")
    found: PoolEntry = stored
    return found


def _check_consent(on: date, text: str) -> None:
    if on > timezone.localdate():
        raise Refused("Die Einwilligung ist mit einem Tag in der Zukunft eingetragen.")
    if not text.strip():
        raise Refused("Bitte schreiben Sie dazu, worin die Person eingewilligt hat.")
