"""The pictures of the README: `python -m tests.screenshots`, or `make screenshots`.

Starts the demo on a database of its own and photographs its main pages, wide and narrow.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tandems.demo.signins import COMMON_KEY, sign_in
from tests.browser.product import chromium, running
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.stack import ROOT

FOLDER = ROOT / "docs" / "screenshots"


@dataclass(frozen=True)
class Shot:
    """A picture: from the start page, the first link that fits each selector is followed."""

    name: str
    key: str = ""
    links: tuple[str, ...] = ()


_RUNNING = ":has-text('Nr. 10')"
_MATCHING = (":has-text('Nachwuchsförderkreis')", "[href$='/matching/']")
_FIRST_ROW = ":is(#liste tbody a)"
_EVENT = ":has-text('Zwischenbilanz')"
_INVOICES = "[href$='/rechnungen/']"
_REMINDER = ("[href$='/rundmails/']", f"{_FIRST_ROW}:has-text('Erinnerung')")

SHOTS = (
    Shot("sign-in"),
    Shot("start-lead", "lead"),
    Shot("start-hr", "hr"),
    Shot("start-logistics", "logistics"),
    Shot("cycle", "lead", ("[href^='/durchgaenge/']",)),
    Shot("participants", "logistics", ("[href$='/teilnehmende/']",)),
    Shot("applications", "hr", ("[href$='/bewerbungen/']",)),
    Shot(
        "application-form", "hr", ("[href$='?state=draft']", _FIRST_ROW, "[href$='/bearbeiten/']")
    ),
    Shot("places", "lead", (_RUNNING, "[href$='/platzvergabe/']")),
    Shot("mentors", "lead", ("[href$='/mentoren/']",)),
    Shot("wall", "lead", _MATCHING),
    Shot("moderated", "lead", (*_MATCHING, "[href$='/moderiert/']")),
    Shot("tandems", "lead", (_RUNNING, "[href$='/tandems/']")),
    Shot("own-tandem", "mentee", ("[href='/mein-tandem/']",)),
    Shot("municipalities", "lead", ("[href='/kommunen/']",)),
    Shot("timeline", "lead", (_RUNNING, "[href$='/fahrplan/']")),
    Shot("tasks", "member", (_RUNNING, "[href$='/aufgaben/']")),
    Shot("event", "logistics", (_RUNNING, "[href$='/veranstaltungen/']", _EVENT)),
    Shot("rundmails", "logistics", (_RUNNING, "[href$='/rundmails/']")),
    Shot("rundmail-preview", "logistics", (_RUNNING, *_REMINDER, "[href$='/vorschau/']")),
    Shot("invoices", "logistics", (_RUNNING, _INVOICES)),
    Shot("invoice", "hr", (_RUNNING, _INVOICES, _FIRST_ROW)),
    Shot("billing-run", "logistics", (_MATCHING[0], _INVOICES, "[href$='/lauf/']")),
    Shot("budget", "lead", (_RUNNING, "[href$='/budget/']")),
    Shot("lists", "logistics", (_RUNNING, "[href$='/listen/']")),
)


def take(browser: Browser, base: str, shot: Shot, folder: Path) -> None:
    """One picture at 1280 and one at 360 pixels."""
    visitor = Visitor(browser, base)
    page = visitor.page
    if shot.key:
        visitor.sign_in(sign_in(shot.key).email, COMMON_KEY)
    else:
        visitor.go("/anmelden/")
    for link in shot.links:
        visitor.go(page.locator(f"a{link}").first.get_attribute("href") or "")
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.evaluate("window.scrollTo(0, 0); document.activeElement?.blur()")
        page.screenshot(path=folder / f"{shot.name}-{size['width']}.png", animations="disabled")
    visitor.leave()


def main() -> None:
    """Take all pictures, or those named on the command line."""
    wanted = sys.argv[1:] or [shot.name for shot in SHOTS]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="crossmentoring-screenshots-") as folder,
        chromium() as browser,
        running(Path(folder), demo=True) as (_, base),
    ):
        for shot in SHOTS:
            if shot.name in wanted:
                sys.stdout.write(f"{shot.name}\n")
                take(browser, base, shot, FOLDER)


if __name__ == "__main__":
    main()
