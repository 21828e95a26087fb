"""What the frame of every page needs, computed only when a template asks for it."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from mentoring.ui.navigation import (
    CycleEntry,
    NavItem,
    current_item,
    cycle_switcher,
    navigation,
)


class Frame:
    """The frame around a page. Its properties read the database only when used."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def signed_in(self) -> bool:
        """Whether there is a user, also when a middleware failed before setting one."""
        user = getattr(self.request, "user", None)
        return bool(user is not None and user.is_authenticated)

    @cached_property
    def items(self) -> list[NavItem]:
        """The main navigation: what the user may open, with the start page first."""
        if not self.signed_in:
            return []
        found = [NavItem("Was steht an?", reverse("start"))]
        for contribution in navigation:
            found.extend(contribution(self.request))
        return found

    @cached_property
    def further_items(self) -> list[NavItem]:
        """General items, as far as there are pages of a cycle to make room for."""
        general = [item for item in self.items if item.general]
        return general if len(general) + 1 < len(self.items) else []

    @cached_property
    def row_items(self) -> list[NavItem]:
        """The items that stand in the row themselves."""
        return [item for item in self.items if item not in self.further_items]

    @cached_property
    def current(self) -> NavItem | None:
        """The item of the main navigation the page belongs to."""
        return current_item(self.items, self.request.path)

    @cached_property
    def cycles(self) -> list[CycleEntry]:
        """The entries of the cycle switcher."""
        if not self.signed_in:
            return []
        return [entry for contribution in cycle_switcher for entry in contribution(self.request)]

    @cached_property
    def current_cycle(self) -> CycleEntry | None:
        """The cycle the page belongs to."""
        return next((entry for entry in self.cycles if entry.current), None)

    @cached_property
    def user_menu(self) -> list[NavItem]:
        """Links of the user menu, as far as their pages exist in this installation."""
        links = [
            ("Meine Daten", "my_data"),
            ("Mein Kalender", "roadmap:calendar"),
            ("Meine Erinnerungen", "roadmap:notices"),
            ("Meine Sitzungen", "sessions"),
            ("Passwort ändern", "account_change_password"),
        ]
        return [NavItem(label, url) for label, name in links if (url := url_of(name))]

    @cached_property
    def logout_url(self) -> str:
        """Where the form "Abmelden" is posted to; empty without the accounts room."""
        return url_of("account_logout")

    @cached_property
    def login_url(self) -> str:
        """Where to sign in; empty without the accounts room."""
        return url_of(settings.LOGIN_URL)


def url_of(name: str) -> str:
    """The address of a route without arguments, or "" if there is no such route."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame and what the installation says about itself."""
    return {
        "frame": Frame(request),
        "site_name": settings.SITE_NAME,
        "official_website": settings.OFFICIAL_WEBSITE,
        "demo": settings.DEMO,
    }
