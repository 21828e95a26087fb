"""What later rooms add to the frame of every page and to the start page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.http import HttpRequest

from mentoring.registry import Registry


@dataclass(frozen=True)
class NavItem:
    """An entry of the main navigation.

    It is the current one while the address begins with ``active_prefix`` (by default its
    own ``url``). A ``general`` item belongs to no cycle: beside the pages of a cycle it
    stands in the menu "Weiteres", so that these fit into one row.
    """

    label: str
    url: str
    active_prefix: str = ""
    general: bool = False


@dataclass(frozen=True)
class CycleEntry:
    """An entry of the cycle switcher."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Crumb:
    """A step of the breadcrumb trail; the last one needs no address."""

    label: str
    url: str = ""


StartKind = Literal["termin", "aufgabe", "fehlt", "entscheidung", "hinweis"]


@dataclass(frozen=True)
class StartItem:
    """Something that is due for the person who opens the start page.

    Of items about the same thing, as ``about`` names it, the one of the latest room stands
    there: it knows more. A ``termin`` without a day leads to all the others.
    """

    title: str
    text: str = ""
    url: str = ""
    kind: StartKind = "hinweis"
    due: date | None = None
    count: int | None = None
    about: str = ""


navigation: Registry[Callable[[HttpRequest], list[NavItem]]] = Registry("navigation")
"""Each contribution returns only what the user of the request may open."""

start_items: Registry[Callable[[HttpRequest], list[StartItem]]] = Registry("start items")
"""What is due for the user of the request: "Was steht an?"."""

cycle_switcher: Registry[Callable[[HttpRequest], list[CycleEntry]]] = Registry("cycle switcher")
"""The cycles between which the user of the request may switch."""

START_GROUPS: tuple[tuple[StartKind, str, str], ...] = (
    ("entscheidung", "Wartet auf Ihre Entscheidung", "help"),
    ("fehlt", "Was noch fehlt", "warning"),
    ("aufgabe", "Ihre Aufgaben", "checklist"),
    ("termin", "Nächste Termine", "calendar-today"),
    ("hinweis", "Gut zu wissen", "info"),
)
"""Kind, heading and icon of the groups of the start page, in their order."""


def current_item(items: list[NavItem], path: str) -> NavItem | None:
    """The item whose prefix is the longest that ``path`` begins with."""

    def prefix(item: NavItem) -> str:
        return item.active_prefix or item.url

    fitting = [item for item in items if _begins(path, prefix(item))]
    return max(fitting, key=lambda item: len(prefix(item)), default=None)


def _begins(path: str, prefix: str) -> bool:
    # "/" is the start page alone, otherwise it would be current everywhere.
    return path == prefix or (prefix not in ("", "/") and path.startswith(prefix))
