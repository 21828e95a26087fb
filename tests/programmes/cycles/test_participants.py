"""The participant list: five columns, own Kommune for HR, constant queries, exports."""

import csv
import io

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from programmes.cycles.models import Participant, ParticipantRole
from tandems.applications.models import ApplicationState
from tests import factories as make


@pytest.fixture
def url(stage):
    return reverse("cycles:participants", args=[stage.cycle.pk])


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_five_columns_and_nothing_else(stage, cast, client_of, url):
    person = make.make_person(
        "Änne",
        "Öz",
        municipality=stage.own,
        phone="02501 1",
        position="Leitung Geheimamt",
        email="aenne@ahausen.example",
    )
    make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT, person=person)
    make.make_application(
        stage.cycle, stage.own, ApplicationState.NOMINATED, person=person, motivation="Sehnsucht"
    )
    logistics = client_of("logistics")
    page = logistics.get(url).content.decode()
    export = logistics.get(url, {"export": "csv"})
    text = page + export.content.decode()
    assert "Geheimamt" not in text
    assert "Sehnsucht" not in text
    table = rows_of(export)
    head = next(row for row in table if "Name" in row)
    assert head == ["Name", "Kommune", "Rolle", "E-Mail", "Telefon"]
    assert ["Öz, Änne", "Ahausen", "Bewerber/in", "aenne@ahausen.example", "02501 1"] in table


def test_applicants_who_are_not_nominated_are_on_no_list(stage, cast, client_of, url):
    for state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED):
        make.make_application(
            stage.cycle, stage.own, state, person=make.make_person(last_name="Unbekannt")
        )
    for name in ("logistics", "lead", "member", "hr", "other_hr"):
        assert "Unbekannt" not in client_of(name).get(url, {"left": "alle"}).content.decode(), name


def test_hr_sees_only_the_own_kommune(stage, cast, client_of, url):
    own = client_of("hr").get(url).content.decode()
    assert cast.mentee.email in own
    assert cast.mentor.email not in own
    for export in ("csv", "xlsx", "pdf"):
        assert (
            cast.mentor.email.encode() not in client_of("hr").get(url, {"export": export}).content
        )
    for name in ("logistics", "lead", "member"):
        text = client_of(name).get(url).content.decode()
        assert cast.mentee.email in text
        assert cast.mentor.email in text


def test_hr_cannot_even_filter_for_another_kommune(stage, cast, client_of, url):
    text = client_of("hr").get(url).content.decode()
    assert "Ahausen</option>" in text
    assert "Übelheim</option>" not in text


def test_filters(stage, cast, client_of, url):
    lead = client_of("lead")

    def names(**query):
        answer = lead.get(url, {**query, "export": "csv"})
        return {row[3] for row in rows_of(answer) if len(row) == 5} - {"E-Mail"}

    assert names() == {cast.mentee.email, cast.mentor.email}
    assert names(role="mentor") == {cast.mentor.email}
    assert names(municipality=stage.own.pk) == {cast.mentee.email}
    assert names(q=cast.mentee.last_name) == {cast.mentee.email}
    Participant.objects.filter(person=cast.mentor).update(
        left_on=timezone.localdate(), joined_on=make.LONG_AGO
    )
    assert names() == {cast.mentee.email}
    assert names(left="ausgeschieden") == {cast.mentor.email}
    assert names(left="alle") == {cast.mentee.email, cast.mentor.email}


def test_who_became_a_mentee_has_not_left(stage, cast, client_of, url):
    make.make_participant(
        stage.cycle,
        stage.own,
        ParticipantRole.APPLICANT,
        person=cast.mentee,
        joined_on=make.LONG_AGO,
        left_on=timezone.localdate(),
    )
    lead = client_of("lead")
    gone = lead.get(url, {"left": "ausgeschieden", "export": "csv"})
    everybody = lead.get(url, {"left": "alle", "export": "csv"})
    assert cast.mentee.email not in gone.content.decode()
    assert everybody.content.decode().count(cast.mentee.email) == 1


def test_the_filter_says_what_it_shows_by_itself(stage, client_of, url):
    page = client_of("lead").get(url).content.decode()
    assert ">wer dabei ist</option>" in page
    assert page.count(">alle</option>") == 3  # role, Kommune, and those who left as well


def test_umlauts_are_found_and_sorted(stage, cast, client_of, url):
    for last_name in ("Zahn", "Öztürk", "Otto", "Ärmel"):
        person = make.make_person(last_name=last_name, municipality=stage.own)
        make.make_participant(stage.cycle, stage.own, person=person)
    lead = client_of("lead")
    assert "Öztürk" in lead.get(url, {"q": "oeztuerk"}).content.decode()
    text = lead.get(url, {"municipality": stage.own.pk}).content.decode()
    places = [text.index(name) for name in ("Ärmel", "Otto,", "Öztürk", "Zahn")]
    assert places == sorted(places)


def test_formulas_do_not_reach_the_spreadsheet(stage, cast, client_of, url):
    person = make.make_person(last_name="=1+1", municipality=stage.own, phone="+49 251")
    make.make_participant(stage.cycle, stage.own, person=person)
    book = load_workbook(io.BytesIO(client_of("lead").get(url, {"export": "xlsx"}).content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert any("=1+1" in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_pdf(client_of, url):
    answer = client_of("lead").get(url, {"export": "pdf"})
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["participants", "council", "participations", "cycle"])
def test_as_many_queries_for_twenty_rows_as_for_one(stage, cast, client_of, name):
    from django.db import connection

    address = reverse(f"cycles:{name}", args=[stage.cycle.pk])
    lead = client_of("lead")

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert lead.get(address).status_code == 200
        return len(queries)

    lead.get(address)
    few = count()
    for _ in range(20):
        row = make.make_participation(stage.cycle, make.make_municipality())
        make.make_seat(row)
        make.make_participant(stage.cycle, row.municipality)
    assert count() == few
    assert few <= 25
