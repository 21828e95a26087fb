"""A mentor fills in the own sheet by a personal link."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tandems.links.models import PersonalLink
from tandems.mentors.models import Mentor, MentorState
from tandems.profiles.models import Consent
from tests import factories as make
from tests.tandems.links import makers
from tests.tandems.links.makers import hidden_of, page, proven, url

SHEET, HAND_IN = "mentors:own_sheet", "mentors:own_hand_in"
WORDS = "Unverwechselbare Motivation des Mentors"
ANSWERS = {
    "first_name": "Jörg",
    "last_name": "Söndgerath",
    "department": "Bauamt",
    "position": "Fachbereichsleitung",
    "career": "Eins\nZwei",
    "topics": ["leadership", "conflict", "change"],
    "motivation": WORDS,
    "capacity": "2",
}


@pytest.fixture
def mentor(stage):
    person = make.make_person(
        "Jörg", "Söndgerath", email="joerg@uebelheim.example", municipality=stage.other
    )
    return Mentor.objects.create(
        cycle=stage.cycle,
        municipality=stage.other,
        person=person,
        state=MentorState.AGREED,
        agreed_on=date(2026, 1, 15),
        position="Fachbereichsleitung",
    )


def of(name, mentor):
    return reverse(f"mentors:{name}", args=[mentor.cycle_id, mentor.pk])


@pytest.fixture
def code(mentor, client_of):
    until = (timezone.localdate() + timedelta(days=10)).isoformat()
    client_of("lead").post(of("invite_link", mentor), {"until": until})
    return makers.code_in_mail()


def test_from_the_link_to_the_sheet_handed_in(mentor, code, client_of):
    to, subject, text = makers.last_mail()
    assert to == "joerg@uebelheim.example"
    assert "Bewerb" not in subject + text
    browser = proven(code)
    data = {**ANSWERS, **hidden_of(browser, url(SHEET, code))}
    saved = browser.post(url(SHEET, code), data, follow=True)
    assert "Abgegeben ist Ihr Profilbogen noch nicht" in page(saved)
    data = {**ANSWERS, **hidden_of(browser, url(SHEET, code))}
    data |= {"submit_now": "1", "consent_discretion": "on"}
    assert "jetzt abgeben" in page(browser.post(url(SHEET, code), data, follow=True))
    done = page(browser.post(url(HAND_IN, code), follow=True))
    assert "abgegeben. Vielen Dank" in done
    assert WORDS not in done
    mentor.refresh_from_db()
    assert mentor.handed_in_at is not None
    assert (mentor.capacity, mentor.answers["motivation"]) == (2, WORDS)
    assert Consent.objects.get().recorded_by is None
    assert WORDS in page(client_of("lead").get(of("detail", mentor)))
    assert Client().get(url("front", code)).status_code == 404


def test_two_topics_are_too_few_to_hand_in(mentor, code):
    browser = proven(code)
    data = {**ANSWERS, "topics": ["leadership", "conflict"], "submit_now": "1"}
    answer = browser.post(url(SHEET, code), {**data, **hidden_of(browser, url(SHEET, code))})
    assert "mindestens 3" in page(answer)


def test_an_applicants_link_opens_no_mentors_page(stage, cast, code):
    foreign = makers.send(makers.make_draft(stage), cast)
    browser = proven(foreign)
    assert browser.get(url(SHEET, foreign)).status_code == 404
    assert browser.get(url(SHEET, code)).status_code == 302
    assert WORDS not in page(browser.get(url("applications:own_sheet", foreign)))


def test_who_sees_and_sends_the_link(mentor, code, client_of):
    for name in ("lead", "member", "other_hr"):
        assert "Persönlicher Link" in page(client_of(name).get(of("detail", mentor)))
        assert client_of(name).get(of("invite_link", mentor)).status_code == 200
    for name in ("hr", "logistics", "operator", "mentee", "stranger"):
        assert client_of(name).get(of("invite_link", mentor)).status_code == 404
    assert PersonalLink.objects.visible_to(client_of("hr").get("/").wsgi_request.user).count() == 0


@pytest.mark.parametrize("state", [MentorState.REFUSED, MentorState.PAUSED])
def test_the_link_ends_when_they_do_not_want_any_more(mentor, code, state):
    mentor.refresh_from_db()
    mentor.state = state
    mentor.save()
    assert Client().get(url("front", code)).status_code == 404
