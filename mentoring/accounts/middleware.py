"""Keeps what was typed into a form whose session had ended, and sessions alive in use."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from mentoring.accounts import kept, sessions

Next = Callable[[HttpRequest], HttpResponse]


BY_ITSELF = "X-By-Itself"
"""The header with which a page that looks for news marks its own requests."""


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


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Asks to sign in; to a part of a page by taking the whole page there.

    Followed by htmx, Django's redirect would put the sign-in page into the part that was
    asked for, and lead to that part alone afterwards.
    """

    def handle_no_permission(  # type: ignore[override]  # to the whole page, not a redirect
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        """Send the browser to sign in and back to the page it shows."""
        details: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by django_htmx
        if not details:
            return super().handle_no_permission(request, view_func)
        back = redirect_to_login(
            details.current_url_abs_path or "/", resolve_url(self.get_login_url(view_func))
        )
        return HttpResponseClientRedirect(back.url)


class SessionTouchMiddleware:
    """Counts the eight hours of a session from its last use, at most every five minutes.

    What a page asks by itself, again and again, is no use: a browser left open at a wall
    would otherwise stay signed in for ever. Such a request says so in ``BY_ITSELF``.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Touch the session if it is due, then pass the request on."""
        # Without a cookie there is no session, and health checks stay off the database.
        if (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and BY_ITSELF not in request.headers
            and request.user.is_authenticated
        ):
            sessions.touch(request)
        return self.get_response(request)
