"""Events as their people use them: planned, invited to, answered, attended, registered for."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pypdf
import pytest
import vobject

from tests.browser.names import address
from tests.browser.stage import workshop_day
from tests.browser.town import Town
from tests.browser.visitor import Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

WORKSHOP = "Startworkshop (thematischer Schwerpunkt Teil I)"
MIA, MERVE = address("Mia", "Abendrot"), address("Merve", "Bäumer")
INVITED = f"Einladung: {WORKSHOP}"
DIET = "ohne Nüsse"
TABLET = {"width": 768, "height": 1024}


def counts(visitor: Visitor) -> dict[str, str]:
    """The figures of the event at hand: "zugesagt" and so on."""
    pairs = visitor.page.locator(".app-counts__one")
    return dict(text.split("\n")[:2] for text in pairs.all_inner_texts())


def test_the_logistics_partner_invites_and_a_mentee_answers(town: Town) -> None:
    logistics, cycle = town.person("logistics"), town.cycle("invitations")
    event = the_logistics_partner_makes_an_event(logistics, cycle)
    mentees_and_mentors_are_invited(logistics, event)

    link = town.link_to(MIA, INVITED, "/antwort/")
    mia = town.stranger()
    mia.go(link)
    mia.check()
    assert mia.page.get_by_text("Begrüßung").is_visible()
    logistics.go(event)
    assert counts(logistics) == {
        "eingeladen": "6",
        "zugesagt": "0 von 40",
        "abgesagt": "0",
        "offen": "6",
    }, "who looks has not answered"

    mia.press("Antwort senden")
    assert mia.page.get_by_text("Bitte wählen Sie „Ja“ oder „Nein“.").first.is_visible()
    mia.field("Ja, ich komme").check()
    mia.field("Essen").fill(DIET)
    mia.press("Antwort senden")
    mia.page.get_by_text("Ihre Zusage ist eingetragen").wait_for()
    mia.check()
    assert DIET not in mia.page.content(), "whoever else has the link reads no needs"

    logistics.go(event)
    assert counts(logistics)["zugesagt"] == "1 von 40"
    who_sees_the_need(town, logistics, event)


def the_logistics_partner_makes_an_event(logistics: Visitor, cycle: str) -> str:
    """From the page of the milestone, with agenda. Returns the address."""
    logistics.go(f"{cycle}fahrplan/")
    logistics.page.get_by_role("link", name=WORKSHOP, exact=True).click()
    logistics.follow("Veranstaltung anlegen")
    logistics.check()
    assert logistics.field("Titel").input_value() == WORKSHOP
    assert logistics.field("Beginn").input_value() == f"{workshop_day()}T09:00"
    logistics.field("Anschrift").fill("Am Markt 1\n48000 Ahausen")
    logistics.field("Raum").fill("Großer Saal")
    logistics.field("Catering").fill("Mittagessen um 12.30 Uhr")
    logistics.field("Plätze").fill("40")
    logistics.field("nach Essen und Barrierefreiheit fragen").check()
    logistics.field("Antwort bis").fill(str(workshop_day() + timedelta(days=1)))
    logistics.press("Veranstaltung anlegen")
    assert logistics.page.get_by_text("Dieser Tag liegt nach der Veranstaltung.").first.is_visible()
    assert logistics.field("Raum").input_value() == "Großer Saal"
    logistics.field("Antwort bis").fill(str(workshop_day() - timedelta(days=7)))
    logistics.press("Veranstaltung anlegen")
    logistics.page.wait_for_url(re.compile(rf"{cycle}veranstaltungen/\d+/$"))
    logistics.check()
    event = urlsplit(logistics.page.url).path

    logistics.follow("Tagesordnung bearbeiten")
    logistics.field("Uhrzeit").first.fill("09:30")
    logistics.field("Thema").first.fill("Begrüßung")
    logistics.field("Referent/in").nth(1).fill("Dr. Ada Vortrag")
    logistics.press("Tagesordnung speichern")
    assert logistics.page.get_by_text("Nennen Sie das Thema").first.is_visible()
    logistics.field("Thema").nth(1).fill("Gut führen")
    logistics.field("Uhrzeit").nth(1).fill("10:00")
    logistics.check()
    logistics.press("Tagesordnung speichern")
    logistics.page.wait_for_url(f"**{event}")
    assert logistics.page.get_by_text("Dr. Ada Vortrag").is_visible()
    return event


def mentees_and_mentors_are_invited(logistics: Visitor, event: str) -> None:
    """First by name on a page, then by mail."""
    logistics.follow("Einladen", exact=True)
    logistics.field("Mentees").check()
    logistics.field("Mentor/innen").check()
    logistics.press("Vorschau zeigen")
    logistics.page.get_by_text("6 Personen werden eingeladen").wait_for()
    logistics.check()
    assert not logistics.page.get_by_text("Nominiert, Anna").count(), "an applicant is no mentee"
    logistics.press("Einladen")
    logistics.page.wait_for_url(f"**{event}")
    logistics.follow("Einladungen versenden")
    logistics.check()
    assert logistics.page.get_by_text("/antwort/").is_visible()
    logistics.press("An 6 Personen senden")
    logistics.page.wait_for_url(f"**{event}")
    assert logistics.page.get_by_text("6 E-Mails sind unterwegs").is_visible()
    logistics.check()


def who_sees_the_need(town: Town, logistics: Visitor, event: str) -> None:
    """Logistikpartner and leads; a member of the Beirat does not."""
    for reader in (logistics, town.person("lead")):
        reader.go(f"{event}eingeladene/")
        assert DIET in reader.page.get_by_role("row").filter(has_text="Abendrot").inner_text()
    logistics.check()
    member = town.person("member")
    member.go(f"{event}eingeladene/")
    member.check()
    assert "zugesagt" in member.page.get_by_role("row").filter(has_text="Abendrot").inner_text()
    assert DIET not in member.page.content()
    assert DIET.encode() not in member.page.request.get(f"{event}eingeladene/?export=csv").body()


def test_without_script_a_mentee_says_no_and_then_yes(town: Town) -> None:
    logistics, cycle = town.person("logistics"), town.cycle("plain")
    event = a_small_event(logistics, cycle, "Ohne Schnörkel")
    logistics.follow("Einzelne Person einladen")
    logistics.field("Name").fill("Bäumer")
    logistics.press("Suchen")
    logistics.check()
    logistics.page.get_by_role("button", name=re.compile("Einladen.*Merve Bäumer")).click()
    logistics.page.wait_for_url(f"**{event}")
    logistics.follow("Einladungen versenden")
    logistics.press("An 1 Person senden")

    merve = town.stranger(java_script_enabled=False)
    merve.go(town.link_to(MERVE, "Einladung: Ohne Schnörkel", "/antwort/"))
    for answer, thanks in (("Nein", "Ihre Absage"), ("Ja", "Ihre Zusage")):
        merve.field(answer).check()
        merve.press("Antwort senden")
        merve.page.get_by_text(f"{thanks} ist eingetragen").wait_for()
    calendar = merve.page.get_by_role("link", name="In den eigenen Kalender")
    file = merve.page.request.get(calendar.get_attribute("href") or "")
    assert vobject.readOne(file.text()).vevent.summary.value == "Ohne Schnörkel"
    logistics.go(event)
    assert counts(logistics)["zugesagt"] == "1"


def a_small_event(visitor: Visitor, cycle: str, title: str) -> str:
    """An event with nothing but its time; returns the address."""
    visitor.go(f"{cycle}veranstaltungen/")
    visitor.follow("Veranstaltung anlegen")
    visitor.field("Titel").fill(title)
    starts = datetime.combine(workshop_day(), datetime.min.time()).replace(hour=14)
    visitor.field("Beginn").fill(f"{starts:%Y-%m-%dT%H:%M}")
    visitor.field("Ende").fill(f"{starts + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    visitor.press("Veranstaltung anlegen")
    visitor.page.wait_for_url(re.compile(rf"{cycle}veranstaltungen/\d+/$"))
    return urlsplit(visitor.page.url).path


def test_the_door_on_a_tablet_and_the_list_on_paper(town: Town, folder: Path) -> None:
    cycle = town.cycle("door")
    logistics = town.person("logistics", viewport=TABLET, has_touch=True)
    logistics.go(f"{cycle}veranstaltungen/")
    logistics.page.get_by_role("link", name="Auftakt im Rathaus").tap()
    logistics.page.get_by_role("link", name="Anwesenheit", exact=True).first.tap()
    logistics.page.wait_for_url("**/anwesenheit/")
    logistics.check()
    came = logistics.page.get_by_role("button", name=re.compile("^war da"))
    assert came.count() == 6
    size = came.first.bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= 44, "for a thumb"

    counted = logistics.page.locator("#zahlen")
    for name, line in (("Mia Abendrot", "1 da"), ("Moritz Dachs", "2 da")):
        logistics.page.get_by_role("button", name=re.compile(f"war da.*{name}")).tap()
        counted.get_by_text(line).wait_for()
    logistics.page.get_by_role("button", name=re.compile("war da.*Dachs")).tap()
    counted.get_by_text("1 da").wait_for()
    logistics.check()
    assert urlsplit(logistics.page.url).path.endswith("/anwesenheit/")

    logistics.field("Name").fill("uebelacker")
    logistics.press("Suchen")
    logistics.page.wait_for_url("**?q=uebelacker")
    assert came.count() == 1
    came.tap()
    counted.get_by_text("2 da").wait_for()

    logistics.page.get_by_role("navigation").get_by_role("link", name="Auftakt").tap()
    logistics.follow("Blätter", exact=True)
    logistics.field("Auf den Blättern steht").select_option(label="alle Eingeladenen")
    logistics.press("Auswählen")
    logistics.check()
    paper = pypdf.PdfReader(logistics.download("PDF Anwesenheitsliste", folder)).pages
    text = " ".join(page.extract_text() for page in paper)
    for name in ("Abendrot", "Dachs", "Übelacker"):
        assert name in text


def test_an_outsider_registers_and_the_lead_invites_the_house(town: Town) -> None:
    cycle, logistics = town.cycle("public"), town.person("logistics")
    public = a_public_page(logistics, cycle)
    outsider = town.stranger()
    outsider.go(public)
    outsider.check()
    for label, typed in (
        ("Vorname", "Ivo"),
        ("Nachname", "Interessiert"),
        ("Kommune", "Cehausen"),
        ("E-Mail-Adresse", "ivo@cehausen.example"),
    ):
        outsider.field(label).fill(typed)

    def accepted() -> bool:
        """The page takes a form that was filled in within three seconds for a robot's."""
        outsider.press("Zur Veranstaltung anmelden")
        return outsider.page.url.endswith("/gesendet/")

    wait_until(accepted, 20, "the registration is taken")
    outsider.check()
    lead = town.person("lead")
    lead.go(f"{cycle}veranstaltungen/")
    lead.follow("Offene Sprechstunde")
    lead.follow("Liste der Anmeldungen")
    row = lead.page.get_by_role("row").filter(has_text="Interessiert")
    assert "nicht bestätigt" in row.inner_text()
    assert not lead.page.get_by_role("button", name="Cehausen einladen").count()

    confirm = town.link_to("ivo@cehausen.example", "bestätigen", "/anmeldung/bestaetigen/")
    outsider.go(confirm)
    outsider.check()
    lead.page.reload()
    assert "nicht bestätigt" in row.inner_text(), "who looks has not confirmed"
    outsider.press("Anmeldung bestätigen")
    outsider.page.get_by_text("Ihre Anmeldung ist bestätigt").wait_for()
    outsider.check()

    lead.page.reload()
    lead.check()
    lead.press("Cehausen einladen")
    lead.page.get_by_text("Cehausen ist als eingeladen eingetragen").wait_for()
    lead.check()
    lead.go(f"{cycle}kommunen/")
    assert "eingeladen" in lead.page.get_by_role("row").filter(has_text="Cehausen").inner_text()
    logistics.go(f"{cycle}kommunen/")
    assert logistics.page.get_by_text("Cehausen").first.is_visible()


def a_public_page(logistics: Visitor, cycle: str) -> str:
    """An event that outsiders can register for; returns the address of the registration."""
    logistics.go(f"{cycle}veranstaltungen/neu/")
    logistics.field("öffentliche Anmeldeseite").check()
    logistics.field("Art").select_option(label="Informationsveranstaltung")
    logistics.field("Titel").fill("Offene Sprechstunde")
    logistics.field("Link zur Teilnahme online").fill("https://konferenz.example/sprechstunde")
    logistics.field("Beginn").fill(f"{workshop_day()}T11:00")
    logistics.field("Ende").fill(f"{workshop_day()}T12:00")
    logistics.press("Veranstaltung anlegen")
    logistics.page.wait_for_url(re.compile(rf"{cycle}veranstaltungen/\d+/$"))
    logistics.check()
    link = logistics.page.get_by_role("link", name=re.compile("anmeldung"))
    return urlsplit(link.get_attribute("href") or "").path
