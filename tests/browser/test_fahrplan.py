"""The Fahrplan as its people use it: planned, moved, taken back, shared out, subscribed to."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import vobject

from tests.browser.stage import workshop_day
from tests.browser.town import Town
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

WORKSHOP = "Startworkshop (thematischer Schwerpunkt Teil I)"
LAST = "Abschlussveranstaltung"
BADGES = "Namensschilder und Unterlagen für den Startworkshop"
CALL = "Ausschreibungstext abstimmen"
HUNG = "Bald geht es los"


def shown(day: date) -> str:
    """As the pages write a day."""
    return f"{day:%d.%m.%Y}"


def listed(visitor: Visitor, title: str) -> str:
    """The row of the table under the timeline that is about ``title``."""
    table = visitor.page.get_by_role("region", name="Tabelle: Meilensteine")
    return table.get_by_role("row").filter(has_text=title).inner_text()


def test_a_lead_plans_moves_and_takes_back(town: Town) -> None:
    lead, cycle, day = town.person("lead"), town.cycle("plan"), workshop_day()
    the_lead_plans(lead, cycle, day)
    workshop = an_event_and_a_mail_hang_on_the_workshop(lead, cycle)

    later = day + timedelta(weeks=2)
    lead.go(workshop)
    lead.follow("Verschieben", exact=True)
    lead.field("neues Datum").fill(later.isoformat())
    lead.press("Vorschau zeigen")
    lead.check()
    preview = lead.page.locator("main")
    for told in (LAST, BADGES, HUNG, "Der Auftakt", shown(later)):
        assert preview.get_by_text(told).first.is_visible()
    lead.go(f"{cycle}fahrplan/")
    assert shown(day) in listed(lead, WORKSHOP), "a preview moves nothing"
    lead.page.go_back()
    lead.press("So verschieben")
    lead.page.wait_for_url(f"**{workshop}")
    assert preview.get_by_text("ist verschoben auf").is_visible()
    lead.check()
    the_workshop_is_on(lead, cycle, later)

    lead.go(f"{cycle}fahrplan/verschiebungen/")
    lead.check()
    lead.follow(f"Verschiebung von „{WORKSHOP}“ zurücknehmen")
    lead.check()
    lead.press("Verschiebung zurücknehmen")
    lead.page.wait_for_url("**/verschiebungen/")
    the_workshop_is_on(lead, cycle, day)


def the_lead_plans(lead: Visitor, cycle: str, day: date) -> None:
    """From an empty page, by way of a preview, to the timeline."""
    lead.go(f"{cycle}fahrplan/")
    lead.check()
    lead.follow("Fahrplan anlegen")
    lead.field("Datum des Startworkshops").fill(day.isoformat())
    lead.press("Vorschau zeigen")
    lead.check()
    row = lead.page.get_by_role("row").filter(has_text=LAST)
    assert shown(day + timedelta(weeks=51)) in row.inner_text()
    lead.press("Fahrplan mit diesen Daten anlegen")
    lead.page.wait_for_url(f"**{cycle}fahrplan/")
    lead.check()
    drawn = lead.page.get_by_role("group", name="Zeitstrahl")
    assert drawn.get_by_role("link", name=re.compile("Startworkshop")).is_visible()
    assert drawn.get_by_role("link").count() == 14
    assert lead.page.get_by_text("heute, ").count() == 1
    assert shown(day) in listed(lead, WORKSHOP)


def an_event_and_a_mail_hang_on_the_workshop(lead: Visitor, cycle: str) -> str:
    """Both made from the page of the milestone, whose address is returned."""
    lead.page.get_by_role("link", name=WORKSHOP, exact=True).click()
    workshop = urlsplit(lead.page.url).path
    lead.check()
    lead.follow("Veranstaltung anlegen")
    lead.field("Titel").fill("Der Auftakt")
    lead.press("Veranstaltung anlegen")
    lead.page.wait_for_url(re.compile(rf"{cycle}veranstaltungen/\d+/$"))

    lead.go(workshop)
    lead.follow("Eigene Rundmail schreiben")
    lead.field("Betreff").fill(HUNG)
    lead.field("an einem Meilenstein").check()
    lead.field("Tage").fill("14")
    lead.press("Entwurf speichern")
    lead.page.wait_for_url(re.compile(rf"{cycle}rundmails/\d+/$"))
    lead.go(workshop)
    assert lead.page.get_by_role("link", name=HUNG).is_visible()
    return workshop


def the_workshop_is_on(lead: Visitor, cycle: str, day: date) -> None:
    """With everything that hangs on it."""
    lead.go(f"{cycle}fahrplan/")
    assert shown(day) in listed(lead, WORKSHOP)
    assert shown(day + timedelta(weeks=51)) in listed(lead, LAST)
    lead.go(f"{cycle}veranstaltungen/")
    assert shown(day) in lead.page.get_by_role("row").filter(has_text="Der Auftakt").inner_text()
    lead.go(f"{cycle}rundmails/")
    sent = shown(day - timedelta(days=14))
    assert sent in lead.page.get_by_role("row").filter(has_text=HUNG).inner_text()
    lead.go(f"{cycle}aufgaben/?q=Namensschilder")
    row = lead.page.get_by_role("row").filter(has_text=BADGES)
    assert shown(day - timedelta(days=7)) in row.inner_text()


def test_a_task_is_shared_out_and_ticked_off(town: Town) -> None:
    lead, cycle = town.person("lead"), town.cycle("tasks")
    lead.go(f"{cycle}aufgaben/?q=Ausschreibungstext")
    lead.follow(CALL)
    lead.check()
    task = urlsplit(lead.page.url).path
    lead.follow("Bearbeiten")
    lead.field("Person").select_option(label="Mit-Glied, Mara (Übelheim)")
    lead.press("Speichern")
    lead.page.wait_for_url(f"**{task}")
    lead.go(f"{cycle}aufgaben/verteilung/")
    lead.check()
    row = lead.page.get_by_role("row").filter(has_text="Übelheim").inner_text().split()
    assert row[:2] == ["Übelheim", "1"]

    member = town.person("member")
    member.page.get_by_role("link", name=CALL).first.click()
    member.page.wait_for_url(f"**{task}")
    member.go(f"{cycle}aufgaben/?q=Ausschreibungstext")
    member.press(f"Erledigt: {CALL}")
    member.page.get_by_text(f"„{CALL}“ ist erledigt.").wait_for()
    member.check()
    lead.go(task)
    assert lead.page.get_by_text("Mara Mit-Glied").count() == 2, "whose it was and who did it"

    the_logistics_partner_sees_its_own(town.person("logistics"), cycle, task)


def the_logistics_partner_sees_its_own(logistics: Visitor, cycle: str, foreign: str) -> None:
    """The Fahrplan, and of the tasks those that are its own."""
    logistics.go(f"{cycle}fahrplan/")
    logistics.check()
    assert WORKSHOP in listed(logistics, WORKSHOP)
    assert not logistics.page.get_by_role("link", name="Verschieben").count()
    logistics.go(f"{cycle}aufgaben/")
    logistics.check()
    tasks = logistics.page.locator("#liste tbody")
    assert tasks.get_by_role("link", name=BADGES).is_visible()
    assert not tasks.get_by_text(CALL).count()
    assert {row.split("\t")[3] for row in tasks.get_by_role("row").all_inner_texts()} == {
        "Logistikpartner"
    }
    logistics.go(foreign, status=404)
    logistics.go(f"{cycle}aufgaben/verteilung/", status=403)


def test_a_calendar_is_subscribed_to_and_ended(town: Town) -> None:
    lead, program = town.person("lead"), town.stranger().context.request
    lead.go("/konto/kalender/")
    lead.check()
    lead.follow("Adresse erzeugen")
    lead.check()
    lead.press("Adresse erzeugen")
    lead.check()
    address = lead.field("Adresse zum Kopieren").input_value()

    answer = program.get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    entries = vobject.readOne(answer.text()).vevent_list
    days = {entry.dtstart.value for entry in entries if entry.summary.value.startswith(WORKSHOP)}
    assert workshop_day() in days
    assert any(entry.summary.value == "Auftakt im Rathaus" for entry in entries)
    again = program.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status == 304

    lead.go("/konto/kalender/")
    assert not lead.page.get_by_label("Adresse zum Kopieren").count(), "shown once"
    lead.follow("Adresse abschalten")
    lead.press("Abschalten")
    lead.page.wait_for_url("**/konto/kalender/")
    assert program.get(address).status == 404
