"""The lists over a whole Durchgang: who may open which, with which columns, in few queries."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from programmes.cycles.models import Participation
from programmes.events.models import Answer, EventKind, EventState
from programmes.registrations.models import Interest
from tests import factories as make
from tests.programmes.groups.makers import make_attendee, make_event
from tests.programmes.sheets.conftest import days, rows_of, words_of


def event_on(cycle, number, title, **fields):
    begins = days(number)
    fields.setdefault("ends_at", days(number + 0.2))
    return make_event(cycle, title=title, starts_at=begins, **fields)


@pytest.fixture
def year(stage, cast, people):
    """Two events that were, one that is ahead, one that was called off."""
    persons = {name: row.person for name, row in people.items()}
    first = event_on(stage.cycle, -20, "Auftakt", kind=EventKind.INFORMATION)
    second = event_on(stage.cycle, -2, "Zwischenbilanz", kind=EventKind.INTERIM)
    ahead = event_on(stage.cycle, 20, "Startworkshop", asks_needs=True, catering="Suppe")
    off = event_on(stage.cycle, -5, "Ausflug", state=EventState.CANCELLED, cancel_reason="Sturm")
    make_attendee(first, persons["Ärmel"], attended=True, role="Mentee")
    make_attendee(first, persons["Zander"], attended=False, role="Mentor/in")
    make_attendee(second, persons["Ärmel"], role="Mentee")
    make_attendee(off, persons["Ärmel"], attended=True, role="Mentee")
    make_attendee(ahead, persons["Zander"], role="Mentor/in", diet="vegan")
    make_attendee(ahead, persons["Ärmel"], Answer.OPEN, role="Mentee")
    return {"first": first, "second": second, "ahead": ahead, "off": off}


def labels_on(client_of, page, name):
    """Everything the page of lists offers to somebody."""
    parts = client_of(name).get(page("lists")).context["parts"]
    return [entry.label for part in parts for entry in part.entries]


# --- The page of all lists --------------------------------------------------------------
def test_the_page_leads_everybody_to_what_they_may_open(client_of, page, year):
    assert labels_on(client_of, page, "hr") == [
        "Teilnehmer/innen",
        "Mentees",
        "Mentor/innen",
        "Beirat",
        "Kommunen im Durchgang",
        "Kontakte der Kommunen",
    ]
    for name in ("logistics", "lead", "member"):
        browser = client_of(name)
        answer = browser.get(page("lists"))
        entries = [entry for part in answer.context["parts"] for entry in part.entries]
        assert {"Anwesenheit", "Catering", "Adressetiketten", "Zertifikate"} <= {
            one.label for one in entries
        }
        assert {one.label for one in entries} > set(labels_on(client_of, page, "hr"))
        for entry in entries:
            assert browser.get(entry.url).status_code == 200, (name, entry.label)
        text = answer.content.decode()
        assert reverse("sheets:sheets", args=[year["ahead"].cycle_id, year["ahead"].pk]) in text
        assert reverse("sheets:sheets", args=[year["first"].cycle_id, year["first"].pk]) not in text


@pytest.mark.parametrize("name", ["logistics", "hr"])
def test_every_file_offered_is_there(client_of, page, year, name):
    browser = client_of(name)
    parts = browser.get(page("lists")).context["parts"]
    for entry in (entry for part in parts for entry in part.entries):
        for label, url in entry.files:
            answer = browser.get(url)
            assert answer.status_code == 200, (entry.label, label)
            assert "attachment" in answer["Content-Disposition"]


COLUMNS = {
    "cycles:participants": ["Name", "Kommune", "Rolle", "E-Mail", "Telefon"],
    "cycles:council": ["Name", "Kommune", "Funktion", "Treiber/in", "E-Mail", "Telefon"],
    "cycles:participations": ["Kommune", "Stand", "Sitze"],
    "events:events": [
        *("Beginn", "Art", "Titel", "Ort", "Stand"),
        *("eingeladen", "zugesagt", "abgesagt", "offen"),
    ],
    "sheets:contacts": [
        *("Kommune", "amtlicher Name", "Stand", "Straße und Hausnummer", "Postleitzahl", "Ort"),
        *("E-Mail der Personalstelle", "Telefon der Personalstelle", "Beirat"),
    ],
    "sheets:attendance": [
        "Name",
        "Kommune",
        "eingeladen als",
        "war da",
        "Auftakt",
        "Zwischenbilanz",
    ],
    "sheets:catering": [
        *("Beginn", "Veranstaltung", "Ort", "zugesagt", "ohne Antwort", "Bestellt", "Essen"),
    ],
}
"""What the Logistikpartner may see, and nothing else. "Funktion" in the Beirat is the seat's."""


