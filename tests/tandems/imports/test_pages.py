"""HR staff import applicants: template, upload, check, choice, drafts."""

import io
import re
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from mentoring.files.models import StoredFile
from mentoring.log.models import LogEntry
from programmes.cycles.models import CycleState
from programmes.people.models import MunicipalityStaff, Person
from tandems.applications.models import Application
from tandems.imports.models import ApplicantImport, ImportLine, ImportState
from tests import factories as make
from tests.tandems.imports.makers import (
    HEADINGS,
    JAN,
    KAETHE,
    address,
    checked,
    csv_bytes,
    findings,
    send,
    take,
    upload,
    xlsx,
)


def page(response):
    return response.content.decode()


def test_from_the_template_to_the_drafts(stage, cast, client_of):
    hr = client_of("hr")
    overview = page(hr.get(reverse("applications:list", args=[stage.cycle.pk])))
    assert address(stage) in overview
    answer = hr.get(address(stage, "blank_xlsx"))
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Bewerbungen", "Erläuterung"]
    sheet = book["Bewerbungen"]
    headings = [cell.value for cell in sheet[1]]
    at = {heading.removesuffix(" *"): number for number, heading in enumerate(headings)}
    consent = next(heading for heading in at if heading.endswith("erteilt am"))
    row = [None] * len(headings)
    for heading, value in {
        "Vorname": "Käthe",
        "Nachname": "Öztürk-O'Neill",
        "Dienstliche E-Mail-Adresse": "Kaethe@Ahausen.example",
        "Dienstliches Telefon": "02501 12345",
        "Zielgruppe": "ERSTE FUEHRUNGSROLLE",
        "In dieser Rolle seit": "26.9.25",
        "Ziele und Themen": "führung; Konflikte",
        "Motivation zur Teilnahme": "Erste Zeile\nzweite Zeile",
        consent: date(2026, 1, 10),
    }.items():
        row[at[heading]] = value
    sheet.append(row)
    out = io.BytesIO()
    book.save(out)

    run = checked(hr, stage, out.getvalue())
    shown = page(hr.get(run.get_absolute_url()))
    assert "Noch ist nichts übernommen" in shown
    assert "Öztürk-O&#x27;Neill, Käthe" in shown
    assert not Application.objects.exists()
    assert "1 Zeile als Entwurf übernehmen?" in page(
        hr.get(reverse("imports:take_over", args=[stage.cycle.pk, run.pk]))
    )
    assert "1 Entwurf ist angelegt" in page(take(hr, run))

    draft = Application.objects.get()
    assert (draft.cycle, draft.municipality, draft.state) == (stage.cycle, stage.own, "draft")
    assert draft.person.email == "kaethe@ahausen.example"
    assert draft.role_since == date(2025, 9, 26)
    assert draft.person.consents.get().given_on == date(2026, 1, 10)
    assert draft.topics == ["leadership", "conflict"]
    assert draft.motivation == "Erste Zeile\nzweite Zeile"
    assert "Käthe" in page(hr.get(draft.get_absolute_url()))
    assert client_of("lead").get(draft.get_absolute_url()).status_code == 404


def test_the_template_explains_every_column(stage, client_of):
    hr = client_of("hr")
    book = load_workbook(io.BytesIO(hr.get(address(stage, "blank_xlsx")).content))
    rows = list(book["Erläuterung"].iter_rows(values_only=True))
    headings = [cell.value for cell in book["Bewerbungen"][1]]
    assert [row[0] for row in rows[1:] if row[0]] == headings
    assert "erste Führungsrolle" in {row[3] for row in rows}
    for never in ("Kommt nicht in Frage", "Eigene Führungskraft im Beirat", "Foto und Presse"):
        assert not any(never in heading for heading in headings)
    lines = hr.get(address(stage, "blank_csv")).content
    assert lines.startswith(b"\xef\xbb\xbf")
    assert lines.decode("utf-8-sig").strip().split(";") == headings


