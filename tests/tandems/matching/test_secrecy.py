"""Who learns nothing from the wall: superiors, the excluded, possible halves, everybody else."""

import pytest
from django.urls import reverse

from tandems.matching import domain
from tandems.matching.board import Wall
from tandems.mentors.models import MentorState
from tandems.pairs.models import TandemState
from tests import factories as make
from tests.tandems.matching.makers import house_of, idea, make_mentee, make_mentor
from tests.tandems.pairs.makers import make_tandem

SECRET = "Unverwechselbaum"


def address(cycle, name, *args):
    return reverse(f"matching:{name}", args=[cycle.pk, *args])


@pytest.fixture
def hidden(scene):
    """A mentee whose superior is the member, in an idea and a tandem with Tara."""
    person = make.make_person("Hanna", SECRET, municipality=scene.stage.own)
    found = make_mentee(scene.cycle, scene.stage.own, person=person, superior=scene.cast.member)
    spoken = idea(found, scene.mentor, by=scene.lead, reason=f"{SECRET} passt")
    domain.comment(spoken, f"{SECRET} kommt gut an", by=scene.lead)
    domain.speak(spoken, house_of(scene.cycle, scene.stage.own), "support", by=scene.lead)
    domain.declare_bias(found, text=SECRET, by=scene.lead)
    make_tandem(found, scene.mentor, TandemState.SEALED)
    return spoken


def everything(browser, scene):
    """All that the pages of the wall say to somebody."""
    urls = [
        address(scene.cycle, "wall"),
        address(scene.cycle, "mentee", scene.mentee.pk),
        address(scene.cycle, "mentor", scene.mentor.pk),
        "/",
    ]
    return " ".join(browser.get(url).content.decode() for url in urls)


def test_a_superior_reads_nothing_of_a_subordinate(scene, client_of, hidden):
    assert SECRET in everything(client_of("lead"), scene)
    seen = everything(client_of("member"), scene)
    assert SECRET not in seen
    assert "Mina Mentee" in seen
    assert "was Sie nicht mitwirken" not in seen
    assert "woran Sie nicht mitwirken" in seen


def test_nor_do_the_numbers_tell(scene, hidden):
    wall = Wall(scene.member, scene.cycle)
    assert (wall.counts.mentees, wall.counts.decided, wall.counts.free) == (1, 0, 1)
    line = wall.mentor_lines([scene.mentor])[0]
    assert (line.ideas, line.taken, line.places_words) == (0, 0, "Platz frei")
    assert wall.leaves_out


def test_nor_does_what_speaks_against_a_pair(scene, client_of, hidden):
    found = scene.idea()
    assert (
        "kein Platz mehr frei"
        in client_of("lead").get(address(scene.cycle, "wall")).content.decode()
    )
    seen = everything(client_of("member"), scene)
    assert "kein Platz" not in seen
    shown = client_of("member").get(address(scene.cycle, "idea", found.pk)).content.decode()
    assert "keinen Platz mehr frei" not in shown


@pytest.mark.parametrize("name", ["idea", "voice", "delete"])
def test_nothing_of_it_is_opened(scene, client_of, hidden, name):
    url = address(scene.cycle, name, hidden.pk)
    assert client_of("member").get(url).status_code == 404
    assert client_of("member").post(url).status_code == 404
    mentee = address(scene.cycle, "mentee", hidden.application_id)
    assert client_of("member").get(mentee).status_code == 404


def test_who_is_excluded_by_a_mentor_does_not_see_them(scene, client_of):
    scene.idea(by=scene.lead)
    make.make_exclusion(scene.cycle, scene.mentor.person, scene.cast.member)
    seen = client_of("member").get(address(scene.cycle, "wall")).content.decode()
    assert "Tara" not in seen
    assert "Noch keine Idee" in seen
    assert "woran Sie nicht mitwirken" in seen
    assert (
        client_of("member").get(address(scene.cycle, "mentor", scene.mentor.pk)).status_code == 404
    )


def test_nobody_reads_that_they_are_an_idea(scene, client_of):
    make_mentor(scene.cycle, scene.stage.own, state=MentorState.IDEA, person=scene.cast.member)
    seen = client_of("member").get(address(scene.cycle, "wall"))
    assert seen.status_code == 200
    assert "nicht mitwirken" not in seen.content.decode()


@pytest.mark.parametrize("name", ["wall", "changes"])
def test_a_mentor_with_a_seat_is_told_kindly(scene, client_of, name):
    make_mentor(scene.cycle, scene.stage.own, person=scene.cast.member)
    answer = client_of("member").get(address(scene.cycle, name), HTTP_HX_REQUEST="true")
    assert answer.status_code == 403
    assert "matcht der Beirat ohne Sie" in answer.content.decode()
    assert "Matching</a>" not in client_of("member").get("/").content.decode()


@pytest.mark.parametrize("name", ["hr", "other_hr", "logistics", "permanent"])
def test_who_does_not_match_finds_nothing(scene, client_of, hidden, name):
    wall = client_of(name).get(address(scene.cycle, "wall"))
    assert wall.status_code == 403
    assert "Mentee" not in wall.content.decode().replace("Mentees", "")
    for page, pk in (("mentee", scene.mentee.pk), ("idea", hidden.pk)):
        assert client_of(name).get(address(scene.cycle, page, pk)).status_code == 403
    assert "matching/" not in client_of(name).get("/").content.decode()


def test_below_another_cycle_there_is_none_of_it(scene, client_of):
    found = scene.idea()
    later = make.make_cycle(scene.stage.programme, number=12, state="matching")
    make.make_seat(make.make_participation(later, scene.stage.own), person=scene.cast.member)
    browser = client_of("member")
    assert browser.get(address(later, "wall")).status_code == 200
    rows = {"idea": found.pk, "mentee": scene.mentee.pk, "mentor": scene.mentor.pk}
    for name, pk in rows.items():
        assert browser.get(address(scene.cycle, name, pk)).status_code == 200
        assert browser.get(address(later, name, pk)).status_code == 404


def test_who_deletes_a_mentor_is_told_what_hangs_on_it_if_they_may_know(scene, client_of):
    unasked = make_mentor(scene.cycle, scene.stage.other, state=MentorState.IDEA)
    idea(scene.mentee, unasked, by=scene.lead)
    url = reverse("mentors:delete", args=[scene.cycle.pk, unasked.pk])
    told = "An der Wand des Matchings steht die Idee in einem möglichen Match"
    assert told in client_of("lead").get(url).content.decode()
    of_house = client_of("other_hr").get(url)
    assert of_house.status_code == 200
    assert "Match" not in of_house.content.decode()
