"""The long lists: server time and queries of the first page with 5,000 rows behind it."""

from datetime import timedelta
from functools import cache
from statistics import median
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.cycles.models import Participant, ParticipantRole
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.models import TargetGroup
from tests import factories as make
from tests.bench import figure

ROWS = 5_000
TRIES = 9
LISTS = ("people", "applications", "participants")
NAMES = ("Müller", "Öztürk", "Schmidt-Rüße", "von der Heide", "Nowak", "Çelik", "Groß", "Abt")


@cache
def stage() -> tuple[Client, dict[str, str]]:
    """A lead's browser, and the addresses of three lists with ``ROWS`` rows or more each."""
    cycle = make.make_cycle(number=11)
    houses = [make.make_municipality(f"Ort {number:02}") for number in range(17)]
    seats = [make.make_participation(cycle, house) for house in houses]
    lead = make.make_seat(seats[0], lead=True)
    people = Person.objects.bulk_create(
        Person(
            first_name=f"Erika {number % 97}",
            last_name=f"{NAMES[number % len(NAMES)]} {number}",
            email=f"person{number}@stadt.example",
            municipality=houses[number % len(houses)],
        )
        for number in range(ROWS)
    )
    Participant.objects.bulk_create(
        Participant(
            cycle=cycle,
            person=person,
            municipality_id=person.municipality_id,
            role=ParticipantRole.MENTOR,
        )
        for person in people
    )
    submitted = timezone.now() - timedelta(days=20)
    Application.objects.bulk_create(
        Application(
            cycle=cycle,
            person=person,
            municipality_id=person.municipality_id,
            state=ApplicationState.NOMINATED,
            rank=number % 99 + 1,
            target_group=TargetGroup.LEADERSHIP,
            position="Sachgebietsleitung",
            submitted_at=submitted,
            nominated_at=submitted,
        )
        for number, person in enumerate(people)
    )
    browser = Client(headers={"host": "localhost"})
    assert lead.user is not None
    browser.force_login(lead.user, backend="django.contrib.auth.backends.ModelBackend")
    for model in (Person, Application, Participant):
        assert model.objects.visible_to(lead.user).count() >= ROWS, model
    return browser, {
        "people": reverse("people"),
        "applications": reverse("applications:list", args=[cycle.pk]),
        "participants": reverse("cycles:participants", args=[cycle.pk]),
    }


def first_page_ms(name: str) -> float:
    """Median server time of the first page in milliseconds, templates and caches warm."""
    browser, addresses = stage()
    times = []
    for _ in range(TRIES + 1):
        began = perf_counter()
        response = browser.get(addresses[name])
        times.append((perf_counter() - began) * 1000)
        assert response.status_code == 200, (name, response.status_code)
    return median(times[1:])


def queries(name: str) -> float:
    """Number of queries of the first page."""
    browser, addresses = stage()
    browser.get(addresses[name])
    with CaptureQueriesContext(connection) as captured:
        browser.get(addresses[name])
    return len(captured)


@figure("lists.first_page_ms", "ms")
def slowest_first_page() -> float:
    """The slowest of the three."""
    return max(first_page_ms(name) for name in LISTS)


@figure("lists.queries", "queries")
def most_queries() -> float:
    """The most of the three."""
    return max(queries(name) for name in LISTS)


for _name in LISTS:
    figure(f"lists.first_page_ms.{_name}", "ms")(lambda name=_name: first_page_ms(name))
    figure(f"lists.queries.{_name}", "queries")(lambda name=_name: queries(name))
