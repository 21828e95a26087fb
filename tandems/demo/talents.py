"""A second programme in the middle of its matching, so that there is a full wall to see."""

from datetime import timedelta
from decimal import Decimal

from programmes.cycles.models import CycleState, PermanentMember, Programme, ProgrammeKind
from tandems.applications.models import Application, ApplicationState
from tandems.demo import calendar
from tandems.demo.applications import write
from tandems.demo.cycles import Cast, enter_participants, make_cycle, participate, take_seat
from tandems.demo.house import House
from tandems.demo.mentors import build_running_mentors
from tandems.demo.people import Crowd
from tandems.demo.profiles import MENTOR_POSTS
from tandems.matching.models import Bias, IdeaComment, IdeaStance, IdeaVoice, Mark, MatchIdea
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.models import PairStance, Tandem, TandemState, TandemVoice

NAME = "Nachwuchsförderkreis der Kommunen"
NUMBER = 4
# Mentees and mentors per Kommune.
HOUSES = {
    "Münster": (3, 2),
    "Rheine": (2, 2),
    "Ahlen": (2, 1),
    "Greven": (2, 2),
    "Gronau": (1, 2),
    "LWL": (2, 2),
    "Kreis Warendorf": (2, 2),
}
IDEAS = (("Leitung Jugendamt", "Gronau"), ("Stabsstelle Digitalisierung", "LWL"))
REASONS = (
    "Gleiche Themen, aber ein ganz anderes Haus.",
    "Hat selbst aus dem Team heraus die Leitung übernommen.",
    "Wohnt in der Nähe, kurze Wege für beide.",
    "Kennt Politik und Verwaltung von beiden Seiten.",
)
DECIDED = (TandemState.SEALED, TandemState.AGREED, TandemState.PROPOSED)


def build_talents(crowd: Crowd, house: House, last: Cast) -> Cast:
    """Programme, cycle and people; the seats are those of ``last``."""
    programme = Programme.objects.create(
        name=NAME,
        kind=ProgrammeKind.TALENT_CIRCLE,
        fee_per_mentee=Decimal("450.00"),
        tandem_months=12,
        meetings_min=6,
        meetings_max=8,
        logistics_partner=house.partner,
    )
    PermanentMember.objects.create(
        programme=programme,
        person=house.permanent["LWL"],
        since=crowd.today - timedelta(days=1500),
    )
    dates = calendar.matching_cycle(crowd.today)
    cast = Cast(
        make_cycle(
            programme,
            NUMBER,
            CycleState.MATCHING,
            dates,
            places=16,
            matching_on=dates.week(calendar.PLACES_GIVEN + 1),
        ),
        dates,
    )
    for name, (mentees, mentors) in HOUSES.items():
        municipality = house.municipalities[name]
        part = participate(house, cast.cycle, name, mentees)
        cast.seats[name] = last.seats[name][:1]
        take_seat(part, cast.seats[name][0], dates, lead=name in ("Münster", "LWL"))
        cast.mentees[name] = [
            crowd.person(municipality, position="Sachbearbeitung") for _ in range(mentees)
        ]
        cast.mentors[name] = [
            crowd.person(municipality, position=crowd.rng.choice(MENTOR_POSTS))
            for _ in range(mentors)
        ]
        write(
            crowd,
            cast,
            municipality,
            [(ApplicationState.PLACED, person) for person in cast.mentees[name]],
            submitted_on=dates.week(calendar.APPLICATION_BEGINS + 7),
            nominated_on=dates.week(calendar.APPLICATION_ENDS),
            informed_on=dates.week(calendar.PLACES_GIVEN + 1),
        )
    enter_participants(cast)
    build_running_mentors(crowd, cast)
    for position, name in IDEAS:
        Mentor.objects.create(
            cycle=cast.cycle,
            municipality=house.municipalities[name],
            position=position,
            topics=["leadership", "change", "digital"],
            had_by=cast.seats["Münster"][0],
        )
    _fill_wall(crowd, cast)
    return cast


def _fill_wall(crowd: Crowd, cast: Cast) -> None:
    """Ideas with voices and remarks; the first mentees are decided, the last have nothing."""
    applications = list(
        Application.objects.filter(cycle=cast.cycle).select_related("person").order_by("pk")
    )
    mentors = list(Mentor.objects.filter(cycle=cast.cycle).order_by("-pk"))
    parts = list(cast.cycle.participations.select_related("municipality").order_by("pk"))
    members = [cast.seats[part.municipality.short_name][0] for part in parts]
    for at, application in enumerate(applications[:-3]):
        found = [
            mentors[(2 * at + step) % len(mentors)]
            for step in range(len(mentors))
            if mentors[(2 * at + step) % len(mentors)].municipality_id
            != application.municipality_id
        ][: 1 + at % 3]
        for number, mentor in enumerate(found):
            idea = MatchIdea.objects.create(
                application=application,
                mentor=mentor,
                had_by=members[(at + number) % len(members)],
                reason=REASONS[(at + number) % len(REASONS)],
                mark=Mark.SECOND if at == 4 and number == 1 else Mark.NONE,
                created_at=calendar.moment(crowd.today - timedelta(days=12 - at % 9), 9 + number),
            )
            for step, part in enumerate(parts[: 1 + (at + number) % 4]):
                doubts = (at + step) % 5 == 4
                stance = IdeaStance.DOUBT if doubts else IdeaStance.SUPPORT
                IdeaVoice.objects.create(idea=idea, participation=part, stance=stance)
            if at % 4 == 1:
                IdeaComment.objects.create(
                    idea=idea,
                    author=members[at % len(members)],
                    text="Beide treffen sich lieber vor Ort: bitte die Entfernung bedenken.",
                )
    Bias.objects.create(
        mentor=mentors[3], member=cast.seats["Rheine"][0], text="frühere Zusammenarbeit"
    )
    _decide(crowd, cast, applications)


def _decide(crowd: Crowd, cast: Cast, applications: list[Application]) -> None:
    """One tandem in each state before the reveal, from the ideas of the first mentees."""
    ideas = MatchIdea.objects.filter(
        application__in=applications, mentor__state=MentorState.AGREED
    ).select_related("application__person", "mentor__person")
    taken: set[int] = set()
    for state in DECIDED:
        idea = ideas.exclude(mentor__in=taken).exclude(application__tandems__isnull=False).first()
        if idea is None or idea.mentor.person is None:
            return
        application = idea.application
        taken.add(idea.mentor_id)
        day = crowd.today - timedelta(days=4)
        tandem = Tandem.objects.create(
            cycle=cast.cycle,
            application=application,
            mentor=idea.mentor,
            mentee_person=application.person,
            mentor_person=idea.mentor.person,
            state=state,
            reason=idea.reason,
            proposed_at=calendar.moment(day, 10),
            agreed_at=None if state == TandemState.PROPOSED else calendar.moment(day, 12),
            sealed_at=calendar.moment(day, 15) if state == TandemState.SEALED else None,
        )
        houses = (application.municipality_id, idea.mentor.municipality_id)
        heard = houses[:1] if state == TandemState.PROPOSED else houses
        for part in cast.cycle.participations.filter(municipality__in=heard):
            TandemVoice.objects.create(tandem=tandem, participation=part, stance=PairStance.AGREE)
