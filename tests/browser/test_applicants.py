"""Applications as their people use them: typed, by link, imported, ranked, nominated."""

import io
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from docx import Document
from PIL import Image

from tests.browser.names import AWAITED, KNOWN, STRANGER, address
from tests.browser.town import PEOPLE, Town
from tests.browser.visitor import Visitor, pdf_text

pytestmark = pytest.mark.browser

REASONS = "Ich leite seit März ein Team – und möchte „Nein“ sagen lernen. 🙂"
GOALS = "Gespräche führen, die niemand führen will"
STEP = re.compile(r"/bewerbungen/\d+/$")
OWN_HOUSE = ("Vorlink", "Bekannt", "Getippt", "Tabelle", "Liste")
"""Last names of the applicants of the first Kommune."""


def open_application(visitor: Visitor, cycle: str, last_name: str) -> str:
    """From the list to the application of ``last_name``; returns its address."""
    visitor.go(f"{cycle}bewerbungen/")
    visitor.follow(last_name)
    visitor.page.wait_for_url(STEP)
    return urlsplit(visitor.page.url).path


def a_photo() -> bytes:
    """A small picture as a phone makes them."""
    data = io.BytesIO()
    Image.new("RGB", (60, 80), "teal").save(data, "JPEG")
    return data.getvalue()


def test_two_kommunen_bring_their_applicants(town: Town, folder: Path) -> None:
    cycle, hr = town.cycle("applicants"), town.person("hr")
    typed = hr_types_somebody(hr, cycle)
    sent = hr_sends_the_link(hr, cycle)
    the_applicant_fills_in(town)
    hr.go(sent)
    hr.check()
    assert hr.page.get_by_text("ausgefüllt am").first.is_visible()
    assert hr.page.get_by_text(GOALS).is_visible()
    hr.follow("Einreichen", exact=True)
    hr.press("Einreichen")
    hr.page.get_by_text("ist eingereicht").wait_for()
    hr_imports_two(hr, cycle, folder)
    hr_ranks_and_nominates(hr, cycle)
    the_other_house_works_without_script(town, cycle, (typed, sent))

    member = town.person("member")
    member.go(f"{cycle}bewerbungen/")
    names = " ".join(member.page.get_by_role("rowheader").all_inner_texts())
    for nominated in (AWAITED, KNOWN, STRANGER):
        assert nominated[1] in names
    assert "Getippt" not in names
    assert "Tabelle" not in names
    member.go(typed, status=404)


def hr_types_somebody(hr: Visitor, cycle: str) -> str:
    """What was typed saves itself, section by section. Returns the address."""
    hr.go(f"{cycle}bewerbungen/")
    hr.check()
    hr.follow("Bewerbung anlegen")
    hr.check()
    hr.field("Vorname").fill("Theo")
    hr.field("Nachname").fill("Getippt")
    hr.press("Entwurf speichern")
    hr.page.wait_for_url(STEP)
    hr.follow("Bearbeiten")
    hr.page.get_by_role("navigation", name="Abschnitte").get_by_role(
        "link", name="Motivation"
    ).click()
    hr.field("Motivation zur Teilnahme").fill(REASONS)
    hr.page.get_by_text("Gespeichert um").wait_for()
    hr.check()
    hr.page.reload()
    assert hr.field("Motivation zur Teilnahme").input_value() == REASONS
    return urlsplit(hr.page.url).path.removesuffix("bearbeiten/")


def hr_sends_the_link(hr: Visitor, cycle: str) -> str:
    """To somebody whose sheet has been begun. Returns the address of the application."""
    path = open_application(hr, cycle, AWAITED[1])
    hr.check()
    hr.follow("Persönlichen Link senden")
    hr.check()
    hr.press("Link senden")
    hr.page.get_by_text("ist an ada.vorlink@stadt.example unterwegs").wait_for()
    return path