@pytest.mark.parametrize("route", COLUMNS)
def test_the_logistikpartner_gets_these_columns_and_the_others_no_fewer(
    client_of, stage, year, route
):
    url = reverse(route, args=[stage.cycle.pk])
    got = {
        name: rows_of(client_of(name).get(url, {"export": "xlsx"}))[0]
        for name in ("logistics", "member", "lead")
    }
    if route == "sheets:attendance":  # the days are those of today
        for name, row in got.items():
            got[name] = [*row[:4], *(head.split()[-1] for head in row[4:])]
    wanted = COLUMNS[route]
    assert got["logistics"] == wanted
    if route == "sheets:catering":  # needs are for the leads, not for every member
        assert got["member"] == wanted[:-1]
        assert got["lead"] == wanted
    elif route == "cycles:participations":  # wishes and remarks are the Beirat's own
        assert got["member"][:3] == wanted
    else:
        assert got["member"] == got["lead"] == wanted


def test_no_list_or_sheet_of_the_logistikpartner_says_what_is_the_beirats(
    client_of, stage, page, year, people
):
    make.make_application(
        stage.cycle, stage.own, "nominated", person=people["Ader"].person, position="Amt Geheim"
    )
    browser = client_of("logistics")
    lists = [reverse(route, args=[stage.cycle.pk]) for route in COLUMNS]
    with CaptureQueriesContext(connection) as queries:
        answers = [browser.get(url, {"export": "csv"}) for url in lists] + [
            browser.get(page(f"{name}_file", "csv")) for name in ("labels", "badges")
        ]
    text = "".join(answer.content.decode() for answer in answers)
    assert "Ader" in text
    assert "Geheim" not in text
    read_from = " ".join(query["sql"] for query in queries).lower()
    for table in ("tandems_tandem", "tandems_match", "tandems_rating"):
        assert table not in read_from


def test_hr_gets_no_name_of_another_kommune_from_any_list(client_of, stage, page, year):
    browser = client_of("hr")
    offered = browser.get(page("lists")).context["parts"]
    for entry in (entry for part in offered for entry in part.entries):
        text = browser.get(entry.files[1][1]).content.decode()
        assert "Zander" not in text, entry.label
    for name in ("attendance", "catering", "labels", "badges", "workshop"):
        assert browser.get(page(name)).status_code == 403


# --- Attendance -------------------------------------------------------------------------
def test_the_overview_says_who_was_where(client_of, page, year):
    browser = client_of("logistics")
    table = browser.get(page("attendance"), {"export": "csv"}).content.decode("utf-8-sig")
    rows = [line.split(";") for line in table.splitlines()]
    assert [head.split(" ", 1)[-1] for head in rows[0][4:]] == ["Auftakt", "Zwischenbilanz"]
    assert rows[1:] == [
        ["Ärmel, Zoe", "Ahausen", "Mentee", "1", "ja", "offen"],
        ["Zander, Max", "Übelheim", "Mentor/in", "0", "nein", ""],
    ]
    every = browser.get(page("attendance"), {"events": "alle", "export": "csv"}).content.decode()
    assert "Startworkshop" in every
    assert "Ausflug" not in every


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"role": "Mentor/in"}, ["Zander"]),
        ({"came": "ja"}, ["Ärmel"]),
        ({"came": "nein"}, ["Zander"]),
        ({"kind": EventKind.INTERIM.value}, ["Ärmel"]),
        ({"q": "zand"}, ["Zander"]),
        ({"sort": "-came"}, ["Ärmel", "Zander"]),
    ],
)
def test_page_and_file_of_the_overview_honour_the_filters(client_of, page, year, query, names):
    browser = client_of("logistics")
    shown = browser.get(page("attendance"), query).context["rows"]
    assert [str(row[0][1]).split(",")[0] for row in shown] == names
    exported = rows_of(browser.get(page("attendance"), {**query, "export": "xlsx"}))[1:]
    assert [row[0].split(",")[0] for row in exported] == names


