"""Money comes in or does not: a bank statement is read, a reminder goes out."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.browser.paid import ADDRESS, FORGETS, PAYS
from tests.browser.town import Town
from tests.browser.visitor import Visitor
from tests.programmes.payments.camt import Bank, credit
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


def number_of(visitor: Visitor, invoices: str, house: str) -> str:
    """Of the invoice of ``house`` in the list."""
    visitor.go(invoices)
    row = visitor.page.locator("#liste tbody tr").filter(has_text=house)
    return str(row.locator("th").inner_text()).strip()


def test_a_statement_pays_an_invoice_and_a_reminder_reaches_who_forgot(
    town: Town, folder: Path
) -> None:
    invoices = f"{town.cycle('payments')}rechnungen/"
    logistics = town.person("logistics")
    paid = number_of(logistics, invoices, PAYS)
    forgotten = number_of(logistics, invoices, FORGETS)

    the_statement_is_read(logistics, paid, folder)
    logistics.go(invoices)
    row = logistics.page.locator("#liste tbody tr").filter(has_text=PAYS)
    assert "bezahlt" in row.inner_text()
    logistics.follow(paid)
    logistics.check()
    assert logistics.page.get_by_text("aus dem Kontoauszug").is_visible()

    the_reminder_is_written(logistics, invoices, forgotten)
    said = town.text_to(ADDRESS, "Zahlungserinnerung")
    assert "Offen sind 600,00 €." in said
    ((_, message),) = town.mails("Zahlungserinnerung", ADDRESS)
    names = [part.get_filename() for part in message.iter_attachments()]
    assert len(names) == 2
    assert all(forgotten in str(name) for name in names)
    wait_until(lambda: arrived(logistics), 30, "the letter to be shown as sent")
    logistics.check()
    logistics.follow(FORGETS)
    logistics.page.get_by_role("heading", name="Die E-Mail, wie sie hinausging").wait_for()
    logistics.check()
    what_a_lead_sees(town, invoices, forgotten)


def the_statement_is_read(logistics: Visitor, number: str, folder: Path) -> None:
    """One transfer that is certain, and one of somebody else."""
    file = folder / "auszug.xml"
    file.write_bytes(
        Bank(2).file(
            credit("1000.00", f"re {number.replace('-', ' ').lower()}", PAYS, day=date.today()),
            credit("80.00", "Yogakurs", "Petra Privat", day=date.today()),
        )
    )
    logistics.go("/kontoauszuege/")
    logistics.check()
    logistics.follow("Kontoauszug einlesen")
    logistics.check()
    logistics.field("Kontoauszug").set_input_files(file)
    logistics.press("Einlesen")
    logistics.page.get_by_text("2 neue Gutschriften eingelesen.").wait_for()
    logistics.check()
    statement = logistics.page.url
    logistics.follow("entscheiden: 80,00 €")
    logistics.check()
    logistics.field("gehört nicht hierher").check()
    logistics.press("Speichern")
    logistics.page.get_by_text("Die Gutschrift ist aussortiert.").wait_for()
    assert not logistics.page.get_by_text("Petra Privat").count()
    logistics.press("Diesen sicheren Vorschlag bestätigen")
    logistics.page.get_by_text("1 Gutschrift ist zugeordnet.").wait_for()
    logistics.check()

    logistics.go("/kontoauszuege/neu/")
    logistics.field("Kontoauszug").set_input_files(file)
    logistics.press("Einlesen")
    logistics.page.get_by_text("Diese Datei ist schon eingelesen.").wait_for()
    assert logistics.page.url == statement


def the_reminder_is_written(logistics: Visitor, invoices: str, number: str) -> None:
    """From the open list, where a part was paid by hand, over the preview to the release."""
    logistics.go(invoices)
    logistics.follow(number)
    logistics.follow("Zahlung eintragen")
    logistics.check()
    logistics.field("Betrag").fill("400")
    logistics.press("Eintragen")
    logistics.page.get_by_text("Es sind noch 600,00 € offen.").wait_for()

    logistics.go(f"{invoices}offen/")
    logistics.check()
    assert logistics.page.get_by_text("600,00 €").first.is_visible()
    logistics.follow("Zahlungserinnerung schreiben")
    logistics.check()
    logistics.field(number).check()
    logistics.press("Entwurf speichern")
    logistics.page.wait_for_url(re.compile(r"/versand/\d+/$"))
    logistics.check()
    logistics.follow("Vorschau")
    assert logistics.page.get_by_text(ADDRESS).first.is_visible()
    logistics.check()
    logistics.follow("Weiter zur Freigabe")
    logistics.check()
    logistics.press("Freigeben")
    logistics.page.get_by_text("1 E-Mail geht jetzt hinaus.").wait_for()


def arrived(logistics: Visitor) -> bool:
    """Whether the mailing at hand shows its letter as sent."""
    logistics.page.reload()
    return "versandt" in logistics.page.locator("#briefe tbody").inner_text()


def what_a_lead_sees(town: Town, invoices: str, number: str) -> None:
    """What is open and what was sent, but no account and no button to send."""
    lead = town.person("lead")
    lead.go(f"{invoices}offen/")
    lead.check()
    assert lead.page.get_by_role("link", name=number).is_visible()
    assert not lead.page.get_by_role("link", name="Zahlungserinnerung schreiben").count()
    lead.go(f"{invoices}versand/")
    lead.check()
    lead.go("/kontoauszuege/", status=403)
