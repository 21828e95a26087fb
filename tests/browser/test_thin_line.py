"""From an empty installation to the participant list, each step by the one it belongs to."""

import csv
import email
import email.policy
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pypdf
import pytest

from tests.browser.product import running
from tests.browser.visitor import Visitor
from tests.stack import Stack
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.smoke]

PASSWORD = "Sommerwiese mit 7 Störchen"
MOTIVATION = "Ich führe seit März ein Team – und möchte „Nein“ sagen lernen. 🙂"
PRINT_LINK = "from mentoring.accounts.setup import setup_link; print(setup_link())"


@pytest.fixture(scope="module")
def empty(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Stack, str]]:
    """An installation in which nobody has a sign-in, with a worker that sends mail."""
    with running(tmp_path_factory.mktemp("empty"), worker=True) as product:
        yield product


class House:
    """The people of this story, each in a browser of their own."""

    def __init__(self, stack: Stack, base: str, visit: Callable[..., Visitor]) -> None:
        self.stack, self.base, self._visit = stack, base, visit

    def arrive(self) -> Visitor:
        """Somebody who has not signed in."""
        return self._visit(self.base)

    def first_operator(self, address: str) -> Visitor:
        """Opens the link that the server printed at its start."""
        visitor = self.arrive()
        visitor.go(
            urlsplit(self.stack.manage("shell", "--no-imports", "-c", PRINT_LINK)).path.strip()
        )
        visitor.check()
        visitor.field("Ihre E-Mail-Adresse").fill(address)
        visitor.field("Passwort").first.fill(PASSWORD)
        visitor.field("Passwort").last.fill(PASSWORD)
        visitor.press("Zugang anlegen")
        visitor.page.wait_for_url(f"{self.base}/")
        return visitor

    def accept(self, address: str) -> Visitor:
        """Follows the link in the invitation sent to ``address`` and picks a password."""
        visitor = self.arrive()
        path = wait_until(lambda: self.link_sent_to(address), 60, f"a mail to {address}")
        visitor.go(path)
        visitor.check()
        visitor.field("Passwort").first.fill(PASSWORD)
        visitor.field("Passwort").last.fill(PASSWORD)
        visitor.press("Einladung annehmen")
        visitor.page.wait_for_url(f"{self.base}/")
        visitor.check()
        return visitor

    def link_sent_to(self, address: str) -> str:
        """Path of the invitation in the newest mail to ``address``; empty if none came."""
        for file in sorted((self.stack.folder / "mail").glob("*.eml"), reverse=True):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            if address in str(message["To"]) and body is not None:
                found = re.search(r"http\S+(/einladung/\S+/)", body.get_content())
                if found:
                    return found[1]
        return ""


def new_person(visitor: Visitor, first_name: str, last_name: str, address: str) -> None:
    """Fill the part of a form that describes somebody the programme does not know yet."""
    visitor.field("Vorname").fill(first_name)
    visitor.field("Nachname").fill(last_name)
    visitor.field("E-Mail").fill(address)


def saved(visitor: Visitor, button: str = "Speichern") -> None:
    """Check the form at hand, send it off and check what comes of it."""
    visitor.check()
    before = visitor.page.url
    visitor.press(button)
    visitor.page.wait_for_url(lambda url: url != before)
    visitor.check()


def test_the_thin_line(
    empty: tuple[Stack, str], visit: Callable[..., Visitor], folder: Path
) -> None:
    house = House(*empty, visit)
    operator = house.first_operator("betrieb@institut.example")
    the_operator_sets_up(operator)
    logistics = house.accept("lotte@institut.example")
    permanent = house.accept("petra@ahausen.example")
    cycle = the_permanent_member_starts_a_cycle(permanent)
    lead = house.accept("lena@ahausen.example")
    member = house.accept("mara@uebelheim.example")
    the_application_phase_opens(permanent, lead, cycle)
    hr = house.accept("hanna@ahausen.example")
    other_hr = house.accept("otto@uebelheim.example")

    application = hr_enters_somebody(hr, cycle)
    for stranger in (member, lead, other_hr, logistics, operator):
        stranger.go(application, status=404)
    hr_nominates(hr, application)
    for reader in (member, lead):
        the_beirat_reads(reader, cycle, application)
    for stranger in (other_hr, logistics, operator):
        stranger.go(application, status=404)
        stranger.check()
    assert logistics.page.request.get(f"{cycle}bewerbungen/").status == 403
    assert operator.page.request.get(cycle).status == 404

    the_logistics_partner_exports(logistics, cycle, folder)


