"""Setting what the rules do, going over a warning, taking that back."""

import re

import pytest
from django.urls import reverse

from mentoring.log.models import LogEntry
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState
from tandems.mentors.models import MentorState
from tandems.pairs import domain
from tandems.pairs.domain import frame_of
from tandems.pairs.hindrances import Hindrances, Severity
from tandems.pairs.models import MatchingFrame, Overrule, PairRule, TandemState
from tandems.pairs.settings import RULES
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

SHIPPED = {rule.value: known.shipped for rule, known in RULES.items() if len(known.choices) > 1}


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def lead(cast):
    return cast.user("lead")


@pytest.fixture
def pair(stage, cycle):
    """A mentor who is busy on the day, which is a warning."""
    return make_mentee(cycle, stage.own), make_mentor(
        cycle, stage.other, answers={"free_at_start": "no"}
    )


def token(page):
    return re.search(r'name="_version" value="([^"]*)"', page).group(1)


# --- The settings -----------------------------------------------------------------------
def test_only_what_differs_from_the_shipped_is_kept(cycle, lead):
    domain.save_rules(
        frame_of(cycle),
        {PairRule.NOT_FREE: "refuse", PairRule.NOT_AGREED: "warn", PairRule.TARGET_GROUP: "off"},
        by=lead,
    )
    assert MatchingFrame.objects.get().rules == {"not_free": "refuse", "target_group": "off"}
    found = Hindrances(cycle).settings
    assert found[PairRule.NOT_FREE] == Severity.REFUSE
    assert found[PairRule.TARGET_GROUP] is None
    assert found[PairRule.SAME_EMPLOYER] == Severity.REFUSE


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        (PairRule.EXCLUDED, "warn"),
        (PairRule.EXCLUDED, "off"),
        (PairRule.SAME_EMPLOYER, "off"),
        (PairRule.REPORTING_LINE, "off"),
        (PairRule.CAPACITY, "off"),
        (PairRule.NOT_FREE, "perhaps"),
    ],
)
def test_some_settings_a_rule_may_not_have(cycle, lead, rule, word):
    with pytest.raises(Refused, match=RULES[rule].title):
        domain.save_rules(frame_of(cycle), {rule: word}, by=lead)


def test_only_a_lead_sets_them_and_only_in_time(cycle, cast, lead):
    frame = frame_of(cycle)
    with pytest.raises(Refused, match="Leitung"):
        domain.save_rules(frame, {}, by=cast.user("member"))
    cycle.state = CycleState.APPLICATION
    cycle.save()
    with pytest.raises(Refused, match="noch nicht gematcht"):
        domain.save_rules(frame, {}, by=lead)


def test_the_wall_learns_of_it(cycle, lead):
    frame = frame_of(cycle)
    domain.save_rules(frame, {PairRule.NOT_FREE: "off"}, by=lead)
    assert frame_of(cycle).edition == frame.edition + 1


def test_a_change_at_the_wall_is_no_conflict_and_a_second_lead_is_one(cycle, lead):
    one, other = frame_of(cycle), frame_of(cycle)
    domain.touch(cycle)
    domain.save_rules(one, {PairRule.NOT_FREE: "off"}, by=lead)
    assert frame_of(cycle).edition == 3
    with pytest.raises(EditConflict):
        domain.save_rules(other, {PairRule.NOT_FREE: "refuse"}, by=lead)


def test_mentors_first_stays_once_the_first_mentor_was_told(stage, cycle, lead):
    domain.save_rules(frame_of(cycle), {}, mentors_first=True, by=lead)
    tandem = make_tandem(
        make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), TandemState.SEALED
    )
    type(tandem).objects.filter(pk=tandem.pk).update(mentor_told_at=tandem.sealed_at)
    with pytest.raises(Refused, match="kennen ihr Match schon"):
        domain.save_rules(frame_of(cycle), {}, mentors_first=False, by=lead)
    domain.save_rules(frame_of(cycle), {PairRule.NOT_FREE: "off"}, mentors_first=True, by=lead)


