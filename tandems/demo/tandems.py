"""The tandems of Nr. 10 in their year: most meet, some are silent, one ended early."""

from collections.abc import Iterator
from datetime import date, timedelta

from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.demo import calendar
from tandems.demo.cycles import Cast
from tandems.demo.people import Crowd
from tandems.demo.signins import sign_in
from tandems.matching.models import IdeaComment, IdeaStance, IdeaVoice, MatchIdea
from tandems.meetings.models import HelpCall, MeetingForm, TandemMeeting
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.models import EndReason, Tandem, TandemState

SEALED, REVEAL_HOUR = -2, 11
LENGTHS = (60, 90, 90, 120)
SILENT = (5, 11, 17)
"""Which tandems have not met for long, by their place in the list."""
NEVER_MET, ENDED, ASKS_FOR_HELP = 20, 14, 11


def build_running_tandems(crowd: Crowd, cast: Cast) -> None:
    """A tandem for each mentee, revealed at the Startworkshop, with the meetings since."""
    pairs = list(pairs_of(cast))
    for at, (application, mentor) in enumerate(pairs):
        tandem = _tandem(cast, application, mentor, cast.seats)
        if at == ENDED:
            _end(crowd, cast, tandem)
        if at != NEVER_MET:
            _meet(crowd, tandem, silent=at in SILENT)
        if at == ASKS_FOR_HELP:
            HelpCall.objects.create(
                tandem=tandem,
                asked_by=tandem.mentee_person,
                contact=tandem.accompanied_by or cast.seats["Münster"][0],
                asked_at=calendar.moment(crowd.today - timedelta(days=3), 15),
            )
    _match_again(crowd, cast, pairs[ENDED][0])


def pairs_of(cast: Cast) -> Iterator[tuple[Application, Mentor]]:
    """Every mentee with a mentor of another Kommune; the two who can sign in together."""
    applications = list(
        Application.objects.filter(cycle=cast.cycle, state=ApplicationState.PLACED)
        .select_related("person", "municipality", "cycle")
        .order_by("pk")
    )
    mentors = list(
        Mentor.objects.filter(cycle=cast.cycle, state=MentorState.AGREED)
        .select_related("person", "municipality")
        .order_by("pk")
    )
    first = next(row for row in applications if _signs_in(row.person, "mentee"))
    together = next(row for row in mentors if row.person and _signs_in(row.person, "mentor"))
    yield first, together
    applications.remove(first)
    mentors.remove(together)
    # From both ends: Kommunen stand together in each list, so the two seldom meet.
    for application in applications:
        fitting = (
            row for row in reversed(mentors) if row.municipality_id != application.municipality_id
        )
        mentor = next(fitting, None)
        if mentor is not None:
            mentors.remove(mentor)
            yield application, mentor


def _signs_in(person: Person, key: str) -> bool:
    return person.email == sign_in(key).email


def _tandem(
    cast: Cast, application: Application, mentor: Mentor, seats: dict[str, list[Person]]
) -> Tandem:
    start = cast.cycle.start_workshop_on
    assert start is not None
    assert mentor.person is not None
    house = seats.get(application.municipality.short_name) or seats["Münster"]
    return Tandem.objects.create(
        cycle=cast.cycle,
        application=application,
        mentor=mentor,
        mentee_person=application.person,
        mentor_person=mentor.person,
        state=TandemState.REVEALED,
        reason="Ziele und Erfahrung passen gut zusammen, die Häuser liegen nah beieinander.",
        proposed_at=calendar.moment(cast.dates.week(SEALED - 3)),
        agreed_at=calendar.moment(cast.dates.week(SEALED - 1)),
        sealed_at=calendar.moment(cast.dates.week(SEALED), 16),
        revealed_at=calendar.moment(start, REVEAL_HOUR),
        accompanied_by=house[0],
    )


def _meet(crowd: Crowd, tandem: Tandem, *, silent: bool) -> None:
    """A meeting every four to six weeks, and the next one planned; silent ones stopped."""
    assert tandem.revealed_at is not None
    day = tandem.revealed_at.date() + timedelta(days=crowd.rng.randint(9, 20))
    last = crowd.today - timedelta(weeks=11) if silent else crowd.today + timedelta(weeks=3)
    if tandem.ended_on is not None:
        last = tandem.ended_on
    while day <= last:
        _meeting(crowd, tandem, calendar.workday(day))
        day += timedelta(days=crowd.rng.randint(28, 42))
    if tandem.state == TandemState.REVEALED:
        tandem.state = TandemState.ACTIVE
        tandem.agreement_on = tandem.revealed_at.date() + timedelta(days=20)
        tandem.save()


def _meeting(crowd: Crowd, tandem: Tandem, day: date) -> None:
    forms = (MeetingForm.PRESENCE, MeetingForm.PRESENCE, MeetingForm.ONLINE, MeetingForm.PHONE)
    TandemMeeting.objects.create(
        tandem=tandem,
        met_on=day,
        form=crowd.rng.choice(forms),
        minutes=crowd.rng.choice(LENGTHS),
        entered_by=crowd.rng.choice((tandem.mentee_person, tandem.mentor_person)),
        entered_at=calendar.moment(min(day, crowd.today), 17),
    )


def _end(crowd: Crowd, cast: Cast, tandem: Tandem) -> None:
    tandem.state = TandemState.ENDED_EARLY
    tandem.ended_on = crowd.today - timedelta(weeks=4)
    tandem.end_reason = EndReason.TIME
    tandem.save()


def _match_again(crowd: Crowd, cast: Cast, application: Application) -> None:
    """Ideas for the mentee left over: two mentors who can take one more."""
    ended = Tandem.objects.get(application=application, state=TandemState.ENDED_EARLY)
    others = (
        Mentor.objects.filter(cycle=cast.cycle, state=MentorState.AGREED)
        .exclude(municipality=application.municipality_id)
        .exclude(pk=ended.mentor_id)
        .order_by("pk")
    )
    for mentor in others[:2]:
        mentor.capacity = 2
        mentor.save()
        idea = MatchIdea.objects.create(
            application=application,
            mentor=mentor,
            had_by=cast.seats["Münster"][0],
            reason="Kann eine zweite Mentee begleiten und hat dieselben Themen.",
            created_at=calendar.moment(crowd.today - timedelta(days=9)),
        )
        part = cast.cycle.participations.get(municipality__short_name="Rheine")
        IdeaVoice.objects.create(idea=idea, participation=part, stance=IdeaStance.SUPPORT)
        IdeaComment.objects.create(
            idea=idea, author=cast.seats["Rheine"][0], text="Bitte vorher nach der Zeit fragen."
        )
