"""Who gets a place: read, compared, decided on in the meeting, and told by each Kommune."""

import re
from pathlib import Path

import pytest

from tests.browser.names import AWARE, RANKED
from tests.browser.town import Town
from tests.browser.visitor import Visitor, pdf_text

pytestmark = pytest.mark.browser

PRIVATE, SHARED = "Wirkte müde, noch einmal sprechen", "Spricht klar über Fehler"
DRAWN, OBJECTION = "Das Los hat entschieden", "Das Los war nicht angekündigt"
RESOLVED = "Künftig kündigen wir ein Los vorher an"
FIRST, SECOND = (f"{first} {last}" for first, last in (RANKED[0][0], AWARE))
RIVAL = " ".join(RANKED[1][1])
NAMES = [last_name for house in RANKED for _, last_name in house]


def test_the_beirat_reads_and_compares(town: Town, folder: Path) -> None:
    cycle, member, lead = town.cycle("places"), town.person("member"), town.person("lead")
    member.go(f"{cycle}bewerbungen/")
    member.check()
    compare(member)
    notes_are_written(member, lead, cycle)

    text = pdf_text(lead.fetch("Steckbrief"))
    assert FIRST in text
    assert "Ahausen" in text
    an_anonymous_one(lead, folder)
    a_booklet(lead, cycle, folder)


def compare(member: Visitor) -> None:
    """Two of them side by side."""
    member.follow("Vergleichen")
    member.check()
    for last_name in (AWARE[1], RANKED[1][1][1]):
        member.field(last_name).check()
    member.press("Auswahl vergleichen")
    member.page.wait_for_url("**/vergleich/?*")
    member.check()
    heads = " ".join(member.page.get_by_role("columnheader").all_inner_texts())
    assert SECOND in heads
    assert RIVAL in heads


def notes_are_written(member: Visitor, lead: Visitor, cycle: str) -> None:
    """One for oneself, which saves itself; one for all, whom the lead finds with the sheet."""
    member.go(f"{cycle}bewerbungen/notizen/")
    member.check()
    for name, text in ((SECOND, PRIVATE), (FIRST, SHARED)):
        member.go(f"{cycle}bewerbungen/notizen/")
        member.page.get_by_role("link", name=re.compile(f"Notiz schreiben.*{name}")).click()
        member.field("Notiz").first.fill(text)
        if text == PRIVATE:
            member.page.get_by_text("Von selbst gespeichert").wait_for()
            member.check()
        else:
            member.page.locator("main").get_by_role("checkbox").first.check()
            member.press("Speichern")
            member.page.get_by_text("Ihre Notiz ist gespeichert").wait_for()
    member.go(f"{cycle}bewerbungen/notizen/")
    assert member.page.get_by_text(PRIVATE).is_visible()

    for name, text, is_read in ((SECOND, PRIVATE, False), (FIRST, SHARED, True)):
        lead.go(f"{cycle}bewerbungen/")
        lead.follow(name.split()[-1])
        lead.page.get_by_role("heading", name=name).wait_for()
        assert bool(lead.page.get_by_text(text).count()) is is_read
    lead.check()


def an_anonymous_one(lead: Visitor, folder: Path) -> None:
    """A name in the text is refused; what is printed says neither name nor Kommune."""
    lead.follow("Anonymer Steckbrief")
    lead.check()
    part = lead.page.get_by_role("group", name="Motivation")
    part.get_by_label("Diesen Text aufnehmen").check()
    words = part.get_by_label("Text für den anonymen Steckbrief")
    words.fill(f"{FIRST} möchte führen lernen.")
    lead.press("PDF erstellen")
    lead.page.get_by_text("Im Text steht der Name").first.wait_for()
    lead.check()
    words.fill("Möchte führen lernen.")
    with lead.page.expect_download() as waiting:
        lead.press("PDF erstellen")
    waiting.value.save_as(folder / "anonym.pdf")
    text = pdf_text((folder / "anonym.pdf").read_bytes())
    assert "Möchte führen lernen." in text
    assert not any(word in text for word in (*FIRST.split(), "Ahausen"))


def a_booklet(lead: Visitor, cycle: str, folder: Path) -> None:
    """Made in the background, with a page for each nomination."""
    lead.go(f"{cycle}bewerbungen/")
    lead.follow("Steckbriefe als Heft")
    lead.check()
    lead.press("Heft erstellen")
    lead.page.wait_for_url(re.compile(r"/auftraege/\d+/"))
    lead.page.get_by_role("link", name=re.compile(r"steckbriefe.*\.pdf")).wait_for(timeout=60_000)
    lead.check()
    text = pdf_text(lead.download("steckbriefe", folder).read_bytes())
    assert all(name in text for name in NAMES)
    assert PRIVATE not in text