def the_operator_sets_up(operator: Visitor) -> None:
    """Logistikpartner, Kommunen with their Personalstellen, programme, first member."""
    operator.check()
    operator.follow("Logistikpartner")
    operator.go("/logistikpartner/neu/")
    operator.field("Name").first.fill("Studieninstitut Musterland")
    saved(operator)
    operator.follow("Person eintragen")
    new_person(operator, "Lotte", "Lager", "lotte@institut.example")
    saved(operator, "Eintragen")

    for name, first_name, last_name, address in (
        ("Ahausen", "Hanna", "O’Haus", "hanna@ahausen.example"),
        ("Übelheim", "Otto", "Größe", "otto@uebelheim.example"),
    ):
        operator.go("/kommunen/neu/")
        operator.field("amtlicher Name").fill(f"Stadt {name}")
        operator.field("Kurzname").fill(name)
        operator.field("Art").select_option(label="Stadt")
        saved(operator)
        operator.follow("Person eintragen")
        new_person(operator, first_name, last_name, address)
        saved(operator, "Eintragen")

    operator.go("/")
    operator.follow("Programm anlegen")
    operator.field("Name").fill("Mentoring im Musterland")
    operator.field("Logistikpartner").select_option(label="Studieninstitut Musterland")
    saved(operator)
    operator.go("/")
    operator.follow("Erstes ständiges Mitglied benennen")
    new_person(operator, "Petra", "Plan", "petra@ahausen.example")
    operator.field("Kommune").select_option(label="Ahausen")
    saved(operator, "Benennen")


def the_permanent_member_starts_a_cycle(permanent: Visitor) -> str:
    """With both Kommunen and a Beirat of two. Returns the path of the cycle."""
    permanent.follow("Programme")
    permanent.check()
    permanent.follow("Mentoring im Musterland")
    permanent.check()
    permanent.follow("Neuer Durchgang")
    for house in ("Ahausen", "Übelheim"):
        permanent.field(house).check()
    saved(permanent, "Durchgang beginnen")
    cycle = re.search(r"/durchgaenge/\d+/", permanent.page.url)
    assert cycle is not None

    for house, first_name, last_name, address in (
        ("Ahausen", "Lena", "Leitung", "lena@ahausen.example"),
        ("Übelheim", "Mara", "Mit-Glied", "mara@uebelheim.example"),
    ):
        permanent.go(f"{cycle[0]}kommunen/")
        permanent.check()
        permanent.page.locator("main").get_by_role("link", name=house).first.click()
        permanent.field("Antwort der Kommune").select_option(label="nimmt teil")
        saved(permanent)
        permanent.go(f"{cycle[0]}kommunen/")
        permanent.page.locator("main").get_by_role("link", name=house).first.click()
        permanent.follow("Sitz vergeben")
        new_person(permanent, first_name, last_name, address)
        permanent.field("Funktion im Beirat").select_option(label="Personalentwicklung")
        if first_name == "Lena":
            permanent.field("leitet den Beirat").check()
        saved(permanent, "Sitz vergeben")
    return cycle[0]


def the_application_phase_opens(permanent: Visitor, lead: Visitor, cycle: str) -> None:
    """The permanent member hands over to the lead, who opens the phase."""
    permanent.go(f"{cycle}stand/")
    permanent.check()
    permanent.follow("Beirat bestätigen")
    saved(permanent, "Beirat bestätigen")
    lead.go(f"{cycle}stand/")
    lead.follow("Bewerbungsphase eröffnen")
    saved(lead, "Bewerbungsphase eröffnen")


