"""The events of the demo: some behind, with who came; some ahead, with answers still open."""

from datetime import date, time, timedelta

from mentoring.accounts.models import User
from programmes.cycles.models import CouncilSeat
from programmes.events.domain import AgendaPoint, create_event, save_agenda
from programmes.events.models import Answer, Attendee, Event, EventKind
from programmes.people.models import Person
from programmes.roadmap.models import Milestone
from tandems.demo import calendar
from tandems.demo.cycles import Cast
from tandems.demo.people import Crowd

INSTITUTE = "Demo-Institut, Haus am Übungsplatz"
ADDRESS = "Übungsplatz 1\n48000 Münster"
DIETS = ("vegetarisch", "vegan", "ohne Nüsse")
NEEDS = ("Platz für einen Rollstuhl", "Sitzplatz vorn wegen des Hörgeräts")
AGENDA = (
    AgendaPoint("Ankommen bei Kaffee und Tee", time(9, 30)),
    AgendaPoint("Begrüßung durch den Beirat", time(10, 0)),
    AgendaPoint("Rückblick der Tandems", time(10, 15), "Dipl.-Päd. Almut Vorbildsen"),
    AgendaPoint("Mittagessen", time(12, 30)),
    AgendaPoint("Führen in Veränderungen", time(13, 30), "Dipl.-Päd. Almut Vorbildsen"),
)


def build_running_events(crowd: Crowd, cast: Cast, *, by: User) -> None:
    """Nr. 10: Startworkshop and a meeting behind, the Zwischenbilanz and a session ahead."""
    mentees = [person for people in cast.mentees.values() for person in people]
    mentors = [person for people in cast.mentors.values() for person in people]
    both = [*((person, "Mentee") for person in mentees), *((p, "Mentor/in") for p in mentors)]
    start = _event(cast, "start", EventKind.START, by=by, room="Großer Saal", capacity=80)
    _came(crowd, start, both)
    first = _event(cast, "vernetzung1", EventKind.NETWORKING, by=by, hours=(14, 17))
    _came(crowd, first, [(person, "Mentee") for person in mentees])
    interim = _event(
        cast,
        "zwischenbilanz",
        EventKind.INTERIM,
        by=by,
        room="Großer Saal",
        material="Beamer, zwei Stellwände, Moderationskoffer",
        catering="Kaffee und Tee ab 9.30 Uhr, Mittagessen um 12.30 Uhr",
        capacity=80,
        asks_needs=True,
        description="Wir sehen auf das erste halbe Jahr zurück und stärken das zweite.",
    )
    save_agenda(interim, AGENDA, by=by)
    _answered(crowd, interim, both)
    session = Event(
        cycle=cast.cycle,
        kind=EventKind.COUNCIL,
        title="Sitzung des Beirats",
        venue="Rathaus Rheine",
        online_url="https://konferenz.demo-institut.example/beirat",
        **_times(calendar.workday(crowd.today + timedelta(days=13)), (9, 12)),
    )
    create_event(session, by=by)
    seats = CouncilSeat.objects.current().filter(participation__cycle=cast.cycle)
    _answered(crowd, session, [(seat.person, "Beirat") for seat in seats])


def build_open_events(crowd: Crowd, cast: Cast, *, by: User) -> None:
    """Nr. 11: the Vorstellungstermin, and an hour online for Kommunen that think about it."""
    _event(cast, "vorstellung", EventKind.INTRODUCTION, by=by, room="Raum 2 und 3", capacity=40)
    online = Event(
        cycle=cast.cycle,
        kind=EventKind.INFORMATION,
        title="Offene Sprechstunde für interessierte Kommunen",
        description="Wir stellen das Programm vor und beantworten Ihre Fragen.",
        online_url="https://konferenz.demo-institut.example/sprechstunde",
        public_registration=True,
        capacity=60,
        **_times(calendar.workday(crowd.today + timedelta(days=10)), (11, 12)),
    )
    create_event(online, by=by)


def _event(
    cast: Cast,
    key: str,
    kind: EventKind,
    *,
    by: User,
    hours: tuple[int, int] = (10, 16),
    **fields: object,
) -> Event:
    milestone = Milestone.objects.get(cycle=cast.cycle, key=key)
    event = Event(
        cycle=cast.cycle,
        milestone=milestone,
        kind=kind,
        title=milestone.title,
        venue=INSTITUTE,
        address=ADDRESS,
        **_times(milestone.starts_on, hours),
        **fields,
    )
    return create_event(event, by=by)


def _times(day: date, hours: tuple[int, int]) -> dict[str, object]:
    begins, ends = hours
    return {"starts_at": calendar.moment(day, begins), "ends_at": calendar.moment(day, ends)}


def _came(crowd: Crowd, event: Event, people: list[tuple[Person, str]]) -> None:
    """Nearly everybody had said yes, and nearly all of them came."""
    for person, role in people:
        yes = crowd.rng.random() < 0.92
        _attendee(event, person, role, Answer.YES if yes else Answer.NO).save()
    for attendee in event.attendees.filter(answer=Answer.YES):
        attendee.attended = crowd.rng.random() < 0.95
        attendee.save()


def _answered(crowd: Crowd, event: Event, people: list[tuple[Person, str]]) -> None:
    """Two thirds have answered; a few eat otherwise or need something."""
    for number, (person, role) in enumerate(people):
        answer = crowd.rng.choices(Answer.values, weights=(3, 6, 1))[0]
        attendee = _attendee(event, person, role, answer)
        if event.asks_needs and answer == Answer.YES:
            if number % 4 == 1:
                attendee.diet = DIETS[number % len(DIETS)]
            if number % 17 == 3:
                attendee.access_needs = NEEDS[number % len(NEEDS)]
        attendee.save()


def _attendee(event: Event, person: Person, role: str, answer: str) -> Attendee:
    invited_at = event.starts_at - timedelta(weeks=8)
    return Attendee(
        event=event,
        person=person,
        municipality=person.municipality,
        role=role,
        answer=answer,
        invited_at=invited_at,
        mailed_at=invited_at,
        answered_at=None if answer == Answer.OPEN else invited_at + timedelta(days=3),
    )
