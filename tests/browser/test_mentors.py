"""Mentors: an idea of the own house, one who asks, an answer, and the sheet by personal link."""

from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest

from tests.browser.names import LATECOMER
from tests.browser.town import Town
from tests.browser.visitor import Visitor, pdf_text

pytestmark = pytest.mark.browser

OFFICE = "Leitung Jugendamt"
MENTOR, MAIL = "Gerda Gefragt", "gerda@ahausen.example"
CAREER = "Sachbearbeitung, Teamleitung, Amtsleitung"
REASONS = "Ich möchte weitergeben, was mir geholfen hat."


def test_somebody_is_asked_once_and_becomes_a_mentor(town: Town, folder: Path) -> None:
    cycle, hr, member = town.cycle("mentors"), town.person("hr"), town.person("member")
    lead, other = town.person("lead"), town.person("other_hr")
    idea = hr_has_an_idea(hr, cycle)
    lead.go(f"{idea}anfragen/")
    the_member_asks(member, idea)
    the_lead_is_too_late(lead, idea)
    the_answer_is_yes(member, idea)

    member.follow("Persönlichen Link senden")
    member.check()
    member.press("Link senden")
    member.page.get_by_text(f"ist an {MAIL} unterwegs").wait_for()
    the_mentor_fills_in(town)
    for reader in (member, hr):
        reader.go(idea)
        assert reader.page.get_by_text(CAREER).first.is_visible()
    member.check()
    assert MENTOR in pdf_text(member.fetch("Steckbrief"))
    other.go(idea, status=404)
    other.go(f"{cycle}mentoren/")
    assert not other.page.get_by_text("Gerda").count()
    assert other.page.request.get(f"{cycle}mentoren/pool/").status == 403
    the_logistics_partner_knows_the_name_alone(town.person("logistics"), cycle, idea)
    the_lists_are_taken_along(lead, cycle, folder)


def hr_has_an_idea(hr: Visitor, cycle: str) -> str:
    """A function and a house; no name yet. Returns the address."""
    hr.go(f"{cycle}mentoren/")
    hr.check()
    hr.follow("Idee eintragen")
    hr.check()
    hr.field("Funktion").fill(OFFICE)
    hr.press("Idee eintragen")
    hr.page.get_by_text("Die Idee ist eingetragen").wait_for()
    hr.check()
    assert not hr.page.get_by_role("link", name="Anfrage übernehmen").count()
    return urlsplit(hr.page.url).path


def name_somebody(visitor: Visitor) -> None:
    """In the form that claims an approach."""
    first_name, last_name = MENTOR.split()
    visitor.field("Vorname").fill(first_name)
    visitor.field("Nachname").fill(last_name)
    visitor.field("Dienstliche E-Mail-Adresse").fill(MAIL)


def the_member_asks(member: Visitor, idea: str) -> None:
    """From now on nobody else does."""
    member.go(idea)
    member.check()
    member.follow("Anfrage übernehmen")
    member.check()
    name_somebody(member)
    member.press("Ich frage an")
    member.page.get_by_text("Die Anfrage gehört jetzt Ihnen").wait_for()
    member.check()


def the_lead_is_too_late(lead: Visitor, idea: str) -> None:
    """Who had the page open all the time is told; who opens it now reads who asks."""
    name_somebody(lead)
    lead.press("Ich frage an")
    lead.page.get_by_text("Mara Mit-Glied hat die Anfrage").first.wait_for()
    lead.check()
    lead.go(idea)
    assert "Mara Mit-Glied" in lead.page.get_by_role("region", name="Anfragen").inner_text()
    assert not lead.page.get_by_role("link", name="Anfrage übernehmen").count()


def the_answer_is_yes(member: Visitor, idea: str) -> None:
    """Recorded by who asked."""
    member.follow("Hat zugesagt")
    member.check()
    member.field("So viele Mentees").fill("2")
    member.press("Zusage eintragen")
    member.page.get_by_text("Die Zusage ist eingetragen").wait_for()
    member.check()
    assert urlsplit(member.page.url).path == idea


def the_mentor_fills_in(town: Town) -> None:
    """What is missing is said; in the end the link has had its day."""
    mentor, link = town.at_own_sheet(MAIL)
    mentor.field("Werdegang in Stationen").fill(CAREER)
    mentor.page.get_by_text("Gespeichert um").wait_for()
    mentor.press("Speichern und weiter zum Abgeben")
    mentor.page.get_by_role("heading", name="Fehler").or_(
        mentor.page.get_by_role("alert")
    ).first.wait_for()
    assert mentor.field("Werdegang in Stationen").input_value() == CAREER
    mentor.field("Meine Motivation").fill(REASONS)
    topics = mentor.page.get_by_role("group", name="Themen, die ich begleiten kann")
    for topic in topics.get_by_role("checkbox").all()[:3]:
        topic.check()
    mentor.field("Verschwiegenheit").check()
    mentor.press("Speichern und weiter zum Abgeben")
    mentor.page.wait_for_url("**/abgeben/")
    mentor.check()
    mentor.press("Profilbogen abgeben")
    mentor.page.get_by_text("Vielen Dank!").wait_for()
    mentor.check()
    mentor.go(f"{link}mentorin-mentor/", status=mentor.page.request.get(link).status)
    assert not mentor.page.locator("main textarea").count()
    assert CAREER not in mentor.page.content()


def the_logistics_partner_knows_the_name_alone(logistics: Visitor, cycle: str, idea: str) -> None:
    """As one of the participants; nothing of the search."""
    for path in (f"{cycle}mentoren/", f"{cycle}mentoren/pool/", idea, f"{idea}bogen.pdf"):
        assert logistics.page.request.get(path).status in (403, 404), path
    logistics.go(f"{cycle}teilnehmende/")
    assert logistics.page.get_by_text("Gerda").first.is_visible()


def the_lists_are_taken_along(lead: Visitor, cycle: str, folder: Path) -> None:
    """The mentors as a table and on paper, filtered as they stand; the pool."""
    lead.go(f"{cycle}mentoren/?state=agreed")
    lead.check()
    book = openpyxl.load_workbook(lead.download("Excel", folder))
    rows = [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]
    asked = next(row for row in rows if "Gefragt" in " ".join(row))
    assert {"Ahausen", OFFICE, "Mara Mit-Glied", "2", "abgegeben"} <= set(asked)
    assert "Gefragt" in pdf_text(lead.download("PDF", folder).read_bytes())

    for page in ("Pool", "Anfragen", "Nach Kommunen", "Anfragetext"):
        lead.go(f"{cycle}mentoren/")
        lead.page.locator("main").get_by_role("link", name=page, exact=True).click()
        lead.check()
    lead.go(f"{cycle}mentoren/pool/")
    lead.follow(LATECOMER[1])
    lead.check()
    lead.follow("Vorsehen")
    lead.check()
    lead.press("Vorsehen")
    lead.page.wait_for_url(f"**{cycle}mentoren/*/")
    assert lead.page.get_by_text(" ".join(LATECOMER)).first.is_visible()
