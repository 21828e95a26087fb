"""The applications of the demo, in every state their cycle can hold."""

from collections.abc import Iterable
from datetime import date, timedelta

from programmes.cycles.models import Participant, ParticipantRole
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.demo import calendar
from tandems.demo.cycles import Cast
from tandems.demo.house import House
from tandems.demo.people import Crowd
from tandems.demo.profiles import agreed, answers, consents, statement
from tandems.profiles.models import Consent, Exclusion

State = ApplicationState

# Nr. 10: who got no place, beside the 24 who did.
WITHOUT_PLACE = {
    "Münster": (State.WAITING, State.NOT_NOMINATED, State.DECLINED),
    "Rheine": (State.WAITING, State.WITHDRAWN),
    "Ahlen": (State.WAITING, State.DECLINED, State.NOT_NOMINATED),
    "Greven": (State.WAITING,),
    "LWL": (State.DECLINED, State.NOT_NOMINATED),
}
# Nr. 11: some Kommunen have decided, some still choose, some have only just begun. Those
# of Ahlen and Greven have a sign-in, so that there is something of everything to see.
_DONE = (State.NOMINATED, State.NOMINATED, State.NOT_NOMINATED)
_CHOOSING = (State.SUBMITTED, State.SUBMITTED, State.DRAFT)
OPEN = {
    "Ahlen": (*_DONE, *_CHOOSING, State.WITHDRAWN),
    "Greven": (State.NOMINATED, State.SUBMITTED, State.DRAFT, State.NOT_NOMINATED),
    "Münster": (State.NOMINATED, *_DONE, State.NOT_NOMINATED),
    "Kreis Steinfurt": (*_DONE, State.WITHDRAWN),
    "LWL": (State.NOMINATED, State.NOMINATED, State.SUBMITTED, State.SUBMITTED),
    "Rheine": (*_DONE, State.SUBMITTED),
    "Gronau": _CHOOSING,
    "Kreis Warendorf": (*_CHOOSING, State.SUBMITTED),
    "Emsdetten": (State.NOMINATED,),
    "Steinfurt": (State.SUBMITTED, State.DRAFT),
    "Borken": (*_DONE,),
    "Dülmen": (State.DRAFT,),
}


def build_running_applications(crowd: Crowd, house: House, cast: Cast) -> dict[str, Person]:
    """Nr. 10: everything is decided and told. Returns who waited in vain, by Kommune."""
    waiting = {}
    for name, mentees in cast.mentees.items():
        municipality = house.municipalities[name]
        rows = [(State.PLACED, person) for person in mentees]
        for state in WITHOUT_PLACE.get(name, ()):
            person = crowd.person(municipality, position="Sachbearbeitung")
            rows.append((state, person))
            if state == State.WAITING:
                waiting[name] = person
        write(
            crowd,
            cast,
            municipality,
            rows,
            submitted_on=cast.dates.week(calendar.APPLICATION_BEGINS + 7),
            nominated_on=cast.dates.week(calendar.APPLICATION_ENDS),
            informed_on=cast.dates.week(calendar.PLACES_GIVEN + 1),
        )
    return waiting


def build_open_applications(
    crowd: Crowd, house: House, cast: Cast, again: dict[str, Person]
) -> None:
    """Nr. 11: every state an application has before the Beirat decides.

    Some who waited in vain the last time (``again``) apply once more.
    """
    for name, states in OPEN.items():
        municipality = house.municipalities[name]
        people = [again[name]] if name in again else []
        people += [
            crowd.person(municipality, position="Sachbearbeitung")
            for _ in range(len(states) - len(people))
        ]
        write(
            crowd,
            cast,
            municipality,
            zip(states, people, strict=True),
            submitted_on=crowd.today - timedelta(days=16),
            nominated_on=crowd.today - timedelta(days=4),
        )
    _conflicts(cast)


def _conflicts(cast: Cast) -> None:
    """Two applications that somebody on the Beirat must not see (design, rule 2)."""
    nominated = Application.objects.filter(cycle=cast.cycle, state=State.NOMINATED, rank=1)
    mine = nominated.get(municipality__short_name="Rheine")
    mine.superior = cast.seats["Rheine"][0]
    mine.save()
    other = nominated.get(municipality__short_name="Kreis Steinfurt")
    Exclusion.objects.create(cycle=cast.cycle, subject=other.person, person=cast.seats["LWL"][0])


def write(
    crowd: Crowd,
    cast: Cast,
    municipality: Municipality,
    rows: Iterable[tuple[ApplicationState, Person]],
    *,
    submitted_on: date,
    nominated_on: date,
    informed_on: date | None = None,
) -> None:
    """Enter applications in the states they have reached, ranked in the order given.

    ``rows`` pairs state and person. Written directly, not through the functions of their
    room: those date everything today.
    """
    rank = 0
    for at, (state, person) in enumerate(rows):
        submitted = submitted_on + timedelta(days=at)
        nominated = calendar.moment(nominated_on, 9 + at)
        application = Application(
            cycle=cast.cycle, municipality=municipality, person=person, state=state
        )
        if state == State.DRAFT:
            _begin(crowd, application)
        else:
            _complete(crowd, application, submitted)
        handed_over = state in State.with_council()
        if handed_over:
            rank += 1
            application.rank, application.nominated_at = rank, nominated
        if state == State.WITHDRAWN:
            application.withdrawn_at = nominated
            application.withdrawal_reason = "Wechsel in eine andere Verwaltung."
        if informed_on and (handed_over or state == State.NOT_NOMINATED):
            application.informed_on = informed_on
        application.save()
        if state != State.DRAFT:
            Consent.objects.bulk_create(consents(cast.cycle, person, submitted - timedelta(days=1)))
        _backdate(application, submitted - timedelta(days=5))
        if handed_over:
            Participant.objects.create(
                cycle=cast.cycle,
                person=person,
                municipality=municipality,
                role=ParticipantRole.APPLICANT,
                joined_on=nominated_on,
                left_on=informed_on,
            )


def _begin(crowd: Crowd, application: Application) -> None:
    """A draft: whoever types it has got no further than the motivation."""
    begun = answers(crowd.rng)
    for key in ("department", "position", "motivation"):
        setattr(application, key, begun[key])


def _complete(crowd: Crowd, application: Application, day: date) -> None:
    for key, value in answers(crowd.rng).items():
        setattr(application, key, value)
    application.role_since = day - timedelta(days=crowd.rng.randint(60, 900))
    application.statement = statement(crowd.rng)
    application.answers |= agreed(day - timedelta(days=2))
    application.submitted_at = calendar.moment(day, 14)


def _backdate(application: Application, day: date) -> None:
    """Set when it was begun: the field fills itself with now.

    Past the versioned queryset, which would enter it in the log as a change.
    """
    begun = calendar.moment(day, 8)
    Application._base_manager.filter(pk=application.pk).update(created_at=begun)
