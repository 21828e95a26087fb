"""The log page: each reader learns only what they may know anyway."""

from contextlib import nullcontext

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.domain import acting, record_access
from mentoring.log.models import LogEntry
from programmes.cycles.models import Participation, Programme
from tandems.applications.models import ApplicationState
from tests import factories as make

URL = "/protokoll/"


@pytest.fixture
def building():
    return nullcontext


@pytest.fixture
def read(cast, client_of):
    """The text of the page, with its exports, for a member of the cast."""

    def text(name, **query):
        client = client_of(name)
        found = ""
        for export in ("", "csv"):
            answer = client.get(URL, {**query, "export": export} if export else query)
            assert answer.status_code == 200
            found += answer.content.decode()
        return found

    return text


def test_who_reads_the_log(cast, client_of):
    for name in ("lead", "operator"):
        assert client_of(name).get(URL).status_code == 200, name
    for name in (
        "member",
        "permanent",
        "former",
        "hr",
        "logistics",
        "mentee",
        "mentor",
        "stranger",
    ):
        assert client_of(name).get(URL).status_code == 403, name


def test_an_entry_says_who_changed_what_from_what_to_what(stage, cast, read):
    row = Participation.objects.get(cycle=stage.cycle, municipality=stage.own)
    with acting(cast.lead.user):
        row.note = "zahlt im Mai"
        row.places_wished = 3
        row.save()
    text = read("lead", action=1, model="programmes.participation")
    assert cast.lead.full_name in text
    assert "gewünschte Plätze: – → 3" in text
    assert "Bemerkung: – → zahlt im Mai" in text
    assert "geändert" in text
    assert "Teilnahme: Ahausen in Durchgang" in text


def test_values_are_written_as_people_read_them(stage, cast, read):
    with acting(cast.operator):
        programme = Programme.objects.get(pk=stage.programme.pk)
        programme.kind = "talent_circle"
        programme.logistics_partner = make.make_partner(name="Neues Institut")
        programme.save()
    text = read("operator", model="programmes.programme", action=1)
    assert "Art: Cross-Mentoring → Nachwuchsförderkreis" in text
    assert "Logistikpartner: Studieninstitut Musterland → Neues Institut" in text


def test_dates_and_times(stage, cast, read):
    stage.cycle.start_workshop_on = make.LONG_AGO
    stage.cycle.reveal_at = make.SOME_TIME
    stage.cycle.save()
    text = read("lead", model="programmes.cycle")
    assert "Startworkshop am: – → 01.01.2020" in text
    assert "– → 15.01.2026 10:00" in text


def secret_application(stage, state, **fields):
    person = make.make_person("Thea", "Geheimnis", municipality=stage.own)
    application = make.make_application(
        stage.cycle, stage.own, state, person=person, motivation="Sehnsucht", **fields
    )
    with acting(None):
        application.motivation = "noch mehr Sehnsucht"
        application.save()
    return application


@pytest.mark.parametrize("state", [ApplicationState.DRAFT, ApplicationState.SUBMITTED])
def test_drafts_leave_no_trace_outside_their_kommune(stage, cast, read, state):
    application = secret_application(stage, state)
    record_access(application, by=cast.hr.user)
    for name in ("lead", "operator"):
        text = read(name)
        assert f"Bewerbung {application.pk}" not in text, name
        assert "Geheimnis" not in text, name
        assert "Sehnsucht" not in text, name
    for name in ("lead", "operator"):
        entries = LogEntry.objects.visible_to(cast.user(name))
        assert not entries.filter(content_type__model="application").exists()


def test_of_a_nominated_application_the_lead_reads_field_names_alone(stage, cast, read):
    application = secret_application(stage, ApplicationState.NOMINATED)
    record_access(application, by=cast.hr.user)
    text = read("lead", model="tandems.application")
    assert f"Bewerbung {application.pk}" in text
    assert "Motivation zur Teilnahme" in text
    assert "gelesen" in text
    assert "Sehnsucht" not in text
    assert "Geheimnis" not in text
    assert "•••" not in text
    operator = read("operator")
    assert f"Bewerbung {application.pk}" not in operator
    assert "tandems.application" not in operator


