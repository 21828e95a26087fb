"""Ended links are kept for a while, to see whether somebody got theirs."""

from datetime import date, datetime, timedelta

import pytest

from programmes.people.retention import erase, known_about
from tandems.links.models import PersonalLink
from tests import factories as make
from tests.programmes.privacy.makers import BERLIN, at, night_of, own_period

CLOSED = date(2026, 5, 1)


@pytest.fixture
def link(stage):
    noon = datetime(2026, 5, 1, 12, tzinfo=BERLIN)
    return PersonalLink.objects.create(
        purpose="test",
        record=1,
        cycle=stage.cycle,
        person=make.make_person(municipality=stage.own),
        email="erika@ahausen.example",
        code_hash="x",
        expires_at=noon,
        closed_at=noon,
        created_at=noon,
    )


def test_gone_on_its_day_and_not_before(link):
    night_of(CLOSED + timedelta(days=89))
    assert PersonalLink.objects.exists()
    night_of(CLOSED + timedelta(days=90))
    assert not PersonalLink.objects.exists()


def test_the_cycles_own_period_holds(stage, link):
    own_period(stage.cycle, "links", 5)
    night_of(CLOSED + timedelta(days=5))
    assert not PersonalLink.objects.exists()


def test_the_person_reads_of_it_and_erasure_takes_it(link, cast):
    with at(CLOSED):
        assert "erika@ahausen.example" in str(known_about(link.person))
        erase(link.person, by=cast.user("hr"))
    assert not PersonalLink.objects.exists()
