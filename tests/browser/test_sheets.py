"""Lists and sheets as the Logistikpartner uses them; what lead and Personalstelle get of them."""

import re
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.names import MENTEES, MENTORS
from tests.browser.town import Town
from tests.browser.visitor import Visitor, pdf_text

pytestmark = pytest.mark.browser

MENTEE, MENTOR = MENTEES[0][1], MENTORS[0][1]


def test_labels_of_the_mentors_and_all_for_the_startworkshop(town: Town, folder: Path) -> None:
    logistics, cycle = town.person("logistics"), town.cycle("lists")
    logistics.go(cycle)
    logistics.follow("Listen und Blätter")
    logistics.check()
    labels_of_the_mentors(town, logistics, cycle)
    everything_for_the_workshop(logistics, cycle, folder)
    for name in ("Anwesenheit", "Catering", "Kontakte der Kommunen", "Namensschilder"):
        logistics.go(f"{cycle}listen/")
        logistics.page.locator("main").get_by_role("link", name=name, exact=True).first.click()
        logistics.check()
    others_get_what_they_may(town, cycle)


def labels_of_the_mentors(town: Town, logistics: Visitor, cycle: str) -> None:
    """From the participant list, filtered; their Kommune has no address until HR enters it."""
    logistics.page.locator("main").get_by_role("link", name="Teilnehmer/innen").first.click()
    logistics.field("Rolle").select_option(label="Mentor/in")
    logistics.press("Filtern")
    logistics.page.wait_for_url("**role=mentor**")
    logistics.page.get_by_role("cell", name="Mentor/in").first.wait_for()
    logistics.follow("Adressetiketten")
    logistics.page.wait_for_url("**/listen/etiketten/?*role=mentor*")
    logistics.check()
    the_house_has_an_address(town, logistics)
    logistics.page.get_by_role("link", name="PDF").wait_for()
    text = logistics.page.locator("main").inner_text()
    assert MENTOR in text
    assert MENTEE not in text

    logistics.field("Erstes freies Etikett").fill("30")
    logistics.press("Auswählen")
    logistics.page.get_by_text("Dieser Bogen hat nur 24 Etiketten.").first.wait_for()
    logistics.check()
    logistics.field("Etikettenbogen").select_option("99x38")
    logistics.field("Erstes freies Etikett").fill("3")
    logistics.press("Auswählen")
    logistics.page.get_by_role("link", name="PDF").wait_for()
    logistics.check()
    words = pdf_text(logistics.fetch("PDF"))
    assert MENTOR in words
    assert re.search(r"\d{5} Übelheim", words)
    assert MENTEE not in words


def the_house_has_an_address(town: Town, logistics: Visitor) -> None:
    """Unless another story has entered it, the page leads to where it is missing."""
    if not logistics.page.get_by_text("Anschrift fehlt").count():
        return
    link = logistics.page.get_by_role("link", name="Übelheim").first.get_attribute("href")
    hr = town.person("other_hr")
    hr.go(link or "")
    hr.follow("Bearbeiten", exact=True)
    hr.field("Straße und Hausnummer").first.fill("Am Markt 1")
    hr.field("Postleitzahl").first.fill("48143")
    hr.field("Ort").first.fill("Übelheim")
    hr.press("Speichern")
    hr.page.wait_for_url(f"**{link}")
    logistics.page.reload()


def everything_for_the_workshop(logistics: Visitor, cycle: str, folder: Path) -> None:
    """There is no Startworkshop yet, so it is made first; then the ZIP, in the background."""
    logistics.go(f"{cycle}listen/")
    logistics.page.locator("main").get_by_role("link", name=re.compile("^Alles für")).click()
    logistics.page.get_by_text("Noch kein Startworkshop").wait_for()
    logistics.check()
    logistics.follow("Startworkshop anlegen")
    assert "Startworkshop" in logistics.field("Titel").input_value()
    logistics.press("Veranstaltung anlegen")
    logistics.page.wait_for_url(re.compile(rf"{cycle}veranstaltungen/\d+/$"))
    logistics.go(f"{cycle}listen/startworkshop/")
    logistics.check()
    logistics.press("Datei erstellen")
    logistics.page.wait_for_url("**/auftraege/**")
    file = logistics.page.get_by_role("link", name=re.compile(r"\.zip$"))
    file.wait_for(timeout=60_000)
    logistics.check()
    with zipfile.ZipFile(logistics.download(file.inner_text().strip(), folder)) as archive:
        inside = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert {"LIESMICH.txt", "Teilnehmerliste.xlsx", "Raumblatt.pdf"} <= set(inside)
    assert MENTEE in pdf_text(inside["Teilnehmerliste.pdf"])
    assert "Lotte Lager" in inside["LIESMICH.txt"].decode("utf-8-sig")
    stored = urlsplit(file.get_attribute("href") or "").path
    assert logistics.page.request.get(stored).status == 200


def others_get_what_they_may(town: Town, cycle: str) -> None:
    """The lead the same; the Personalstelle the lists of its own house, and nothing to print."""
    lead = town.person("lead")
    lead.go(f"{cycle}listen/")
    lead.check()
    lead.page.get_by_role("heading", name="Adressetiketten").wait_for()
    hr = town.person("hr")
    hr.go(f"{cycle}listen/")
    hr.check()
    assert not hr.page.get_by_role("heading", name="Adressetiketten").count()
    hr.go(f"{cycle}listen/etiketten/", status=403)
    hr.go(f"{cycle}listen/startworkshop/", status=403)
    hr.go(f"{cycle}teilnehmende/")
    assert hr.page.get_by_text(MENTEE).count()
    assert not hr.page.get_by_text(MENTOR).count()
