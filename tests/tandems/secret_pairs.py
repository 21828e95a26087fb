"""A world with people who could be pairs, and the pairs themselves, made through the doors.

Every mentee has the same superior with a seat, and every mentor excludes the same seat
holder: neither may know of any of the pairs. A third seat holder is half of one of them.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle, CycleState, ParticipantRole
from programmes.people.models import Person
from programmes.roadmap import feed
from programmes.rundmails.domain import Choice
from programmes.rundmails.models import Rundmail
from tandems.applications.models import Application
from tandems.matching import domain as wall
from tandems.matching.models import MatchIdea
from tandems.mentors.models import Mentor
from tandems.pairs import domain
from tandems.pairs.domain import frame_of
from tandems.pairs.models import PairStance, Tandem
from tandems.reveal import domain as reveal
from tandems.reveal.plan import MENTORS, plan
from tandems.suggestions import domain as suggestions
from tests import factories as make
from tests.access.grammar import SUCCESS, Row
from tests.access.matrix import MATRIX
from tests.access.routes import routes
from tests.access.test_access import path_of
from tests.access.world import World, build
from tests.conftest import Cast, Stage
from tests.programmes.events.makers import make_attendee
from tests.programmes.rundmails.makers import make_draft
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

NAMES = ("Vorschlagkraut", "Beschlusskraut", "Siegelkraut", "Frühkraut", "Neukraut", "Altkraut")
"""Of the mentees: the pair is proposed, agreed, sealed, told to the mentor, made anew, known."""
REASON = "Weilsiezusammenpassen"
LISTS = ("bewerbungen", "mentoren", "teilnehmende", "stand", "stand/close", "loeschfristen")
OWN_ROOMS = ("/matching/", "/tandems/", "/mein-tandem/")


@dataclass
class Half:
    """The two halves of a possible pair."""

    application: Application
    mentor: Mentor

    @property
    def people(self) -> tuple[Person, Person]:
        """Mentee and mentor."""
        assert self.mentor.person is not None
        return self.application.person, self.mentor.person


@dataclass
class Secrets:
    """The world, its possible pairs by the name of the mentee, and who reads."""

    world: World
    cycle: Cycle
    state: CycleState
    halves: dict[str, Half]
    readers: dict[str, User]
    tandems: dict[str, Tandem] = field(default_factory=dict)

    @property
    def lead(self) -> User:
        """Who decides, read anew: what one may do is remembered per object."""
        user = self.world.cast.user("lead")
        assert user is not None
        return User.objects.get(pk=user.pk)


def make_secrets(stage: Stage, cast: Cast, state: CycleState) -> Secrets:
    """The world without any secret pair."""
    world = build(stage, cast)
    own = stage.cycle.participations.get(municipality=stage.own)
    other = stage.cycle.participations.get(municipality=stage.other)
    third = make.make_participation(stage.cycle, make.make_municipality("Öhausen"))
    seats = {
        "superior": make.make_seat(own),
        "excluded": make.make_seat(other),
        "mentor_seat": make.make_seat(third),
    }
    halves = {name: _half(stage, name, seats) for name in NAMES}
    _gather(world, halves)
    names = ("hr", "other_hr", "logistics", "permanent", "former", "stranger", "operator", "mentee")
    readers = {name: cast.user(name) for name in names}
    readers |= {name: person.user for name, person in seats.items()}
    readers["mentee_half"] = halves["Siegelkraut"].people[0].user
    readers["mentor_half"] = halves["Beschlusskraut"].people[1].user
    readers["mentee_of_told"] = halves["Frühkraut"].people[0].user
    readers["told"] = halves["Frühkraut"].people[1].user
    readers["left_over"] = halves["Neukraut"].people[0].user
    found = Secrets(world, stage.cycle, state, halves, readers)  # type: ignore[arg-type]
    return found


def _half(stage: Stage, name: str, seats: dict[str, Person]) -> Half:
    mentee = make.make_person("Mia", f"{name}mentee", municipality=stage.own, sign_in=True)
    mentor = make.make_person("Max", f"{name}mentor", municipality=stage.other, sign_in=True)
    if name == "Siegelkraut":
        mentor = seats["mentor_seat"]
        Person.objects.filter(pk=mentor.pk).update(last_name=f"{name}mentor")
        mentor.refresh_from_db()
    house = mentor.municipality
    assert house is not None
    make.make_participant(stage.cycle, stage.own, ParticipantRole.MENTEE, person=mentee)
    make.make_participant(stage.cycle, house, ParticipantRole.MENTOR, person=mentor)
    make.make_exclusion(stage.cycle, mentor, seats["excluded"])
    return Half(
        make_mentee(stage.cycle, stage.own, person=mentee, superior=seats["superior"]),
        make_mentor(stage.cycle, house, person=mentor, capacity=3, position=f"Amt{name}"),
    )


def _gather(world: World, halves: dict[str, Half]) -> None:
    """All of them at the events of the world, in a group, and in the audience of a mail."""
    events = [one for key, one in world.records.items() if type(one).__name__ == "Event"]
    for half in halves.values():
        for person in half.people:
            for event in events:
                if event.cycle_id == world.stage.cycle.pk:
                    make_attendee(event, person)


def _known(secrets: Secrets) -> None:
    """What is known already: a tandem that goes on, and one that ended early."""
    old = secrets.halves["Altkraut"]
    make_tandem(old.application, old.mentor, "active")
    if secrets.state == CycleState.RUNNING:
        left = secrets.halves["Neukraut"]
        ended = secrets.halves["Altkraut"].mentor
        make_tandem(left.application, ended, "ended_early")


def make_pairs(secrets: Secrets) -> None:
    """The secret pairs, each in its state, with all that stands around them at the wall."""
    by, cycle = secrets.lead, secrets.cycle
    for name in NAMES[:-1]:
        half = secrets.halves[name]
        idea = wall.add_idea(half.application, half.mentor, reason=REASON, by=by)
        wall.comment(idea, REASON, by=by)
        secrets.tandems[name] = domain.propose(half.application, half.mentor, reason=REASON, by=by)
        if name == "Vorschlagkraut":
            continue
        _agree(secrets.tandems[name], by)
        if name == "Frühkraut":
            domain.seal(cycle, only=[secrets.tandems[name].pk], by=by)
            seen = plan(Cycle.objects.get(pk=cycle.pk), secrets.lead).seen(MENTORS)
            reveal.tell_mentors(cycle, seen=seen, by=secrets.lead)
    sealed = [secrets.tandems[name].pk for name in ("Siegelkraut", "Neukraut")]
    domain.seal(cycle, only=sealed, by=secrets.lead)
    suggestions.compute(cycle, by=secrets.lead)
    for tandem in secrets.tandems.values():
        tandem.refresh_from_db()


def _agree(tandem: Tandem, by: User) -> None:
    houses = {tandem.application.municipality_id, tandem.mentor.municipality_id}
    for part in tandem.cycle.participations.filter(municipality__in=houses):
        domain.speak(tandem, part, PairStance.AGREE, by=by)
    domain.agree(tandem, by=by)


# What stands for a variable of an address, by what stands before it.
OWN_VALUES = (
    ("bewerbungen/<int:pk>", lambda half: half.application.pk),
    ("mentoren/<int:pk>", lambda half: half.mentor.pk),
    ("personen/<int:pk>", lambda half: half.people[1].pk),
    ("person/<int:person_pk>", lambda half: half.people[0].pk),
    ("ergebnisse/<int:pk>", lambda half: half.application.pk),
    ("matching/mentees/<int:pk>", lambda half: half.application.pk),
    ("matching/mentorinnen/<int:pk>", lambda half: half.mentor.pk),
    ("<int:application_pk>", lambda half: half.application.pk),
    ("<int:mentor_pk>", lambda half: half.mentor.pk),
)
NONE = 2_000_000_000
"""A key that nothing has."""


# As whom of the cast the matrix speaks of a reader it does not know. The other two with a seat
# read what is about the pair alone: the rest of the Beirat's pages the superior reads.
SPOKEN_OF = {
    "superior": "member",
    "mentee_half": "mentee",
    "mentee_of_told": "mentee",
    "left_over": "mentee",
    "mentor_half": "mentor",
    "told": "mentor",
}


def addresses(secrets: Secrets, about: str) -> dict[str, list[str]]:
    """By reader: what the matrix lets them open, and all that is about the halves ``about``."""
    world = secrets.world
    opened: dict[str, set[str]] = {name: {"/"} for name in secrets.readers}
    done: set[str] = set()
    for row in MATRIX:
        # Of each route the first row that can be made: the further ones are about foreign records.
        if row.route in done or any(room in f"/{row.route}" for room in OWN_ROOMS):
            continue
        made = _of_row(row, world)
        done |= {row.route} if made else set()
        for name, found in opened.items():
            # PDFs take their time: a Personalstelle and the Logistikpartner read them for all.
            if "pdf" in row.route and name not in ("hr", "logistics"):
                continue
            if row.get.get(SPOKEN_OF.get(name, name)) in SUCCESS:
                found |= made
    # Some rows of the matrix give the lead or the member a part that keeps them from deciding.
    people = [world.cast.lead, world.cast.member]
    Mentor.objects.filter(cycle=secrets.cycle, person__in=people).delete()
    Application.objects.filter(cycle=secrets.cycle, person__in=people).delete()
    secrets.cycle.refresh_from_db()
    in_matching(secrets.cycle, secrets.state)
    _known(secrets)
    # A setting, and that there is a suggestion, are everybody's at the wall to know.
    frame = frame_of(secrets.cycle)
    frame.mentors_first = True
    reveal.choose_order(frame, by=secrets.lead)
    suggestions.compute(secrets.cycle, by=secrets.lead)
    half = secrets.halves[about]
    concerned = {own for route in routes() if (own := _about(route, secrets.cycle, half))}
    mail = f"/durchgaenge/{secrets.cycle.pk}/rundmails/{_mail(secrets).pk}/"
    base = f"/durchgaenge/{secrets.cycle.pk}/"
    concerned |= {"/protokoll/", *(f"{base}{room}/" for room in LISTS)}
    concerned |= {mail, f"{mail}vorschau/", f"{mail}empfaenger/", f"{mail}bearbeiten/"}
    return {
        name: sorted(found | concerned | _feed(secrets, name)) for name, found in opened.items()
    }


def _mail(secrets: Secrets) -> Rundmail:
    """A draft that names the other half, to everybody who may be one."""
    choices = (Choice("mentees"), Choice("mentors"))
    body = "{anrede}, {tandem_partner}: {tandem_kontakt}"
    return make_draft(secrets.cycle, secrets.lead, choices=choices, subject="Tandem", body=body)


def _feed(secrets: Secrets, name: str) -> set[str]:
    """The own calendar, whose address holds a token."""
    user = secrets.readers[name]
    if getattr(user, "person", None) is None:
        return set()
    return {urlsplit(feed.create_link(by=user)).path}


def _of_row(row: Row, world: World) -> set[str]:
    """The address of a row; none for one whose record another row has made already."""
    try:
        with transaction.atomic():
            return {path_of(row, world)}
    except (IntegrityError, Refused):
        return set()


def _about(route: str, cycle: Cycle, half: Half) -> str:
    """``route`` with what belongs to ``half``; "" for one that is about nothing of it."""
    room = any(one in f"/{route}" for one in OWN_ROOMS)
    path = route.replace("<int:cycle_pk>", str(cycle.pk))
    path = path.replace("<slug:rule>", "not_free").replace("<str:form>", "json")
    for pattern, value in OWN_VALUES:
        path = path.replace(pattern, re.sub("<.*>", str(value(half)), pattern))
    if room:
        path = re.sub(r"<int:\w+>", str(NONE), path)
    changed = path != route.replace("<int:cycle_pk>", str(cycle.pk))
    return f"/{path}" if (changed or room) and "<" not in path else ""


def doors(secrets: Secrets, name: str) -> list[tuple[str, str]]:
    """Every address of a secret pair and of its idea, and the same with a key of nothing."""
    tandem = secrets.tandems[name]
    found = []
    for route in routes():
        path = f"/{route}".replace("<int:cycle_pk>", str(secrets.cycle.pk))
        if "/tandems/<int:pk>" in path or "/mein-tandem/<" in path or "bekanntgabe/<" in path:
            key = tandem.pk
        elif "/ideen/<int:pk>" in path:
            key = MatchIdea.objects.get(application=tandem.application, mentor=tandem.mentor).pk
        else:
            continue
        path = re.sub(r"<int:\w+>", str(NONE), path.replace("<int:pk>", "{}"))
        found.append((path.format(key), path.format(NONE)))
    return found
