"""A tandem from the proposal to the seal: both Kommunen agree, a lead closes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState, Participation
from tandems.applications.models import ApplicationState
from tandems.matching.models import DroppedIdea, MatchIdea
from tandems.mentors import domain as mentors
from tandems.mentors.models import MentorState
from tandems.pairs import domain
from tandems.pairs.models import (
    EndReason,
    MatchingFrame,
    Overrule,
    PairRule,
    Tandem,
    TandemState,
    TandemVoice,
)
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def lead(cast):
    return cast.user("lead")


@pytest.fixture
def member(cast):
    return cast.user("member")


@pytest.fixture
def mentee(stage, cycle):
    return make_mentee(cycle, stage.own)


@pytest.fixture
def mentor(stage, cycle):
    return make_mentor(cycle, stage.other)


@pytest.fixture
def parts(cycle, stage):
    found = Participation.objects.filter(cycle=cycle).select_related("municipality")
    by_house = {part.municipality_id: part for part in found}
    return by_house[stage.own.pk], by_house[stage.other.pk]


def agreed(mentee, mentor, parts, lead):
    """A tandem both Kommunen agreed to and a lead closed."""
    tandem = domain.propose(mentee, mentor, by=lead)
    for part in parts:
        domain.speak(tandem, part, "agree", by=lead)
    return domain.agree(tandem, by=lead)


def state(tandem):
    return Tandem.objects.get(pk=tandem.pk).state


def test_from_the_proposal_to_the_seal(mentee, mentor, parts, member, lead, cycle):
    own, other = parts
    tandem = domain.propose(mentee, mentor, reason="Beide leiten große Teams.", by=member)
    assert tandem.state == TandemState.PROPOSED
    assert (tandem.mentee_person, tandem.mentor_person) == (mentee.person, mentor.person)
    domain.speak(tandem, own, "agree", by=member)
    with pytest.raises(Refused, match="Die Stimme von Übelheim fehlt noch"):
        domain.agree(tandem, by=lead)
    domain.speak(tandem, other, "agree", by=lead)
    with pytest.raises(Refused, match="Leitung"):
        domain.agree(tandem, by=member)
    assert domain.agree(tandem, by=lead).agreed_at is not None
    done = domain.seal(cycle, by=lead)
    assert [one.pk for one in done.sealed] == [tandem.pk]
    stored = Tandem.objects.get()
    assert stored.state == TandemState.SEALED
    assert stored.revealed_at is None
    assert stored.sealed_at is not None


def test_every_change_raises_the_edition_of_the_wall(mentee, mentor, parts, lead, cycle):
    tandem = agreed(mentee, mentor, parts, lead)
    editions = [domain.frame_of(cycle).edition]
    for step in (
        lambda: domain.seal(cycle, by=lead),
        lambda: domain.reopen(tandem, reason="Nachfrage", by=lead),
        lambda: domain.dissolve(tandem, reason="Anders entschieden", by=lead),
    ):
        step()
        editions.append(domain.frame_of(cycle).edition)
    assert editions == sorted(set(editions))
    # Neither does it count as an edit of the frame: a form opened before can still be saved.
    assert MatchingFrame.objects.get().version == 1


def test_an_objection_needs_words_and_keeps_the_tandem_open(mentee, mentor, parts, member, lead):
    tandem = domain.propose(mentee, mentor, by=member)
    with pytest.raises(Refused, match="worin der Einwand"):
        domain.speak(tandem, parts[0], "object", "  ", by=member)
    domain.speak(tandem, parts[0], "object", "Zu weit weg", by=member)
    domain.speak(tandem, parts[1], "agree", by=lead)
    with pytest.raises(Refused, match="Ahausen hat einen Einwand"):
        domain.agree(tandem, by=lead)
    domain.speak(tandem, parts[0], "agree", by=member)
    domain.agree(tandem, by=lead)
    assert TandemVoice.objects.get(participation=parts[0]).text == ""


def test_only_the_own_kommune_or_a_lead_speaks(mentee, mentor, parts, member, cycle, lead):
    tandem = domain.propose(mentee, mentor, by=member)
    with pytest.raises(Refused, match="Die Stimme von Übelheim gibt ein Mitglied"):
        domain.speak(tandem, parts[1], "agree", by=member)
    outside = make.make_participation(cycle, make.make_municipality("Neuort"))
    with pytest.raises(Refused, match="Neuort ist von diesem Tandem nicht betroffen"):
        domain.speak(tandem, outside, "agree", by=lead)
    assert not TandemVoice.objects.exists()


def test_who_records_second_is_told(mentee, mentor, parts, member, lead):
    tandem = domain.propose(mentee, mentor, by=member)
    domain.speak(tandem, parts[0], "agree", version=0, by=member)
    with pytest.raises(Refused, match="„Zustimmung“ eingetragen"):
        domain.speak(tandem, parts[0], "object", "Nein", version=0, by=lead)


def test_a_kommune_that_takes_no_part_has_no_voice(mentee, cycle, parts, lead):
    guest = make_mentor(cycle, make.make_municipality("Gastort"))
    tandem = domain.propose(mentee, guest, by=lead)
    domain.speak(tandem, parts[0], "agree", by=lead)
    assert domain.agree(tandem, by=lead).state == TandemState.AGREED


@pytest.mark.parametrize(
    "stands", [MentorState.APPROACHED, MentorState.PAUSED, MentorState.REFUSED]
)
def test_without_the_mentors_word_a_tandem_is_proposed_but_not_closed(
    mentee, cycle, stage, parts, lead, stands
):
    mentor = make_mentor(cycle, stage.other, state=stands)
    tandem = domain.propose(mentee, mentor, by=lead)
    for part in parts:
        domain.speak(tandem, part, "agree", by=lead)
    with pytest.raises(Refused, match=r"nicht zugesagt|abgesagt|pausiert"):
        domain.agree(tandem, by=lead)


def test_an_idea_without_a_name_is_nobody_yet(mentee, cycle, stage, lead):
    idea = make_mentor(cycle, stage.other, state=MentorState.IDEA)
    with pytest.raises(Refused, match="Idee ohne Namen"):
        domain.propose(mentee, idea, by=lead)


def test_what_is_forbidden_is_not_proposed(cycle, stage, mentee, lead):
    colleague = make_mentor(cycle, stage.own)
    with pytest.raises(Refused, match="derselben Kommune"):
        domain.propose(mentee, colleague, by=lead)
    busy = make_mentor(cycle, stage.other, answers={"free_at_start": "no"})
    with pytest.raises(Refused, match="Leitung des Beirats kann mit Begründung"):
        domain.propose(mentee, busy, by=lead)
    Overrule.objects.create(
        application=mentee, mentor=busy, rule=PairRule.NOT_FREE, reason="Kommt am Nachmittag"
    )
    assert domain.propose(mentee, busy, by=lead).state == TandemState.PROPOSED


def test_one_mentee_one_live_tandem(cycle, stage, mentee, mentor, lead):
    domain.propose(mentee, mentor, by=lead)
    with pytest.raises(Refused, match="hat schon ein Tandem"):
        domain.propose(mentee, make_mentor(cycle, stage.other), by=lead)


@pytest.mark.parametrize("stands", [ApplicationState.WAITING, ApplicationState.DECLINED])
def test_without_a_place_there_is_no_tandem(cycle, stage, mentor, lead, stands):
    applicant = make.make_application(cycle, stage.own, stands)
    with pytest.raises(Refused, match="keinen Platz"):
        domain.propose(applicant, mentor, by=lead)


def test_capacity_two_takes_two_and_no_third(cycle, stage, lead):
    mentor = make_mentor(cycle, stage.other, capacity=2)
    for _ in range(2):
        domain.propose(make_mentee(cycle, stage.own), mentor, by=lead)
    with pytest.raises(Refused, match="höchstens 2 Mentees"):
        domain.propose(make_mentee(cycle, stage.own), mentor, by=lead)


def test_before_the_matching_nothing_is_proposed(cycle, mentee, mentor, lead):
    cycle.state = CycleState.APPLICATION
    cycle.save()
    with pytest.raises(Refused, match="noch nicht gematcht"):
        domain.propose(mentee, mentor, by=lead)


def test_a_hidden_half_is_not_proposed_nor_decided(cast, cycle, stage, mentor, parts, member):
    subordinate = make_mentee(cycle, stage.own, superior=cast.lead)
    lead = cast.user("lead")
    with pytest.raises(Refused, match="wirken daran nicht mit"):
        domain.propose(subordinate, mentor, by=lead)
    tandem = domain.propose(subordinate, mentor, by=member)
    for step in (
        lambda: domain.speak(tandem, parts[1], "agree", by=lead),
        lambda: domain.agree(tandem, by=lead),
        lambda: domain.dissolve(tandem, reason="Nein", by=lead),
    ):
        with pytest.raises(Refused, match="nicht mit"):
            step()


def test_a_member_who_is_sought_as_a_mentor_decides_nothing(
    cast, cycle, stage, mentee, mentor, member
):
    make_mentor(cycle, stage.own, person=cast.member, state=MentorState.APPROACHED)
    with pytest.raises(Refused):
        domain.propose(mentee, mentor, by=member)


def test_opened_again_the_kommunen_are_asked_again(mentee, mentor, parts, lead, cycle, member):
    tandem = agreed(mentee, mentor, parts, lead)
    domain.seal(cycle, by=lead)
    with pytest.raises(Refused, match="warum"):
        domain.reopen(tandem, reason=" ", by=lead)
    with pytest.raises(Refused, match="Leitung"):
        domain.reopen(tandem, reason="Anruf", by=member)
    again = domain.reopen(tandem, reason="Der Mentor hat angerufen.", by=lead)
    assert (again.state, again.sealed_at, again.agreed_at) == (TandemState.PROPOSED, None, None)
    assert again.reopen_reason == "Der Mentor hat angerufen."
    assert TandemVoice.objects.count() == 2
    with pytest.raises(Refused, match="Stimme von Ahausen fehlt"):
        domain.agree(tandem, by=lead)
    for part in parts:
        domain.speak(tandem, part, "agree", by=lead)
    assert domain.agree(tandem, by=lead).state == TandemState.AGREED


@pytest.mark.parametrize("stands", [TandemState.REVEALED, TandemState.ACTIVE])
def test_what_is_known_is_neither_opened_nor_dissolved(mentee, mentor, lead, stands):
    tandem = make_tandem(mentee, mentor, stands)
    with pytest.raises(Refused, match="Das geht nicht mehr"):
        domain.reopen(tandem, reason="Doch nicht", by=lead)
    with pytest.raises(Refused, match="Das geht nicht mehr"):
        domain.dissolve(tandem, reason="Doch nicht", by=lead)


def test_once_the_mentor_knows_it_is_only_dissolved(mentee, mentor, lead):
    tandem = make_tandem(mentee, mentor, TandemState.SEALED, mentor_told_at=timezone.now())
    with pytest.raises(Refused, match="weiß schon"):
        domain.reopen(tandem, reason="Doch nicht", by=lead)
    domain.dissolve(tandem, reason="Mentee hat abgesagt", by=lead)
    assert not Tandem.objects.exists()


def test_who_proposed_takes_it_back_until_others_have_spoken(
    cycle, stage, mentee, mentor, parts, member, lead
):
    tandem = domain.propose(mentee, mentor, by=member)
    domain.dissolve(tandem, by=member)
    assert not Tandem.objects.exists()
    tandem = domain.propose(mentee, mentor, by=member)
    domain.speak(tandem, parts[1], "agree", by=lead)
    with pytest.raises(Refused, match="Andere haben sich"):
        domain.dissolve(tandem, by=member)
    domain.dissolve(tandem, reason="Der Mentor ist weggezogen", by=member)
    # Who agreed to it looks for it at the wall, and reads why.
    kept = DroppedIdea.objects.get()
    assert (kept.application, kept.mentor) == (mentee, mentor)
    assert kept.reason == "Tandem aufgelöst: Der Mentor ist weggezogen"
    tandem = domain.propose(mentee, mentor, by=lead)
    with pytest.raises(Refused, match="vorgeschlagen hat"):
        domain.dissolve(tandem, reason="Nein", by=member)


def test_the_second_choice_stays(cycle, stage, mentee, mentor, parts, lead):
    idea = MatchIdea.objects.create(
        application=mentee, mentor=make_mentor(cycle, stage.other), reason="Zweite Wahl"
    )
    tandem = agreed(mentee, mentor, parts, lead)
    domain.reopen(tandem, reason="Nachfrage", by=lead)
    domain.dissolve(tandem, reason="Nun doch die zweite Wahl", by=lead)
    assert MatchIdea.objects.filter(pk=idea.pk).exists()


def test_sealing_takes_what_is_in_order_and_names_the_rest(cycle, stage, parts, lead):
    fine = agreed(make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), parts, lead)
    gone = make_mentor(cycle, stage.other)
    broken = agreed(make_mentee(cycle, stage.own), gone, parts, lead)
    mentors.end(gone, by=lead)
    done = domain.seal(cycle, by=lead)
    assert [one.pk for one in done.sealed] == [fine.pk]
    assert [one.pk for one, _ in done.left] == [broken.pk]
    assert "ausgeschieden" in done.left[0][1][0]
    sealed_at = Tandem.objects.get(pk=fine.pk).sealed_at
    again = domain.seal(cycle, by=lead)
    assert again.sealed == []
    assert Tandem.objects.get(pk=fine.pk).sealed_at == sealed_at
    assert state(broken) == TandemState.AGREED


def test_what_was_decided_after_the_look_is_not_sealed(cycle, stage, parts, lead):
    seen = agreed(make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), parts, lead)
    later = agreed(make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), parts, lead)
    domain.seal(cycle, only=[seen.pk], by=lead)
    assert (state(seen), state(later)) == (TandemState.SEALED, TandemState.AGREED)


def test_a_mentee_who_changed_to_the_mentors_kommune_is_not_sealed(
    cycle, stage, mentee, mentor, parts, lead
):
    tandem = agreed(mentee, mentor, parts, lead)
    mentee.person.municipality = stage.other
    mentee.person.save()
    done = domain.seal(cycle, by=lead)
    assert done.sealed == []
    assert "arbeitet inzwischen auch" in done.left[0][1][0]
    assert state(tandem) == TandemState.AGREED


def test_a_kommune_that_came_in_later_is_asked_before_the_seal(
    cycle, stage, mentee, mentor, parts, lead
):
    third = make.make_municipality("Neuort")
    make.make_participation(cycle, third)
    agreed(mentee, mentor, parts, lead)
    mentors.change_house(mentor, municipality=third, by=lead)
    done = domain.seal(cycle, by=lead)
    assert "Neuort ist inzwischen auch betroffen" in done.left[0][1][0]


def test_only_leads_seal_and_only_what_they_may_see(cast, cycle, stage, parts, member):
    lead = cast.user("lead")
    with pytest.raises(Refused, match="Leitung"):
        domain.seal(cycle, by=member)
    subordinate = make_mentee(cycle, stage.own, superior=cast.lead)
    tandem = make_tandem(subordinate, make_mentor(cycle, stage.other), TandemState.AGREED)
    assert domain.seal(cycle, by=lead).sealed == []
    second = make.make_seat(parts[0], lead=True)
    assert [one.pk for one in domain.seal(cycle, by=second.user).sealed] == [tandem.pk]


def test_a_match_anew_says_after_which_tandem(cycle, stage, mentee, mentor, lead):
    ended = make_tandem(mentee, mentor, TandemState.ENDED_EARLY, end_reason=EndReason.FIT)
    again = domain.propose(mentee, make_mentor(cycle, stage.other), by=lead)
    assert again.after == ended
    # The mentor is left over too; who is matched with them next follows the same end once.
    first = domain.propose(make_mentee(cycle, stage.own), mentor, by=lead)
    assert first.after is None


def test_a_mentor_left_over_is_matched_anew(cycle, stage, mentee, mentor, lead):
    ended = make_tandem(mentee, mentor, TandemState.ENDED_EARLY, end_reason=EndReason.MENTEE_LEFT)
    assert domain.propose(make_mentee(cycle, stage.own), mentor, by=lead).after == ended


def test_voices_given_a_second_before_reopening_are_old(mentee, mentor, parts, lead):
    tandem = agreed(mentee, mentor, parts, lead)
    TandemVoice.objects.update(recorded_at=timezone.now() - timedelta(seconds=1))
    domain.reopen(tandem, reason="Nachfrage", by=lead)
    with pytest.raises(Refused, match="fehlt noch"):
        domain.agree(tandem, by=lead)
