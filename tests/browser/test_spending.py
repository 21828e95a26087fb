"""What a Durchgang spends: an e-invoice comes in, is checked, approved and paid."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from programmes.einvoices.cii import xml_of
from programmes.einvoices.document import pdf_of
from tests.browser.town import Town
from tests.browser.visitor import Visitor, pdf_text
from tests.programmes.einvoices.samples import line, snapshot

pytestmark = pytest.mark.browser

SUPPLIER, NUMBER = "Studieninstitut Beispielland", "MC-2026/14"


def zugferd(folder: Path) -> Path:
    """The file that the caterer sent, over 1,190.00 euros."""
    day = timezone.localdate()
    said = snapshot(
        line("Mittagessen und Kaffee", "1", "1190.00"),
        number=NUMBER,
        issued_on=day - timedelta(days=3),
        due_on=day + timedelta(days=18),
    )
    path = folder / "Rechnung.pdf"
    path.write_bytes(pdf_of(said, xml_of(said)))
    return path


def test_a_member_enters_a_lead_approves_and_the_partner_pays(town: Town, folder: Path) -> None:
    cycle, lead = town.cycle("spending"), town.person("lead")
    the_lead_plans_and_orders(lead, cycle)

    member = town.person("member")
    invoice = the_member_enters(member, cycle, zugferd(folder), folder)
    the_member_checks(member)

    lead.go("/")
    assert lead.page.get_by_text("Rechnungen von Lieferanten freigeben").is_visible()
    lead.go(invoice)
    lead.check()
    lead.follow("Freigeben")
    lead.check()
    lead.press("Zur Zahlung freigeben")
    lead.page.get_by_text("Die Rechnung ist freigegeben").wait_for()

    logistics = town.person("logistics")
    logistics.go(f"{cycle}lieferantenrechnungen/")
    logistics.check()
    logistics.follow(NUMBER)
    logistics.follow("Als bezahlt eintragen")
    logistics.check()
    logistics.press("Als bezahlt eintragen")
    logistics.page.get_by_text("Die Rechnung ist als bezahlt eingetragen").wait_for()
    logistics.check()
    assert not logistics.page.get_by_role("link", name="Freigeben").count()
    the_budget_shows_it(member, cycle, folder)


def the_lead_plans_and_orders(lead: Visitor, cycle: str) -> None:
    """1,000 euros for lunch, which is ordered for 1,100."""
    lead.go(f"{cycle}budget/")
    lead.check()
    lead.follow("Planansatz anlegen")
    lead.check()
    lead.field("Wofür").fill("Mittagessen")
    lead.field("Art").select_option(label="Catering")
    lead.field("geplant").fill("eintausend")
    lead.press("Speichern")
    assert lead.page.get_by_text("zum Beispiel 1.500,00").first.is_visible()
    lead.check()
    lead.field("geplant").fill("1.000,00")
    lead.press("Speichern")
    lead.page.get_by_text("Der Planansatz ist angelegt").wait_for()

    lead.go(f"{cycle}auftraege/")
    lead.check()
    lead.follow("Auftrag anlegen")
    lead.check()
    lead.field("Art").select_option(label="Catering")
    lead.field("Firma").fill(SUPPLIER)
    lead.field("Thema oder Leistung").fill("Mittagessen für alle")
    lead.field("Honorar oder Preis").fill("1.100")
    lead.field("ist schon zugesagt").check()
    lead.press("Speichern")
    lead.page.get_by_text("Der Auftrag ist angelegt").wait_for()
    lead.check()
    lead.go(f"{cycle}budget/")
    assert lead.page.get_by_text("100,00 € über dem Plan von 1.000,00 €").first.is_visible()

    lead.go(f"{cycle}referenten/neu/")
    lead.field("Name").fill("Dr. Ada Vortrag")
    lead.press("Speichern")
    lead.page.get_by_text("Die Person ist eingetragen").wait_for()
    lead.check()


def the_member_enters(member: Visitor, cycle: str, file: Path, folder: Path) -> str:
    """First a file that is none, then the e-invoice. Returns the invoice's address."""
    member.go(f"{cycle}lieferantenrechnungen/")
    member.follow("Rechnung erfassen")
    member.check()
    wrong = folder / "keine.pdf"
    wrong.write_bytes(b"keine PDF-Datei")
    member.field("Rechnung als Datei").set_input_files(wrong)
    member.press("Weiter")
    assert member.page.get_by_text("Erlaubt sind: PDF, XML").first.is_visible()
    member.check()
    member.field("Rechnung als Datei").set_input_files(file)
    member.press("Weiter")
    member.page.get_by_text("Aus der E-Rechnung übernommen").wait_for()
    member.check()
    assert member.field("Rechnungssteller").input_value() == SUPPLIER
    assert member.field("Rechnungsnummer").input_value() == NUMBER
    assert member.field("Rechnungsbetrag").input_value() == "1.190,00"
    chosen = member.field("Auftrag").locator("option:checked").inner_text()
    assert "Mittagessen für alle" in chosen
    member.press("Rechnung erfassen")
    member.page.wait_for_url(re.compile(rf"{cycle}lieferantenrechnungen/\d+/$"))
    member.check()
    assert member.page.get_by_text("90,00 € über dem Auftrag").first.is_visible()
    assert member.fetch("Rechnung.pdf") == file.read_bytes()
    invoice = urlsplit(member.page.url).path
    member.follow("Inhalt der E-Rechnung lesen")
    member.check()
    assert member.page.get_by_text("Mittagessen und Kaffee").first.is_visible()
    member.go(invoice)
    return invoice


def the_member_checks(member: Visitor) -> None:
    """Which does not release it."""
    member.follow("Prüfen")
    member.check()
    member.press("Stimmt sachlich und rechnerisch")
    member.page.get_by_text("Die Rechnung ist geprüft").wait_for()
    assert not member.page.get_by_role("link", name="Freigeben").count()


def the_budget_shows_it(member: Visitor, cycle: str, folder: Path) -> None:
    """As words, as a table, and on paper."""
    member.go(f"{cycle}budget/")
    member.check()
    table = member.page.get_by_role("region", name="Tabelle: Budget nach Art")
    row = table.get_by_role("row").filter(has_text="Catering").inner_text()
    shown = [" ".join(cell.split()) for cell in row.split("\t")]
    assert shown[1:6] == ["1.000,00 €", "1.100,00 €", "1.190,00 €", "1.190,00 €", "1.190,00 €"]
    assert "190,00 € über dem Plan" in shown[6]
    paper = pdf_text(member.download("PDF", folder).read_bytes())
    assert "1190,00" in paper.replace(".", "")
