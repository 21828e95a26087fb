""" "Meine Bewerbung": no word of what was decided before the own Kommune has told it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tandems.applications.models import ApplicationState
from tests import factories as make
from tests.tandems.links.makers import SECRET, STATEMENT, page

UNTOLD = (
    ApplicationState.SUBMITTED,
    ApplicationState.NOMINATED,
    ApplicationState.NOT_NOMINATED,
    ApplicationState.PLACED,
    ApplicationState.WAITING,
    ApplicationState.DECLINED,
)
TOLD = ("Sie haben einen Platz", "Warteliste", "nicht geklappt", "nominiert", "kein Platz")


@pytest.fixture
def person(cast):
    return cast.stranger


@pytest.fixture
def read(client_of):
    """What page and start page say to the applicant, without what changes with each load."""

    def pages() -> str:
        client = client_of("stranger")
        both = page(client.get(reverse("applications:own"))) + page(client.get(reverse("start")))
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", both)

    return pages


def make_one(stage, person, state, **fields):
    fields.setdefault("informed_on", None)
    return make.make_application(
        stage.cycle,
        stage.own,
        state,
        person=person,
        motivation=SECRET,
        statement=STATEMENT,
        **fields,
    )


def test_before_it_is_told_every_outcome_reads_the_same(stage, person, read):
    seen = set()
    for state in UNTOLD:
        application = make_one(stage, person, state)
        shown = read()
        assert "eingereicht" in shown
        assert "Das Ergebnis teilt Ihnen Ihre Kommune mit" in shown
        for word in (*TOLD, STATEMENT, SECRET):
            assert word not in shown
        seen.add(shown)
        application.delete()
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ApplicationState.PLACED, "Sie haben einen Platz"),
        (ApplicationState.WAITING, "auf der Warteliste"),
        (ApplicationState.DECLINED, "leider nicht geklappt"),
    ],
)
def test_once_told_it_stands_there(stage, person, read, state, said):
    make_one(stage, person, state, informed_on=timezone.localdate(), rank=7)
    shown = read()
    assert said in shown
    for word in (STATEMENT, "Rang"):
        assert word not in shown


def test_who_moved_up_reads_the_old_outcome_until_told(stage, person, read):
    make_one(stage, person, ApplicationState.PLACED, told_outcome=ApplicationState.WAITING)
    shown = read()
    assert "auf der Warteliste" in shown
    assert "Sie haben einen Platz" not in shown


def test_a_draft_and_what_was_handed_in(stage, person, read):
    application = make_one(stage, person, ApplicationState.DRAFT)
    assert "bereitet die Bewerbung vor" in read()
    application.handed_in_at = timezone.now()
    application.save()
    assert "liest Ihren Profilbogen" in read()


def test_nobody_reads_of_others(stage, cast, client_of):
    make_one(stage, make.make_person(municipality=stage.own), ApplicationState.NOMINATED)
    for name in ("stranger", "hr", "lead", "logistics", "operator"):
        shown = page(client_of(name).get(reverse("applications:own")))
        assert "Keine Bewerbung" in shown
    assert client_of("anonymous").get(reverse("applications:own")).status_code == 302