def the_applicant_fills_in(town: Town) -> None:
    """In a browser of their own, with photo, until it is handed in."""
    ada, link = town.at_own_sheet(address(*AWAITED))
    assert not ada.page.get_by_text("Stellungnahme").count(), "the Kommune's part is not asked"
    ada.field("Fachbereich oder Amt").first.fill("Jugendamt")
    ada.page.get_by_role("group", name="Ziele und Themen").get_by_role("checkbox").first.check()
    ada.field("Eigene Worte zu den Zielen").fill(GOALS)
    ada.field("Ich nehme an den Terminen").check()
    for consent in ("Einwilligung: Weitergabe", "Einwilligung: Foto"):
        ada.field(consent).check()
    ada.press("Zwischenspeichern")
    ada.page.get_by_text("Abgegeben ist Ihr Profilbogen noch nicht").wait_for()

    ada.follow("Foto hochladen")
    ada.check()
    photo = {"name": "ich.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    ada.page.locator("main input[type=file]").set_input_files(photo)
    ada.press("Foto speichern")
    ada.page.get_by_role("img", name="Ihr Foto").wait_for()
    ada.check()
    ada.follow("Zurück zum Profilbogen")
    ada.press("Speichern und weiter zum Abgeben")
    ada.page.wait_for_url("**/abgeben/")
    ada.check()
    ada.press("Profilbogen abgeben")
    ada.page.get_by_text("abgegeben").first.wait_for()
    ada.check()
    for path in (link, f"{link}bewerbung/"):
        ada.page.goto(path)
        assert not ada.page.get_by_text(GOALS).count()
        assert not ada.page.locator("main textarea").count()
        assert ada.page.get_by_text("abgegeben").first.is_visible()


def hr_imports_two(hr: Visitor, cycle: str, folder: Path) -> None:
    """A wrong line is shown, and left out; the others become drafts."""
    book = openpyxl.Workbook()
    for line in (
        (
            "Vorname",
            "Nachname",
            "Dienstliche E-Mail-Adresse",
            "Aktuelle Funktion",
            "In dieser Rolle seit",
        ),
        ("Tina", "Tabelle", "tina@ahausen.example", "Stabsstelle", "01.03.2025"),
        ("Leo", "Liste", "leo@ahausen.example", "Teamleitung", "2024-09-01"),
        ("Falk", "Falsch", "keine Adresse", "Teamleitung", "irgendwann"),
    ):
        book.active.append(line)
    book.save(folder / "personen.xlsx")
    hr.go(f"{cycle}bewerbungen/")
    hr.follow("Bewerbungen importieren")
    hr.check()
    hr.field("Tabelle").first.set_input_files(folder / "personen.xlsx")
    hr.press("Hochladen und prüfen")
    hr.page.get_by_role("heading", name="personen.xlsx").wait_for()
    hr.check()
    assert "fehlerhaft" in hr.page.get_by_role("row").filter(has_text="Falsch").inner_text()
    hr.follow("Übernehmen", exact=True)
    hr.check()
    hr.field("1 Zeile mit Fehlern").check()
    hr.press("Übernehmen")
    hr.page.get_by_text("2 Entwürfe sind angelegt").first.wait_for()
    hr.check()


def hr_ranks_and_nominates(hr: Visitor, cycle: str) -> None:
    """Both at once, in the order of their ranks; the drafts stay in the house."""
    hr.go(f"{cycle}bewerbungen/")
    assert all(hr.page.get_by_role("link", name=name).count() for name in OWN_HOUSE)
    assert not hr.page.get_by_text(STRANGER[1]).count()
    hr.follow("Rangfolge")
    hr.check()
    for rank, (first_name, last_name) in enumerate((AWAITED, KNOWN), start=1):
        hr.field(f"Rang von {first_name} {last_name}").fill(str(rank))
        hr.field(f"nominieren: {first_name} {last_name}").check()
    hr.press("Ausgewählte nominieren")
    hr.page.get_by_text("sind jetzt nominiert").wait_for()
    hr.check()


def the_other_house_works_without_script(town: Town, cycle: str, foreign: tuple[str, ...]) -> None:
    """It finds nothing of the first Kommune, and nominates its own."""
    other = town.person("other_hr", java_script_enabled=False)
    other.go(f"{cycle}bewerbungen/")
    names = other.page.locator("main").inner_text()
    assert STRANGER[1] in names
    assert not any(name in names for name in OWN_HOUSE)
    for path in foreign:
        for part in ("", "bearbeiten/", "nominieren/", "link/", "bogen.pdf"):
            assert other.page.request.get(f"{path}{part}").status == 404, f"{path}{part}"

    other.follow("Bewerbung anlegen")
    other.field("Vorname").fill("Ugo")
    other.field("Nachname").fill("Zettel")
    other.press("Entwurf speichern")
    other.follow("Bearbeiten")
    other.field("Motivation zur Teilnahme").fill(REASONS)
    other.press("Entwurf speichern")
    other.page.get_by_text("Der Entwurf ist gespeichert").wait_for()
    assert other.page.get_by_text(REASONS).is_visible()

    open_application(other, cycle, STRANGER[1])
    other.follow("Nominieren", exact=True)
    other.press("Nominieren")
    other.page.get_by_text("ist nominiert").first.wait_for()


def test_the_call_goes_out_and_data_pass_away(town: Town, folder: Path) -> None:
    cycle, lead, hr = town.cycle("paper"), town.person("lead"), town.person("hr")
    the_lead_writes_the_call(lead, cycle)
    hr_takes_the_call_home(hr, cycle, folder)

    lead.go(f"{cycle}loeschfristen/")
    lead.check()
    lead.page.get_by_role("link", name=re.compile("Ändern.*Notizen")).click()
    lead.check()
    lead.field("Frist in Tagen").fill("30")
    lead.press("Speichern")
    lead.page.wait_for_url(f"**{cycle}loeschfristen/")
    row = lead.page.get_by_role("row").filter(has_text="Notizen")
    assert "30 Tage" in row.first.inner_text()

    hr.page.goto("/meine-daten/")
    hr.check()
    hr.follow("Auskunft: alles, was über mich gespeichert ist")
    hr.check()
    assert "Hanna Haus" in pdf_text(hr.download("Als PDF", folder).read_bytes())
    told = json.loads(hr.download("Maschinenlesbar", folder).read_text(encoding="utf-8"))
    assert PEOPLE["hr"] in json.dumps(told)


def the_lead_writes_the_call(lead: Visitor, cycle: str) -> None:
    """From the proposal; until it is saved nobody else reads it."""
    lead.go(f"{cycle}ausschreibung/")
    lead.check()
    lead.follow("Ausschreibung beginnen")
    lead.check()
    body = lead.field("Text").first
    body.fill(f"{body.input_value()}\n\nFragen beantwortet {{kommune}} gern.")
    lead.field("vereinbart am").fill("2026-01-15")
    lead.press("Speichern")
    lead.page.wait_for_url(f"**{cycle}ausschreibung/")


def hr_takes_the_call_home(hr: Visitor, cycle: str, folder: Path) -> None:
    """As Word and as PDF, in the name of the own Kommune and with the dates of the Fahrplan."""
    hr.go(f"{cycle}ausschreibung/")
    hr.check()
    word = Document(str(hr.download("Word", folder)))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    written = "\n".join([*(part.text for part in word.paragraphs), *cells])
    printed = pdf_text(hr.download("PDF", folder).read_bytes())
    for text in (written, printed):
        assert "Fragen beantwortet Stadt Ahausen gern." in " ".join(text.split())
        assert "Startworkshop" in text
    hr.follow("Eintragen, wann")
    hr.check()
    hr.field("Personalrat").first.fill("2026-01-10")
    hr.field("Gleichstellung").first.fill("2026-01-11")
    hr.press("Speichern")
    hr.page.get_by_text("beide Beteiligungen sind eingetragen").wait_for()
