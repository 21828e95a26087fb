"""Two at the same moment: two leads press, a lead presses while the clock strikes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.log.models import LogEntry
from tandems.pairs.models import Tandem
from tandems.reveal import domain
from tandems.reveal.plan import ALL, plan
from tests import factories as make
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.tandems.reveal.makers import on_the_day, sealed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cycle(stage):
    return on_the_day(stage, start_workshop_on=timezone.localdate())


def revealed_entries():
    return LogEntry.objects.filter(
        action=LogEntry.Action.UPDATE, changes__has_key="revealed_at"
    ).count()


def test_two_leads_press_at_once(cycle, stage, cast):
    tandems = [sealed(stage) for _ in range(3)]
    second = make.make_seat(cycle.participations.get(municipality=stage.own), lead=True)
    leads = [cast.user("lead"), second.user]
    seen = plan(cycle, leads[0]).seen(ALL)
    found = at_once(*[lambda by=by: domain.reveal(cycle, seen=seen, by=by) for by in leads])
    assert len(refusals(found)) == 1
    assert Tandem.objects.filter(revealed_at__isnull=False).count() == len(tandems)
    assert Tandem.objects.values("revealed_at").distinct().count() == 1
    assert revealed_entries() == len(tandems)


def test_a_lead_presses_while_the_clock_strikes(cycle, stage, cast):
    lead = cast.user("lead")
    cycle.reveal_at = timezone.now() - timedelta(seconds=1)
    cycle.save()
    tandem = sealed(stage, sealed_at=timezone.now() - timedelta(minutes=5))
    seen = plan(cycle, lead).seen(ALL)
    at_once(lambda: domain.reveal(cycle, seen=seen, by=lead), domain.reveal_due)
    assert Tandem.objects.get(pk=tandem.pk).revealed_at is not None
    assert revealed_entries() == 1
