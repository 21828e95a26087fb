"""The three cycles of the demo with their Kommunen, Beiräte and participants.

Their past is written as it would stand there today: the functions that change a state
date it now, so a state reached months ago is set directly.
"""

from dataclasses import dataclass, field

from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
    Programme,
    SeatFunction,
)
from programmes.people.models import Person
from tandems.demo import calendar
from tandems.demo.house import House
from tandems.demo.people import Crowd
from tandems.demo.profiles import MENTOR_POSTS

# Mentees and mentors per Kommune.
CLOSED = {
    "Münster": (3, 3),
    "Kreis Steinfurt": (3, 3),
    "LWL": (3, 2),
    "Rheine": (3, 2),
    "Gronau": (2, 2),
    "Greven": (2, 2),
    "Ahlen": (2, 2),
    "Kreis Warendorf": (2, 2),
    "Emsdetten": (1, 2),
    "Bünde": (1, 2),
}
RUNNING = {
    "Münster": (3, 4),
    "Kreis Steinfurt": (3, 3),
    "LWL": (3, 3),
    "Rheine": (2, 2),
    "Gronau": (2, 2),
    "Greven": (2, 2),
    "Ahlen": (2, 2),
    "Kreis Warendorf": (2, 2),
    "Emsdetten": (2, 1),
    "Steinfurt": (1, 1),
    "Laer": (1, 1),
    "Ostbevern": (1, 1),
}
# Places wished per Kommune; those after them have not answered or will not take part.
OPEN = {
    "Münster": 3,
    "Kreis Steinfurt": 3,
    "LWL": 3,
    "Rheine": 2,
    "Gronau": 2,
    "Greven": 2,
    "Ahlen": 3,
    "Kreis Warendorf": 2,
    "Emsdetten": 1,
    "Steinfurt": 1,
    "Borken": 2,
    "Dülmen": 1,
    "Ostbevern": 1,
}
INVITED = ("Ascheberg", "Neuenkirchen")
DECLINED = {"Laer": "In diesem Durchgang keine neue Führungskraft.", "Bünde": ""}
TWO_SEATS = ("Münster", "Kreis Steinfurt", "LWL", "Kreis Warendorf", "Gronau")


@dataclass
class Cast:
    """A cycle with the people in it, by Kommune."""

    cycle: Cycle
    dates: calendar.Dates
    seats: dict[str, list[Person]] = field(default_factory=dict)
    mentees: dict[str, list[Person]] = field(default_factory=dict)
    mentors: dict[str, list[Person]] = field(default_factory=dict)


def build_closed(crowd: Crowd, house: House) -> Cast:
    """Nr. 9, closed: published figures, and who was there."""
    dates = calendar.closed_cycle(crowd.today)
    cycle = make_cycle(
        house.programme, 9, CycleState.CLOSED, dates, places=22, published_tandems=22
    )
    cast = Cast(cycle, dates)
    former = crowd.somebody(
        "former",
        "Irmgard",
        "Wacholderhues",
        house.municipalities["Bünde"],
        position="Gleichstellungsbeauftragte",
    )
    for name, (mentees, mentors) in CLOSED.items():
        part = participate(house, cycle, name, mentees, mentees=mentees, mentors=mentors)
        holder = former if name == "Bünde" else _new_member(crowd, house, name)
        take_seat(part, holder, dates)
        cast.seats[name] = [holder]
        cast.mentees[name] = [
            crowd.person(house.municipalities[name], position="Sachgebietsleitung")
            for _ in range(mentees)
        ]
        cast.mentors[name] = [_new_mentor(crowd, house, name) for _ in range(mentors)]
    return cast


