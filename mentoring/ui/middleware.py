"""Clean answers for a database that is away and for characters no form may contain."""

import logging
from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict

from mentoring.ui.errors import DATABASE_FAULTS, bad_request, database_fault

logger = logging.getLogger(__name__)
NUL = "\x00"


def contains_nul(data: QueryDict) -> bool:
    """Whether a name or a value of a query string or form contains the NUL character."""
    return any(NUL in name or any(NUL in value for value in data.getlist(name)) for name in data)


class FaultMiddleware:
    """Turns two kinds of trouble into pages that say what to do.

    PostgreSQL refuses text with NUL characters, so they are stopped here where nothing
    typed can be lost: in addresses and cookies. In a posted form they become an error of
    the field (``mentoring.ui.forms``); the check in ``process_exception`` is for data that
    reached the database beside a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on a request unless its address or cookies contain NUL characters."""
        if (
            NUL in request.path_info
            or contains_nul(request.GET)
            or any(NUL in value for value in request.COOKIES.values())
        ):
            # No cookies either: a session key with NUL would break the look-up of the user.
            request.COOKIES = {}
            return bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that failed for want of the database or because of a NUL.

        A failure outside a view ends in ``errors.server_error``, which does the same.
        """
        if isinstance(exception, DATABASE_FAULTS):
            logger.error("the database does not answer", exc_info=exception)
            return database_fault(request)
        if isinstance(exception, ValueError | DataError) and contains_nul(request.POST):
            logger.warning("NUL characters in a posted form", exc_info=exception)
            return bad_request(request)
        return None
