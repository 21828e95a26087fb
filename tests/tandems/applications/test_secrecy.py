"""What leaks if it can: every way to an application for everybody who must not know it."""

import io
import re
from datetime import timedelta

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from mentoring.log.domain import readable
from mentoring.log.models import LogEntry
from mentoring.ui.navigation import start_items
from programmes.cycles.models import CouncilSeat, CycleState
from programmes.people.models import MunicipalityStaff
from tandems.applications import domain
from tandems.applications.models import Application, ApplicationState
from tests import factories as make
from tests.tandems.applications.conftest import MOTIVATION

NAME = "Öztürk"
OUTSIDERS = ("other_hr", "logistics", "operator", "former", "stranger", "mentee", "mentor")
BEFORE = ("draft", "submitted", "not_nominated")
HELD = ("object_repr", "changes", "changes_text", "serialized_data", "additional_data")
STEPS = (
    *("edit", "submit", "return", "nominate", "rank", "not_nominate"),
    *("reconsider", "withdraw", "delete"),
)


def address(name, cycle, *args):
    return reverse(f"applications:{name}", args=[cycle.pk, *args])


def everything_shown(client, cycle):
    """Start page, list, search, exports: all that is said without an id."""
    texts = [client.get("/").content.decode()]
    list_url = address("list", cycle)
    for query in ({}, {"search": NAME}, {"state": "draft"}, {"sort": "-rank"}):
        texts.append(client.get(list_url, query).content.decode())
    texts.append(client.get(list_url, {"export": "csv"}).content.decode("utf-8", "replace"))
    xlsx = client.get(list_url, {"export": "xlsx"})
    if xlsx.status_code == 200 and "spreadsheet" in xlsx["Content-Type"]:
        sheet = load_workbook(io.BytesIO(xlsx.content)).active
        texts += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    return " ".join(texts)


def assert_unknown(client, *applications):
    """Nothing names the applications, and every address of them is a 404."""
    shown = everything_shown(client, applications[0].cycle)
    # The search repeats what was typed.
    assert "Kennwort-Jugendamt-Leitung" not in shown
    assert "Öztürk-O" not in shown
    for application in applications:
        for name in ("detail", "sheet", *STEPS):
            url = address(name, application.cycle, application.pk)
            assert client.get(url).status_code == 404, name
        for name in ("edit", "nominate", "withdraw", "delete"):
            url = address(name, application.cycle, application.pk)
            assert client.post(url, {"rank": 1, "reason": "x"}).status_code == 404, name


@pytest.fixture
def secret(by_hr):
    """An application with text that must not turn up."""
    return lambda state, **values: by_hr(state, position="Kennwort-Jugendamt-Leitung", **values)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_outsiders_know_of_no_application(secret, client_of, name):
    states = (*BEFORE, "nominated", "withdrawn")
    applications = [secret(s, email=f"{s}@ahausen.example") for s in states]
    assert_unknown(client_of(name), *applications)


@pytest.mark.parametrize("name", ["member", "lead", "permanent"])
def test_the_beirat_knows_of_nothing_before_nomination(secret, client_of, name):
    applications = [secret(s, email=f"{s}@ahausen.example") for s in BEFORE]
    assert_unknown(client_of(name), *applications)


def test_withdrawn_before_nomination_stays_unknown(secret, cast, client_of):
    application = domain.withdraw(secret("submitted"), by=cast.user("hr"))
    assert_unknown(client_of("lead"), application)


@pytest.mark.parametrize("name", ["member", "lead"])
def test_the_beirat_reads_but_never_handles(secret, stage, client_of, name):
    application = secret("nominated")
    browser = client_of(name)
    assert browser.get(address("detail", stage.cycle, application.pk)).status_code == 200
    for step in STEPS:
        url = address(step, stage.cycle, application.pk)
        assert browser.get(url).status_code == 403
        assert browser.post(url, {"rank": 5, "reason": "x"}).status_code == 403
    assert browser.get(address("new", stage.cycle)).status_code == 403
    application.refresh_from_db()
    assert (application.state, application.rank) == (ApplicationState.NOMINATED, 1)


