"""Many drafts at once are what the single door makes, in the database and in the log."""

from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring.log.domain import acting
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.people.models import Person
from tandems.applications import domain
from tandems.applications.models import Application
from tandems.imports.bulk import Draft, create_drafts
from tandems.profiles.models import Consent
from tests import factories as make

VALUES = {
    "salutation": "ms",
    "first_name": "Käthe",
    "last_name": "Öztürk",
    "email": "Kaethe@ahausen.example",
    "phone": "02501 1",
    "department": "Jugendamt",
    "position": "Leitung",
    "target_group": "leadership",
    "role_since": date(2025, 3, 1),
    "span_functional": 12,
    "topics": ["leadership"],
    "time_commitment": True,
    "superior_agreed_on": date(2026, 1, 8),
    "consent_forward": date(2026, 1, 10),
}


def facts(record, *without):
    left_out = {"id", "person", *without}
    fields = {field.name: getattr(record, field.attname) for field in record._meta.fields}
    return {name: value for name, value in fields.items() if name not in left_out}


def entries(record):
    """The log about it; auditlog also names some fields of a new record that are empty."""
    kind = ContentType.objects.get_for_model(record)
    fields = record._meta.fields
    filled = {field.name for field in fields if getattr(record, field.attname) is not None}
    return [
        (e.action, filled & e.changes.keys(), e.actor, e.cycle_id, e.data_class, e.expires_on)
        for e in LogEntry.objects.filter(content_type=kind, object_id=record.pk)
    ]


def test_both_doors_write_the_same(stage, cast):
    user = cast.user("hr")
    one = domain.create_draft(cycle=stage.cycle, municipality=stage.own, values=VALUES, by=user)
    with acting(user):
        create_drafts(
            [Draft("Zeile 2", VALUES)], cycle=stage.cycle, municipality=stage.own, by=user
        )
    other = Application.objects.exclude(pk=one.pk).get()
    one.refresh_from_db()
    assert facts(one, "created_at") == facts(other, "created_at")
    assert facts(one.person) == facts(other.person)
    consents = [Consent.objects.get(person=row.person) for row in (one, other)]
    assert facts(consents[0], "recorded_at") == facts(consents[1], "recorded_at")
    for mine, theirs in ((one, other), (one.person, other.person), consents):
        assert entries(mine)
        assert entries(theirs) == entries(mine)
    assert Person.objects.search("oeztuerk").filter(pk=other.person_id).exists()


def test_a_confidential_value_never_reaches_the_log(stage, cast):
    create_drafts(
        [Draft("Zeile 2", {**VALUES, "motivation": "Unverwechselbar"})],
        cycle=stage.cycle,
        municipality=stage.own,
        by=cast.user("hr"),
    )
    assert "Unverwechselbar" not in str(list(LogEntry.objects.values_list("changes", flat=True)))


def test_queries_do_not_grow_with_the_drafts(stage, cast):
    def count(number, start):
        drafts = [
            Draft(f"Zeile {n}", {**VALUES, "last_name": f"Muster{start + n}"})
            for n in range(number)
        ]
        with CaptureQueriesContext(connection) as captured:
            create_drafts(drafts, cycle=stage.cycle, municipality=stage.own, by=cast.user("hr"))
        return len(captured)

    count(1, 0)
    assert count(1, 1000) == count(20, 2000) <= 20


def test_one_that_cannot_be_refuses_all(stage, cast):
    known = make.make_person(municipality=stage.own)
    make.make_application(stage.cycle, stage.own, person=known)
    drafts = [Draft("Zeile 2", VALUES), Draft("Zeile 3", VALUES, known.pk)]
    with pytest.raises(Refused, match="Zeile 3: Diese Person hat"):
        create_drafts(drafts, cycle=stage.cycle, municipality=stage.own, by=cast.user("hr"))
    assert Application.objects.count() == 1
    foreign = make.make_person(municipality=stage.other)
    with pytest.raises(Refused, match="Zeile 4: Für diese Person"):
        create_drafts(
            [Draft("Zeile 4", VALUES, foreign.pk)],
            cycle=stage.cycle,
            municipality=stage.own,
            by=cast.user("hr"),
        )
