"""What the user reads when something cannot be done, and the error pages themselves."""

import logging
import sys
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import requires_csrf_token
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from mentoring.ui.kept import rescue_posted

logger = logging.getLogger(__name__)

DATABASE_FAULTS = (OperationalError, InterfaceError, RedisConnectionError, RedisTimeoutError)
"""What is raised when the database does not answer, or answers "not now".

Redis is one too: sign-in attempts are counted there, and without counting nobody gets in.
"""


class Refused(Exception):
    """The state of a record forbids what was asked.

    The message is a German sentence for the user: what is in the way, and how to mend it.
    """


class Forbidden(PermissionDenied):
    """As Django's, with German sentences for the user: why not, and what to do instead."""

    def __init__(self, text: str, advice: str) -> None:
        super().__init__(text)
        self.text = text
        self.advice = advice


def _page(
    request: HttpRequest, status: int, template: str, context: dict[str, Any]
) -> HttpResponse:
    """An error page in the usual frame, or in the bare one if that needs a dead database."""
    try:
        body = render_to_string(template, context, request=request)
    except (DatabaseError, InterfaceError, AttributeError):
        # AttributeError: an early middleware failed, so the request has no user yet.
        logger.warning("error page %s rendered without its frame", status, exc_info=True)
        body = render_to_string(template, {**context, "bare": True})
    response = HttpResponse(body, status=status)
    # Its frame names the user and what they may open; a 404 may be cached unless told so.
    add_never_cache_headers(response)
    return response


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or the form contains something no browser sends by itself."""
    return _page(
        request,
        400,
        "ui/error.html",
        {
            "title": "Diese Anfrage war nicht lesbar",
            "text": "Die Adresse oder das Formular enthält Zeichen, die hier nicht erlaubt sind, "
            "oder ist zu groß.",
            "advice": "Gehen Sie zurück und geben Sie den Text neu ein, statt ihn einzufügen.",
        },
    )


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the page exists and the user may not open it."""
    if isinstance(exception, Forbidden):
        said = {"title": "Hier wirken Sie nicht mit", "text": exception.text}
        return _page(request, 403, "ui/error.html", {**said, "advice": exception.advice})
    return _page(
        request,
        403,
        "ui/error.html",
        {
            "title": "Das dürfen Sie hier nicht",
            "text": "Ihr Zugang ist für diese Seite oder diesen Schritt nicht freigeschaltet.",
            "advice": "Wenn Sie die Seite für Ihre Aufgabe brauchen, wenden Sie sich an die "
            "Treiber/innen Ihres Durchgangs.",
        },
    )


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is nothing here, or nothing that this user may know of."""
    return _page(
        request,
        404,
        "ui/error.html",
        {
            "title": "Diese Seite gibt es nicht",
            "text": "Unter dieser Adresse ist nichts zu finden, oder Sie dürfen es nicht sehen.",
            "advice": "Prüfen Sie die Adresse auf Tippfehler oder beginnen Sie auf der Startseite.",
        },
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose security token is missing or too old.

    It grows old when its user signs in again in another tab: then what was typed is kept.
    """
    rescued = rescue_posted(request)
    if rescued is not None:
        return rescued
    return _page(
        request,
        403,
        "ui/error.html",
        {
            "title": "Das Formular ist abgelaufen",
            "text": "Die Seite war zu lange offen, oder Ihr Browser nimmt keine Cookies an. "
            "Es wurde nichts gespeichert.",
            "advice": "Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch "
            "einmal ab. Erlauben Sie Cookies für diese Website.",
        },
    )


def database_fault(request: HttpRequest) -> HttpResponse:
    """503 without any look at the database: no session, no user, no navigation."""
    response = HttpResponse(render_to_string("ui/fault.html", {"bare": True}), status=503)
    response["Retry-After"] = "30"
    response["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the reason is a database that does not answer.

    Django calls this inside the ``except`` block, so the reason is still at hand.
    """
    if isinstance(sys.exc_info()[1], DATABASE_FAULTS):
        return database_fault(request)
    body = render_to_string(
        "ui/error.html",
        {
            "bare": True,
            "title": "Hier ist etwas schiefgegangen",
            "text": "Das liegt nicht an Ihnen. Der Fehler wurde für die Betreiber/innen "
            "aufgezeichnet. Ihr letzter Schritt wurde nicht gespeichert.",
            "advice": "Versuchen Sie es in ein paar Minuten noch einmal. Hilft das nicht, nennen "
            "Sie den Betreiber/innen Uhrzeit und Adresse dieser Seite.",
        },
    )
    return HttpResponse(body, status=500)
