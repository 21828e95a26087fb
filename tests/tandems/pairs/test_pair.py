"""The page of a pair: both halves, what speaks against them, and what it keeps to itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.models import LogEntry
from programmes.cycles.models import CycleState
from tandems.applications.models import ApplicationState
from tandems.mentors.models import MentorState
from tandems.pairs.models import Overrule, PairRule, TandemState
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def mentee(stage, cycle):
    person = make.make_person("Mia", "Mentling", municipality=stage.own)
    return make_mentee(
        cycle,
        stage.own,
        person=person,
        topics=["conflict"],
        expectations="Jemand mit Geduld",
        answers={"meeting_form": "presence", "superior_agreed": "Frau Geheimchefin"},
        statement="Vertrauliche Stellungnahme",
    )


@pytest.fixture
def mentor(stage, cycle):
    person = make.make_person("Otto", "Obermann", municipality=stage.other)
    return make_mentor(
        cycle, stage.other, person=person, topics=["conflict", "family"], position="Amtsleitung"
    )


@pytest.fixture
def url(cycle, mentee, mentor):
    def of(name="pair", *args):
        return reverse(f"pairs:{name}", args=[cycle.pk, mentee.pk, mentor.pk, *args])

    return of


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_both_halves_in_short(url, client_of):
    page = text_of(client_of("member").get(url()))
    for words in (
        "Mia Mentling",
        "Otto Obermann",
        "Ahausen",
        "Übelheim",
        "Konflikte, Vereinbarkeit",
        "in Präsenz",
        "Jemand mit Geduld",
        "1 von 1",
    ):
        assert words in page
    # What the Steckbrief never holds does not stand here either.
    assert "Geheimchefin" not in page
    assert "Vertrauliche Stellungnahme" not in page


def test_two_who_fit_can_be_proposed(url, client_of):
    page = text_of(client_of("member").get(url()))
    assert "Dem Vorschlag steht nichts im Weg" in page
    assert url("propose") in page


def test_a_refusal_says_why_and_offers_nothing(url, client_of, mentee, stage):
    mentee.person.municipality = stage.other
    mentee.person.save()
    page = text_of(client_of("lead").get(url()))
    assert "Dieses Paar ist nicht möglich" in page
    assert "arbeitet inzwischen auch bei der Kommune Übelheim" in page
    assert "verhindert das Paar" in page
    assert url("propose") not in page
    assert url("overrule", "same_employer") not in page


def test_a_warning_holds_the_proposal_up_until_a_lead_goes_over_it(
    url, client_of, cast, mentee, mentor
):
    mentor.answers["free_at_start"] = "no"
    mentor.save()
    page = text_of(client_of("member").get(url()))
    assert "Etwas spricht gegen dieses Paar" in page
    assert url("propose") not in page
    Overrule.objects.create(
        application=mentee,
        mentor=mentor,
        rule=PairRule.NOT_FREE,
        reason="Stößt mittags dazu.",
        overruled_by=cast.user("lead"),
    )
    page = text_of(client_of("member").get(url()))
    assert "Stößt mittags dazu." in page
    assert cast.lead.full_name in page
    assert url("propose") in page


def test_somebody_still_being_asked_can_be_proposed(url, client_of, mentor):
    mentor.state = MentorState.APPROACHED
    mentor.save()
    page = text_of(client_of("member").get(url()))
    assert "hat noch nicht geantwortet" in page
    assert "Beschlossen wird es erst mit der Zusage" in page
    assert url("propose") in page


def test_an_idea_without_a_name_cannot(stage, cycle, client_of, mentee):
    idea = make_mentor(cycle, stage.other, state=MentorState.IDEA, position="Leitung Kämmerei")
    address = reverse("pairs:pair", args=[cycle.pk, mentee.pk, idea.pk])
    page = text_of(client_of("member").get(address))
    assert "Leitung Kämmerei" in page
    assert "Idee ohne Namen" in page
    assert "/vorschlagen/" not in page


def test_of_a_mentor_who_has_not_agreed_only_the_idea_is_shown(url, client_of, mentor):
    mentor.state = MentorState.PAUSED
    mentor.answers["expectations"] = "Offenheit, die niemand lesen darf"
    mentor.save()
    assert "Offenheit, die" not in text_of(client_of("member").get(url()))


def test_not_to_have_said_whether_one_is_free_is_noted(url, client_of, mentor):
    del mentor.answers["free_at_start"]
    mentor.save()
    page = text_of(client_of("member").get(url()))
    assert "steht noch nicht im Profilbogen" in page
    assert url("propose") in page


# --- What it keeps to itself --------------------------------------------------------------
def test_an_exclusion_reads_the_same_whoever_said_so_and_however(
    url, client_of, cycle, stage, mentee, mentor
):
    """Decision 0011: only that the pair is excluded."""
    seen = set()
    for subject, words in (
        (mentee.person, {"person": mentor.person}),
        (mentor.person, {"person": mentee.person}),
        (mentee.person, {"name": "Otto Obermann"}),
        (mentor.person, {"municipality": stage.own}),
    ):
        row = make.make_exclusion(cycle, subject, **words)
        page = text_of(client_of("member").get(url()))
        seen.add(page.partition('id="regeln"')[2].partition("</section>")[0])
        row.delete()
    assert len(seen) == 1
    assert "Dieses Paar ist ausgeschlossen." in seen.pop()


def test_the_pair_of_a_subordinate_is_not_found(url, client_of, cast, mentee, cycle, mentor):
    """A superior with a seat must not know of the application (rule 2)."""
    for half in ("member", "lead"):
        mentee.superior = getattr(cast, half)
        mentee.save()
        mentor.answers["free_at_start"] = "no"
        mentor.save()
        browser = client_of(half)
        assert browser.get(url()).status_code == 404
        code = 403 if half == "member" else 404
        assert browser.get(url("overrule", "not_free")).status_code == code
        assert browser.post(url("overrule", "not_free"), {"reason": "x"}).status_code == code
    assert not Overrule.objects.exists()


def test_the_pair_of_a_mentor_who_named_the_reader_is_not_found(
    url, client_of, cast, cycle, mentor
):
    make.make_exclusion(cycle, mentor.person, cast.member)
    assert client_of("member").get(url()).status_code == 404
    assert client_of("lead").get(url()).status_code == 200


def test_a_seat_holder_who_is_a_mentor_is_told_why_not(url, client_of, cast, stage, cycle):
    make_mentor(cycle, stage.own, person=cast.member)
    browser = client_of("member")
    for address in (url(), reverse("pairs:rules", args=[cycle.pk]), url("overrule", "not_free")):
        answer = browser.get(address)
        assert answer.status_code == 403
        assert "kommen Sie selbst als Mentee oder Mentor/in in Frage" in answer.content.decode()
    assert client_of("lead").get(url()).status_code == 200


def test_halves_of_another_cycle_or_without_a_place_are_not_found(
    stage, cycle, client_of, mentee, mentor
):
    browser = client_of("lead")
    other = make.make_cycle(stage.programme, state=CycleState.MATCHING)
    elsewhere = make_mentor(other, stage.other)
    waiting = make.make_application(cycle, stage.own, ApplicationState.WAITING)
    for application, found in ((mentee, elsewhere), (waiting, mentor)):
        address = reverse("pairs:pair", args=[cycle.pk, application.pk, found.pk])
        assert browser.get(address).status_code == 404


def test_before_the_matching_there_is_no_page(url, client_of, cycle):
    cycle.state = CycleState.APPLICATION
    cycle.save()
    assert client_of("lead").get(url()).status_code == 403


# --- A tandem of the two -------------------------------------------------------------------
def test_a_tandem_is_shown_and_who_reads_of_it_is_noted(url, client_of, cast, mentee, mentor):
    tandem = make_tandem(mentee, mentor, TandemState.SEALED)
    browser = client_of("member")
    for _ in range(2):
        page = text_of(browser.get(url()))
    assert "Die beiden sind ein Tandem: versiegelt" in page
    assert tandem.get_absolute_url() in page
    assert url("propose") not in page
    noted = LogEntry.objects.filter(
        action=LogEntry.Action.ACCESS, object_id=tandem.pk, content_type__model="tandem"
    )
    assert [entry.actor for entry in noted] == [cast.user("member")]


def test_a_mentee_who_left_is_found_with_the_tandem_they_are_still_half_of(
    url, client_of, mentee, mentor
):
    make_tandem(mentee, mentor, TandemState.AGREED)
    mentee.state = ApplicationState.WITHDRAWN
    mentee.withdrawn_at = mentee.nominated_at
    mentee.save()
    assert "Mia Mentling" in text_of(client_of("member").get(url()))


def test_the_number_of_queries_hangs_on_nothing(stage, cycle, client_of, url, mentee, mentor):
    mentor.capacity = 5
    mentor.save()
    browser, counts = client_of("lead"), []
    browser.get(url())
    for number in (1, 20):
        for _ in range(number):
            other, further = make_mentor(cycle, stage.other), make_mentee(cycle, stage.own)
            make_tandem(further, other, TandemState.AGREED)
            make.make_exclusion(cycle, further.person, other.person)
            Overrule.objects.create(
                application=mentee, mentor=other, rule=PairRule.NOT_FREE, reason="Geht."
            )
        with CaptureQueriesContext(connection) as queries:
            text_of(browser.get(url()))
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
