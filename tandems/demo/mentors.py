"""Mentors of the demo: those of Nr. 10 with their sheets, the search of Nr. 11, the pool."""

from datetime import date, timedelta

from programmes.cycles.models import Participant, ParticipantRole
from programmes.people.models import Person
from tandems.demo import calendar
from tandems.demo.cycles import Cast
from tandems.demo.house import House
from tandems.demo.people import Crowd
from tandems.demo.profiles import MENTOR_POSTS
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry
from tandems.profiles.models import Consent, ConsentKind, SheetKind, Topic
from tandems.profiles.questions import questions
from tandems.profiles.versions import sheet_of

_CAREERS = (
    "Ausbildung zur Verwaltungsfachangestellten\nSachbearbeitung Soziales\nSachgebietsleitung\n"
    "Amtsleitung seit zwölf Jahren",
    "Studium der Raumplanung\nBauleitplanung in einer Gemeinde\nAbteilungsleitung in einer Stadt",
    "Studium an der Hochschule für öffentliche Verwaltung\nKämmerei\nStabsstelle des Vorstands\n"
    "Fachbereichsleitung",
)
_MOTIVATIONS = (
    "Ich hätte mir am Anfang jemanden gewünscht, der nicht mein Chef ist. Das möchte ich für "
    "andere sein.",
    "Von jüngeren Führungskräften lerne ich selbst viel. Weitergeben kann ich, wie man Konflikte "
    "früh anspricht.",
    "Verwaltung braucht Menschen, die Verantwortung übernehmen wollen. Dabei begleite ich gern.",
)
_EXPECTATIONS = ("Offenheit und eigene Fragen.", "Dass Termine eingehalten werden.")
_TIMES = ("Ein Treffen im Monat, am liebsten nachmittags.", "Alle fünf Wochen zwei Stunden.")
_LEVELS = ("division", "office", "board")

# Function and Kommune of those who are sought for Nr. 11; nobody of them is named.
IDEAS = (
    ("Leitung Jugendamt", "Greven"),
    ("Kämmerei, Leitung", "Gronau"),
    ("Leitung Gebäudemanagement", "Emsdetten"),
    ("Stabsstellenleitung Digitalisierung", "Kreis Warendorf"),
    ("Dezernat für Bildung und Kultur", "Borken"),
    ("Leitung Haupt- und Personalamt", "Ahlen"),
)
# Kommune and answer of those who were asked for Nr. 11.
ASKED = (
    ("Münster", MentorState.AGREED),
    ("Kreis Steinfurt", MentorState.AGREED),
    ("Rheine", MentorState.APPROACHED),
    ("LWL", MentorState.APPROACHED),
    ("Dülmen", MentorState.REFUSED),
)
_ANSWERS = {MentorState.AGREED: Answer.AGREED, MentorState.REFUSED: Answer.REFUSED}


def build_running_mentors(crowd: Crowd, cast: Cast) -> None:
    """Nr. 10: everybody in its list of mentors agreed and handed in a sheet."""
    found = cast.dates.week(calendar.MENTORS_FOUND)
    for name, people in cast.mentors.items():
        for at, person in enumerate(people):
            mentor = _mentor(crowd, cast, person, MentorState.AGREED)
            mentor.agreed_on = found - timedelta(days=crowd.rng.randint(3, 20))
            mentor.handed_in_at = calendar.moment(found, 11)
            mentor.answers = _answers(crowd)
            mentor.save()
            asker = cast.seats[name][at % len(cast.seats[name])]
            _asked(mentor, asker, Answer.AGREED, mentor.agreed_on - timedelta(days=4))
            _consents(cast, person, mentor.agreed_on, alumni=at == 0)


