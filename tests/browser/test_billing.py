"""A cycle is billed: the run, the confirmation, the files, and who reads which invoice."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.browser.town import Town
from tests.browser.visitor import Visitor, pdf_text
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

ORDER, REFERENCE = "B-4711", "Kreditor 70012"


def numbers(visitor: Visitor) -> list[str]:
    """Of the invoices in the list at hand."""
    cells = visitor.page.locator("#liste tbody th").all_inner_texts()
    return [cell.strip() for cell in cells]


def test_the_logistics_partner_bills_a_cycle(town: Town, folder: Path) -> None:
    cycle = town.cycle("billing")
    invoices = f"{cycle}rechnungen/"
    a_house_says_what_it_wants(town, invoices)

    logistics = town.person("logistics")
    logistics.go("/")
    assert logistics.page.get_by_text("gibt es noch keine Rechnung").first.is_visible()
    logistics.go(invoices)
    logistics.check()
    logistics.follow("Durchgang abrechnen")
    logistics.check()
    row = logistics.page.get_by_role("row").filter(has_text="Ahausen")
    assert "1.500,00 €" in row.inner_text()
    assert logistics.fetch("CSV").startswith(b"\xef\xbb\xbf")

    logistics.page.get_by_role("checkbox", name="Übelheim").uncheck()
    logistics.press("Anlegen und ausstellen …")
    logistics.page.get_by_text("Eine Rechnung über zusammen 1.500,00 €").wait_for()
    logistics.follow("Zurück zur Abrechnung")
    logistics.press("Anlegen und ausstellen …")
    logistics.page.get_by_text("2 Rechnungen über zusammen 2.000,00 €").wait_for()
    assert logistics.page.get_by_text(f"Bestellnummer {ORDER}").is_visible()
    assert logistics.page.get_by_text(f"Referenz {REFERENCE}").is_visible()
    logistics.check()
    logistics.press("2 Rechnungen ausstellen")
    logistics.page.get_by_text("2 Rechnungen sind ausgestellt").wait_for()
    logistics.check()
    assert len(numbers(logistics)) == 2

    number = the_files_are_there(logistics, invoices, folder)
    the_settings_are_looked_at(logistics, invoices)
    who_reads_what(town, invoices, number)


def a_house_says_what_it_wants(town: Town, invoices: str) -> None:
    """HR of Übelheim gives an order number, and a reference instead of a Leitweg-ID."""
    house = town.person("other_hr")
    house.go(invoices)
    house.check()
    house.follow("Bestellnummer eintragen")
    house.check()
    house.field("Bestellnummer").fill(ORDER)
    house.press("Speichern")
    house.page.wait_for_url(f"**{invoices}")
    assert house.page.get_by_text(f"Bestellnummer {ORDER}").is_visible()
    house.follow("Rechnungsangaben")
    assert house.page.get_by_text("Noch keine Rechnung möglich").is_visible()
    house.field("Kundenreferenz").fill(REFERENCE)
    house.press("Speichern")
    house.page.get_by_text("So kommen die Rechnungen").wait_for()
    house.check()
    assert not house.page.get_by_role("link", name="Durchgang abrechnen").count()


def the_files_are_there(logistics: Visitor, invoices: str, folder: Path) -> str:
    """PDF and XML of Ahausen's invoice and the ZIP of all; returns the number."""

    def issued() -> bool:
        logistics.go(invoices)
        return "wird ausgestellt" not in logistics.page.locator("#liste tbody").inner_text()

    wait_until(issued, 60, "the files of both invoices")
    row = logistics.page.locator("#liste tbody tr").filter(has_text="Ahausen")
    number = str(row.locator("th").inner_text()).strip()
    row.get_by_role("link").first.click()
    logistics.page.wait_for_url(re.compile(rf"{invoices}\d+/$"))
    logistics.check()
    text = pdf_text(logistics.fetch(f"Rechnung-{number}.pdf"))
    assert number in text
    assert "1.500,00" in text
    xml = logistics.fetch(f"Rechnung-{number}.xml")
    assert number.encode() in xml
    assert b"CrossIndustryInvoice" in xml

    logistics.go(invoices)
    logistics.follow("PDF und XML (ZIP)")
    logistics.check()
    with logistics.page.expect_download() as waiting:
        logistics.press("ZIP-Datei erstellen")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as packed:
        assert len(packed.namelist()) == 4
    return number


def the_settings_are_looked_at(logistics: Visitor, invoices: str) -> None:
    """Journal, run without anything left, fee, and how the institute bills."""
    for page in ("journal/", "lauf/", "kosten/"):
        logistics.go(f"{invoices}{page}")
        logistics.check()
    logistics.go(f"{invoices}lauf/")
    assert logistics.page.get_by_text("alles berechnet").count() == 2
    logistics.follow("Rechnungsstellung")
    logistics.check()
    logistics.field("Einleitung").fill("Wir berechnen Ihnen:")
    logistics.press("Speichern")
    logistics.page.get_by_text("Ihre Änderungen sind gespeichert.").wait_for()


def who_reads_what(town: Town, invoices: str, number: str) -> None:
    """HR its own Kommune's invoice, a lead all of them."""
    hr = town.person("hr")
    hr.go(invoices)
    assert numbers(hr) == [number]
    hr.check()
    hr.follow(number)
    hr.check()
    assert not hr.page.get_by_role("link", name="Stornieren").count()
    other = town.person("other_hr")
    other.go(invoices)
    assert len(numbers(other)) == 1
    assert number not in numbers(other)
    lead = town.person("lead")
    lead.go(invoices)
    assert len(numbers(lead)) == 2
    lead.check()
    assert not lead.page.get_by_role("link", name="Durchgang abrechnen").count()
