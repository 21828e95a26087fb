"""Somebody at a browser, who notices what a test should not have to ask for each time."""

import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdf
from playwright.sync_api import Browser, ConsoleMessage, Download, Locator, Page, Request

from tests.stack import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# No rule that we run reads the style sheets; to preload them would fetch all of them each time.
_RUN_AXE = """async rules => (await axe.run(document, {
    runOnly: {type: "tag", values: rules}, resultTypes: ["violations"],
    preload: {assets: ["media"]},
})).violations.map(rule => `${rule.id}: ${rule.help}\\n` + rule.nodes.map(
    node => `    ${node.html.slice(0, 200)}\\n    ${node.failureSummary}`).join("\\n"))"""
# Once the page was drawn for its size and colours, what fades is taken to its end. A colour that
# fades follows one that it inherits, so each end may be another's beginning.
_SETTLE = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    // Chromium keeps some that are finished.
    const moving = () => document.getAnimations().filter(one => one.playState !== "finished");
    for (let found = moving(); found.length; found = moving())
        found.forEach(one => one.finish());
}"""
_OVERFLOW = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const out = [...document.querySelectorAll("body *")].filter(
        one => one.getBoundingClientRect().right > page.clientWidth + 1);
    return [`${page.scrollWidth} of ${page.clientWidth} px`,
        ...out.slice(-5).map(one => one.outerHTML.slice(0, 160))];
}"""


class Visitor:
    """One person with a browser window of their own.

    ``problems`` fills by itself: errors in the console (a blocked style or script among
    them), script errors, requests to other hosts.
    """

    def __init__(self, browser: Browser, base: str, **options: Any) -> None:
        self.base = base
        self.context = browser.new_context(
            base_url=base,
            locale="de-DE",
            reduced_motion="reduce",
            **{"viewport": WIDE, **options},
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self._looked_at: set[str] = set()
        self._runs_scripts = options.get("java_script_enabled", True)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("request", self._asked)

    def go(self, path: str, status: int = 200) -> Page:
        """Open ``path`` and expect ``status``."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}, not {status}"
        return self.page

    def sign_in(self, email: str, password: str) -> Page:
        """Through the form, as everybody does."""
        self.go("/anmelden/")
        form = self.page.locator("main form").first
        form.get_by_label("E-Mail", exact=False).first.fill(email)
        form.get_by_label("Passwort", exact=False).first.fill(password)
        form.get_by_role("button", name="Anmelden").click()
        self.page.wait_for_url(lambda url: urlsplit(url).path == "/")
        return self.page

    def field(self, label: str) -> Locator:
        """The one field of the page with this label; "*", hints and "optional" aside."""
        begins = re.sub(r"([.*+?^${}()|\[\]\\/])", r"\\\1", label)  # for the browser, not Python
        return self.page.locator("main").get_by_label(re.compile(rf"^\s*{begins}", re.IGNORECASE))

    def press(self, name: str) -> None:
        """Press the button of the main part called ``name``."""
        self.page.locator("main").get_by_role("button", name=name).first.click()

    def follow(self, name: str, *, exact: bool = False) -> None:
        """Follow the first link of the page called ``name``."""
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    def download(self, name: str, folder: Path) -> Path:
        """Follow a link that is a file; returns where it was saved."""
        with self.page.expect_download() as waiting:
            self.follow(name)
        download: Download = waiting.value
        path = folder / download.suggested_filename
        download.save_as(path)
        return path

    def fetch(self, name: str) -> bytes:
        """The file that the first link called ``name`` leads to, shown or to be saved."""
        link = self.page.get_by_role("link", name=name).first.get_attribute("href") or ""
        answer = self.page.request.get(link)
        assert answer.status == 200, f"{link}: {answer.status}"
        return answer.body()

    def check(self) -> None:
        """The page at hand, as it is and narrow: no violation, no overflow, no problem heard.

        A kind of page that was thoroughly looked at in this walk is looked at quickly; where
        scripts are off nothing can look, for axe is one.
        """
        # A click waits until the next page begins, not until it is all there.
        self.page.wait_for_load_state()
        assert self.problems == []
        if not self._runs_scripts:
            return
        kind = re.sub(r"\d+", "0", urlsplit(self.page.url).path) + self.page.title()
        faults = find_faults(self.page, thorough=kind not in self._looked_at)
        self._looked_at.add(kind)
        assert not faults, "\n".join(faults)

    def tell(self) -> str:
        """Where the visitor stands and what the page says, for whoever reads a failure."""
        return f"{self.page.url}\n{self.page.locator('body').inner_text()[:3000]}\n"

    def leave(self) -> None:
        """Close the window, forgetting who was signed in."""
        self.context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser itself reports the status of a page that a test wants to be a 404.
        if message.type == "error" and "the server responded with a status" not in message.text:
            about = message.location.get("url", "")
            self.problems.append(f"{self.page.url}: {message.text} ({about})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.problems.append(f"{self.page.url}: asks {request.url}")


def pdf_text(data: bytes) -> str:
    """What the pages of a PDF say, in one line."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def find_faults(page: Page, *, thorough: bool = True, quick: bool = False) -> list[str]:
    """Violations of axe and horizontal overflow, as it is and, in dark colours, at 360 px.

    Less than ``thorough`` looks at 360 px for overflow alone, and ``quick`` does so at both.
    """
    found = []
    own = page.viewport_size or WIDE
    for size, scheme, with_axe in ((own, "light", not quick), (NARROW, "dark", thorough)):
        at = f"{page.url}, {size['width']} px, {scheme}"
        page.set_viewport_size(size)
        if with_axe:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(_SETTLE)
            # By the debugging protocol, which no CSP concerns: it stays on.
            if not page.evaluate("typeof axe !== 'undefined'"):
                page.evaluate(AXE)
            found += [f"{at}: {line}" for line in page.evaluate(_RUN_AXE, RULES)]
        found += [f"{at}, too wide: {line}" for line in page.evaluate(_OVERFLOW)]
    page.set_viewport_size(own)
    page.emulate_media(color_scheme="light")
    return found
