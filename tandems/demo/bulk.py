"""A cycle of many thousand people, to measure lists and exports with."""

from random import Random

from auditlog.context import disable_auditlog
from django.db import transaction
from django.utils import timezone

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
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.demo import calendar
from tandems.demo.build import SEED
from tandems.demo.people import Crowd
from tandems.demo.profiles import answers, consents
from tandems.demo.signins import sign_in
from tandems.profiles.models import Consent

NUMBER = 12
BATCH = 1000


@transaction.atomic
def build_bulk(people: int) -> bool:
    """Add Nr. 12 with ``people`` nominated applicants, unless it is there already.

    Needs the demo; returns whether anything was written. The demo's lead leads it too.
    """
    programme = Programme.objects.get(cycles__number=NUMBER - 1)
    if Cycle.objects.filter(programme=programme, number=NUMBER).exists():
        return False
    today = timezone.localdate()
    crowd = Crowd(Random(SEED + people), today)
    municipalities = list(Municipality.objects.order_by("sort_key"))
    lead = Person.objects.get(user__email=sign_in("lead").email)
    with disable_auditlog():
        cycle = _cycle(programme, municipalities, lead, people)
        persons = Person.objects.bulk_create(
            (
                crowd.build(municipalities[at % len(municipalities)], position="Sachbearbeitung")
                for at in range(people)
            ),
            batch_size=BATCH,
        )
        Participant.objects.bulk_create(
            (
                Participant(
                    cycle=cycle,
                    person=person,
                    municipality=person.municipality,
                    role=ParticipantRole.APPLICANT,
                )
                for person in persons
            ),
            batch_size=BATCH,
        )
        now = timezone.now()
        Application.objects.bulk_create(
            (
                Application(
                    cycle=cycle,
                    municipality=person.municipality,
                    person=person,
                    state=ApplicationState.NOMINATED,
                    rank=at // len(municipalities) % 99 + 1,
                    submitted_at=now,
                    nominated_at=now,
                    **answers(crowd.rng),
                )
                for at, person in enumerate(persons)
            ),
            batch_size=BATCH,
        )
        Consent.objects.bulk_create(
            (row for person in persons for row in consents(cycle, person, today)),
            batch_size=BATCH,
        )
    return True


def _cycle(
    programme: Programme, municipalities: list[Municipality], lead: Person, places: int
) -> Cycle:
    """An open cycle in which every Kommune takes part; written directly, as the others."""
    dates = calendar.open_cycle(timezone.localdate())
    cycle = Cycle.objects.create(
        programme=programme,
        number=NUMBER,
        title="Durchgang für Messungen",
        state=CycleState.APPLICATION,
        places=min(places, 500),
        start_workshop_on=dates.start,
        council_confirmed_at=timezone.now(),
        **dates.years,
    )
    for municipality in municipalities:
        part = Participation.objects.create(
            cycle=cycle, municipality=municipality, state=ParticipationState.CONFIRMED
        )
        if municipality == lead.municipality:
            CouncilSeat.objects.create(
                participation=part,
                person=lead,
                chair=1,
                lead=True,
                function=SeatFunction.HR_DEVELOPMENT,
            )
    return cycle
