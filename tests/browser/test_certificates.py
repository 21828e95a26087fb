"""Certificates as their people use them: worded, looked at, made for those who fulfil."""

import re
from pathlib import Path

import pytest

from tests.browser.names import MENTEES
from tests.browser.town import Town
from tests.browser.visitor import Visitor, pdf_text

pytestmark = pytest.mark.browser

WORDS = "hat am Programm mit Freude teilgenommen"


def test_the_logistics_partner_words_and_prints_them(town: Town, folder: Path) -> None:
    cycle = town.cycle("certificates")
    logistics = town.person("logistics")
    the_text_is_changed(logistics, cycle)
    the_mentees_get_theirs(logistics, cycle, folder)

    lead = town.person("lead")
    lead.go(f"{cycle}zertifikate/")
    lead.page.get_by_role("link", name=re.compile(f"Bestätigung.*{MENTEES[0][0]}")).wait_for()
    assert WORDS in pdf_text(lead.fetch("Bestätigung für"))
    lead.go(f"{cycle}zertifikate/texte/teilnahmebestaetigung/freigeben/")
    lead.check()
    lead.press("Freigeben")
    lead.page.get_by_role("link", name=re.compile("Freigabe zurücknehmen")).wait_for()

    hr = town.person("hr")
    hr.go(f"{cycle}zertifikate/", status=403)
    hr.go(f"{cycle}zertifikate/erstellen/teilnahmebestaetigung/", status=403)


def the_text_is_changed(logistics: Visitor, cycle: str) -> None:
    """By way of a placeholder that does not exist, and a look before it is saved."""
    logistics.go(f"{cycle}zertifikate/")
    logistics.check()
    logistics.follow("Texte", exact=True)
    logistics.check()
    logistics.page.get_by_role("link", name=re.compile("Bearbeiten.*Teilnahmebestätigung")).click()
    logistics.check()
    field = logistics.field("Text")
    field.fill("{anrede} {name}\n\n" + WORDS + " ({tandempartner}).")
    logistics.press("Speichern")
    logistics.page.get_by_text("Den Platzhalter {tandempartner} gibt es nicht.").first.wait_for()
    logistics.check()
    field.fill("{anrede} {name}\n\n" + WORDS + " und {anzahl} besucht.")
    with logistics.page.expect_popup() as opened:
        logistics.press("Vorschau öffnen")
    opened.value.close()
    logistics.press("Speichern")
    logistics.page.wait_for_url(f"**{cycle}zertifikate/texte/")
    logistics.check()


def the_mentees_get_theirs(logistics: Visitor, cycle: str, folder: Path) -> None:
    """Those who were there, in one file."""
    logistics.go(f"{cycle}zertifikate/?role=mentee&gets=attendance")
    logistics.check()
    assert logistics.page.locator("main tbody tr").count() == 2
    logistics.follow("Bestätigungen erstellen")
    logistics.check()
    assert logistics.page.get_by_role("checkbox").count() == 2
    with logistics.page.expect_download() as waiting:
        logistics.press("Erstellen")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    said = pdf_text(path.read_bytes())
    for first, last in MENTEES[:2]:
        assert f"{first} {last}" in said
    assert f"{WORDS} und eine Veranstaltung besucht" in said
    assert MENTEES[2][1] not in said
