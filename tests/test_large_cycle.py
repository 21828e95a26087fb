"""A cycle with 2,000 of everything: its lists ask no more of the database than with 20."""

from datetime import date, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.documents.models import Document
from programmes.events.models import Answer, Attendee, Event, EventKind
from programmes.people.models import Person
from programmes.registrations.models import Interest, InterestState
from programmes.roadmap.models import Milestone, Task
from programmes.rundmails.models import (
    AudienceChoice,
    Recipient,
    Rundmail,
    RundmailState,
)
from tests.conftest import Cast, Stage

ROWS = 2_000
START = date(2027, 9, 30)


def add_rows(stage: Stage, event: Event, mail: Rundmail, first: int, last: int) -> None:
    """Rows number ``first`` to ``last`` of everything a cycle consists of."""
    cycle, numbers, now = stage.cycle, range(first, last), timezone.now()
    people = Person.objects.bulk_create(
        Person(
            first_name="Erika",
            last_name=f"Muster{number:05}",
            email=f"m{number}@stadt.example",
            municipality=stage.other,
        )
        for number in numbers
    )
    mentors = [
        Participant(cycle=cycle, municipality=stage.other, person=person, role="mentor")
        for person in people
    ]
    assert {row.role for row in mentors} == {ParticipantRole.MENTOR}
    Participant.objects.bulk_create(mentors)
    Attendee.objects.bulk_create(
        Attendee(
            event=event,
            person=person,
            municipality=stage.other,
            answer=Answer.YES,
            answered_at=now,
        )
        for person in people
    )
    Recipient.objects.bulk_create(
        Recipient(
            rundmail=mail,
            person=person,
            name=person.full_name,
            email=person.email,
            sort_key=person.sort_key,
            search_key=person.search_key,
        )
        for person in people
    )
    milestones = Milestone.objects.bulk_create(
        Milestone(
            cycle=cycle,
            title=f"Meilenstein {number}",
            starts_on=START + timedelta(days=number % 700),
            ends_on=START + timedelta(days=number % 700),
        )
        for number in numbers
    )
    Task.objects.bulk_create(
        Task(
            cycle=cycle,
            title=f"Aufgabe {number}",
            milestone=milestone,
            due_on=milestone.starts_on,
            person=person,
            municipality=stage.other,
        )
        for number, milestone, person in zip(numbers, milestones, people, strict=True)
    )
    Event.objects.bulk_create(_event(cycle, number) for number in numbers)
    Rundmail.objects.bulk_create(
        Rundmail(cycle=cycle, subject=f"Mail {number}", body="Guten Tag") for number in numbers
    )
    Document.objects.bulk_create(
        Document(cycle=cycle, title=f"Unterlage {number}", url="https://tafel.example/")
        for number in numbers
    )
    Interest.objects.bulk_create(
        Interest(
            event=event,
            first_name="Jo",
            last_name=f"Interessiert{number}",
            email=f"i{number}@fern.example",
            municipality="Fernstadt",
            state=InterestState.CONFIRMED,
            confirmed_at=now,
        )
        for number in numbers
    )
    analyse()


def analyse() -> None:
    """As the database does by itself once the rows are committed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _event(cycle: Cycle, number: int, **fields: object) -> Event:
    begins = timezone.now() + timedelta(days=number % 700 + 1)
    return Event(
        cycle=cycle,
        kind=EventKind.INFORMATION,
        title=f"Veranstaltung {number}",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        **fields,
    )


def queries(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert browser.get(address).status_code == 200, address
    return len(counted)


def test_2000_of_everything_take_no_more_queries_than_60(
    stage: Stage, cast: Cast, client_of
) -> None:
    event = _event(stage.cycle, 0, public_registration=True)
    event.starts_at = timezone.now() - timedelta(hours=1)
    event.save()
    draft = Rundmail.objects.create(cycle=stage.cycle, subject="An alle", body="{anrede}")
    AudienceChoice.objects.create(rundmail=draft, audience="mentors")
    sent = Rundmail.objects.create(
        cycle=stage.cycle,
        subject="An alle",
        body="Guten Tag",
        state=RundmailState.SENT,
        released_at=timezone.now(),
        started_at=timezone.now(),
        ended_at=timezone.now(),
    )
    cycle = stage.cycle.pk
    addresses = [
        *(
            reverse(name, args=[cycle])
            for name in (
                "roadmap:timeline",
                "roadmap:table",
                "roadmap:tasks",
                "roadmap:load",
                "events:events",
                "rundmails:rundmails",
                "documents:documents",
            )
        ),
        *(
            reverse(name, args=[cycle, event.pk])
            for name in (
                "events:event",
                "events:attendees",
                "events:attendance",
                "registrations:registrations",
                "sheets:sheets",
                "events:invite",
            )
        ),
        reverse("rundmails:preview", args=[cycle, draft.pk]),
        reverse("rundmails:edit", args=[cycle, draft.pk]),
        reverse("rundmails:release", args=[cycle, draft.pk]),
        reverse("rundmails:rundmail", args=[cycle, sent.pk]),
        reverse("rundmails:recipients", args=[cycle, sent.pk]),
        "/",
    ]
    lead = client_of("lead")
    add_rows(stage, event, sent, 0, 60)
    before = {address: queries(lead, address) for address in addresses}
    add_rows(stage, event, sent, 60, ROWS)
    assert {address: queries(lead, address) for address in addresses} == before
