"""What the page of mentee and mentor shows: their dates, their tandems, their documents.

Nothing here depends on a pair that the reader does not know of yet: before the reveal the
words are the same whether there is one or not (design, rule 1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.lists import Badge
from programmes.cycles.frame import contact_seats, participations
from programmes.cycles.models import CycleState, Participant, ParticipantRole
from programmes.documents.models import Document
from programmes.documents.shown import visible_documents_of
from programmes.events.calendar import place
from programmes.events.domain import closed_reason
from programmes.events.models import Answer, Attendee, EventState
from programmes.events.views.base import answer_badge
from programmes.events.wording import when
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from tandems.meetings.domain import contact_of
from tandems.meetings.models import TandemMeeting
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import own_tandems

USUAL = (8, 10)
"""So many meetings a tandem has in its year."""
DATES_SHOWN = 5


def tandems_of(user: Any) -> QuerySet[Tandem]:
    """The tandems one half of which ``user`` is, as far as they may know, the newest last."""
    return (
        Tandem.objects.filter(own_tandems(user))
        .select_related(
            "cycle__programme",
            "application__municipality",
            "mentor__municipality",
            "mentee_person",
            "mentor_person",
        )
        .order_by("cycle", "revealed_at", "pk")
    )


@dataclass(frozen=True)
class Half:
    """The other one of the two, as far as the reader may know them."""

    person: Person
    role: str
    municipality: Municipality
    position: str
    shows_contact: bool


@dataclass
class OwnTandem:
    """A tandem as one of the two sees it."""

    tandem: Tandem
    me: Person
    partner: Half
    met: list[TandemMeeting] = field(default_factory=list)
    planned: list[TandemMeeting] = field(default_factory=list)
    contact: Person | None = None

    @property
    def is_known(self) -> bool:
        """Whether both know of it; a mentor may be told first."""
        return self.tandem.is_known

    @property
    def is_running(self) -> bool:
        """Whether the two still enter something."""
        return self.is_known and self.tandem.state in TandemState.running()

    @property
    def is_mentee(self) -> bool:
        """Whether the reader is the mentee."""
        return self.me.pk == self.tandem.mentee_person_id

    @property
    def counter(self) -> str:
        """ "5 von 8 bis 10 Treffen"; planned ones do not count."""
        return counted(len(self.met))

    @property
    def at_most(self) -> int:
        """How far the bar goes."""
        return USUAL[1]

    @property
    def bar(self) -> int:
        """How far the bar is filled: no further than it goes."""
        return min(len(self.met), USUAL[1])


def counted(number: int) -> str:
    """How many of the usual meetings have been, in words."""
    least, most = USUAL
    if number > most:
        return f"{number} Treffen, mehr als die üblichen {least} bis {most}"
    return f"{number} von {least} bis {most} Treffen"


def partner_of(tandem: Tandem, person: int | None) -> Half:
    """The other half for ``person``, one of the two (primary key).

    How to reach them stands there from the reveal until an early end.
    """
    shows = tandem.is_known and tandem.state != TandemState.ENDED_EARLY
    if person == tandem.mentee_person_id:
        mentor = tandem.mentor
        position = mentor.position or tandem.mentor_person.position
        return Half(tandem.mentor_person, "Mentor/in", mentor.municipality, position, shows)
    application = tandem.application
    position = application.position or tandem.mentee_person.position
    return Half(tandem.mentee_person, "Mentee", application.municipality, position, shows)


def read(tandems: Iterable[Tandem], user: Any, *, with_contact: bool = True) -> list[OwnTandem]:
    """``tandems`` of ``user`` with their meetings, those that run first.

    The contact in the Beirat takes queries of its own for each tandem that runs.
    """
    tandems, person = list(tandems), posts_of(user).person
    shown = {row.pk: _shown(row, person) for row in tandems}
    known = [row.pk for row in tandems if row.is_known]
    today = timezone.localdate()
    meetings = TandemMeeting.objects.filter(tandem__in=known) if known else ()
    for meeting in meetings:
        one = shown[meeting.tandem_id]
        (one.planned if meeting.met_on > today else one.met).append(meeting)
    for one in shown.values():
        one.met.reverse()
        if with_contact and one.is_running:
            one.contact = contact_of(one.tandem, one.me)
    return sorted(shown.values(), key=lambda one: (not one.is_running, one.tandem.pk))


def _shown(tandem: Tandem, person: int | None) -> OwnTandem:
    is_mentee = person == tandem.mentee_person_id
    me = tandem.mentee_person if is_mentee else tandem.mentor_person
    return OwnTandem(tandem, me, partner_of(tandem, person))


# --- one's part in a cycle ----------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """What somebody is in a cycle: mentee or mentor, with the tandems they know of."""

    entry: Participant
    tandems: list[OwnTandem]
    contacts: list[Person]

    @property
    def heading(self) -> str:
        """As what, and where."""
        cycle = self.entry.cycle
        role = self.entry.get_role_display()
        return f"Als {role} in „{cycle.programme}“, Durchgang Nr. {cycle.number}"

    @property
    def is_mentee(self) -> bool:
        """Whether as a mentee."""
        return self.entry.role == ParticipantRole.MENTEE

    @property
    def has_left(self) -> bool:
        """Whether the person is out of the cycle."""
        return self.entry.left_on is not None

    @property
    def waits(self) -> bool:
        """Whether nothing is known (yet) of a tandem that goes on."""
        return not self.has_left and not any(
            one.is_running or not one.is_known or one.tandem.state == TandemState.COMPLETED
            for one in self.tandems
        )

    @property
    def shows_contacts(self) -> bool:
        """Whether whom to ask stands here, and not with a tandem that runs."""
        return not self.has_left and not any(one.is_running for one in self.tandems)

    @property
    def waiting(self) -> str:
        """What is said meanwhile: the same, whether there is a pair or not."""
        if self.tandems:
            return (
                "Wie es für Sie weitergeht, bespricht der Beirat mit Ihnen. Bei Fragen wenden Sie "
                "sich gern an Ihre Kontaktperson."
            )
        workshop = self.entry.cycle.start_workshop_on
        if workshop is None:
            return "Ihr Match erfahren Sie am Startworkshop."
        if workshop >= timezone.localdate():
            return f"Ihr Match erfahren Sie am Startworkshop, am {workshop:%d.%m.%Y}."
        return (
            "Hier steht Ihr Tandem, sobald es bekannt gegeben ist. Bei Fragen wenden Sie sich "
            "gern an Ihre Kontaktperson."
        )


def parts_of(user: Any) -> list[Part]:
    """What ``user`` is in each open cycle, mentee and mentor each apart."""
    entries = participations(user)
    tandems = read(tandems_of(user), user) if entries else []
    contacts = contact_seats(entries)
    return [
        Part(
            entry,
            [
                one
                for one in tandems
                if one.tandem.cycle_id == entry.cycle_id
                and one.is_mentee == (entry.role == ParticipantRole.MENTEE)
            ],
            [seat.person for seat in contacts[entry.pk] if seat.person_id != entry.person_id],
        )
        for entry in entries
    ]


# --- dates --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Date:
    """Something ahead, with what one answered and where to answer."""

    title: str
    when: str
    place: str = ""
    url: str = ""
    answer: Badge | None = None
    until: date | None = None
    waits: bool = False


def dates_of(user: Any, entries: Sequence[Participant]) -> list[Date]:
    """One's next events; the Startworkshop too while nobody is invited to it yet."""
    today = timezone.localdate()
    rows = list(
        Attendee.objects.visible_to(user)
        .filter(person=posts_of(user).person, event__ends_at__gt=timezone.now())
        .filter(event__state=EventState.PLANNED)
        .select_related("event__cycle")
        .order_by("event__starts_at", "pk")
    )
    taken = {(row.event.cycle_id, timezone.localdate(row.event.starts_at)) for row in rows}
    found: list[tuple[date, Date]] = [
        (timezone.localdate(row.event.starts_at), _date(row)) for row in rows
    ]
    for cycle in {entry.cycle_id: entry.cycle for entry in entries if not entry.left_on}.values():
        day = cycle.start_workshop_on
        if day is not None and day >= today and (cycle.pk, day) not in taken:
            found.append((day, Date("Startworkshop", f"{day:%d.%m.%Y}, Einladung folgt")))
    found.sort(key=lambda one: one[0])
    return [one for _, one in found[:DATES_SHOWN]]


def _date(row: Attendee) -> Date:
    event = row.event
    waits = row.answer == Answer.OPEN and not closed_reason(event)
    return Date(
        event.title,
        when(event),
        place(event),
        reverse("events:own_event", args=[row.pk]),
        answer_badge(row),
        event.answer_until if waits else None,
        waits,
    )


# --- documents ----------------------------------------------------------------------------
def documents_of(user: Any, entries: Sequence[Participant]) -> list[Document]:
    """The documents of one's cycles, as far as one reads them."""
    cycles = {entry.cycle_id for entry in entries}
    if not cycles:
        return []
    return visible_documents_of(
        Document.objects.filter(cycle__in=cycles).exclude(cycle__state__in=CycleState.ended()),
        user,
    )
