"""2,000 tandems with their meetings: the overview asks no more of the database than for 60."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.people.models import Person
from tandems.applications.models import Application
from tandems.meetings.models import TandemMeeting
from tandems.mentors.models import Mentor
from tandems.pairs.models import Tandem, TandemState
from tests.tandems.meetings.makers import REVEALED_AT, in_year

pytestmark = pytest.mark.django_db

ROWS = 2_000
MEETINGS = 2


def add_tandems(stage, first: int, last: int) -> None:
    """Tandems number ``first`` to ``last``, each with two meetings."""
    cycle, numbers, now = stage.cycle, range(first, last), timezone.now()

    def people(name, house):
        return Person.objects.bulk_create(
            Person(
                first_name="Erika",
                last_name=f"{name}{number:05}",
                email=f"{name}{number}@stadt.example",
                municipality=house,
            )
            for number in numbers
        )

    mentees, mentors = people("Mentee", stage.own), people("Mentor", stage.other)
    applications = Application.objects.bulk_create(
        Application(
            cycle=cycle,
            municipality=stage.own,
            person=person,
            state="placed",
            nominated_at=now,
            submitted_at=now,
            informed_on=now.date(),
            rank=1,
        )
        for person in mentees
    )
    entries = Mentor.objects.bulk_create(
        Mentor(
            cycle=cycle,
            municipality=stage.other,
            person=person,
            state="agreed",
            agreed_on=now.date(),
            position="Leitung",
        )
        for person in mentors
    )
    tandems = Tandem.objects.bulk_create(
        Tandem(
            cycle=cycle,
            application=application,
            mentor=mentor,
            mentee_person=application.person,
            mentor_person=mentor.person,
            state=TandemState.ACTIVE,
            agreed_at=now,
            sealed_at=now,
            revealed_at=REVEALED_AT,
        )
        for application, mentor in zip(applications, entries, strict=True)
    )
    TandemMeeting.objects.bulk_create(
        TandemMeeting(
            tandem=tandem,
            met_on=date(2026, 3, 9) + timedelta(days=30 * turn),
            form="online",
            minutes=60,
        )
        for tandem in tandems
        for turn in range(MEETINGS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_2000_tandems_take_no_more_queries_than_60(stage, cast, client_of):
    with time_machine.travel("2026-06-01 10:00+02:00", tick=False):
        in_year(stage)
        browser = client_of("lead")
        overview = reverse("meetings:overview", args=[stage.cycle.pk])
        nudge = reverse("meetings:nudge", args=[stage.cycle.pk])
        addresses = (
            overview,
            f"{overview}?silent=1&sort=met&page=2",
            f"{overview}?search=Mentee000&municipality={stage.own.pk}",
            f"{nudge}?silent=1",
            "/",
        )

        def queries(address):
            with CaptureQueriesContext(connection) as counted:
                assert browser.get(address).status_code == 200, address
            return len(counted)

        add_tandems(stage, 0, 60)
        for address in addresses:
            queries(address)
        before = {address: queries(address) for address in addresses}
        add_tandems(stage, 60, ROWS)
        after = {address: queries(address) for address in addresses}
        # A list too long to tick is not shown, which saves two.
        more = {address: count for address, count in after.items() if count > before[address]}
        assert not more
