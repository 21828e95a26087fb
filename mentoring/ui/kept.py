"""Forms whose session ended while somebody was typing: refilled, never sent by themselves.

This room does not keep them, a later one does (``form_keepers``).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict

from mentoring.registry import Registry


@dataclass(frozen=True)
class FormKeeper:
    """How a later room keeps a form whose session ended while somebody was typing.

    ``kept`` returns what was typed on this path, ``token`` is rendered as the hidden field
    ``_kept`` and lets the middleware recognise the form, ``discard`` forgets what was kept.
    ``rescue`` keeps a posted form that is being turned away and leads back to it.
    """

    kept: Callable[[HttpRequest], QueryDict | None]
    token: Callable[[HttpRequest], str]
    discard: Callable[[HttpRequest], None]
    rescue: Callable[[HttpRequest], HttpResponse | None]


form_keepers: Registry[FormKeeper] = Registry("form keepers")


def kept_data(request: HttpRequest) -> QueryDict | None:
    """What was typed on this path when the session ended, or ``None``."""
    for keeper in form_keepers:
        data = keeper.kept(request)
        if data is not None:
            return data
    return None


def kept_token(request: HttpRequest) -> str:
    """The value of the hidden field ``_kept``, or "" if nothing keeps forms."""
    return next((keeper.token(request) for keeper in form_keepers), "")


def discard_kept(request: HttpRequest) -> None:
    """Forget what was kept for this path: it has been saved."""
    for keeper in form_keepers:
        keeper.discard(request)


def rescue_posted(request: HttpRequest) -> HttpResponse | None:
    """Where to go with a form that is turned away, or ``None`` if nobody could keep it."""
    for keeper in form_keepers:
        response = keeper.rescue(request)
        if response is not None:
            return response
    return None