@pytest.mark.parametrize("part", ["superior", "excluded", "applicant"])
@pytest.mark.parametrize("name", ["lead", "member"])
def test_conflict_of_interest(secret, stage, cast, client_of, part, name):
    concerned = getattr(cast, name)
    application = secret("nominated")
    if part == "superior":
        application.superior = concerned
        application.save()
    elif part == "excluded":
        make.make_exclusion(stage.cycle, application.person, concerned)
    else:
        application.person = concerned
        application.save()
    others = make.make_application(stage.cycle, stage.own, ApplicationState.NOMINATED)
    browser = client_of(name)
    assert_unknown(browser, application)
    listed = browser.get(address("list", stage.cycle))
    assert [row.pk for row in listed.context["page_obj"]] == [others.pk]
    assert counts(browser) == {"1 nominierte Bewerbung"}


def test_conflict_outlasts_the_seat_for_staff_of_the_own_kommune(secret, stage, cast, client_of):
    MunicipalityStaff.objects.create(
        person=cast.member, municipality=stage.own, since=make.LONG_AGO
    )
    application = secret("nominated")
    make.make_exclusion(stage.cycle, application.person, cast.member)
    CouncilSeat.objects.filter(person=cast.member).update(
        until=timezone.localdate() - timedelta(days=1)
    )
    assert_unknown(client_of("member"), application)


def test_the_beirat_does_not_learn_who_is_excluded(secret, stage, cast, client_of, second_seat):
    second_seat.first_name, second_seat.last_name = "Geheim", "Ausgeschlossen-Person"
    second_seat.save()
    application = secret("nominated", excluded=[second_seat])
    application.superior = make.make_seat(
        stage.cycle.participations.get(municipality=stage.own),
        person=make.make_person("Auch", "Vorgesetzt-Person", municipality=stage.own),
    )
    application.save()
    read = client_of("lead").get(address("detail", stage.cycle, application.pk)).content.decode()
    assert "Ausgeschlossen-Person" not in read
    assert "Vorgesetzt-Person" not in read
    own = client_of("hr").get(address("detail", stage.cycle, application.pk)).content.decode()
    # Once typed it is shown to nobody again, the own Personalstelle included.
    assert "Ausgeschlossen-Person" not in own
    assert "Es sind Angaben hinterlegt; sie werden nicht wieder angezeigt" in own
    assert "Vorgesetzt-Person" in own
    assert "Es sind Angaben hinterlegt" in read
    # Paper goes round: neither of them is on the printed sheet, whoever prints it.
    for name in ("hr", "lead"):
        sheet = client_of(name).get(address("sheet", stage.cycle, application.pk))
        text = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(sheet.content)).pages)
        assert "Jugendamt" in text
        assert "Ausgeschlossen" not in text
        assert "Vorgesetzt" not in text


def counts(browser):
    """The start page's items of this room."""
    response = browser.get("/")
    return {
        item.title
        for group in response.context["groups"]
        for item in group["items"]
        # Applicants know of their own one, at most that it was handed in.
        if ("Bewerbung" in item.title or "Entw" in item.title)
        and item.title != "Ihre Bewerbung: eingereicht"
    }


def test_counts_on_the_start_page(by_hr, stage, cast, client_of, rf):
    assert "applications" in start_items.names()
    for number in range(3):
        by_hr("draft", last_name=f"Entwurf{number}")
    for number in range(2):
        by_hr("submitted", last_name=f"Eingereicht{number}")
    by_hr("not_nominated", last_name="Nicht")
    by_hr("nominated", last_name="Nominiert")
    assert counts(client_of("hr")) == {
        "3 Entwürfe nicht eingereicht",
        "2 eingereichte Bewerbungen ohne Entscheidung",
    }
    assert counts(client_of("member")) == {"1 nominierte Bewerbung"}
    assert counts(client_of("lead")) == {"1 nominierte Bewerbung"}
    for name in OUTSIDERS:
        assert counts(client_of(name)) == set(), name


