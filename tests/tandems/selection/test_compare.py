"""Two to four applications side by side."""

import pytest
from django.urls import reverse

from mentoring.log.models import LogEntry
from tandems.applications.models import ApplicationState
from tests.tandems.selection.makers import SECRET, make_nominated, make_note


def page(answer):
    return answer.content.decode()


@pytest.fixture
def url(stage):
    return reverse("selection:compare", args=[stage.cycle.pk])


@pytest.fixture
def three(stage):
    return [
        make_nominated(stage, motivation="Aus A"),
        make_nominated(stage, stage.other, motivation="Aus B", rank=2),
        make_nominated(stage, motivation="Aus C", rank=3),
    ]


def test_questions_are_rows_and_applications_columns(url, three, cast, client_of):
    answer = client_of("lead").get(url, {"b": [three[2].pk, three[0].pk]})
    rows = {row.label: row.answers for row in answer.context["rows"]}
    assert rows["Motivation zur Teilnahme"] == [["Aus C"], ["Aus A"]]
    assert rows["Rang der Kommune"] == [["3"], ["1"]]
    assert SECRET in page(answer)  # the Beirat reads it on the Profilbogen, too
    assert "Aus B" not in page(answer)
    read = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, actor=cast.user("lead"))
    assert {entry.object_id for entry in read} == {three[0].pk, three[2].pk}


def test_the_choice_offers_what_the_beirat_decides_about(stage, three, url, client_of):
    draft = make_nominated(stage, state=ApplicationState.SUBMITTED)
    text = page(client_of("member").get(reverse("selection:choose", args=[stage.cycle.pk])))
    assert all(f'value="{one.pk}"' in text for one in three)
    assert draft.person.last_name not in text
    assert f'action="{url}"' in text


@pytest.mark.parametrize("number", [0, 1, 5])
def test_too_few_and_too_many_are_told(stage, three, url, client_of, number):
    keys = [*(one.pk for one in three), make_nominated(stage).pk, make_nominated(stage).pk]
    text = page(client_of("lead").get(url, {"b": keys[:number]}))
    assert "zwei bis vier" in text
    assert "Aus A" not in text


def test_a_hidden_one_is_like_one_that_never_was(three, url, cast, client_of):
    three[1].superior = cast.lead
    three[1].save()
    lead = client_of("lead")
    hidden = page(lead.get(url, {"b": [three[0].pk, three[1].pk]}))
    never = page(lead.get(url, {"b": [three[0].pk, 987654]}))
    assert "nicht zur Auswahl" in hidden
    assert "nicht zur Auswahl" in never
    assert "Aus B" not in hidden
    assert "nicht zur Auswahl" in page(lead.get(url, {"b": ["x", "9" * 30]}))


def test_the_own_note_stands_below_and_nobody_elses(three, url, cast, client_of):
    make_note(three[0], cast.lead, "Mein Eindruck")
    make_note(three[1], cast.member, "Fremder Eindruck")
    text = page(client_of("lead").get(url, {"b": [three[0].pk, three[1].pk]}))
    assert "Mein Eindruck" in text
    assert "Fremder Eindruck" not in text
