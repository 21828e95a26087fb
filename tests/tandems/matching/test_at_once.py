"""Two people at the same moment: one is first, the other is told."""

import pytest

from tandems.matching import domain
from tandems.matching.models import IdeaVoice, MatchIdea
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.tandems.matching.makers import house_of, idea

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_have_the_same_idea(scene):
    found = at_once(
        *(
            lambda user=user: idea(scene.mentee, scene.mentor, by=user)
            for user in (scene.member, scene.lead)
        )
    )
    assert len(refusals(found)) == 1
    assert "steht schon an der Wand" in refusals(found)[0]
    assert MatchIdea.objects.count() == 1


def test_both_speak_for_the_same_kommune(scene):
    found = idea(scene.mentee, scene.mentor, by=scene.member)
    part = house_of(scene.cycle, scene.stage.own)
    answers = at_once(
        lambda: domain.speak(found, part, "support", seen="", by=scene.member),
        lambda: domain.speak(found, part, "doubt", seen="", by=scene.lead),
    )
    assert len(refusals(answers)) == 1
    assert IdeaVoice.objects.count() == 1
