"""What the doors of this room ask before they let something through."""

from datetime import date

from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import (
    Cycle,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
)
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry

NOT_POSSIBLE = (
    "Für diese Person lässt sich in diesem Durchgang keine Anfrage eintragen. Bitte sprechen Sie "
    "die Personalstelle ihrer Kommune oder ein anderes Mitglied des Beirats an."
)
ONESELF = (
    "Sich selbst können Sie nicht als Mentor/in eintragen: wer gesucht wird, liest nicht mit. "
    "Bitten Sie ein anderes Mitglied des Beirats, das zu übernehmen."
)
NO_PERSON = "Ihr Zugang gehört zu keiner Person des Programms, darum geht das hier nicht."


def locked(mentor: Mentor) -> Mentor:
    """The row as it stands now, locked, after its cycle: always in this order.

    Raises ``Refused`` if it is gone or the cycle has ended.
    """
    cycle = held_open(mentor.cycle)
    stored = (
        Mentor.objects.select_for_update(of=("self",))
        .select_related("municipality", "person")
        .filter(pk=mentor.pk)
        .first()
    )
    if stored is None:
        raise Refused("Diesen Eintrag hat inzwischen jemand gelöscht.")
    stored.cycle = cycle
    found: Mentor = stored
    return found


def actor(by: User) -> Person:
    """The person behind ``by``. Raises ``Refused`` for a sign-in without one."""
    found = Person.objects.filter(pk=posts_of(by).person or 0).first()
    if found is None:
        raise Refused(NO_PERSON)
    person: Person = found
    return person


def check_state(mentor: Mentor, *expected: MentorState) -> None:
    """Raise ``Refused`` unless the mentor is in one of the expected states."""
    if mentor.state not in expected:
        raise Refused(
            f"Das geht nicht mehr: der Eintrag ist inzwischen im Stand "
            f"„{MentorState(mentor.state).label}“. Laden Sie die Seite neu."
        )


def check_house(cycle: Cycle, municipality: Municipality) -> None:
    """Raise ``Refused`` unless the Kommune takes part in the cycle."""
    if not Participation.objects.filter(
        cycle=cycle, municipality=municipality, state=ParticipationState.CONFIRMED
    ).exists():
        raise Refused(
            f"{municipality} nimmt an diesem Durchgang nicht (oder noch nicht bestätigt) teil. "
            "Die Leitung des Beirats kann die Teilnahme bestätigen."
        )


def check_day(on: date, *, since: date | None = None) -> None:
    """Raise ``Refused`` for a day to come, or before ``since``."""
    if on > timezone.localdate():
        raise Refused("Dieser Tag liegt in der Zukunft.")
    if since is not None and on < since:
        raise Refused(f"Angefragt wurde erst am {since:%d.%m.%Y}; die Antwort kommt danach.")


def check_person(cycle: Cycle, person: Person, by: User, *, besides: Mentor | None = None) -> None:
    """Raise ``Refused`` unless ``person`` may be sought as a mentor in ``cycle``."""
    if person.pk == posts_of(by).person:
        raise Refused(ONESELF)
    check_not_applicant(cycle, person, by)
    others = Mentor.objects.filter(cycle=cycle, person=person)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    other = others.select_related("person").first()
    if other is not None:
        raise taken(other, by)
    entry = PoolEntry.objects.filter(programme=cycle.programme_id, person=person).first()
    if entry is not None and entry.is_paused:
        raise Refused(
            f"{person} möchte bis zum {entry.paused_until:%d.%m.%Y} nicht gefragt werden (Pause im "
            "Pool)."
        )


def check_not_applicant(cycle: Cycle, person: Person, by: User) -> None:
    """Raise ``Refused`` for an applicant or mentee of the cycle.

    In plain words only to who may know. What is not nominated is told to nobody outside the
    own Kommune, so it stops nothing here; the nomination is refused instead, once the
    person has agreed as a mentor.
    """
    ended = (ApplicationState.WITHDRAWN, ApplicationState.NOT_NOMINATED)
    applications = (
        Application.objects.visible_to(by)
        .filter(cycle=cycle, person=person)
        .exclude(state__in=ended)
    )
    roles = (ParticipantRole.APPLICANT, ParticipantRole.MENTEE)
    entries = Participant.objects.filter(cycle=cycle, person=person, role__in=roles).present()
    if applications.exists() or entries.visible_to(by).exists():
        raise Refused(
            f"{person} ist in diesem Durchgang Bewerber/in oder Mentee und kann darum nicht auch "
            "Mentor/in sein."
        )
    if entries.exists():
        raise Refused(NOT_POSSIBLE)


def taken(mentor: Mentor, by: User) -> Refused:
    """That ``mentor`` was asked, or is about to be, as far as ``by`` may know of it.

    It is hidden from who is the mentor and from whom its sheet excludes, also from who had
    the page open before that became so.
    """
    seen = Mentor.objects.visible_to(by).filter(pk=mentor.pk).exists()
    return Refused(already(mentor) if seen else NOT_POSSIBLE)


def already(mentor: Mentor) -> str:
    """Who asked ``mentor`` and when, for somebody who was about to ask as well."""
    approach = last_approach(mentor)
    name = mentor.called
    if approach is None:
        return (
            f"{name} ist für diesen Durchgang schon vorgesehen. Übernehmen Sie die Anfrage bei "
            "dem vorhandenen Eintrag, statt einen zweiten anzulegen."
        )
    day = timezone.localtime(approach.claimed_at)
    told = f"{approach.by.full_name} hat die Anfrage am {day:%d.%m.%Y} um {day:%H:%M} Uhr"
    if not approach.answer:
        return f"{name} wird schon angefragt: {told} übernommen. Bitte nicht noch einmal fragen."
    answer = Answer(approach.answer).label
    return (
        f"{name} ist in diesem Durchgang schon gefragt worden: {told} übernommen, Antwort: "
        f"{answer}. Bitte nicht noch einmal fragen."
    )


def last_approach(mentor: Mentor) -> Approach | None:
    """The newest approach of ``mentor`` that was one: not released again."""
    return (
        Approach.objects.filter(mentor=mentor)
        .exclude(answer=Answer.RELEASED)
        .select_related("by")
        .first()
    )