def test_the_page_explains_each_rule_and_a_lead_changes_it(cycle, client_of):
    url = reverse("pairs:rules", args=[cycle.pk])
    browser = client_of("lead")
    page = browser.get(url).content.decode()
    for known in RULES.values():
        assert known.title in page
        assert known.text.partition(".")[0] in page
    assert "diese Regel verhindert das Paar immer" in page
    assert 'name="excluded"' not in page
    typed = {**SHIPPED, "not_free": "refuse", "mentors_first": "on", "_version": token(page)}
    assert browser.post(url, typed).status_code == 302
    frame = MatchingFrame.objects.get()
    assert (frame.rules, frame.mentors_first) == ({"not_free": "refuse"}, True)


def test_of_two_leads_at_the_page_the_second_is_told(cycle, client_of, lead):
    url = reverse("pairs:rules", args=[cycle.pk])
    browser = client_of("lead")
    opened = token(browser.get(url).content.decode())
    domain.save_rules(frame_of(cycle), {PairRule.NOT_FREE: "refuse"}, by=lead)
    page = browser.post(url, {**SHIPPED, "not_free": "off", "_version": opened})
    assert page.status_code == 200
    assert "inzwischen gespeichert" in page.content.decode()
    assert MatchingFrame.objects.get().rules == {"not_free": "refuse"}


def test_a_member_reads_what_is_set(cycle, client_of, lead):
    domain.save_rules(frame_of(cycle), {PairRule.NOT_FREE: "off"}, by=lead)
    url = reverse("pairs:rules", args=[cycle.pk])
    page = client_of("member").get(url).content.decode()
    assert "Am Startworkshop verhindert: wird nicht geprüft" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert client_of("member").post(url, SHIPPED).status_code == 403


# --- Going over a warning ----------------------------------------------------------------
def test_a_lead_goes_over_a_warning_with_a_reason(cycle, pair, lead):
    before = frame_of(cycle).edition
    domain.overrule(*pair, PairRule.NOT_FREE, reason=" Kommt eine Stunde später. ", by=lead)
    word = Overrule.objects.get()
    assert (word.reason, word.overruled_by) == ("Kommt eine Stunde später.", lead)
    assert not any(one.stands for one in Hindrances(cycle).of(*pair))
    assert frame_of(cycle).edition == before + 1


def test_not_without_a_reason_and_not_by_a_member(pair, cast, lead):
    with pytest.raises(Refused, match="warum"):
        domain.overrule(*pair, PairRule.NOT_FREE, reason="  ", by=lead)
    with pytest.raises(Refused, match="Leitung"):
        domain.overrule(*pair, PairRule.NOT_FREE, reason="Geht.", by=cast.user("member"))
    assert not Overrule.objects.exists()


def test_a_rule_that_refuses_cannot_be_gone_over(stage, cycle, lead):
    mentee, mentor = make_mentee(cycle, stage.own), make_mentor(cycle, stage.own)
    with pytest.raises(Refused, match="lässt sich nicht"):
        domain.overrule(mentee, mentor, PairRule.SAME_EMPLOYER, reason="Doch.", by=lead)


def test_a_warning_that_is_not_there_or_gone_over_already_is_said_so(pair, lead):
    with pytest.raises(Refused, match="besteht nicht mehr"):
        domain.overrule(*pair, PairRule.TARGET_GROUP, reason="Geht.", by=lead)
    domain.overrule(*pair, PairRule.NOT_FREE, reason="Geht.", by=lead)
    with pytest.raises(Refused, match="schon jemand hinweggegangen"):
        domain.overrule(*pair, PairRule.NOT_FREE, reason="Geht doch.", by=lead)


def test_not_for_a_half_the_lead_must_not_know_of(cycle, pair, cast, lead):
    mentee, mentor = pair
    mentee.superior = cast.lead
    mentee.save()
    with pytest.raises(Refused, match="gibt es nicht mehr"):
        domain.overrule(mentee, mentor, PairRule.NOT_FREE, reason="Geht.", by=lead)


