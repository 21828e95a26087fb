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
    """A picture: from the start page, ``links`` are followed by how their addresses look."""

    name: str
    key: str = ""
    links: tuple[str, ...] = ()


SHOTS = (
    Shot("sign-in"),
    Shot("start-lead", "lead"),
    Shot("start-hr", "hr"),
    Shot("start-logistics", "logistics"),
    Shot("cycle", "lead", ("^='/durchgaenge/'",)),
    Shot("participants", "logistics", ("$='/teilnehmende/'",)),
    Shot("applications", "hr", ("$='/bewerbungen/'",)),
    Shot("application-form", "hr", ("$='/bewerbungen/'", "$='/bewerbungen/neu/'")),
    Shot("municipalities", "lead", ("='/kommunen/'",)),
)


def take(browser: Browser, base: str, shot: Shot, folder: Path) -> None:
    """One picture at 1280 and one at 360 pixels."""
    visitor = Visitor(browser, base)
    page = visitor.page
    if shot.key:
        visitor.sign_in(sign_in(shot.key).email, COMMON_KEY)
    else:
        visitor.go("/anmelden/")
    for address in shot.links:
        visitor.go(page.locator(f"a[href{address}]").first.get_attribute("href") or "")
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
