"""The Ausschreibung: what the Beirat agrees on, with the dates of the Fahrplan in it."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.calls import domain
from programmes.calls.models import Call
from programmes.calls.placeholders import PLACEHOLDERS, problems_in
from programmes.calls.written import written
from programmes.cycles.registries import copied_on_new_cycle
from programmes.roadmap.models import MilestoneState
from tests import factories as make
from tests.programmes.calls.makers import make_call
from tests.programmes.roadmap.makers import make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(stage):
    return lambda name, *args: reverse(f"calls:{name}", args=[stage.cycle.pk, *args])


def text_of(answer):
    return answer.content.decode()


def version_in(page):
    return text_of(page).split('name="_version" value="')[1].split('"')[0]


def test_the_shipped_text_knows_its_placeholders_and_every_date_of_the_shipped_fahrplan(stage):
    call = domain.proposed_call(stage.cycle)
    assert problems_in(call.text) == problems_in(call.conditions) == []
    assert len(written(call).missing) == 6  # without a Fahrplan
    make_roadmap(stage.cycle)
    text = written(call, stage.own)
    assert text.missing == []
    html = text.text_html() + text.conditions_html()
    assert "Startworkshop am 2. Oktober 2026" in html
    assert "vom 3. April 2026 bis zum 19. Juni 2026" in html
    assert "Stadt Ahausen" in html
    assert "{" not in html


def test_every_placeholder_says_something_once_there_is_a_fahrplan(stage, cast):
    make_roadmap(stage.cycle)
    source = " | ".join(f"{name}: {{{name}}}" for name in PLACEHOLDERS)
    html = written(make_call(stage.cycle, text=source), stage.own).text_html()
    assert "Termin folgt" not in html
    assert "{" not in html
    assert cast.hr.email in html  # whom to ask


def test_the_beirat_begins_with_the_shipped_text_and_saves_it(stage, client_of, url):
    member = client_of("member")
    assert "Das ist ein Vorschlag" in text_of(member.get(url("call")))
    assert not Call.objects.exists()  # reading writes nothing
    page = member.get(url("change"))
    assert "## Worum es geht" in text_of(page)
    assert "{bewerbung_von}" in text_of(page)
    answer = member.post(
        url("change"),
        {"text": "Unser **Text** am {startworkshop}.", "conditions": "", "agreed_on": ""},
        follow=True,
    )
    assert "Unser <strong>Text</strong> am (Termin folgt)." in text_of(answer)
    assert "Im Fahrplan fehlt noch" in text_of(answer)
    assert "Entwurf" in text_of(answer)


def test_before_the_beirat_has_saved_it_others_are_told_so(client_of, url):
    for name in ("hr", "logistics"):
        page = client_of(name).get(url("call"))
        assert "noch nicht geschrieben" in text_of(page)
        assert "Worum es geht" not in text_of(page)
        answer = client_of(name).get(url("word"), follow=True)
        assert "noch nicht geschrieben" in text_of(answer)


@pytest.mark.parametrize("field", ["text", "conditions"])
def test_an_unknown_placeholder_is_refused_next_to_the_field(stage, client_of, url, field):
    data = {"text": "Gut", "conditions": "Gut", "agreed_on": ""}
    data[field] = "Am {startwerkshop} geht es los, und {unbekannt:3} auch."
    page = client_of("lead").post(url("change"), data)
    assert page.status_code == 200
    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert "Meinten Sie {startworkshop}?" in errors[field][0]
    assert "{unbekannt:3}" in errors[field][1]
    assert "Am {startwerkshop} geht es los" in text_of(page)  # what was typed stays
    assert not Call.objects.exists()


def test_the_door_refuses_an_unknown_placeholder_and_a_day_to_come(stage, cast):
    lead = cast.user("lead")
    with pytest.raises(Refused, match=r"Den Platzhalter \{nichts\} gibt es nicht"):
        domain.save_call(Call(cycle=stage.cycle, text="{nichts}"), by=lead)
    with pytest.raises(Refused, match="frühestens heute"):
        domain.save_call(Call(cycle=stage.cycle, text="x", agreed_on=date(2999, 1, 1)), by=lead)


@time_machine.travel("2026-03-02 09:00 +01:00")
def test_an_agreement_in_the_future_is_refused_next_to_the_field(client_of, url):
    data = {"text": "Gut", "conditions": "", "agreed_on": "2026-03-03"}
    page = client_of("lead").post(url("change"), data)
    assert "liegt in der Zukunft" in page.context["form"].errors["agreed_on"][0]
    data["agreed_on"] = "2026-03-02"
    answer = client_of("lead").post(url("change"), data, follow=True)
    assert "vereinbart am 02.03.2026" in text_of(answer)


def test_two_who_begin_at_once_are_shown_both_versions(stage, cast, client_of, url, monkeypatch):
    make_call(stage.cycle, text="Von der Ersten", conditions="")
    with pytest.raises(EditConflict):
        domain.save_call(Call(cycle=stage.cycle, text="Vom Zweiten"), by=cast.user("lead"))
    # The second one's page was made before the first one saved, and its check just missed it.
    from programmes.calls.pages import InCycle

    with monkeypatch.context() as patch:
        patch.setattr(InCycle, "call", None)
        lead = client_of("lead")
        data = {"text": "Vom Zweiten", "conditions": "", "agreed_on": ""}
        page = lead.post(url("change"), data)
    assert "Vom Zweiten" in text_of(page)
    assert "Von der Ersten" in text_of(page)
    assert Call.objects.get().text == "Von der Ersten"
    # With both before their eyes they decide, and it is saved.
    answer = lead.post(url("change"), {**data, "_version": version_in(page), "_take-text": "mine"})
    assert answer.status_code == 302
    assert Call.objects.get().text == "Vom Zweiten"


def test_two_who_change_it_at_once_are_shown_both_versions(stage, client_of, url):
    call = make_call(stage.cycle, text="Alt", conditions="")
    lead = client_of("lead")
    token = version_in(lead.get(url("change")))
    Call.objects.filter(pk=call.pk).update(text="Inzwischen")
    data = {"text": "Meins", "conditions": "", "agreed_on": "", "_version": token}
    page = lead.post(url("change"), data)
    assert "Inzwischen" in text_of(page)
    assert "Meins" in text_of(page)
    assert Call.objects.get().text == "Inzwischen"


def test_values_never_become_markup(stage):
    stage.own.name = "Stadt <b>[Ahausen](https://boese.example)</b>"
    call = make_call(stage.cycle, text="{kommune} [Link](https://gut.example/?q={kommune})")
    html = written(call, stage.own).text_html()
    assert "<b>" not in html
    assert 'href="https://boese' not in html
    assert "&lt;b&gt;[Ahausen]" in html


def test_markup_from_outside_is_not_let_through(stage):
    text = "<script>alert(1)</script> [x](javascript:alert(1)) ![Bild](https://spion.example/x.png)"
    html = written(make_call(stage.cycle, text=text)).text_html()
    assert "<script" not in html
    assert "javascript:" not in html.replace("(javascript:alert(1))", "")
    assert "<img" not in html


def test_headings_stand_below_those_of_the_page(stage):
    text = written(make_call(stage.cycle, text="# Eins\n\n### Drei\n\n# Noch eins"))
    assert text.text_html(3) == "<h3>Eins</h3>\n<h4>Drei</h4>\n<h3>Noch eins</h3>\n"


def test_a_dropped_milestone_is_no_date(stage, cast):
    rows = make_roadmap(stage.cycle)
    start = rows["vorstellung"]
    type(start).objects.filter(pk=start.pk).update(
        state=MilestoneState.DROPPED, drop_reason="entfällt"
    )
    text = written(domain.proposed_call(stage.cycle))
    assert text.missing == ["Vorstellungstermin"]
    assert "Vorstellungstermin" not in {row.title for row in text.dates()}


def test_what_concerns_the_beirat_alone_is_not_in_the_table_of_dates(stage):
    make_roadmap(stage.cycle)
    titles = {row.title for row in written(domain.proposed_call(stage.cycle)).dates()}
    assert "Abschlussveranstaltung" in titles
    assert not any("Platz" in title or "Abstimmung" in title for title in titles)


def test_a_new_cycle_takes_the_text_over_but_not_the_agreement(stage, cast):
    make_call(stage.cycle, text="Bewährt", agreed_on=date(2026, 1, 10))
    new = make.make_cycle(stage.programme, number=13, state="planning")
    copied_on_new_cycle.get("calls").copy(stage.cycle, new, cast.user("permanent"))
    copied = domain.call_of(new)
    assert (copied.text, copied.agreed_on) == ("Bewährt", None)
    # A cycle that never had one has nothing to hand on.
    another = make.make_cycle(stage.programme, number=14, state="planning")
    empty = make.make_cycle(stage.programme, number=9, state="closed")
    copied_on_new_cycle.get("calls").copy(empty, another, cast.user("permanent"))
    assert domain.call_of(another) is None


def test_a_cycle_that_has_ended_takes_no_change(stage, cast):
    call = make_call(stage.cycle)
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(state="closed")
    with pytest.raises(Refused):
        domain.save_call(call, by=cast.user("lead"))