def build_running(crowd: Crowd, house: House, last: Cast) -> Cast:
    """Nr. 10, in its tandem phase: 24 mentees and 24 mentors.

    Some of the mentors were mentees in the cycle before, some were mentors then too.
    """
    dates = calendar.running_cycle(crowd.today)
    cast = Cast(
        make_cycle(house.programme, 10, CycleState.RUNNING, dates, started_from=last.cycle), dates
    )
    lead = crowd.somebody(
        "lead",
        "Käthe",
        "Große-Ahornbrink",
        house.municipalities["Münster"],
        title="Dr.",
        position="Leitung Personalentwicklung",
    )
    member = crowd.somebody(
        "member",
        "Ayşe",
        "Übungskamp",
        house.municipalities["Rheine"],
        position="Gleichstellungsbeauftragte",
    )
    mentee = crowd.somebody(
        "mentee", "Erika", "Mustersloh", house.municipalities["Gronau"], position="Teamleitung"
    )
    mentor = crowd.somebody(
        "mentor",
        "Max",
        "Beispielmann",
        house.municipalities["Kreis Steinfurt"],
        salutation="mr",
        position="Amtsleitung Umwelt",
    )
    named = {"Münster": lead, "Rheine": member}
    back = {name: last.mentees[name][0] for name in ("Münster", "LWL", "Greven", "Ahlen")}
    again = {name: last.mentors[name][0] for name in ("Münster", "Rheine", "Gronau")}
    for name, (mentees, mentors) in RUNNING.items():
        part = participate(house, cast.cycle, name, mentees)
        first = named.get(name) or last.seats.get(name, [None])[0]
        cast.seats[name] = [first or _new_member(crowd, house, name)]
        if name in TWO_SEATS:
            cast.seats[name].append(_new_member(crowd, house, name))
        for number, holder in enumerate(cast.seats[name]):
            leads = number == 0 and name in ("Münster", "Kreis Steinfurt")
            take_seat(part, holder, dates, lead=leads, chair=number + 1)
        known = [mentee] if name == "Gronau" else []
        cast.mentees[name] = known + [
            crowd.person(house.municipalities[name], position="Sachgebietsleitung")
            for _ in range(mentees - len(known))
        ]
        known = [row[name] for row in (back, again) if name in row]
        known += [mentor] if name == "Kreis Steinfurt" else []
        cast.mentors[name] = known + [
            _new_mentor(crowd, house, name) for _ in range(mentors - len(known))
        ]
    return cast


def build_open(crowd: Crowd, house: House, last: Cast) -> Cast:
    """Nr. 11, in its application phase."""
    dates = calendar.open_cycle(crowd.today)
    cast = Cast(
        make_cycle(house.programme, 11, CycleState.APPLICATION, dates, started_from=last.cycle),
        dates,
    )
    for name, places in OPEN.items():
        part = participate(house, cast.cycle, name, places)
        cast.seats[name] = last.seats.get(name) or [_new_member(crowd, house, name)]
        for number, holder in enumerate(cast.seats[name]):
            leads = number == 0 and name in ("Münster", "LWL")
            take_seat(part, holder, dates, lead=leads, chair=number + 1)
    for name in INVITED:
        participate(house, cast.cycle, name, None, state=ParticipationState.INVITED)
    for name, note in DECLINED.items():
        participate(house, cast.cycle, name, None, state=ParticipationState.DECLINED, note=note)
    return cast


def enter_participants(cast: Cast) -> None:
    """Enter the mentees and mentors of ``cast`` in the list of its cycle."""
    told, agreed = calendar.PLACES_GIVEN + 1, calendar.MENTORS_FOUND
    for role, houses, week in (
        (ParticipantRole.MENTEE, cast.mentees, told),
        (ParticipantRole.MENTOR, cast.mentors, agreed),
    ):
        Participant.objects.bulk_create(
            Participant(
                cycle=cast.cycle,
                person=person,
                municipality=person.municipality,
                role=role,
                joined_on=cast.dates.week(week),
            )
            for people in houses.values()
            for person in people
        )


def make_cycle(
    programme: Programme, number: int, state: CycleState, dates: calendar.Dates, **fields: object
) -> Cycle:
    """A cycle whose Beirat is confirmed, written as it would stand there on its day."""
    years = dates.years
    return Cycle.objects.create(
        programme=programme,
        number=number,
        title=f"Durchgang {years['start_year']}–{years['end_year']}",
        state=state,
        start_workshop_on=dates.start,
        council_confirmed_at=calendar.moment(dates.week(calendar.COUNCIL_MEETS), 16),
        **years,
        **fields,
    )


def participate(
    house: House,
    cycle: Cycle,
    name: str,
    places: int | None,
    state: ParticipationState = ParticipationState.CONFIRMED,
    **fields: object,
) -> Participation:
    """The Kommune called ``name`` in ``cycle``."""
    return Participation.objects.create(
        cycle=cycle,
        municipality=house.municipalities[name],
        state=state,
        places_wished=places,
        **fields,
    )


def take_seat(
    part: Participation,
    person: Person,
    dates: calendar.Dates,
    *,
    lead: bool = False,
    chair: int = 1,
) -> None:
    """A seat in the Beirat since it first met."""
    equality = "Gleichstellung" in person.position
    CouncilSeat.objects.create(
        participation=part,
        person=person,
        chair=chair,
        lead=lead,
        function=SeatFunction.EQUALITY if equality else SeatFunction.HR_DEVELOPMENT,
        since=dates.week(calendar.COUNCIL_MEETS),
    )


def _new_member(crowd: Crowd, house: House, name: str) -> Person:
    position = crowd.rng.choice(("Personalentwicklung", "Gleichstellungsstelle"))
    return crowd.person(house.municipalities[name], position=position)


def _new_mentor(crowd: Crowd, house: House, name: str) -> Person:
    return crowd.person(house.municipalities[name], position=crowd.rng.choice(MENTOR_POSTS))
