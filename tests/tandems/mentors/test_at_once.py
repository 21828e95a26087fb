"""Two members at the same moment: one asks, the other is told."""

import pytest

from tandems.mentors import domain
from tandems.mentors.models import Approach, Mentor, MentorState
from tests import factories as make
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.tandems.mentors.makers import make_idea

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_claim_the_same_idea(idea, named, cast):
    found = at_once(
        lambda: domain.claim(idea, named=named, by=cast.user("member")),
        lambda: domain.claim(idea, named=named, by=cast.user("lead")),
    )
    (refusal,) = refusals(found)
    won = Approach.objects.select_related("by").get()
    assert won.by.full_name in str(refusal)
    assert Mentor.objects.get().state == MentorState.APPROACHED


def test_both_name_the_same_person_under_two_ideas(stage, idea, cast):
    other = make_idea(stage.cycle, stage.other, position="Dezernat")
    person = make.make_person(municipality=stage.other)
    found = at_once(
        lambda: domain.claim(idea, person=person, by=cast.user("member")),
        lambda: domain.claim(other, person=person, by=cast.user("lead")),
    )
    assert len(refusals(found)) == 1
    assert Approach.objects.count() == 1


def test_one_gives_back_while_the_other_answers(approached, cast):
    from django.utils import timezone

    today = timezone.localdate()
    found = at_once(
        lambda: domain.release(approached, by=cast.user("member")),
        lambda: domain.refuse(approached, on=today, by=cast.user("lead")),
    )
    assert len(refusals(found)) == 1
    assert not Approach.objects.filter(answer="").exists()
