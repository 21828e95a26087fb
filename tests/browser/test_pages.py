"""Every page that a link leads to, for every role: accessible, narrow enough, and open."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from tandems.demo.signins import SIGN_INS
from tests.browser.visitor import Visitor, find_faults

pytestmark = pytest.mark.browser

LIBRARY = ("/verwaltung/", "/static/", "/dateien/")
"""Addresses of libraries and stored files: no pages of ours."""
FILES = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""How the address of a file ends, as in `termin.ics` and `blaetter/essen/pdf/`, and its type."""
# Not `link.href`: in a drawing that is an object.
_LINKS = """() => [...document.querySelectorAll("a[href]")].map(
    link => new URL(link.getAttribute("href"), document.baseURI).href)"""


def links(visitor: Visitor) -> list[str]:
    """Paths of this installation that the page at hand links to, without their queries."""
    found = (urlsplit(link) for link in visitor.page.evaluate(_LINKS))
    host = urlsplit(visitor.base).netloc
    paths = (link.path for link in found if link.netloc == host)
    return [path for path in dict.fromkeys(paths) if not path.startswith(LIBRARY)]


def file_type(path: str) -> str:
    """The content type that ``path`` promises; empty for a page."""
    return FILES.get(path.rstrip("/").rpartition("/")[2].rpartition(".")[2], "")


def walk(visitor: Visitor, start: str) -> tuple[list[str], list[str]]:
    """Check one page of each kind that can be reached from ``start``: routes and faults.

    Of the further pages of a kind the first three must at least open: nobody is shown a
    link that leads nowhere. Files must be what their address says. A kind that another role
    has seen is looked at quickly (``LOOKED_AT``), but for ``start``, which is everybody's own.
    """
    waiting, seen = [start], {start}
    routes: dict[str, int] = {}
    faults = []
    while waiting:
        path = waiting.pop(0)
        route = resolve(path).route
        routes[route] = routes.get(route, 0) + 1
        if routes[route] > 3:
            continue
        if routes[route] > 1 or file_type(path):
            answer = visitor.context.request.get(path)
            is_promised = answer.headers.get("content-type", "").startswith(file_type(path))
            if answer.status != 200 or not is_promised:
                faults.append(f"{path}: {answer.status}, {answer.headers.get('content-type')}")
            continue
        visitor.go(path)
        kind = (route, visitor.page.title())
        is_known = kind in LOOKED_AT and path != start
        faults += find_faults(visitor.page, thorough=not is_known, quick=is_known)
        LOOKED_AT.add(kind)
        new = [link for link in links(visitor) if link not in seen]
        waiting += new
        seen.update(new)
    return list(routes), faults


LOOKED_AT: set[tuple[str, str]] = set()
"""Route and title of the pages that some role has been shown in this process. The next role
sees the same kind: it must open, fit and say nothing to the console, without axe again."""


SAME_PAGES = ("other_hr", "mentor")
"""They see the pages of the first Personalstelle and of the mentee."""


@pytest.mark.parametrize("key", [one.key for one in SIGN_INS if one.key not in SAME_PAGES])
def test_each_role_finds_every_page_in_order(sign_in_as: Callable[..., Visitor], key: str) -> None:
    routes, faults = walk(sign_in_as(key), "/")
    assert not faults, "\n".join(faults)
    assert len(routes) > 5


def test_pages_before_signing_in(visit: Callable[..., Visitor], demo: str) -> None:
    routes, faults = walk(visit(demo), "/anmelden/")
    assert not faults, "\n".join(faults)
    assert {"impressum/", "datenschutz/", "barrierefreiheit/"} <= set(routes)


def test_the_demo_shows_its_sign_ins_and_one_click_signs_in(
    visit: Callable[..., Visitor], demo: str
) -> None:
    visitor = visit(demo)
    page = visitor.go("/anmelden/")
    for entry in SIGN_INS:
        assert page.get_by_role("cell", name=entry.email, exact=True).is_visible()
    page.get_by_role("button", name=f"Anmelden als {SIGN_INS[0].role}").click()
    page.wait_for_url(f"{demo}/")
    visitor.check()


def test_a_page_that_does_not_exist(sign_in_as: Callable[..., Visitor]) -> None:
    visitor = sign_in_as("member")
    visitor.go("/gibt-es-nicht/", status=404)
    visitor.check()


def test_a_page_that_is_not_for_this_role(sign_in_as: Callable[..., Visitor]) -> None:
    visitor = sign_in_as("mentee")
    visitor.go("/zugaenge/", status=403)
    visitor.check()


def test_the_keyboard_skips_to_the_content(sign_in_as: Callable[..., Visitor]) -> None:
    page = sign_in_as("lead").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"


def test_signing_in_and_filtering_a_list_need_no_script(sign_in_as: Callable[..., Visitor]) -> None:
    visitor = sign_in_as("lead", java_script_enabled=False)
    visitor.go("/kommunen/")
    visitor.field("Suche").fill("muenster")
    visitor.page.locator("#liste form").get_by_role("button").first.click()
    found = visitor.page.locator("#liste").get_by_role("rowheader").all_inner_texts()
    assert found == ["LWL", "Münster"]