def test_an_empty_template_is_no_table(stage, client_of):
    hr = client_of("hr")
    for name in ("xlsx", "csv"):
        data = hr.get(address(stage, f"blank_{name}")).content
        answer = send(hr, stage, data, f"leer.{name}")
        assert "keine ausgefüllte Zeile" in str(answer.context["form"].errors)


def test_wrong_lines_are_told_and_wait(stage, client_of):
    hr = client_of("hr")
    run = checked(hr, stage, xlsx(KAETHE, ("", "Ohne", "Kein@", ""), JAN))
    assert findings(run) == {
        2: "",
        3: "Dienstliche E-Mail-Adresse: „Kein@“ ist keine E-Mail-Adresse. "
        "Vorname: Diese Angabe fehlt.",
        4: "",
    }
    only = page(hr.get(run.get_absolute_url(), {"zeigen": "fehler"}))
    assert "<strong>1</strong> hat Fehler" in only
    assert "Diese Angabe fehlt" in only
    assert "Groß" not in only
    refused = take(hr, run)
    assert "Bitte bestätigen Sie, dass diese Zeilen wegbleiben" in page(refused)
    assert not Application.objects.exists()
    take(hr, run, skip_rest="on")
    assert Application.objects.count() == 2
    run.refresh_from_db()
    assert (run.state, run.written_count, run.lines.count()) == (ImportState.WRITTEN, 2, 0)


def test_pressed_twice_it_writes_once(stage, client_of):
    hr = client_of("hr")
    run = checked(hr, stage, xlsx(KAETHE, JAN))
    take(hr, run)
    take(hr, run)
    assert Application.objects.count() == 2
    assert Person.objects.filter(last_name="Öztürk").count() == 1


def test_a_choice_is_kept_page_by_page(stage, client_of):
    hr = client_of("hr")
    run = checked(hr, stage, xlsx(KAETHE, JAN))
    url = run.get_absolute_url()
    line = run.lines.get(number=3)
    answer = hr.post(url, {f"zeile-{line.pk}": "skip"}, follow=True)
    assert "Die Auswahl für 1 Zeile ist gespeichert" in page(answer)
    quiet = hr.post(url, {f"zeile-{line.pk}": "skip"}, headers={"HX-Request": "true"})
    assert quiet.status_code == 204
    assert "1 Zeile bleibt weg" in page(
        hr.get(reverse("imports:take_over", args=[stage.cycle.pk, run.pk]))
    )
    take(hr, run)
    assert [row.person.last_name for row in Application.objects.all()] == ["Öztürk"]


def test_a_faulty_line_cannot_be_smuggled_in(stage, client_of):
    hr = client_of("hr")
    run = checked(hr, stage, xlsx(KAETHE, ("", "Ohne", "", "")))
    line = run.lines.get(number=3)
    for forged in ("new", str(line.pk), "known"):
        answer = hr.post(run.get_absolute_url(), {f"zeile-{line.pk}": forged}, follow=True)
        assert "hat noch Fehler" in page(answer)
    foreign = ImportLine.objects.create(
        run=ApplicantImport.objects.create(
            cycle=stage.cycle, municipality=stage.other, file_name="fremd.xlsx", state="checked"
        ),
        number=2,
        is_faulty=False,
    )
    hr.post(run.get_absolute_url(), {f"zeile-{foreign.pk}": "new"})
    foreign.refresh_from_db()
    assert foreign.decision == ""


def test_a_corrected_file_and_throwing_away(stage, client_of):
    hr = client_of("hr")
    first = checked(hr, stage, xlsx(("", "Ohne", "", "")))
    assert address(stage) in page(hr.get(first.get_absolute_url()))
    second = checked(hr, stage, xlsx(KAETHE))
    take(hr, second)
    gone = hr.post(reverse("imports:discard", args=[stage.cycle.pk, first.pk]), follow=True)
    assert "verworfen" in page(gone)
    assert not ApplicantImport.objects.filter(pk=first.pk).exists()
    assert Application.objects.count() == 1


