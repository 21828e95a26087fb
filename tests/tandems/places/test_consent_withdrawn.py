"""Who withdraws the consent is gone from the Platzvergabe, and the others go on."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tandems.applications.models import Application
from tandems.places import domain
from tandems.places.board import board
from tandems.places.domain import VoiceEntry
from tandems.places.models import Allocation, AllocationLine, Stance
from tandems.profiles.domain import withdraw_consent
from tandems.profiles.models import Consent
from tests.tandems.places.makers import agree, nominate, start


def withdraw(application, by):
    withdraw_consent(Consent.objects.get(person=application.person_id, kind="forward"), by=by)


@pytest.fixture
def lead(cast):
    return cast.user("lead")


def test_the_others_settle_the_tie_without_it(stage, cast, lead):
    rows = [nominate(stage.cycle, stage.own, 1) for _ in range(3)]
    allocation = start(stage.cycle, lead, places=1)
    changed = Allocation.objects.get().changed_at
    withdraw(rows[0], cast.user("hr"))
    found = board(Allocation.objects.get(), lead)
    assert (found.hidden, found.hidden_ties, found.hidden_words) == (0, 0, "")
    assert [len(tie.rows) for tie in found.ties] == [2]
    assert Allocation.objects.get().changed_at > changed
    domain.settle_tie(
        allocation,
        tie=1,
        placed=[found.rows[0].line.pk],
        reason="Los",
        versions={row.line.pk: row.line.version for row in found.rows},
        by=lead,
    )
    agree(allocation, lead)
    assert not domain.close(allocation, by=lead).is_open


def test_after_the_close_the_minutes_stay_whole_for_the_others(
    stage, cast, lead, client_of, monkeypatch
):
    rows = [nominate(stage.cycle, stage.own, rank) for rank in (1, 2)]
    allocation = start(stage.cycle, lead, places=2)
    agree(allocation, lead)
    part = stage.cycle.participations.get(municipality=stage.other)
    version = allocation.voices.get(participation=part).version
    objection = VoiceEntry(part, Stance.OBJECT, "Wortlaut des Einwands", version)
    domain.record_voices(allocation, [objection], by=lead)
    domain.close(allocation, resolution="Wortlaut des Beschlusses", by=lead)
    domain.tell(rows[0], on=timezone.localdate(), by=cast.user("hr"))
    withdraw(rows[0], cast.user("hr"))
    found = board(Allocation.objects.get(), lead)
    assert (found.hidden, found.placed, found.free) == (0, 1, 1)
    monkeypatch.setattr("mentoring.ui.pdf.html_to_pdf", lambda html: html.encode())
    minutes = client_of("lead").get(reverse("places:minutes", args=[stage.cycle.pk]))
    text = minutes.content.decode()
    assert "Wortlaut des Einwands" in text
    assert "Wortlaut des Beschlusses" in text
    assert rows[0].person.last_name not in text
    # The place is free, and that it was once decided stays for the deletion to find.
    assert AllocationLine.objects.filter(application=rows[0]).exists()
    assert Application.objects.get(pk=rows[0].pk).nominated_at is None