def test_the_overview_as_pdf_names_each_event_once(client_of, page, year):
    answer = client_of("logistics").get(page("attendance"), {"export": "pdf", "role": "Mentee"})
    words = words_of(answer.content)
    assert words.count("Auftakt") == 1
    assert "Gefiltert nach eingeladen als: Mentee" in words
    assert "Ärmel, Zoe Ahausen Mentee 1 ja offen" in words
    assert "Zander" not in words


def test_few_events_stand_level_in_narrow_columns(client_of, page, year):
    for _ in range(48):
        make_attendee(year["first"], make.make_person(), attended=True, role="Mentee")
    answer = client_of("logistics").get(page("attendance"), {"export": "pdf"})
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 2
    assert "Auftakt" in pages[0].extract_text().splitlines(), "the day stands on its own line"


# --- Catering ---------------------------------------------------------------------------
def test_one_table_says_what_is_eaten_at_all_coming_events(client_of, page, year):
    begins = year["ahead"]
    Interest.objects.create(
        event=begins,
        first_name="Pia",
        last_name="Quast",
        municipality="Fernstadt",
        email="pia@quast.example",
        state="confirmed",
        confirmed_at=timezone.now(),
    )
    rows = rows_of(client_of("logistics").get(page("catering"), {"export": "xlsx"}))[1:]
    assert [row[1:] for row in rows] == [
        ["Startworkshop", 2, 1, "Suppe", "vegan: 1; ohne Angabe: 1"]
    ]
    every = client_of("member").get(page("catering"), {"past": "alle", "export": "csv"})
    assert "Auftakt" in every.content.decode()
    assert "Ausflug" not in every.content.decode()
    assert "vegan" not in every.content.decode()


def test_contacts_name_personalstelle_and_beirat(client_of, page, people, cast, stage):
    stage.own.email = "personal@ahausen.example"
    stage.own.save()
    rows = rows_of(client_of("logistics").get(page("contacts"), {"export": "xlsx"}))
    own = next(row for row in rows if row[0] == "Ahausen")
    assert {"01067", "Am Markt 1", "personal@ahausen.example"} <= set(own)
    assert f"{cast.member}, {cast.member.email}" in own[-1]


def test_contacts_on_paper_have_a_line_for_each_member(client_of, page, people, cast, stage):
    stage.own.phone = "030 / 23125-528"
    stage.own.save()
    second = make.make_person("Zita", "Zweite", municipality=stage.own, email="z@ahausen.example")
    make.make_seat(
        Participation.objects.get(cycle=stage.cycle, municipality=stage.own), person=second
    )
    answer = client_of("logistics").get(page("contacts"), {"export": "pdf"})
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().replace("\u00a0", " ")
    lines = [line.strip() for line in text.splitlines()]
    assert {"Am Markt 1", "01067 Ahausen"} <= set(lines)
    assert any(line.startswith("030 / 23125-528 Erika Muster") for line in lines)
    assert "Zita Zweite, z@ahausen.example" in lines


# --- Queries ----------------------------------------------------------------------------
def fill(stage, events, people):
    """So many more events, with so many more people invited to each."""
    made = [event_on(stage.cycle, -n - 1, f"Treffen {n}", asks_needs=True) for n in range(events)]
    made += [event_on(stage.cycle, n + 30, f"Bald {n}", asks_needs=True) for n in range(events)]
    for _ in range(people):
        person = make.make_person(municipality=stage.own)
        make.make_participant(stage.cycle, stage.own, person=person)
        for event in made[:2]:
            make_attendee(event, person, diet="vegan")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("lists", {}),
        ("attendance", {}),
        ("attendance", {"export": "csv"}),
        ("catering", {"export": "csv"}),
        ("contacts", {"export": "csv"}),
        ("labels", {}),
        ("badges", {}),
    ],
)
def test_queries_stay_the_same_for_20_events_and_more_people(client_of, stage, page, name, query):
    browser = client_of("logistics")
    fill(stage, 1, 1)
    browser.get(page(name), query)
    with CaptureQueriesContext(connection) as few:
        browser.get(page(name), query)
    fill(stage, 19, 19)
    with CaptureQueriesContext(connection) as many:
        browser.get(page(name), query)
    assert len(many) == len(few)
    assert len(many) <= 22