def test_the_places_are_given_and_told(town: Town) -> None:
    cycle, lead = town.cycle("places"), town.person("lead")
    the_meeting_decides(lead, cycle)
    minutes = pdf_text(lead.fetch("Protokoll"))
    for words in (DRAWN, OBJECTION, RESOLVED, *NAMES):
        assert words in minutes

    applicant = town.person("applicant")
    assert "Platz" not in outcome(applicant)
    hr, other = town.person("hr"), town.person("other_hr")
    hr_tells_its_people(hr, cycle, applicant)

    other.go(f"{cycle}ergebnisse/")
    assert not other.page.get_by_text(AWARE[1]).count()
    assert other.page.get_by_text(RIVAL).first.is_visible()
    letter = hr.page.get_by_role("link", name=re.compile(f"für.*{SECOND}")).first
    assert other.page.request.get(letter.get_attribute("href") or "").status == 404
    logistics = town.person("logistics")
    for visitor in (logistics, other, applicant):
        for part in ("platzvergabe/", "platzvergabe/protokoll.pdf", "bewerbungen/heft/"):
            assert visitor.page.request.get(f"{cycle}{part}").status in (403, 404)
    for part in ("ergebnisse/", "bewerbungen/", "bewerbungen/vergleich/", "bewerbungen/notizen/"):
        assert logistics.page.request.get(f"{cycle}{part}").status in (403, 404)
    logistics.go(f"{cycle}teilnehmende/")
    for said in ("Platz", "Warteliste", "nominiert"):
        assert said not in logistics.page.locator("main").inner_text()


def the_meeting_decides(lead: Visitor, cycle: str) -> None:
    """A proposal with a tie, voices with an objection, and the close."""
    lead.go(f"{cycle}platzvergabe/")
    lead.check()
    lead.follow("Vorschlag machen")
    lead.check()
    lead.press("Vorschlag machen")
    lead.page.get_by_text("2 von 3 Plätzen vergeben").wait_for()
    lead.check()
    lead.follow("Gleichstand 1 auflösen")
    lead.check()
    lead.field(", ".join(reversed(AWARE))).check()
    lead.field("Wie wurde der Gleichstand aufgelöst?").fill(DRAWN)
    lead.press("Speichern")
    lead.page.get_by_text("3 von 3 Plätzen vergeben").wait_for()

    lead.follow("Stimmen eintragen")
    lead.check()
    for house, stance in (("Ahausen", "Zustimmung"), ("Übelheim", "Einwand")):
        group = lead.page.get_by_role("group", name=f"Stimme von {house}")
        group.get_by_label(stance).check()
    lead.field("Einwand von Übelheim").fill(OBJECTION)
    lead.press("Stimmen speichern")
    lead.page.get_by_text("2 Stimmen gespeichert").wait_for()

    lead.follow("Beschließen")
    lead.press("Beschließen")
    lead.page.wait_for_url("**/beschliessen/")
    lead.page.get_by_role("alert").first.wait_for()
    lead.check()
    lead.field("Beschluss über den Einwand").fill(RESOLVED)
    lead.press("Beschließen")
    lead.page.get_by_text("Die Platzvergabe ist beschlossen").wait_for()
    lead.check()


def outcome(applicant: Visitor) -> str:
    """What the applicant's own page says."""
    applicant.go("/meine-bewerbung/")
    applicant.check()
    return applicant.page.locator("main").inner_text()


def hr_tells_its_people(hr: Visitor, cycle: str, applicant: Visitor) -> None:
    """First a text of its own, then the talk, then the tick; only then the page says it."""
    hr.go(f"{cycle}ergebnisse/")
    hr.check()
    assert not hr.page.get_by_text(RIVAL).count()
    hr.follow("Text für „Platz“")
    hr.check()
    words = hr.field("Text").first
    words.fill(f"{words.input_value()}\n\nAhausen gratuliert!")
    hr.press("Speichern")
    hr.page.wait_for_url(f"**{cycle}ergebnisse/")
    entry = hr.page.get_by_role("article", name=SECOND)
    letter = entry.get_by_role("link", name="Brief").get_attribute("href") or ""
    assert "Ahausen gratuliert!" in pdf_text(hr.page.request.get(letter).body())
    assert "Platz" not in outcome(applicant), "decided, and not told yet"

    entry.get_by_role("link", name="Als mitgeteilt eintragen").click()
    hr.check()
    hr.press("Mitgeteilt")
    hr.page.wait_for_url(f"**{cycle}ergebnisse/")
    hr.check()
    assert "Sie haben einen Platz" in outcome(applicant)
