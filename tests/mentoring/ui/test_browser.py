"""The pages of this room in a real Chromium: axe, 360 px, keyboard, htmx, no JavaScript.

With ``SHOTS=<folder>`` each page is also drawn into that folder.
"""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from mentoring.accounts.models import User
from mentoring.ui.navigation import (
    CycleEntry,
    NavItem,
    StartItem,
    cycle_switcher,
    navigation,
    start_items,
)
from programmes.organisations.models import Municipality
from tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = django_settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"wide": (1280, 900), "narrow": (360, 740)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def filled(db) -> None:
    """A frame and lists as a busy Beirat would have them."""
    today = datetime.date(2026, 5, 4)
    navigation.add(
        "probe",
        lambda request: [
            NavItem("Durchgang", "/durchgang/"),
            NavItem("Bewerbungen", "/bewerbungen/"),
            NavItem("Teilnehmende", "/probe/"),
            NavItem("Kommunen", "/kommunen/"),
            NavItem("Protokoll", "/protokoll/"),
        ],
    )
    cycle_switcher.add(
        "probe",
        lambda request: [
            CycleEntry("Durchgang Nr. 11 (2026–2028)", "/", True),
            CycleEntry("Durchgang Nr. 10 (2024–2026)", "/10/"),
        ],
    )
    start_items.add(
        "probe",
        lambda request: [
            StartItem(
                "Plätze vergeben", "9 nominierte Bewerbungen", "/p/", "entscheidung", count=9
            ),
            StartItem("Profilbogen von Kim Öztürk", "Motivation fehlt noch", "/p/", "fehlt"),
            StartItem("Raum für den Startworkshop anfragen", "", "/p/", "aufgabe", due=today),
            StartItem(
                "Beirat: Auswahl und Platzvergabe",
                "Rathaus Musterstadt, Raum 214, 9:30 bis 12:30 Uhr",
                "/p/",
                "termin",
                due=today + datetime.timedelta(9),
            ),
            StartItem("Startworkshop", "", "", "termin", due=today + datetime.timedelta(150)),
            StartItem("Nr. 9 ist abgeschlossen", "Die Auswertung steht bereit.", "/p/", "hinweis"),
        ],
    )
    for number in range(130):
        User.objects.create(
            email=f"vorname.nachname{number:03}@kommune-{number % 7}.example",
            is_active=number % 5 > 0,
        )


@pytest.fixture
def open_page(browser, live_server, user) -> Iterator:
    """Opens an address signed in, at one of ``SIZES``; errors of the page fail the test."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    contexts, troubles = [], []

    def open_it(path: str, size: str = "wide", *, signed_in: bool = True, **options) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="de-DE", **options
        )
        contexts.append(context)
        if signed_in:
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda message: (
                troubles.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith(live_server.url) or r.url.startswith("data:")
                else troubles.append(r.url)
            ),
        )
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_it
    for context in contexts:
        context.close()
    # Drawing a page makes Playwright add a style of its own, which the CSP rightly refuses.
    assert not troubles or "SHOTS" in os.environ


def check(page: Page, name: str, size: str) -> None:
    """No violation for axe, nothing wider than the screen; draws the page if asked to."""
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-{size}.png", full_page=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
    assert not [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]], name
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0], name


@pytest.fixture
def place(db) -> Municipality:
    return make.make_municipality("Ahausen", name="Stadt Ahausen", regional_group="Nord")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_kind_of_page(open_page, filled, place, user, size, scheme):
    look = {"color_scheme": scheme}
    name = size if scheme == "light" else f"{size}-dark"

    def seen(page: Page, what: str) -> None:
        check(page, what if scheme == "light" else f"{what}-dark", size)

    seen(open_page("/", size, **look), "start")
    seen(open_page("/probe/", size, **look), "list")
    seen(open_page("/probe/?email=gibtsnicht", size, **look), "list-empty")
    seen(open_page(f"/probe/{user.pk}/", size, **look), "detail")
    seen(open_page(f"/probe/{user.pk}/sperren/", size, **look), "confirm")
    seen(open_page("/probe/alles/", size, **look), "form")
    page = open_page("/probe/alles/", size, **look)
    page.get_by_role("button", name="Speichern").click()
    seen(page, "form-errors")
    page = open_page(f"/probe/ort/{place.pk}/", size, **look)
    place.regional_group = f"Süd {name}"
    place.save()
    page.get_by_label("amtlicher Name").fill("Ahausen, Stadt")
    page.get_by_role("button", name="Speichern").click()
    seen(page, "conflict")
    seen(open_page("/gibtsnicht/", size, **look), "404")
    seen(open_page("/probe/datenbank/", size, **look), "503")
    seen(open_page("/impressum/", size, signed_in=False, **look), "imprint")
    seen(open_page("/barrierefreiheit/", size, signed_in=False, **look), "accessibility")


def test_menus_open_without_javascript(open_page, filled):
    page = open_page("/", "narrow", java_script_enabled=False)
    page.locator("summary", has_text="Menü").click()
    assert page.get_by_role("link", name="Bewerbungen").is_visible()
    page = open_page("/", "wide", java_script_enabled=False)
    page.locator("summary", has_text="Durchgang Nr. 11").click()
    assert page.get_by_role("link", name="Durchgang Nr. 10").is_visible()


def test_menus_close_on_escape(open_page, filled):
    page = open_page("/", "wide")
    page.locator("summary", has_text="Durchgang Nr. 11").click()
    assert page.get_by_role("link", name="Durchgang Nr. 10").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Durchgang Nr. 10").is_visible()


def test_the_keyboard_begins_with_the_skip_link(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"


def test_the_error_summary_has_the_focus_and_leads_on(open_page):
    page = open_page("/probe/alles/")
    page.get_by_role("button", name="Speichern").click()
    # Waits for the answer to the form: until then there may be no document to ask.
    page.locator("[role=alert]:focus").wait_for()
    page.get_by_role("link", name="E-Mail: ").click()
    page.locator("#id_mail:focus").wait_for()


def test_htmx_pages_and_sorts_without_a_new_page(open_page, filled):
    page = open_page("/probe/")
    page.evaluate("window.stays = true")
    page.get_by_role("link", name="Seite 2").click()
    page.wait_for_url("**page=2")
    page.get_by_text("51–100").wait_for()
    page.get_by_label("E-Mail enthält").fill("nachname00")
    page.get_by_role("button", name="Filtern").click()
    page.get_by_text("1–10").wait_for()
    assert page.evaluate("window.stays")
    check(page, "list-filtered", "wide")


def test_htmx_leaves_the_page_when_the_session_ended(open_page, filled):
    page = open_page("/probe/")
    page.context.clear_cookies()
    page.get_by_role("link", name="Seite 2").click()
    page.wait_for_url("**/anmelden/**")


def test_paper_shows_the_whole_table_and_no_frame(open_page, filled):
    page = open_page("/probe/")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.get_by_role("table").is_visible()
    if folder := os.environ.get("SHOTS"):
        page.pdf(path=f"{folder}/list.pdf", prefer_css_page_size=True)
