"""Keeps what was typed into a form whose session had ended, and sessions alive in use."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError

from mentoring.accounts import kept, sessions

Next = Callable[[HttpRequest], HttpResponse]


class KeptFormMiddleware:
    """Stands ahead of the CSRF check: see ``mentoring.accounts.kept``.

    A form posted when nobody, or somebody else, is signed in reaches no view.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Keep a form whose session has ended and ask to sign in again."""
        if request.method != "POST":
            return None
        try:
            carries_token = kept.FIELD in request.POST
        except UnreadablePostError:
            # The browser went away in the middle; Django answers that itself.
            return None
        if not carries_token:
            return None
        if not request.user.is_authenticated and not getattr(view, "login_required", True):
            # A page that needs no sign-in takes the form as it is.
            return None
        return kept.rescue(request) if kept.belongs_to_somebody_else(request) else None


class SessionTouchMiddleware:
    """Counts the eight hours of a session from its last use, at most every five minutes."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Touch the session if it is due, then pass the request on."""
        # Without a cookie there is no session, and health checks stay off the database.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            sessions.touch(request)
        return self.get_response(request)
