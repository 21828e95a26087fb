"""The wall: what stands there, what its numbers say, what is new, and that it stays quick."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.models import LogEntry
from tandems.matching import domain
from tandems.matching.board import Wall
from tandems.mentors.models import MentorState
from tandems.pairs.models import TandemState
from tests import factories as make
from tests.tandems.matching.makers import house_of, idea, make_mentee, make_mentor
from tests.tandems.pairs.makers import make_tandem

HTMX = {"HTTP_HX_REQUEST": "true"}


def page(client_of, scene, name="member", **query):
    return client_of(name).get(reverse("matching:wall", args=[scene.cycle.pk]), query)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def stand(html):
    return re.search(r'id="wand-stand" name="stand_token" value="([^"]+)"', html)[1]


def changes(client_of, scene, token, name="member", **query):
    address = reverse("matching:changes", args=[scene.cycle.pk])
    return client_of(name).get(address, {"stand_token": token, **query}, **HTMX)


def test_mentees_ideas_and_mentors_stand_there(scene, client_of):
    found = scene.idea()
    domain.speak(found, house_of(scene.cycle, scene.stage.own), "support", by=scene.member)
    domain.comment(found, "Passt", by=scene.lead)
    html = text(page(client_of, scene))
    for words in (
        "Mina Mentee",
        "Tara Mentorin",
        "hat zugesagt",
        "dafür (1): Ahausen",
        "1 Bemerkung",
        "Platz frei, in 1 Idee",
        reverse("selection:sheet", args=[scene.cycle.pk, scene.mentee.pk]),
    ):
        assert words in html, words


def test_what_speaks_against_an_idea_is_one_line(scene, client_of):
    unasked = make_mentor(scene.cycle, scene.stage.other, state=MentorState.IDEA)
    idea(scene.mentee, unasked, by=scene.member)
    assert "Achtung: noch keine Zusage" in text(page(client_of, scene))


def test_the_numbers(scene, client_of):
    others = [make_mentee(scene.cycle, scene.stage.own) for _ in range(3)]
    scene.idea()
    double = make_mentor(scene.cycle, scene.stage.other, capacity=2)
    make_tandem(others[0], double, TandemState.AGREED)
    make_tandem(others[1], scene.mentor)
    counts = Wall(scene.member, scene.cycle).counts
    assert (counts.mentees, counts.without, counts.proposed, counts.decided) == (4, 1, 1, 1)
    assert counts.free == 1


def test_a_secret_tandem_shown_is_noted_once_a_day(scene, client_of):
    tandem = make_tandem(scene.mentee, scene.mentor, TandemState.SEALED)
    for _ in range(2):
        assert "Tandem mit Tara Mentorin" in text(page(client_of, scene))
    entries = LogEntry.objects.filter(
        action=LogEntry.Action.ACCESS, actor=scene.member, content_type__model="tandem"
    )
    assert [entry.object_id for entry in entries] == [tandem.pk]


def test_a_mentor_who_withdrew_stays_where_they_are_needed(scene, client_of):
    make_tandem(scene.mentee, scene.mentor, TandemState.SEALED)
    scene.mentor.state = MentorState.REFUSED
    scene.mentor.save()
    gone = make_mentor(scene.cycle, scene.stage.other, state=MentorState.PAUSED)
    keys = Wall(scene.member, scene.cycle).capacities
    assert scene.mentor.pk in keys
    assert gone.pk not in keys


def test_filters(scene, client_of):
    scene.idea()
    lonely = make.make_person("Jörg", "Jäger", municipality=stage_other(scene))
    make_mentee(scene.cycle, stage_other(scene), person=lonely)
    cards = lambda **query: re.findall(  # noqa: E731
        r'id="mentee-\d+-link"[^>]*>([^<]+)<', text(page(client_of, scene, **query))
    )
    assert cards() == ["Jörg Jäger", "Mina Mentee"]
    assert cards(stand="ohne") == ["Jörg Jäger"]
    assert cards(stand="mehrere") == []
    assert cards(search="jaeger") == ["Jörg Jäger"]
    assert cards(municipality=scene.stage.own.pk) == ["Mina Mentee"]
    assert cards(stand="entschieden") == []
    assert "Tara" not in text(page(client_of, scene, mentors="unbenutzt", stand="ohne"))


def stage_other(scene):
    return scene.stage.other


def test_unchanged_there_is_nothing_to_say(scene, client_of):
    token = stand(text(page(client_of, scene)))
    assert changes(client_of, scene, token).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        lambda scene: scene.idea(by=scene.lead),
        lambda scene: domain.declare_bias(scene.mentee, by=scene.lead),
        lambda scene: make_mentor(scene.cycle, scene.stage.other),
        lambda scene: renamed(scene.mentor, position="Dezernat für Alles"),
        lambda scene: renamed(scene.mentee, position="Stabsstelle für Alles"),
        lambda scene: make_mentee(scene.cycle, scene.stage.own),
    ],
    ids=["idea", "bias", "new mentor", "mentor", "mentee", "new mentee"],
)
def test_what_another_changes_comes_along(scene, client_of, change):
    token = stand(text(page(client_of, scene)))
    change(scene)
    answer = changes(client_of, scene, token)
    assert "Die Wand wurde aktualisiert" in text(answer)
    assert "Mina Mentee" in text(answer)
    assert changes(client_of, scene, stand(text(answer))).status_code == 204


def renamed(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def test_what_a_reader_must_not_see_is_no_news(scene, client_of):
    hidden = make_mentee(scene.cycle, scene.stage.other, superior=scene.cast.member)
    mentor = make_mentor(scene.cycle, scene.stage.own)
    token = stand(text(page(client_of, scene)))
    idea(hidden, mentor, by=scene.lead)
    answer = changes(client_of, scene, token)
    assert answer.headers["HX-Reswap"] == "none"
    assert "aktualisiert" not in text(answer)
    assert "Mina Mentee" not in text(answer)
    assert changes(client_of, scene, stand(text(answer))).status_code == 204


def test_filters_stay_when_it_renews_itself(scene, client_of):
    other = make_mentee(scene.cycle, scene.stage.own)
    html = text(page(client_of, scene, search="Mina", stand=""))
    assert f"{reverse('matching:changes', args=[scene.cycle.pk])}?search=Mina" in html
    scene.idea()
    answer = text(changes(client_of, scene, stand(html), search="Mina"))
    assert "Mina Mentee" in answer
    assert other.person.full_name not in answer


def test_opened_as_a_page_it_leads_to_the_wall(scene, client_of):
    address = reverse("matching:changes", args=[scene.cycle.pk])
    answer = client_of("member").get(f"{address}?search=Mina&stand_token=x")
    assert answer.headers["Location"] == (
        f"{reverse('matching:wall', args=[scene.cycle.pk])}?search=Mina"
    )


def fill(scene, number):
    """So many further mentees and mentors, each in two ideas with all that can be said."""
    houses = [scene.stage.own, scene.stage.other]
    mentees = [make_mentee(scene.cycle, houses[0]) for _ in range(number)]
    mentors = [make_mentor(scene.cycle, houses[1]) for _ in range(number)]
    for at, mentee in enumerate(mentees):
        for step in range(min(2, number)):
            found = idea(mentee, mentors[(at + step) % number], by=scene.member)
            domain.speak(found, house_of(scene.cycle, houses[0]), "support", by=scene.member)
            domain.comment(found, "Ja", by=scene.lead)
        domain.declare_bias(mentee, by=scene.member)
        domain.declare_bias(mentors[at], by=scene.member)
        if at % 2:
            make_tandem(mentee, mentors[at])


def queries(client, address):
    client.get(address)  # what is read once and kept, and the note of the reading
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["wall", "mentee", "mentor"])
def test_as_many_queries_for_twenty_as_for_two(scene, client_of, name):
    scene.idea()
    fill(scene, 2)
    args = {"mentee": [scene.mentee.pk], "mentor": [scene.mentor.pk]}.get(name, [])
    address = reverse(f"matching:{name}", args=[scene.cycle.pk, *args])
    client = client_of("member")
    few = queries(client, address)
    fill(scene, 20)
    for mentor in Wall(scene.member, scene.cycle).mentors()[:10]:
        if mentor.pk != scene.mentor.pk:
            idea(scene.mentee, mentor, by=scene.member)
    for mentee in Wall(scene.member, scene.cycle).mentees()[:10]:
        if mentee.pk != scene.mentee.pk:
            idea(mentee, scene.mentor, by=scene.member)
    assert queries(client, address) == few


def test_fifty_on_a_page(scene, client_of, django_assert_max_num_queries):
    for _ in range(51):
        make_mentee(scene.cycle, scene.stage.own)
    html = text(page(client_of, scene))
    assert html.count('class="wall__card"') == 50
    assert "<strong>1–50</strong> von <strong>52</strong>" in html
    assert text(page(client_of, scene, page=2)).count('class="wall__card"') == 2


def test_an_empty_wall_says_what_comes_next(scene, client_of):
    scene.mentee.delete()
    scene.mentor.delete()
    html = text(page(client_of, scene))
    assert "Sobald in der Platzvergabe Plätze beschlossen sind" in html
    assert "Noch sind keine Mentor/innen eingetragen" in html