def hr_enters_somebody(hr: Visitor, cycle: str) -> str:
    """A draft; the session ends while typing; the text is still there, and handed in."""
    hr.go(f"{cycle}bewerbungen/")
    hr.check()
    hr.follow("Bewerbung anlegen")
    hr.check()
    hr.field("Vorname").fill("Änne")
    hr.field("Nachname").fill("d’Übung-Groß")
    saved(hr, "Entwurf speichern")
    application = urlsplit(hr.page.url).path

    hr.follow("Bearbeiten")
    hr.field("Motivation").fill(MOTIVATION)
    hr.context.clear_cookies()
    hr.press("Entwurf speichern")
    hr.check()
    if not hr.field("Passwort").count():
        hr.follow("Anmelden")
    hr.field("E-Mail").first.fill("hanna@ahausen.example")
    hr.field("Passwort").first.fill(PASSWORD)
    hr.press("Anmelden")
    hr.page.wait_for_url(f"**{application}bearbeiten/")
    hr.check()
    assert hr.field("Motivation").input_value() == MOTIVATION

    hr.press("Speichern und einreichen")
    hr.check()
    assert hr.page.get_by_role("heading", name=re.compile("Fehler|Bitte")).first.is_visible()
    assert hr.field("Motivation").input_value() == MOTIVATION
    hr.field("Dienstliche E-Mail").fill("aenne@ahausen.example")
    hr.field("Dienstliches Telefon").fill("030 23125-001")
    hr.field("Fachbereich").first.fill("Amt für Soziales")
    hr.field("Aktuelle Funktion").fill("Teamleitung")
    hr.field("Zielgruppe").select_option(label="erste Führungsrolle")
    hr.field("Werdegang").fill("Verwaltungsfachwirtin")
    hr.field("Konflikte").check()
    hr.field("Ich nehme an den Terminen").check()
    hr.field("Einwilligung: Weitergabe").fill("2026-01-15")
    for who in ("Führungskraft", "Personalentwicklung"):
        hr.field(f"Zustimmung der {who}: wer").fill("Frau Beispiel")
        hr.field(f"Zustimmung der {who}: wann").fill("2026-01-14")
    saved(hr, "Speichern und einreichen")
    return application


def hr_nominates(hr: Visitor, application: str) -> None:
    """Only now does anybody else learn of it."""
    hr.go(application)
    hr.follow("Nominieren")
    saved(hr, "Nominieren")
    assert hr.page.get_by_text("nominiert", exact=True).first.is_visible()


def the_beirat_reads(reader: Visitor, cycle: str, application: str) -> None:
    """From the list to the Profilbogen."""
    reader.go(f"{cycle}bewerbungen/")
    reader.check()
    reader.follow("d’Übung-Groß")
    assert urlsplit(reader.page.url).path == application
    reader.check()
    assert reader.page.get_by_text(MOTIVATION).is_visible()
    assert reader.page.request.get(f"{application}bearbeiten/").status == 403


def the_logistics_partner_exports(logistics: Visitor, cycle: str, folder: Path) -> None:
    """The participant list as page, XLSX, CSV and PDF; nothing of the Profilbogen in it."""
    logistics.go("/")
    logistics.check()
    logistics.follow("Teilnehmer/innen")
    assert urlsplit(logistics.page.url).path == f"{cycle}teilnehmende/"
    logistics.check()
    assert logistics.page.get_by_text("aenne@ahausen.example").is_visible()
    assert not logistics.page.get_by_text("Führungsrolle").count()

    workbook = openpyxl.load_workbook(logistics.download("Excel", folder))
    cells = [str(cell) for row in workbook.active.iter_rows(values_only=True) for cell in row]
    text = logistics.download("CSV", folder).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    pages = pypdf.PdfReader(logistics.download("PDF", folder)).pages
    for said in (" ".join(cells), str(rows), " ".join(page.extract_text() for page in pages)):
        assert "aenne@ahausen.example" in said
        assert "Ahausen" in said
        assert "Motivation" not in said
