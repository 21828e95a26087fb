"""What counts how much: read by all who match, set by a lead, heard by the suggestions."""

import re

import pytest

from tandems.pairs.domain import frame_of
from tandems.pairs.models import MatchingFrame
from tandems.suggestions import domain
from tandems.suggestions.engine import CRITERIA, default_weights
from tests.tandems.pairs.makers import in_matching
from tests.tandems.suggestions.makers import mentee, mentor, text_of, url


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


def chosen(**weights):
    return {key: str(weight) for key, weight in {**default_weights(), **weights}.items()}


def version(page):
    return page.split('name="_version" value="')[1].split('"')[0]


def test_a_lead_sets_them_and_takes_them_back(stage, cast, cycle, client_of):
    lead = client_of("lead")
    page = text_of(lead.get(url(stage, "weights")))
    for criterion in CRITERIA:
        assert criterion.label in page
        assert criterion.question in page
    assert "Standard wiederherstellen" not in page
    answer = lead.post(url(stage, "weights"), {**chosen(topics=1), "_version": version(page)})
    assert answer["Location"] == url(stage, "weights")
    # Only what differs is kept, so that a better shipped weight reaches the others.
    assert frame_of(cycle).weights == {"topics": 1}
    assert "Standard wiederherstellen" in text_of(lead.get(url(stage, "weights")))
    assert "Themen: 5" in text_of(lead.get(url(stage, "reset_weights")))
    lead.post(url(stage, "reset_weights"))
    assert frame_of(cycle).weights == {}


def test_a_member_reads_them(stage, cast, cycle, client_of):
    domain.save_weights(frame_of(cycle), {"distance": 0}, by=cast.user("lead"))
    member = client_of("member")
    page = text_of(member.get(url(stage, "weights")))
    assert "0: zählt nicht" in page
    assert "<select" not in page
    assert member.post(url(stage, "weights"), chosen(topics=0)).status_code == 403
    assert member.post(url(stage, "reset_weights")).status_code == 403
    assert frame_of(cycle).weights == {"distance": 0}


def test_nothing_at_all_is_refused_and_kept_in_the_form(stage, cast, cycle, client_of):
    lead = client_of("lead")
    nothing = {one.key: "0" for one in CRITERIA}
    page = text_of(lead.get(url(stage, "weights")))
    answer = text_of(lead.post(url(stage, "weights"), {**nothing, "_version": version(page)}))
    assert "Wenn nichts zählt" in answer
    assert answer.count('value="0" selected') == len(CRITERIA)
    assert frame_of(cycle).weights == {}


def test_the_second_of_two_leads_is_told(stage, cast, cycle, client_of):
    lead = client_of("lead")
    page = text_of(lead.get(url(stage, "weights")))
    domain.save_weights(frame_of(cycle), {"topics": 2}, by=cast.user("lead"))
    answer = text_of(
        lead.post(url(stage, "weights"), {**chosen(topics=4), "_version": version(page)})
    )
    assert "hat jemand anderes diesen Datensatz geändert" in answer
    assert frame_of(cycle).weights == {"topics": 2}


def test_the_rules_of_the_frame_stay(stage, cast, cycle):
    frame = frame_of(cycle)
    frame.rules = {"not_free": "off"}
    frame.save()
    domain.save_weights(frame_of(cycle), {"topics": 2}, by=cast.user("lead"))
    stored = MatchingFrame.objects.get(cycle=cycle)
    assert stored.rules == {"not_free": "off"}
    assert stored.weights == {"topics": 2}


def test_a_word_that_is_no_weight_counts_as_shipped(stage, cast, cycle, client_of):
    frame = frame_of(cycle)
    frame.weights = {"topics": "viel", "distance": 99, "style": True, "other": 3}
    frame.save()
    page = text_of(client_of("member").get(url(stage, "weights")))
    for criterion in CRITERIA:
        assert f"{criterion.default_weight}" in page
    said = re.sub(r'"[^"]*"', "", page.split("kern-description-list")[1])
    assert not re.search(r"\b99\b", said)


def test_they_turn_the_order(stage, cast, cycle, client_of):
    """What counts decides who comes first."""
    mentee(
        stage,
        "Ahorn",
        topics=["digital"],
        answers={"wish_administration": ["district"], "distance_km": 500},
    )
    mentor(stage, "Themenreich", topics=["digital"])
    kreis = mentor(stage, "Kreisnah", topics=["network"])
    kreis.municipality.kind = "city"
    kreis.answers = {**kreis.answers, "known_administrations": ["district"]}
    kreis.save()

    def first():
        page = text_of(client_of("member").get(url(stage, "best")))
        return min(("Themenreich", "Kreisnah"), key=page.index)

    only = dict.fromkeys(default_weights(), 0)
    lead = cast.user("lead")
    domain.save_weights(frame_of(cycle), {**only, "topics": 5}, by=lead)
    assert first() == "Themenreich"
    domain.save_weights(frame_of(cycle), {**only, "administration": 5}, by=lead)
    assert first() == "Kreisnah"