def test_filters_offer_only_what_is_visible(by_hr, stage, client_of):
    by_hr("draft")
    make.make_application(stage.cycle, stage.other, ApplicationState.NOMINATED)
    filters = client_of("lead").get(address("list", stage.cycle)).context["filter_form"].fields
    assert [house.pk for house in filters["municipality"].queryset] == [stage.other.pk]
    assert [value for value, _ in filters["state"].choices if value] == ["nominated"]
    own = client_of("hr").get(address("list", stage.cycle)).context["filter_form"].fields
    assert [house.pk for house in own["municipality"].queryset] == [stage.own.pk]
    foreign = client_of("hr").get(
        address("list", stage.cycle), {"municipality": stage.other.pk, "export": "csv"}
    )
    assert b"attachment" not in foreign.headers.get("Content-Disposition", "").encode()


def test_hr_sees_nothing_of_the_others(by_hr, stage, client_of):
    by_hr("nominated")
    make.make_application(
        stage.cycle, stage.other, ApplicationState.NOMINATED, position="Fremde Funktion"
    )
    assert "Fremde Funktion" not in everything_shown(client_of("hr"), stage.cycle)


def test_staff_who_left_lose_access_at_once(secret, cast, client_of):
    application = secret("submitted")
    browser = client_of("hr")
    assert browser.get(application.get_absolute_url()).status_code == 200
    cast.hr.municipality_posts.update(until=timezone.localdate() - timedelta(days=1))
    assert_unknown(browser, application)


@pytest.mark.parametrize("state", CycleState.ended())
def test_an_ended_cycle_shows_the_beirat_nothing(secret, stage, client_of, state):
    application = secret("nominated")
    stage.cycle.state, stage.cycle.cancel_reason = state, "x"
    stage.cycle.save()
    for name in ("lead", "member", "former", "permanent"):
        assert_unknown(client_of(name), application)
    edit = client_of("hr").get(address("edit", stage.cycle, application.pk))
    assert edit.status_code in (403, 404)


def test_the_log_holds_no_values(secret, cast, second_seat):
    application = secret("nominated", excluded=[second_seat])
    domain.save_draft(application, values={"phone": "0251 1"}, by=cast.user("hr"))
    application.refresh_from_db()
    domain.withdraw(application, reason="Vertraulicher Grund", by=cast.user("hr"))
    entries = LogEntry.objects.filter(data_class="confidential")
    assert entries.count() >= 5
    for entry in entries:
        held = " ".join(
            str(getattr(entry, name))
            for name in (
                "object_repr",
                "changes",
                "changes_text",
                "serialized_data",
                "additional_data",
            )
        )
        for word in (NAME, MOTIVATION, "Kennwort", "Geheime", "Vertraulicher", str(second_seat)):
            assert word not in held
        assert re.fullmatch(r"(Bewerbung|Einwilligung|Ausschluss) \d+", entry.object_repr)


def test_who_reads_the_log(secret, stage, cast):
    application = secret("submitted")

    def read_by(name):
        about = Q(data_class="confidential") | Q(changes__icontains="ztürk")
        return LogEntry.objects.filter(readable(cast.user(name))).filter(about).exists()

    for name in ("lead", "operator", "logistics", "other_hr", "former", "permanent"):
        assert not read_by(name), name
    domain.nominate(application, rank=1, by=cast.user("hr"))
    assert read_by("lead")
    for name in ("operator", "logistics", "other_hr", "former"):
        assert not read_by(name), name
    application.refresh_from_db()
    application.superior = cast.lead
    application.save()
    assert not LogEntry.objects.filter(readable(cast.user("lead"))).filter(
        data_class="confidential"
    )


def test_deleting_asks_only_who_may_see(secret, stage, client_of):
    draft = secret("draft")
    for name in ("lead", "other_hr", "logistics"):
        answer = client_of(name).get(address("delete", stage.cycle, draft.pk))
        assert answer.status_code == 404
        assert NAME not in answer.content.decode()
    assert Application.objects.filter(pk=draft.pk).exists()