def test_staff_of_two_kommunen_choose_for_whom(stage, cast, client_of):
    MunicipalityStaff.objects.create(person=cast.hr, municipality=stage.other, since=make.LONG_AGO)
    hr = client_of("hr")
    answer = send(hr, stage, xlsx(KAETHE))
    assert "municipality" in answer.context["form"].errors
    send(hr, stage, xlsx(KAETHE), municipality=str(stage.other.pk))
    take(hr, ApplicantImport.objects.get())
    assert Application.objects.get().municipality == stage.other


def test_the_phase_ends_between_check_and_write(stage, client_of):
    hr = client_of("hr")
    run = checked(hr, stage, xlsx(KAETHE))
    stage.cycle.state = CycleState.MATCHING
    stage.cycle.save()
    assert "die Bewerbungsphase ist beendet" in page(take(hr, run))
    assert not Application.objects.exists()
    run.refresh_from_db()
    assert (run.state, run.lines.count()) == (ImportState.CHECKED, 1)
    assert hr.get(run.get_absolute_url()).status_code == 200
    assert hr.get(address(stage)).status_code == 403


def test_a_run_is_seen_by_whoever_made_it_alone(stage, cast, client_of):
    run = checked(client_of("hr"), stage, xlsx(KAETHE))
    colleague = make.make_hr(stage.own)
    for name in ("other_hr", "lead", "member", "logistics", "operator", "stranger"):
        assert client_of(name).get(run.get_absolute_url()).status_code in (403, 404), name
    assert not ApplicantImport.objects.visible_to(colleague.user).exists()
    assert not ImportLine.objects.visible_to(colleague.user).exists()
    assert ImportLine.objects.visible_to(cast.user("hr")).count() == 1


def test_nothing_of_the_file_stays_behind(stage, client_of):
    run = checked(client_of("hr"), stage, xlsx(KAETHE))
    assert not StoredFile.objects.exists()
    assert run.file is None
    names = LogEntry.objects.filter(object_repr=str(run))
    assert not any("Öztürk" in str(entry.changes) for entry in names)


def test_the_list_of_findings_as_a_file(stage, client_of):
    hr = client_of("hr")
    run = checked(hr, stage, xlsx(("=cmd", "+Öztürk", "", ""), ("", "@Ohne", "kein@", "")))
    text = hr.get(run.get_absolute_url(), {"export": "csv"}).content.decode("utf-8-sig")
    assert "'+Öztürk" in text or "Öztürk, =cmd" in text
    assert not re.search(r"(^|;)[=+@]", text, re.M)
    assert "berichtigen oder weglassen" in text
    assert hr.get(run.get_absolute_url(), {"export": "pdf"})["Content-Type"] == "application/pdf"


def test_long_cells_are_not_echoed(stage, client_of):
    hr = client_of("hr")
    long = "ä" * 3000
    run = checked(hr, stage, xlsx((long, "Öztürk", f"{long}@x", "")))
    assert len(findings(run)[2]) < 400
    assert long[:150] not in page(hr.get(run.get_absolute_url()))
    assert long[:150] not in str(run.lines.values_list("answers", "name"))


@pytest.mark.parametrize("name", ["upload", "blank_xlsx", "blank_csv"])
def test_who_may_not_add_may_not_import(stage, client_of, name):
    for who in ("lead", "member", "logistics"):
        assert client_of(who).get(address(stage, name)).status_code == 403
    listed = page(client_of("lead").get(reverse("applications:list", args=[stage.cycle.pk])))
    assert "importieren" not in listed


def test_two_identical_posts_make_one_run(stage, client_of):
    hr = client_of("hr")
    form_id = hr.get(address(stage)).context["once_id"]
    for _ in range(2):
        hr.post(address(stage), {"upload": upload(xlsx(KAETHE)), "_form_id": form_id})
    assert ApplicantImport.objects.count() == 1


def test_the_headings_of_csv(stage, client_of):
    hr = client_of("hr")
    run = checked(hr, stage, csv_bytes(KAETHE, headings=HEADINGS), "bewerbungen.csv")
    assert findings(run) == {2: ""}