def build_open_mentors(crowd: Crowd, house: House, cast: Cast, last: Cast, before: Cast) -> None:
    """Nr. 11: ideas, some approaches, two who have agreed; the pool of all cycles."""
    finder = cast.seats["Münster"][0]
    for position, name in IDEAS:
        idea = Mentor(
            cycle=cast.cycle,
            municipality=house.municipalities[name],
            position=position,
            topics=_topics(crowd),
            had_by=cast.seats[name][0],
        )
        idea.save()
    for at, (name, state) in enumerate(ASKED):
        person = crowd.person(house.municipalities[name], position=crowd.rng.choice(MENTOR_POSTS))
        mentor = _mentor(crowd, cast, person, state)
        mentor.had_by = finder
        day = crowd.today - timedelta(days=12 - at)
        if state == MentorState.AGREED:
            mentor.agreed_on = day + timedelta(days=4)
            mentor.answers = _answers(crowd)
        if state == MentorState.REFUSED:
            mentor.topics, mentor.department = [], ""
            person.email, person.phone = "", ""
            person.save()
        mentor.save()
        _asked(mentor, cast.seats["Rheine" if at % 2 else "Münster"][0], _ANSWERS.get(state), day)
    _participants(cast)
    _pool(crowd, cast, last, before)


def _participants(cast: Cast) -> None:
    for mentor in Mentor.objects.filter(cycle=cast.cycle, state=MentorState.AGREED):
        assert mentor.person is not None
        assert mentor.agreed_on is not None
        Participant.objects.create(
            cycle=cast.cycle,
            person=mentor.person,
            municipality=mentor.municipality,
            role=ParticipantRole.MENTOR,
            joined_on=mentor.agreed_on,
        )


def _pool(crowd: Crowd, cast: Cast, last: Cast, before: Cast) -> None:
    """Former mentees of Nr. 9 and mentors of Nr. 10 who may be asked again."""
    chosen = (
        ("Mentee in Durchgang Nr. 9", before.mentees["Rheine"][1], None),
        ("Mentee in Durchgang Nr. 9", before.mentees["Kreis Warendorf"][0], None),
        ("Mentor/in in Durchgang Nr. 10", last.mentors["Münster"][1], None),
        ("Mentor/in in Durchgang Nr. 10", last.mentors["Greven"][1], 240),
    )
    for origin, person, days in chosen:
        PoolEntry.objects.create(
            programme=cast.cycle.programme,
            person=person,
            consent_on=crowd.today - timedelta(days=crowd.rng.randint(30, 200)),
            consent_text="Ich darf später als Mentorin oder Mentor wieder angefragt werden.",
            topics=_topics(crowd),
            origin=origin,
            paused_until=crowd.today + timedelta(days=days) if days else None,
        )


def _mentor(crowd: Crowd, cast: Cast, person: Person, state: MentorState) -> Mentor:
    assert person.municipality is not None
    return Mentor(
        cycle=cast.cycle,
        municipality=person.municipality,
        person=person,
        state=state,
        position=person.position or "Amtsleitung",
        topics=_topics(crowd),
        department=crowd.rng.choice(("", "Haupt- und Personalamt", "Bauamt")),
    )


def _answers(crowd: Crowd) -> dict[str, object]:
    rng = crowd.rng
    return {
        "level": rng.choice(_LEVELS),
        "leading_since": crowd.today.year - rng.randint(6, 25),
        "span_functional": rng.randint(8, 120),
        "career": rng.choice(_CAREERS),
        "known_administrations": rng.sample(["district", "city", "community"], 2),
        "motivation": rng.choice(_MOTIVATIONS),
        "expectations": rng.choice(_EXPECTATIONS),
        "time": rng.choice(_TIMES),
        "distance_km": rng.choice((20, 40, 60)),
        "meeting_form": "both",
        "free_at_start": "yes",
        "free_at_end": "yes",
    }


def _topics(crowd: Crowd) -> list[str]:
    chosen = crowd.rng.sample(Topic.values, crowd.rng.randint(3, 5))
    return [value for value in Topic.values if value in chosen]


def _asked(mentor: Mentor, by: Person, answer: Answer | None, day: date) -> None:
    Approach.objects.create(
        mentor=mentor,
        by=by,
        claimed_at=calendar.moment(day, 9),
        answer=answer or "",
        answered_on=day + timedelta(days=4) if answer else None,
    )


def _consents(cast: Cast, person: Person, day: date, *, alumni: bool) -> None:
    kinds = [ConsentKind.DISCRETION, ConsentKind.PRIVACY] + [ConsentKind.ALUMNI] * alumni
    words = {
        question.consent: question.text
        for question in questions(sheet_of(cast.cycle, SheetKind.MENTOR))
        if question.consent
    }
    Consent.objects.bulk_create(
        Consent(cycle=cast.cycle, person=person, kind=kind, given_on=day, text=words.get(kind, ""))
        for kind in kinds
    )