def test_taken_back_the_warning_stands_again(cycle, pair, cast, lead):
    word = domain.overrule(*pair, PairRule.NOT_FREE, reason="Geht.", by=lead)
    with pytest.raises(Refused, match="Leitung"):
        domain.take_back(word, by=cast.user("member"))
    domain.take_back(word, by=lead)
    assert [one.stands for one in Hindrances(cycle).of(*pair)] == [True]
    with pytest.raises(Refused, match="schon jemand zurückgenommen"):
        domain.take_back(word, by=lead)


def test_the_log_tells_that_it_was_done_and_not_what_was_written(pair, lead):
    word = domain.overrule(*pair, PairRule.NOT_FREE, reason="Kind ist krank.", by=lead)
    domain.take_back(word, by=lead)
    entries = LogEntry.objects.filter(actor=lead)
    assert entries.filter(content_type__model="overrule").count() == 2
    assert not [entry for entry in entries if "krank" in f"{entry.changes} {entry.object_repr}"]


# --- The pages of it ---------------------------------------------------------------------
@pytest.fixture
def url(cycle, pair):
    def of(name, *args):
        return reverse(f"pairs:{name}", args=[cycle.pk, pair[0].pk, pair[1].pk, *args])

    return of


def test_on_the_page_of_the_pair(url, client_of):
    lead, member = client_of("lead"), client_of("member")
    assert url("overrule", "not_free") in lead.get(url("pair")).content.decode()
    assert url("overrule", "not_free") not in member.get(url("pair")).content.decode()
    asked = lead.get(url("overrule", "not_free")).content.decode()
    assert "am Tag des Startworkshops nicht frei" in asked
    empty = lead.post(url("overrule", "not_free"), {"reason": ""})
    assert empty.status_code == 200
    assert not Overrule.objects.exists()
    lead.post(url("overrule", "not_free"), {"reason": "Kommt nach dem Mittag."})
    page = member.get(url("pair")).content.decode()
    assert "Warnung, über die hinweggegangen wurde" in page
    assert "Kommt nach dem Mittag." in page
    assert url("take_back", "not_free") not in page
    assert url("take_back", "not_free") in lead.get(url("pair")).content.decode()
    lead.post(url("take_back", "not_free"))
    page = member.get(url("pair")).content.decode()
    assert "Kommt nach dem Mittag." not in page
    assert "Warnung, über die" not in page


def test_the_page_says_so_where_a_rule_refuses_by_now(url, client_of, cycle, lead):
    domain.save_rules(frame_of(cycle), {PairRule.NOT_FREE: "refuse"}, by=lead)
    browser = client_of("lead")
    assert "verhindert das Paar" in browser.get(url("overrule", "not_free")).content.decode()
    page = browser.post(url("overrule", "not_free"), {"reason": "Geht."}).content.decode()
    assert "lässt sich nicht hinweggehen" in page
    assert ">Geht.</textarea>" in page.replace("\n", "")
    assert not Overrule.objects.exists()


def test_what_is_no_rule_or_no_warning_is_not_found(url, client_of):
    browser = client_of("lead")
    for word in ("unsinn", "target_group"):
        assert browser.get(url("overrule", word)).status_code == 404
        assert browser.get(url("take_back", word)).status_code == 404


def test_who_comes_too_late_is_told_and_keeps_what_was_typed(url, client_of, pair):
    mentor = pair[1]
    mentor.answers["free_at_start"] = "yes"
    mentor.save()
    browser = client_of("lead")
    page = browser.post(url("overrule", "not_free"), {"reason": "Geht doch."})
    assert page.status_code == 200
    assert "besteht nicht mehr" in page.content.decode()
    assert "Geht doch." in page.content.decode()
    assert (
        "schon jemand zurückgenommen" in browser.post(url("take_back", "not_free")).content.decode()
    )


def test_a_warning_of_a_mentor_not_yet_asked_can_be_gone_over(stage, cycle, lead):
    idea = make_mentor(cycle, stage.other, state=MentorState.IDEA)
    mentee = make_mentee(cycle, stage.own)
    domain.overrule(mentee, idea, PairRule.NOT_AGREED, reason="Wird gefragt.", by=lead)
    assert Overrule.objects.get().mentor == idea
