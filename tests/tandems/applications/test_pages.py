"""The pages of the applications room, as HR staff and the Beirat walk them."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from mentoring.log.models import LogEntry
from programmes.cycles.models import Participant
from programmes.people.models import MunicipalityStaff, Person
from tandems.applications import domain
from tandems.applications.models import Application, ApplicationState
from tests import factories as make
from tests.tandems.applications.conftest import MOTIVATION, posted


def address(name, stage, *args):
    return reverse(f"applications:{name}", args=[stage.cycle.pk, *args])


def page(response):
    return response.content.decode()


HIDDEN = re.compile(r'<input type="hidden" name="(_version|_form_id|_kept)" value="([^"]*)">')


def hidden_of(client, url):
    """The hidden fields of the form as the page shows it."""
    return dict(HIDDEN.findall(page(client.get(url))))


def test_the_thin_line(stage, cast, client_of):
    hr, member = client_of("hr"), client_of("member")
    new = address("new", stage)
    hidden = hidden_of(hr, new)
    answer = hr.post(new, {**posted(motivation=""), **hidden}, follow=True)
    assert "Eingereicht ist er noch nicht" in page(answer)
    draft = Application.objects.get()
    detail = address("detail", stage, draft.pk)
    assert "Motivation zur Teilnahme" in page(answer)
    assert member.get(detail).status_code == 404

    edit = address("edit", stage, draft.pk)
    hidden = hidden_of(hr, edit)
    answer = hr.post(edit, {**posted(), **hidden, "submit_now": "1"}, follow=True)
    assert "gespeichert und eingereicht" in page(answer)
    assert member.get(detail).status_code == 404

    nominate = address("nominate", stage, draft.pk)
    assert "Der Logistikpartner sieht Name" in page(hr.get(nominate))
    assert Participant.objects.filter(person=draft.person).count() == 0
    hr.post(nominate, {"rank": "1"}, follow=True)
    draft.refresh_from_db()
    assert draft.state == ApplicationState.NOMINATED
    read = page(member.get(detail))
    assert MOTIVATION in read
    assert "Geheime Stellungnahme" in read
    assert "Öztürk-O&#x27;Neill" in read


def test_a_form_posted_twice_makes_one_draft(stage, cast, client_of):
    hr, new = client_of("hr"), address("new", stage)
    hidden = hidden_of(hr, new)
    first = hr.post(new, {**posted(), **hidden})
    second = hr.post(new, {**posted(), **hidden})
    assert Application.objects.count() == 1
    assert Person.objects.filter(last_name="Öztürk-O'Neill").count() == 1
    assert first["Location"] == second["Location"]


def test_submitting_an_incomplete_form_names_the_fields_and_keeps_the_text(stage, client_of):
    hr, new = client_of("hr"), address("new", stage)
    data = posted(position="", topics=[], goals="Nicht verlieren")
    answer = hr.post(new, {**data, "submit_now": "1"})
    assert set(answer.context["form"].errors) == {"position", "topics"}
    assert "Nicht verlieren" in page(answer)
    assert not Application.objects.exists()


def test_a_similar_person_is_asked_about(stage, cast, client_of):
    hr, new = client_of("hr"), address("new", stage)
    known = make.make_person("Kaethe", "Oeztuerk-O'Neill", municipality=stage.own, email="alt@x.de")
    foreign = make.make_person(
        "Käthe", "Öztürk-O'Neill", municipality=stage.other, email="fremd@uebelheim.example"
    )
    answer = hr.post(new, posted())
    assert not Application.objects.exists()
    assert "bitte wählen" in page(answer)
    assert "alt@x.de" in page(answer)
    assert foreign.email not in page(answer)
    # Nobody else can be smuggled in.
    assert hr.post(new, posted(known_person=str(foreign.pk))).status_code == 200
    assert not Application.objects.exists()
    hr.post(new, posted(known_person=str(known.pk)))
    assert Application.objects.get().person == known
    answer = hr.post(new, posted(known_person=str(known.pk)))
    assert "schon eine Bewerbung" in page(answer)
    hr.post(new, posted(known_person="new"))
    assert Application.objects.count() == 2


def test_two_people_editing_at_once(by_hr, stage, cast, client_of):
    draft = by_hr()
    edit = address("edit", stage, draft.pk)
    first, second = client_of("hr"), client_of("hr")
    one = hidden_of(first, edit)
    two = hidden_of(second, edit)
    first.post(edit, {**posted(goals="zuerst gespeichert"), **one})
    answer = second.post(edit, {**posted(goals="danach getippt"), **two})
    assert [row.name for row in answer.context["form"].conflict] == ["goals"]
    assert "zuerst gespeichert" in page(answer)
    assert "danach getippt" in page(answer)
    draft.refresh_from_db()
    assert draft.goals == "zuerst gespeichert"
    again = {"_version": answer.context["form"].version_token, "_take-goals": "mine"}
    second.post(edit, {**posted(goals="danach getippt"), **again})
    draft.refresh_from_db()
    assert draft.goals == "danach getippt"


def test_the_person_changed_meanwhile(by_hr, stage, cast, client_of):
    draft = by_hr()
    edit = address("edit", stage, draft.pk)
    hr = client_of("hr")
    hidden = hidden_of(hr, edit)
    person = draft.person
    person.refresh_from_db()
    person.phone = "0251 999"
    person.save()
    answer = hr.post(edit, {**posted(), **hidden})
    assert [row.name for row in answer.context["form"].conflict] == ["phone"]
    again = {"_version": answer.context["form"].version_token, "_take-phone": "stored"}
    hr.post(edit, {**posted(goals="neu"), **again})
    person.refresh_from_db()
    draft.refresh_from_db()
    assert (person.phone, draft.goals) == ("0251 999", "neu")


def test_a_forged_version_is_refused(by_hr, stage, client_of):
    draft = by_hr()
    edit = address("edit", stage, draft.pk)
    forged = signing.dumps(["tandems.application", draft.pk, [99, 99], {}], salt="other")
    for token in ("", "x", forged):
        answer = client_of("hr").post(edit, {**posted(goals="geschmuggelt"), "_version": token})
        assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.goals != "geschmuggelt"


def test_reading_and_exporting_are_logged(by_hr, stage, cast, client_of):
    application = by_hr("nominated")
    member = client_of("member")
    access = LogEntry.objects.filter(
        action=LogEntry.Action.ACCESS, actor=cast.user("member"), object_id=application.pk
    )
    member.get(address("detail", stage, application.pk))
    assert access.count() == 1
    assert member.get(address("sheet", stage, application.pk))["Content-Type"] == "application/pdf"
    assert access.count() == 2
    for wanted in ("csv", "xlsx"):
        member.get(address("list", stage), {"export": wanted})
    assert access.count() == 4
    assert set(access.values_list("cycle_id", "data_class")) == {(stage.cycle.pk, "confidential")}


def test_withdrawing_asks_for_the_reason(by_hr, stage, client_of):
    application = by_hr("nominated")
    url = address("withdraw", stage, application.pk)
    hr = client_of("hr")
    assert hr.post(url, {"reason": ""}).status_code == 200
    application.refresh_from_db()
    assert application.state == ApplicationState.NOMINATED
    hr.post(url, {"reason": "Wechsel"})
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    assert not Participant.objects.filter(person=application.person).present().exists()


def test_every_step_has_a_page_that_asks(by_hr, stage, cast, client_of):
    hr = client_of("hr")
    draft = by_hr()
    for name, state in (("submit", "submitted"), ("return", "draft"), ("submit", "submitted")):
        url = address(name, stage, draft.pk)
        assert hr.get(url).status_code == 200
        draft.refresh_from_db()
        before = draft.state
        hr.post(url)
        draft.refresh_from_db()
        assert (before, draft.state) != (state, before)
        assert draft.state == state
    for name, state in (("not_nominate", "not_nominated"), ("reconsider", "submitted")):
        hr.post(address(name, stage, draft.pk))
        draft.refresh_from_db()
        assert draft.state == state
    hr.post(address("nominate", stage, draft.pk), {"rank": "2"})
    hr.post(address("rank", stage, draft.pk), {"rank": "1"})
    draft.refresh_from_db()
    assert (draft.state, draft.rank) == ("nominated", 1)


def test_deleting_a_draft_says_what_goes_with_it(by_hr, stage, client_of):
    draft = by_hr()
    url = address("delete", stage, draft.pk)
    hr = client_of("hr")
    assert "Auch die Kontaktdaten" in page(hr.get(url))
    assert Application.objects.exists()
    assert hr.post(url)["Location"] == address("list", stage)
    assert not Application.objects.exists()


def test_a_step_that_came_too_late_says_why(by_hr, stage, cast, client_of):
    draft = by_hr("submitted")
    domain.nominate(draft, rank=1, by=cast.user("hr"))
    answer = client_of("hr").post(address("not_nominate", stage, draft.pk))
    assert answer.status_code == 200
    assert "inzwischen" in page(answer)


def test_staff_of_two_kommunen_choose_for_whom(stage, cast, client_of):
    MunicipalityStaff.objects.create(person=cast.hr, municipality=stage.other, since=make.LONG_AGO)
    hr, new = client_of("hr"), address("new", stage)
    assert "Kommune" in page(hr.get(new))
    assert hr.post(new, posted()).status_code == 200
    assert not Application.objects.exists()
    hr.post(new, posted(municipality=str(stage.other.pk)))
    assert Application.objects.get().municipality == stage.other


# --- Bad input -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("motivation", "ä" * 4001, "4001"),
        ("position", "x" * 161, "161"),
        ("role_since", "2025-02-30", "gültiges Datum"),
        ("role_since", "30.02.2025", "gültiges Datum"),
        ("role_since", "0001-01-01", "Jahr"),
        ("consent_forward", "9999-12-31", "Zukunft"),
        ("email", "kein@", "E-Mail"),
        ("target_group", "erfunden", "erfunden"),
        ("topics", ["leadership", "erfunden"], "erfunden"),
        ("superior", "99999", "Auswahl"),
        ("superior", "9" * 30, "Auswahl"),
        ("excluded", ["99999"], "99999"),
        ("excluded", ["9" * 30], ""),
        ("excluded", ["abc"], "abc"),
        ("motivation", "vor\x00nach", "unsichtbares Zeichen"),
        ("first_name", "", ""),
    ],
)
def test_bad_input_is_told_at_the_field_and_kept(stage, client_of, name, value, says):
    answer = client_of("hr").post(
        address("new", stage), posted(**{name: value, "goals": "Bleibt stehen"})
    )
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert set(errors) == {name}
    assert says in str(errors[name])
    assert "Bleibt stehen" in page(answer)
    if name == "motivation" and "\x00" not in value:
        assert value in page(answer)
    assert not Application.objects.exists()


def test_too_many_topics(stage, client_of):
    topics = ["leadership", "role", "conflict", "family", "network", "career"]
    answer = client_of("hr").post(address("new", stage), posted(topics=topics))
    assert "höchstens 5" in str(answer.context["form"].errors["topics"])


def test_a_future_role_since(stage, client_of):
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = client_of("hr").post(address("new", stage), posted(role_since=tomorrow))
    assert "Zukunft" in str(answer.context["form"].errors["role_since"])


@pytest.mark.parametrize(
    "text",
    [
        "👩🏽‍💻 Grüße",
        "\u202eمرحبا\u202c",
        "Zeile\r\nZeile",
        "<script>alert(1)</script>",
        "{{ 7 }}{% x %}",
    ],
)
def test_any_text_comes_back_as_typed(stage, client_of, text):
    hr = client_of("hr")
    answer = hr.post(
        address("new", stage), posted(motivation=text, last_name="D'Été-Ähm"), follow=True
    )
    assert Application.objects.get().motivation == text.replace("\r\n", "\n")
    assert "<script>alert" not in page(answer)


def test_4000_characters_with_line_ends_fit(stage, client_of):
    text = "a\r\n" * 2000
    client_of("hr").post(address("new", stage), posted(motivation=text.rstrip()))
    assert Application.objects.exists()


def test_a_foreign_cycle_in_the_address(by_hr, stage, cast, client_of):
    application = by_hr("nominated")
    other = make.make_cycle(stage.programme, number=12)
    make.make_participation(other, stage.own)
    for name in ("detail", "edit", "nominate", "sheet"):
        url = reverse(f"applications:{name}", args=[other.pk, application.pk])
        assert client_of("hr").get(url).status_code == 404
    huge = reverse("applications:detail", args=[10**30, 10**30])
    assert client_of("hr").get(huge).status_code == 404


def test_what_was_typed_when_the_session_ended_is_still_there(by_hr, stage, cast, client_of):
    draft = by_hr()
    for url, extra in ((address("new", stage), {}), (address("edit", stage, draft.pk), {})):
        hr = client_of("hr")
        hidden = hidden_of(hr, url)
        assert hidden["_kept"]
        hr.logout()
        hr.post(url, {**posted(goals="Über Nacht getippt"), **hidden, **extra})
        draft.refresh_from_db()
        assert draft.goals == "Eigene Ziele"
        assert Application.objects.count() == 1
        again = client_of("hr")
        shown = page(again.get(url))
        assert "Über Nacht getippt" in shown
        assert "Ihre Eingaben sind noch da" in shown
