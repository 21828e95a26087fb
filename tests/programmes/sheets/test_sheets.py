"""Attendance list, badges, catering and room sheet: who stands there, and never a pair."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job
from programmes.cycles.domain import mark_left
from programmes.cycles.models import CouncilSeat, ParticipantRole
from programmes.events.models import AgendaItem, Answer
from programmes.registrations.models import Interest
from programmes.sheets import views
from programmes.sheets.contents import Guest, Options, read
from programmes.sheets.pdf import size_of
from programmes.sheets.tables import SHEETS
from tests import factories as make
from tests.programmes.groups.makers import make_attendee, make_event


@pytest.fixture
def event(stage, cast):
    return make_event(
        stage.cycle,
        venue="Stadthalle",
        address="Am Markt 1\n48143 Münster",
        room="Saal 2",
        material="Beamer",
        catering="Kaffee und Kuchen",
        asks_needs=True,
    )


@pytest.fixture
def guests(stage, event):
    """In an order of invitation that tells the tandems: mentee, mentor, mentee, mentor."""
    names = [
        ("Zoe", "Ärmel", ParticipantRole.MENTEE, Answer.YES, "vegan"),
        ("Max", "Zander", ParticipantRole.MENTOR, Answer.YES, "Vegan."),
        ("Ute", "Öz", ParticipantRole.MENTEE, Answer.OPEN, ""),
        ("Jan", "Berg", ParticipantRole.MENTOR, Answer.NO, ""),
        ("Ida", "Ader", ParticipantRole.MENTEE, Answer.YES, ""),
    ]
    found = []
    for first, last, role, answer, diet in names:
        person = make.make_person(first, last, municipality=stage.own)
        make.make_participant(stage.cycle, stage.own, role, person=person)
        found.append(
            make_attendee(event, person, answer, role=role.label, diet=diet, note="mit Zander")
        )
    return found


def address(event, sheet="", form="pdf"):
    args = [event.cycle_id, event.pk, *([sheet, form] if sheet else [])]
    return reverse("sheets:sheet" if sheet else "sheets:sheets", args=args)


def rows_of(answer):
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [[cell for cell in row if cell is not None] for row in sheet.values]


def words_of(answer):
    reader = PdfReader(io.BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def names_of(event, cast, who="zugesagt", name="logistics"):
    return [guest.last_name for guest in read(event, cast.user(name), Options(who)).guests]


# --- Who stands on a sheet --------------------------------------------------------------
def test_names_stand_in_the_order_of_the_alphabet_whoever_was_invited_first(event, guests, cast):
    assert names_of(event, cast) == ["Ader", "Ärmel", "Zander"]
    assert names_of(event, cast, "offen") == ["Ader", "Ärmel", "Öz", "Zander"]
    assert names_of(event, cast, "alle") == ["Ader", "Ärmel", "Berg", "Öz", "Zander"]


def test_who_left_the_cycle_is_on_no_sheet(event, guests, cast, stage):
    ader = stage.cycle.participants.get(person__last_name="Ader")
    mark_left(ader, on=timezone.localdate(), by=cast.user("lead"))
    assert names_of(event, cast, "alle") == ["Ärmel", "Berg", "Öz", "Zander"]


def test_a_member_of_the_beirat_who_was_a_mentee_stays(event, cast, stage):
    person = cast.member
    entry = make.make_participant(stage.cycle, stage.own, person=person)
    mark_left(entry, on=timezone.localdate(), by=cast.user("lead"))
    make_attendee(event, person, role="Beirat")
    assert names_of(event, cast) == [person.last_name]


def test_who_registered_on_the_public_page_is_expected_too(event, guests, cast):
    who = {"first_name": "Pia", "last_name": "Quast", "municipality": "Fernstadt"}
    Interest.objects.create(
        event=event, email="a@b.example", state="confirmed", confirmed_at=timezone.now(), **who
    )
    Interest.objects.create(event=event, email="c@d.example", **{**who, "last_name": "Pending"})
    content = read(event, cast.user("logistics"), Options())
    assert [guest.last_name for guest in content.guests] == ["Ader", "Ärmel", "Quast", "Zander"]
    assert content.expected == 4


# --- Secrecy ----------------------------------------------------------------------------
@pytest.mark.parametrize("sheet", list(SHEETS))
@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_no_sheet_reads_a_tandem_or_shows_a_note(client_of, event, guests, sheet, form):
    with CaptureQueriesContext(connection) as queries:
        answer = client_of("logistics").get(address(event, sheet, form), {"wer": "alle"})
    assert answer.status_code == 200
    read_from = " ".join(query["sql"] for query in queries).lower()
    # Conflicts of interest are asked about; nothing else of the confidential part is.
    assert "tandems_tandem" not in read_from
    assert "tandems_match" not in read_from
    text = words_of(answer) if form == "pdf" else str(rows_of(answer))
    assert "mit Zander" not in text


def test_a_badge_tells_the_role_only_if_asked(client_of, event, guests):
    browser = client_of("logistics")
    plain = rows_of(browser.get(address(event, "namensschilder", "xlsx")))
    assert plain[0] == ["Titel", "Vorname", "Nachname", "Kommune"]
    assert "Mentee" not in words_of(browser.get(address(event, "namensschilder")))
    asked = browser.get(address(event, "namensschilder"), {"rollen": "on"})
    assert words_of(asked).count("Mentee") == 2
    assert words_of(asked).count("Mentor/in") == 1
    assert "Mentee" not in words_of(browser.get(address(event, "anwesenheit"), {"rollen": "on"}))


def test_needs_are_counted_without_names_and_only_for_who_may_know(client_of, event, guests):
    catering = words_of(client_of("logistics").get(address(event, "catering")))
    assert "3 Personen haben zugesagt, 1 hat noch nicht geantwortet." in catering
    assert "Vegan. 2" in catering
    assert "ohne Angabe 1" in catering
    assert "Zander" not in catering
    for form in ("pdf", "xlsx"):
        answer = client_of("member").get(address(event, "catering", form))
        text = words_of(answer) if form == "pdf" else str(rows_of(answer))
        assert "egan" not in text
        lead = client_of("lead").get(address(event, "catering", form))
        assert "egan" in (words_of(lead) if form == "pdf" else str(rows_of(lead)))


def test_access_needs_are_on_the_room_sheet_without_names(client_of, event, guests):
    guests[0].access_needs = "Rampe für Rollstuhl"
    guests[0].save()
    room = words_of(client_of("logistics").get(address(event, "raum")))
    assert "Rampe für Rollstuhl 1" in room
    assert "Ärmel" not in room
    assert "Rampe" not in words_of(client_of("member").get(address(event, "raum")))
    assert "Rampe" not in str(rows_of(client_of("member").get(address(event, "raum", "xlsx"))))
    assert "Rampe" in str(rows_of(client_of("lead").get(address(event, "raum", "xlsx"))))


def test_needs_are_counted_no_more_once_they_are_to_be_deleted(event, guests, cast):
    event.ends_at = timezone.now() - timedelta(days=14)
    event.starts_at = event.ends_at - timedelta(hours=4)
    event.save()
    needs = read(event, cast.user("logistics"), Options()).needs
    assert needs is not None
    assert needs.diet == []


# --- The sheets themselves --------------------------------------------------------------
def test_the_attendance_list_has_room_to_sign_and_for_walk_ins(client_of, event, guests):
    answer = client_of("logistics").get(address(event, "anwesenheit"))
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    words = words_of(answer)
    for part in ("Startworkshop", "01.03.2030", "Stadthalle", "Unterschrift", "Ärmel, Zoe"):
        assert part in words
    rows = rows_of(client_of("logistics").get(address(event, "anwesenheit", "xlsx")))
    assert rows[0] == ["Nr.", "Name", "Kommune", "Unterschrift"]
    assert rows[1][:3] == [1, "Ader, Ida", "Ahausen"]


def test_the_room_sheet_says_everything_about_the_room(client_of, event, guests, stage, cast):
    AgendaItem.objects.create(event=event, at="10:30", topic="Begrüßung", speaker="Frau Rat")
    stage.partner.contact_name = "Herr Lot"
    stage.partner.save()
    for form in ("pdf", "xlsx"):
        answer = client_of("member").get(address(event, "raum", form))
        text = words_of(answer) if form == "pdf" else str(rows_of(answer))
        for part in ("Saal 2", "Beamer", "Kaffee", "10:30", "Begrüßung", "Frau Rat", "Herr Lot"):
            assert part in text
        assert cast.lead.email in text


def test_formulas_in_names_are_not_run(client_of, event, stage):
    person = make.make_person("=1+1", "@SUM(A1)", municipality=stage.own)
    make_attendee(event, person)
    rows = rows_of(client_of("logistics").get(address(event, "namensschilder", "xlsx")))
    assert "'=1+1" in rows[1]
    assert "'@SUM(A1)" in rows[1]


@pytest.mark.parametrize("sheet", list(SHEETS))
def test_an_event_without_anybody_has_its_sheets_too(client_of, event, sheet):
    browser = client_of("logistics")
    for form in ("pdf", "xlsx"):
        assert browser.get(address(event, sheet, form)).status_code == 200
    assert "Noch niemand auf den Blättern" in browser.get(address(event)).content.decode()


@pytest.mark.parametrize(
    ("first", "last", "size"),
    [
        ("Ida", "Ader", 28),
        ("Maximiliane", "Wüstenhöfer", 28),
        ("Anna-Maria", "Müller-Lüdenscheidt", 24),
        ("Wolfgang", "Oberschwallenstein", 20),
        ("W" * 80, "M" * 80, 10),
    ],
)
def test_long_names_are_written_smaller(first, last, size):
    assert size_of(Guest(first, last, "Ahausen", "")) == size


def test_ten_badges_stand_on_a_page(client_of, event, stage):
    for number in range(11):
        make_attendee(event, make.make_person(last_name=f"Gast{number}", municipality=stage.own))
    answer = client_of("logistics").get(address(event, "namensschilder"))
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert [page.extract_text().count("Gast") for page in pages] == [10, 1]
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]


def test_odd_choices_fall_back_to_the_usual(client_of, event, guests):
    answer = client_of("logistics").get(address(event), {"wer": "x", "rollen": "x"})
    assert answer.context["names"] == 3
    assert client_of("logistics").options(address(event)).status_code == 200
    for sheet, form in (("anwesenheit", "docx"), ("tandems", "pdf")):
        assert client_of("logistics").get(address(event, sheet, form)).status_code == 404


# --- Long sheets, rights, queries -------------------------------------------------------
def test_a_long_sheet_is_made_in_the_background(
    client_of, cast, event, guests, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(views, "DIRECT", 2)
    browser, url = client_of("member"), address(event, "anwesenheit") + "?wer=alle"
    asked = browser.get(url)
    assert "im Hintergrund" in asked.content.decode()
    assert not Job.objects.exists()
    # Excel is quick, whatever the number.
    assert browser.get(address(event, "anwesenheit", "xlsx"))["Content-Type"].startswith(
        "application/vnd"
    )
    assert browser.post(url).status_code == 302
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    job = Job.objects.get()
    assert job.state == "done", job.message
    file = job.result.get_absolute_url()
    answer = browser.get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    CouncilSeat.objects.filter(person=cast.member).update(until=timezone.localdate())
    assert browser.get(file).status_code == 404


def test_a_sheet_goes_with_who_stands_on_it_even_if_others_come(
    client_of, event, guests, stage, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(views, "DIRECT", 2)
    browser = client_of("member")
    browser.post(address(event, "anwesenheit"))
    run_claimed(*claim_next())
    file = Job.objects.get().result.get_absolute_url()
    for _ in range(2):
        make_attendee(event, make.make_person(municipality=stage.own))
    assert b"".join(browser.get(file).streaming_content).startswith(b"%PDF")
    guests[0].delete()
    assert browser.get(file).status_code == 404


def test_a_sheet_is_made_only_of_who_was_asked_for(client_of, event, guests, stage, monkeypatch):
    monkeypatch.setattr(views, "DIRECT", 2)
    client_of("member").post(address(event, "anwesenheit"))
    guests[0].delete()
    make_attendee(event, make.make_person(municipality=stage.own))
    run_claimed(*claim_next())
    assert "Inzwischen hat sich geändert" in Job.objects.get().message


def test_a_job_without_the_rights_to_the_event_fails(client_of, cast, event, guests, monkeypatch):
    monkeypatch.setattr(views, "DIRECT", 2)
    client_of("member").post(address(event, "anwesenheit"))
    CouncilSeat.objects.filter(person=cast.member).update(until=timezone.localdate())
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    assert "nicht mehr einsehen" in Job.objects.get().message


def test_the_page_of_an_event_leads_to_its_sheets(client_of, event, cast):
    make_attendee(event, cast.hr)
    assert address(event) in client_of("logistics").get(event.get_absolute_url()).content.decode()
    assert client_of("hr").get(address(event)).status_code == 403


@pytest.mark.parametrize("sheet", ["", "anwesenheit", "catering", "raum"])
def test_sheets_ask_the_database_as_often_for_many_as_for_few(client_of, event, stage, sheet):
    def invite(number):
        for _ in range(number):
            make_attendee(event, make.make_person(municipality=stage.own))

    browser, url = client_of("logistics"), address(event, sheet, "xlsx")
    invite(1)
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    invite(19)
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) == len(few)
