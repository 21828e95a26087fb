"""Two people at the same moment: one decides, the other is told, nothing is half done."""

import pytest

from programmes.cycles.models import Participant
from tandems.applications.models import Application
from tandems.places import domain
from tandems.places.domain import VoiceEntry
from tandems.places.models import Allocation, LaterDecision, Stance, Voice
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.tandems.places.makers import agree, closed, nominate, start

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_leads_close(stage, cast):
    lead, member = cast.user("lead"), cast.user("member")
    rows = [nominate(stage.cycle, stage.own, rank) for rank in (1, 2)]
    allocation = start(stage.cycle, lead, places=1)
    agree(allocation, lead)
    found = at_once(
        lambda: domain.close(allocation, by=lead), lambda: domain.close(allocation, by=member)
    )
    assert len(refusals(found)) == 1
    states = Application.objects.filter(pk__in=[row.pk for row in rows]).values_list("state")
    assert sorted(states) == [("placed",), ("waiting",)]


def test_two_minute_takers_record_the_same_voice(stage, cast):
    lead = cast.user("lead")
    nominate(stage.cycle, stage.own)
    allocation = start(stage.cycle, lead)
    part = stage.cycle.participations.select_related("municipality").first()

    def record(stance):
        entry = VoiceEntry(part, stance, "", 0)
        return lambda: domain.record_voices(allocation, [entry], by=lead)

    found = at_once(record(Stance.AGREE), record(Stance.ABSTAIN))
    assert len(refusals(found)) == 1
    assert Voice.objects.count() == 1


def test_two_leads_give_the_one_free_place(stage, cast):
    lead = cast.user("lead")
    rows = [nominate(stage.cycle, stage.own, rank) for rank in (1, 2, 3)]
    allocation = closed(stage.cycle, lead, places=1)
    domain.decide_later(
        allocation, rows[0], expected="placed", outcome="declined", reason="Zurück", by=lead
    )

    def move(row):
        return lambda: domain.decide_later(
            allocation, row, expected="waiting", outcome="placed", reason="Nachrücken", by=lead
        )

    assert len(refusals(at_once(move(rows[1]), move(rows[2])))) == 1
    assert Application.objects.filter(state="placed").count() == 1
    assert LaterDecision.objects.count() == 2


def test_two_of_the_personalstelle_tick_the_same(stage, cast):
    from django.utils import timezone

    hr = cast.user("hr")
    row = nominate(stage.cycle, stage.own)
    closed(stage.cycle, cast.user("lead"), places=1)
    tell = lambda: domain.tell(row, on=timezone.localdate(), by=hr)  # noqa: E731
    assert refusals(at_once(tell, tell)) == []
    assert Participant.objects.filter(person=row.person, role="mentee").count() == 1
    assert Allocation.objects.count() == 1
