"""Rundmails as their people use them: written, looked at, released, sent once, or stopped."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.browser.names import APPLICANTS, MENTEES, MENTORS, address
from tests.browser.stage import CONTACT
from tests.browser.town import PEOPLE, Town
from tests.browser.visitor import Visitor
from tests.smtp import Mailbox
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

THANKS = "Danke für Ihre Zeit in Mentoring im Musterland"
UNDECIDED = "Bewerber/innen, über die noch nicht entschieden ist (nominiert)"
SECRET = "Ihre Bewerbung: so geht es weiter"
MENTEES_AND_MENTORS = sorted(address(*name) for name in (*MENTEES, *MENTORS))


def choose(visitor: Visitor, row: int, label: str, sign: str = "dazu") -> None:
    """Choose a group in a row of the audience."""
    part, side = visitor.field(f"Gruppe {row}").all()[:2]
    part.select_option(label=label)
    side.select_option(label=sign)


def save_draft(visitor: Visitor, cycle: str) -> str:
    """Save what is being written and return the address of the mail."""
    visitor.press("Entwurf speichern")
    visitor.page.wait_for_url(re.compile(rf"{cycle}rundmails/\d+/(#|$)"))
    return urlsplit(visitor.page.url).path


def release(visitor: Visitor, mail: str) -> None:
    """Release the mail at hand, by way of the page that names its recipients."""
    visitor.go(mail)
    visitor.follow("Freigeben", exact=True)
    visitor.check()
    visitor.press("Freigeben")
    visitor.page.wait_for_url(f"**{mail}")
    visitor.page.get_by_text("ist freigegeben").wait_for()


def step(visitor: Visitor) -> str:
    """Where the mail at hand stands on its way."""
    return visitor.page.locator("[aria-current=step]").inner_text()


def test_the_logistics_partner_writes_and_sends_a_usual_mail(town: Town) -> None:
    logistics, cycle = town.person("logistics"), town.cycle("mail")
    mail = a_usual_mail_is_written(logistics, cycle)
    it_is_looked_at(town, logistics, mail)

    release(logistics, mail)
    logistics.page.get_by_text("7 von 7 versandt.").wait_for(timeout=30_000)
    logistics.page.locator("[aria-current=step]", has_text=re.compile("^4versandt")).wait_for()
    logistics.check()
    sent = town.mails(THANKS)
    got = sorted(to for to, message in sent if "Probe:" not in message["Subject"])
    assert got == sorted([*MENTEES_AND_MENTORS, PEOPLE["member"]])
    assert len({message["Message-ID"] for _, message in sent}) == len(sent)
    assert {message["Reply-To"] for _, message in sent} == {CONTACT}
    assert "Bis bald, Mia!" in town.text_to(address("Mia", "Abendrot"), THANKS)

    logistics.follow("Empfänger/innen")
    logistics.check()
    logistics.follow("Abendrot")
    logistics.check()
    assert logistics.page.get_by_text("Alles Gute und herzliche Grüße").first.is_visible()


def a_usual_mail_is_written(logistics: Visitor, cycle: str) -> str:
    """Begun at its milestone; an unknown placeholder is refused beside the text, which stays."""
    logistics.go(f"{cycle}fahrplan/")
    logistics.page.get_by_role("link", name="Abschlussveranstaltung", exact=True).click()
    logistics.follow("„Dank zum Ende des Durchgangs“ schreiben")
    logistics.check()
    assert logistics.field("Antworten an").input_value() == CONTACT
    body = logistics.field("Text").first
    usual = body.input_value()
    body.fill(f"{usual}\n\nP. S.: Bis bald, {{vornahme}}!")
    choose(logistics, 3, "Beirat")
    choose(logistics, 4, "Treiber/innen des Beirats", "ohne diese")
    logistics.field("sofort nach der Freigabe").check()
    mail = save_draft(logistics, cycle)
    logistics.check()
    assert not logistics.page.get_by_role("link", name="Freigeben", exact=True).count()

    logistics.follow("Im Entwurf ändern")
    logistics.check()
    beside = logistics.page.locator("#feld-body")
    assert "{vornahme} gibt es nicht" in beside.inner_text()
    assert body.input_value().endswith("Bis bald, {vornahme}!")
    body.fill(f"{usual}\n\nP. S.: Bis bald, {{vorname}}!")
    logistics.press("Speichern und weiterschreiben")
    logistics.page.get_by_text("Der Entwurf ist gespeichert").wait_for()
    assert not beside.inner_text()
    return mail


def it_is_looked_at(town: Town, logistics: Visitor, mail: str) -> None:
    """The preview names who gets it and who does not; a trial goes to the writer alone."""
    logistics.go(mail)
    logistics.follow("Vorschau")
    logistics.check()
    table = logistics.page.get_by_role("region", name="Tabelle: Empfänger/innen")
    assert len(table.get_by_role("rowheader").all()) == 7
    assert logistics.page.get_by_text("Lena Leitung: ausgenommen").is_visible()
    table.get_by_role("link", name="Eßer, Magda").click()
    letter = logistics.page.get_by_role("article", name="Die Mail")
    letter.get_by_text("Bis bald, Magda!").wait_for()

    logistics.go(mail)
    logistics.follow("Probe an mich")
    logistics.check()
    logistics.press("Probe senden")
    assert "Bis bald, Lotte!" in town.text_to(PEOPLE["logistics"], f"Probe: {THANKS}")
    assert len(town.mails(THANKS)) == 1


def test_a_secret_mail_needs_four_eyes_and_leaves_no_trace(town: Town) -> None:
    lead, cycle = town.person("lead"), town.cycle("secret")
    lead.go(f"{cycle}rundmails/neu/")
    lead.field("Betreff").fill(SECRET)
    lead.field("Text").first.fill("{anrede},\n\nwir melden uns nach der **Entscheidung**.")
    choose(lead, 1, UNDECIDED)
    mail = save_draft(lead, cycle)
    lead.check()
    assert lead.page.get_by_text("vertraulich", exact=True).first.is_visible()
    assert lead.page.get_by_text("Vier Augen", exact=True).is_visible()
    assert not lead.page.get_by_role("link", name="Freigeben", exact=True).count()

    member, logistics = town.person("member"), town.person("logistics")
    nothing_is_found(logistics, cycle, mail)
    member.check()
    member.page.get_by_role("link", name="Rundmail mitprüfen").click()
    member.page.wait_for_url(f"**{mail}")
    member.follow("Zustimmen")
    member.check()
    member.press("Zustimmen")
    member.page.get_by_text("Sie haben zugestimmt").wait_for()
    assert not member.page.get_by_role("link", name="Freigeben", exact=True).count()

    release(lead, mail)
    lead.page.get_by_text("2 von 2 versandt.").wait_for(timeout=30_000)
    lead.check()
    assert sorted(to for to, _ in town.mails(SECRET)) == sorted(
        address(*name) for name in APPLICANTS
    )
    nothing_is_found(logistics, cycle, mail)


def nothing_is_found(logistics: Visitor, cycle: str, mail: str) -> None:
    """Neither in the list nor by its address, nor is there anything to choose."""
    for path in ("", "bearbeiten/", "vorschau/", "empfaenger/", "freigeben/", "anhalten/"):
        assert logistics.page.request.get(f"{mail}{path}").status == 404
    for path in ("/", f"{cycle}rundmails/", f"{cycle}rundmails/neu/", f"{cycle}fahrplan/"):
        logistics.go(path)
        for said in (SECRET, mail, "noch nicht entschieden", "vertraulich"):
            assert said not in logistics.page.content(), f"{said} on {path}"


@contextmanager
def held_after(mailbox: Mailbox, number: int) -> Iterator[threading.Event]:
    """The server takes ``number`` of the mails and holds on to the next until the event is set."""
    go_on = threading.Event()
    seen: list[str] = []

    def hold(to: str) -> None:
        # The Beirat may get reminders meanwhile.
        if to in MENTEES_AND_MENTORS:
            seen.append(to)
        if len(seen) > number:
            go_on.wait(25)

    mailbox.at_data = hold
    try:
        yield go_on
    finally:
        go_on.set()
        mailbox.at_data = lambda to: None


def test_a_mail_is_stopped_while_it_goes_out(town: Town) -> None:
    subject, cycle = "Bitte nicht alle", town.cycle("stop")
    logistics, member = town.person("logistics"), town.person("member")
    logistics.go(f"{cycle}rundmails/neu/")
    logistics.field("Betreff").fill(subject)
    logistics.field("Text").first.fill("{anrede},\n\nder Raum ist ein anderer.")
    choose(logistics, 1, "alle Mentees")
    choose(logistics, 2, "alle Mentor/innen")
    mail = save_draft(logistics, cycle)
    with held_after(town.mailbox, 2) as go_on:
        release(logistics, mail)
        logistics.page.get_by_text("2 von 6 versandt.").wait_for(timeout=30_000)
        member.go(mail)
        member.check()
        member.follow("Anhalten", exact=True)
        member.check()
        member.press("Anhalten")
        member.page.wait_for_url(f"**{mail}")
        assert "angehalten" in step(member)
        go_on.set()
    done = "Angehalten: 3 von 6 waren schon hinaus. 3 nicht mehr versandt."
    wait_until(
        lambda: member.go(mail).get_by_text(done).count(), 20, "the third is counted, no fourth"
    )
    member.check()
    got = [to for to, _ in town.mails(subject)]
    assert len(got) == len(set(got)) == 3


def test_without_script_a_mail_is_written_and_sent(town: Town) -> None:
    subject, cycle = "Ganz ohne Script", town.cycle("plain")
    logistics = town.person("logistics", java_script_enabled=False)
    logistics.go(f"{cycle}rundmails/")
    logistics.follow("Rundmail schreiben")
    logistics.field("Betreff").fill(f"{subject}, {{vornahme}}")
    logistics.field("Text").first.fill("{anrede},\n\n- ein Punkt\n- {kommune}")
    rows = logistics.page.locator(".rundmail-row").count()
    logistics.press("Weitere Zeilen")
    logistics.page.wait_for_url(re.compile(r"/bearbeiten/"))
    choose(logistics, rows, "alle Mentees", "ohne diese")
    logistics.press("Weitere Zeilen")
    assert logistics.page.locator(".rundmail-row").count() > rows
    assert "gibt es nicht" in logistics.page.locator("#feld-subject").inner_text()
    logistics.field("Betreff").fill(subject)
    logistics.field("Einzelne Person suchen").fill("foehr")
    logistics.press("Person suchen")
    logistics.field("Martha Föhr").check()
    mail = save_draft(logistics, cycle)

    logistics.follow("Vorschau")
    assert logistics.page.get_by_text("Wer sie bekommt: 1 Person").is_visible()
    release(logistics, mail)
    wait_until(
        lambda: logistics.go(mail).get_by_text("1 von 1 versandt.").count(), 30, "it is sent"
    )
    assert "- Stadt Übelheim" in town.text_to(address("Martha", "Föhr"), subject)
