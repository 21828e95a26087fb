"""An idea: added once, refused where a rule forbids, settled by a lead, deleted with a reason."""

import pytest

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from tandems.matching import domain
from tandems.matching.models import DroppedIdea, IdeaComment, Mark, MatchIdea
from tandems.mentors.models import MentorState
from tandems.pairs.models import MatchingFrame
from tests import factories as make
from tests.tandems.matching.makers import house_of, idea, make_mentee, make_mentor


def edition(scene):
    return MatchingFrame.objects.get(cycle=scene.cycle).edition


def test_a_member_puts_a_pair_on_the_wall(scene):
    found = scene.idea()
    assert found.had_by == scene.cast.member
    assert found.reason == "Beide bauen gerade ein Amt um."
    assert edition(scene) == 2


def test_the_second_is_told_who_had_it(scene):
    scene.idea()
    with pytest.raises(Refused, match=r"steht schon an der Wand, eingetragen von .* am"):
        scene.idea(by=scene.lead)
    assert MatchIdea.objects.count() == 1


def test_a_pair_of_one_kommune_is_refused_in_a_sentence(scene):
    neighbour = make_mentor(scene.cycle, scene.stage.own)
    with pytest.raises(Refused, match="Beide arbeiten bei derselben Kommune: Ahausen"):
        idea(scene.mentee, neighbour, by=scene.member)


def test_who_is_only_an_idea_may_be_thought_of(scene):
    unasked = make_mentor(scene.cycle, scene.stage.other, state=MentorState.IDEA)
    assert idea(scene.mentee, unasked, by=scene.member).pk


def test_who_refused_is_no_choice(scene):
    gone = make_mentor(scene.cycle, scene.stage.other, state=MentorState.REFUSED)
    with pytest.raises(Refused, match="steht nicht zur Verfügung"):
        idea(scene.mentee, gone, by=scene.member)


def test_who_has_no_place_is_no_mentee(scene):
    scene.mentee.state = "waiting"
    scene.mentee.save()
    with pytest.raises(Refused, match="keinen Platz"):
        scene.idea()


def test_what_one_must_not_see_one_does_not_match(scene):
    scene.mentee.superior = scene.cast.member
    scene.mentee.save()
    with pytest.raises(Refused, match="wirken Sie nicht mit"):
        scene.idea()
    found = scene.idea(by=scene.lead)
    for act in (
        lambda: domain.comment(found, "Aha", by=scene.member),
        lambda: domain.change_reason(found, by=scene.member),
        lambda: domain.delete_idea(found, by=scene.member),
        lambda: domain.declare_bias(scene.mentee, by=scene.member),
        lambda: domain.speak(
            found, house_of(scene.cycle, scene.stage.own), "support", by=scene.member
        ),
    ):
        with pytest.raises(Refused, match="wirken Sie nicht mit"):
            act()


def test_who_may_be_half_of_a_pair_matches_nobody(scene):
    make_mentor(scene.cycle, scene.stage.own, person=scene.cast.member)
    with pytest.raises(Refused, match="wirken Sie nicht mit"):
        scene.idea(by=fresh(scene.member))


def fresh(user):
    """The user as the next request reads them."""
    return type(user).objects.get(pk=user.pk)


def test_the_reason_is_changed_by_whose_it_is_or_a_lead(scene):
    found = scene.idea()
    found.reason = "Besser: beide Sozialamt."
    assert domain.change_reason(found, by=scene.member).reason == "Besser: beide Sozialamt."
    hers = idea(make_mentee(scene.cycle, scene.stage.own), scene.mentor, by=scene.lead)
    with pytest.raises(Refused, match="wer es eingetragen hat"):
        domain.change_reason(hers, by=scene.member)


def test_of_two_editors_the_second_is_told(scene):
    found = scene.idea()
    mine, theirs = (MatchIdea.objects.get(pk=found.pk) for _ in range(2))
    theirs.reason = "zuerst"
    domain.change_reason(theirs, by=scene.lead)
    mine.reason = "danach"
    with pytest.raises(EditConflict):
        domain.change_reason(mine, by=scene.member)


def marked(found, mark, reason="", *, by):
    stored = MatchIdea.objects.get(pk=found.pk)
    stored.mark, stored.mark_reason = mark, reason
    return domain.mark_idea(stored, by=by)


def test_a_lead_settles(scene):
    found = scene.idea()
    before = edition(scene)
    assert marked(found, Mark.PINNED, by=scene.lead).mark == "pinned"
    assert edition(scene) == before + 1
    with pytest.raises(Refused, match="Leitung"):
        marked(found, Mark.NONE, by=scene.member)


@pytest.mark.parametrize(("mark", "said"), [("pinned", "gesetzt: Tara"), ("second", "Wahl: Tara")])
def test_at_most_one_a_mentee(scene, mark, said):
    marked(scene.idea(), mark, by=scene.lead)
    other = idea(scene.mentee, make_mentor(scene.cycle, scene.stage.other), by=scene.member)
    with pytest.raises(Refused, match=said):
        marked(other, mark, by=scene.lead)
    assert MatchIdea.objects.get(pk=other.pk).mark == ""


def test_whom_a_hidden_idea_names_is_not_said(scene):
    marked(scene.idea(), Mark.PINNED, by=scene.lead)
    make.make_exclusion(scene.cycle, scene.mentor.person, scene.cast.lead)
    other = idea(scene.mentee, make_mentor(scene.cycle, scene.stage.other), by=scene.member)
    with pytest.raises(Refused) as refused:
        marked(other, Mark.PINNED, by=fresh(scene.lead))
    assert "Tara" not in str(refused.value)


def test_what_a_rule_forbids_is_not_pinned(scene):
    found = scene.idea()
    person = scene.mentee.person
    person.municipality = scene.stage.other
    person.save()
    with pytest.raises(Refused, match="arbeitet inzwischen auch bei der Kommune Übelheim"):
        marked(found, Mark.PINNED, by=scene.lead)


def test_banning_needs_a_reason(scene):
    found = scene.idea()
    with pytest.raises(Refused, match="begründen"):
        marked(found, Mark.BANNED, by=scene.lead)
    assert marked(found, Mark.BANNED, "zu weit", by=scene.lead).mark_reason == "zu weit"


def test_an_own_idea_nobody_spoke_about_goes_without_a_word(scene):
    domain.delete_idea(scene.idea(), by=scene.member)
    assert not MatchIdea.objects.exists()
    assert not DroppedIdea.objects.exists()


def test_what_others_spoke_about_goes_with_a_reason_that_stays(scene):
    found = scene.idea()
    domain.comment(found, "Passt gut", by=scene.lead)
    with pytest.raises(Refused, match="begründen"):
        domain.delete_idea(found, by=scene.member)
    domain.delete_idea(found, reason="Doppelt gedacht", by=scene.member)
    assert not IdeaComment.objects.exists()
    dropped = DroppedIdea.objects.get()
    assert (dropped.reason, dropped.dropped_by) == ("Doppelt gedacht", scene.cast.member)


def test_somebody_elses_idea_is_not_deleted(scene):
    found = scene.idea(by=scene.lead)
    with pytest.raises(Refused, match="wer es eingetragen hat"):
        domain.delete_idea(found, reason="Gefällt mir nicht", by=scene.member)
