"""One voice per Kommune, comments of one's own, and who is biased."""

import re

import pytest
from django.urls import reverse

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from tandems.matching import domain
from tandems.matching.board import Wall
from tandems.matching.models import Bias, IdeaComment, IdeaVoice
from tandems.pairs.models import MatchingFrame
from tests import factories as make
from tests.tandems.matching.makers import house_of, idea
from tests.tandems.pairs.makers import make_mentor


@pytest.fixture
def own(scene):
    return house_of(scene.cycle, scene.stage.own)


@pytest.fixture
def other(scene):
    return house_of(scene.cycle, scene.stage.other)


def test_one_voice_a_kommune_however_many_sit_there(scene, own):
    found = scene.idea()
    colleague = make.make_seat(own).user
    domain.speak(found, own, "support", by=scene.member)
    domain.speak(found, own, "doubt", seen="support", by=colleague)
    assert [voice.stance for voice in IdeaVoice.objects.all()] == ["doubt"]


def test_of_two_colleagues_the_second_is_told(scene, own):
    found = scene.idea()
    colleague = make.make_seat(own).user
    domain.speak(found, own, "support", seen="", by=scene.member)
    with pytest.raises(Refused, match="Für Ahausen hat inzwischen jemand anderes „dafür“"):
        domain.speak(found, own, "doubt", seen="", by=colleague)
    domain.speak(found, own, "support", seen="", by=colleague)
    assert IdeaVoice.objects.get().recorded_by == scene.member


def test_a_member_speaks_for_the_own_kommune_and_a_lead_for_any(scene, own, other):
    found = scene.idea()
    with pytest.raises(Refused, match="Für Übelheim können Sie keine Stimme eintragen"):
        domain.speak(found, other, "support", by=scene.member)
    domain.speak(found, own, "support", by=scene.lead)
    domain.speak(found, other, "doubt", by=scene.lead)
    domain.withdraw_voice(found, own, by=scene.member)
    assert IdeaVoice.objects.get().participation == other


def test_each_voice_is_news(scene, own):
    found = scene.idea()
    edition = lambda: MatchingFrame.objects.get(cycle=scene.cycle).edition  # noqa: E731
    numbers = [edition()]
    for act in (
        lambda: domain.speak(found, own, "support", by=scene.member),
        lambda: domain.withdraw_voice(found, own, by=scene.member),
        lambda: domain.comment(found, "Gut", by=scene.member),
        lambda: domain.change_comment(IdeaComment.objects.get(), by=scene.member),
        lambda: domain.delete_comment(IdeaComment.objects.get(), by=scene.member),
        lambda: domain.declare_bias(scene.mentor, by=scene.member),
        lambda: domain.withdraw_bias(Bias.objects.get(), by=scene.member),
        lambda: domain.change_reason(found, by=scene.member),
    ):
        act()
        numbers.append(edition())
    assert numbers == list(range(numbers[0], numbers[0] + 9))


def test_a_comment_is_its_authors(scene):
    found = domain.comment(scene.idea(), " Passt gut ", by=scene.lead)
    assert found.text == "Passt gut"
    for act in (domain.change_comment, domain.delete_comment):
        with pytest.raises(Refused, match="wer sie geschrieben hat"):
            act(found, by=scene.member)
    stale = IdeaComment.objects.get()
    found.text = "Passt sehr gut"
    domain.change_comment(found, by=scene.lead)
    with pytest.raises(EditConflict):
        domain.change_comment(stale, by=scene.lead)
    domain.delete_comment(found, by=scene.lead)
    with pytest.raises(EditConflict):
        domain.change_comment(stale, by=scene.lead)


def test_who_is_biased_is_said_at_each_idea_and_beside_the_voice(scene, own, other):
    member = scene.cast.member.full_name
    found = scene.idea()
    domain.declare_bias(scene.mentor, text="frühere Kollegin", by=scene.member)
    domain.declare_bias(scene.mentor, text="frühere Chefin", by=scene.member)
    domain.speak(found, own, "support", by=scene.member)
    domain.speak(found, other, "support", by=scene.lead)
    card = Wall(scene.lead, scene.cycle).cards([scene.mentee])[0]
    line = card.ideas[0]
    assert [bias.words for bias in line.biases] == [
        f"befangen: {member} kennt die Mentorin oder den Mentor (frühere Chefin)"
    ]
    assert [str(voice) for voice in line.support] == [f"Ahausen (befangen: {member})", "Übelheim"]


def test_the_word_is_taken_back_by_whose_it_is(scene):
    said = domain.declare_bias(scene.mentee, by=scene.member)
    with pytest.raises(Refused, match="wer es gesagt hat"):
        domain.withdraw_bias(said, by=scene.lead)
    domain.withdraw_bias(said, by=scene.member)
    assert not Bias.objects.exists()


def test_the_forms_of_two_ideas_are_told_apart_by_name(scene, client_of):
    scene.idea()
    second = make.make_person("Anke", "Andere", municipality=scene.stage.other)
    idea(scene.mentee, make_mentor(scene.cycle, scene.stage.other, person=second), by=scene.lead)
    address = reverse("matching:mentee", args=[scene.cycle.pk, scene.mentee.pk])
    page = client_of("member").get(address).content.decode()
    names = re.findall(r'aria-label="(Stimme von Ahausen[^"]*)"', page)
    assert sorted(names) == [
        "Stimme von Ahausen: Mina Mentee und Anke Andere",
        "Stimme von Ahausen: Mina Mentee und Tara Mentorin",
    ]