@pytest.mark.parametrize("how", ["superior", "excluded", "person"])
def test_conflict_of_interest_holds_in_the_log(stage, cast, read, how):
    application = make.make_application(
        stage.cycle,
        stage.own,
        ApplicationState.NOMINATED,
        superior=cast.lead if how == "superior" else None,
        person=cast.lead if how == "person" else None,
    )
    if how == "excluded":
        make.make_exclusion(stage.cycle, application.person, cast.lead)
    assert f"Bewerbung {application.pk}" not in read("lead")


def test_the_operator_learns_of_no_applicant_and_no_participant(stage, cast, read):
    secret = make.make_person("Thea", "Geheimnis", municipality=stage.own)
    make.make_participant(stage.cycle, stage.own, person=secret)
    secret.last_name = "Geheimnis-Neu"
    secret.save()
    text = read("operator")
    assert "Geheimnis" not in text
    assert "Mentee in Durchgang" not in text
    # Somebody with a post is theirs to manage.
    cast.hr.phone = "02501 4711"
    cast.hr.save()
    assert "02501 4711" in read("operator")


def test_a_lead_reads_nothing_of_another_cycle(stage, cast, read):
    foreign = make.make_participation(make.make_cycle(), make.make_municipality("Fernstadt"))
    foreign.note = "Fremdes"
    foreign.save()
    text = read("lead")
    assert "Fernstadt" not in text
    assert "Fremdes" not in text
    assert "Fernstadt" in read("operator")


def test_a_seat_holder_unknown_to_the_operator_is_not_named(stage, cast, read):
    text = read("operator", model="programmes.councilseat")
    assert "nicht einsehbar" in text
    assert cast.member.last_name not in text
    assert cast.member.last_name in read("lead", model="programmes.councilseat")


def test_the_search_finds_nobody_by_a_name_that_is_not_shown(stage, cast, read):
    row = Participation.objects.get(cycle=stage.cycle, municipality=stage.own)
    with acting(cast.member.user):
        row.note = "eins"
        row.save()
    assert "eins" in read("operator", who=cast.member.user.email)
    assert "eins" not in read("operator", who=cast.member.last_name)
    assert "eins" in read("lead", who=cast.member.last_name)


def test_filters(stage, cast, read):
    row = Participation.objects.get(cycle=stage.cycle, municipality=stage.own)
    with acting(cast.lead.user):
        row.note = "eins"
        row.save()
    assert "eins" in read("lead", who=cast.lead.last_name)
    assert "eins" in read("lead", who=cast.lead.user.email)
    assert "eins" not in read("lead", who="niemand")
    assert "eins" not in read("lead", until="2020-01-01")
    assert "eins" in read("lead", since="2020-01-01")
    assert "eins" not in read("lead", action=2)
    assert "eins" not in read("lead", model="programmes.cycle")


def test_leads_of_two_cycles_may_choose(stage, cast, read):
    assert 'name="cycle"' not in read("lead")
    second = make.make_participation(make.make_cycle(stage.programme, number=12), stage.other)
    make.make_seat(second, lead=True, person=cast.lead)
    text = read("lead", cycle=second.cycle_id)
    assert 'name="cycle"' in text
    assert "Übelheim in Durchgang Nr. 12" in text
    assert "Übelheim in Durchgang Nr. 11" not in text


def test_as_many_queries_for_many_entries_as_for_few(stage, cast, client_of):
    lead = client_of("lead")
    url = reverse("cycles:log")
    lead.get(url)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(url).status_code == 200
        return len(queries)

    few = count()
    for _ in range(10):
        row = make.make_participation(stage.cycle, make.make_municipality())
        make.make_seat(row)
        make.make_participant(stage.cycle, row.municipality)
    assert count() == few


def test_every_field_has_a_german_name(stage, cast, read):
    text = read("lead") + read("operator")
    for name in ("cycle:", "person:", "chair:", "participation:", "programme:", "municipality:"):
        assert name not in text, name
    assert "Durchgang: " in text
    assert "Person: " in text
