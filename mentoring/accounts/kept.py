"""Forms whose session ended while somebody was typing.

A form carries a token, signed over user and path. If it is posted when that user is no
longer signed in, what was typed is kept for that user and that path alone, and shown in the
form again once they are back. It is never sent by itself.
"""

import json
import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from mentoring.accounts.models import KeptForm, User

FIELD = "_kept"
SALT = "mentoring.accounts.kept"
TOKEN_SECONDS = 14 * 24 * 60 * 60
"""A page may stand open over a holiday, and what is typed into it then is still kept."""

MAX_BYTES = 1024 * 1024
MAX_FORMS = 5

# By name, for the middleware knows no form. A form with a password also shows no token.
_SECRET = re.compile(r"passw|kennwort|secret|^csrfmiddlewaretoken$", re.IGNORECASE)

KEPT = (
    "Ihre Sitzung war beendet, deshalb wurde noch nichts gespeichert. Ihre Eingaben sind "
    "24 Stunden lang aufbewahrt: {how}"
)
SIGN_IN_AGAIN = "melden Sie sich an, dann stehen sie wieder im Formular."
SEND_AGAIN = "sie stehen wieder im Formular. Bitte prüfen Sie sie und senden Sie es noch einmal ab."
SOMEBODY_ELSE = (
    "Das Formular gehörte zu einem anderen Zugang als dem, mit dem Sie jetzt angemeldet sind. "
    "Es wurde nichts gespeichert. Die Eingaben sind 24 Stunden lang für den anderen Zugang "
    "aufbewahrt."
)
FILES_LOST = "Ausgewählte Dateien lassen sich nicht aufbewahren; wählen Sie sie bitte neu aus."
TOO_LARGE = (
    "Ihre Sitzung war beendet, deshalb wurde nichts gespeichert. Die Eingaben sind mit mehr als "
    "1 MB zu groß, um sie aufzubewahren. Gehen Sie in Ihrem Browser zurück und kopieren Sie den "
    "Text heraus, bevor Sie sich anmelden."
)


@dataclass(frozen=True)
class Outcome:
    """What became of a posted form: kept or too large; with files, which never are."""

    kept: bool
    files: bool


def token_for(request: HttpRequest) -> str:
    """The hidden field of a form on this request's path; "" for who is not signed in."""
    user = getattr(request, "user", None)
    longest = KeptForm._meta.get_field("path").max_length or 0
    if user is None or not user.is_authenticated or len(request.path) > longest:
        return ""
    return signing.dumps([user.pk, request.path], salt=SALT)


def kept_data(request: HttpRequest) -> QueryDict | None:
    """What the user of the request typed on its path last, or ``None``."""
    form = KeptForm.objects.visible_to(request.user).filter(path=request.path).first()
    return form.as_query_dict() if form is not None else None


def discard(request: HttpRequest) -> None:
    """Forget what ``kept_data()`` returns: it has been saved, or is not wanted."""
    form = KeptForm.objects.visible_to(request.user).filter(path=request.path).first()
    if form is not None:
        form.delete()


def owner_of(request: HttpRequest) -> int | None:
    """Whose form was posted: the key of a user, ``None`` without a valid token."""
    token = request.POST.get(FIELD, "")
    if not token:
        return None
    try:
        owner, path = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return owner if path == request.path and isinstance(owner, int) else None


@transaction.atomic
def keep(request: HttpRequest, owner: int) -> Outcome:
    """Keep what was posted for the user with key ``owner``.

    At most ``MAX_BYTES`` a form and ``MAX_FORMS`` a user: the oldest makes room. A sign-in
    that is gone or deactivated keeps nothing.
    """
    files = any(upload for upload in request.FILES.values())
    fields: list[tuple[str, list[str]]] = [
        (name, [str(value) for value in values])
        for name, values in request.POST.lists()
        if name != FIELD and not _SECRET.search(name)
    ]
    size = sum(len("".join((name, *values)).encode()) for name, values in fields)
    if size > MAX_BYTES or not User.objects.filter(pk=owner, is_active=True).exists():
        return Outcome(kept=False, files=files)
    # ASCII only: PostgreSQL's text holds no NUL, and JSON escapes it then.
    data = json.dumps(fields, ensure_ascii=True)
    mine = KeptForm.objects.filter(user_id=owner)
    if not mine.filter(path=request.path, data=data).update(created_at=timezone.now()):
        KeptForm.objects.create(user_id=owner, path=request.path, data=data)
        surplus = list(mine.values_list("pk", flat=True)[MAX_FORMS:])
        KeptForm.objects.filter(pk__in=surplus).delete()
    return Outcome(kept=True, files=files)


def rescue(request: HttpRequest) -> HttpResponse | None:
    """Keep a posted form whose session is over and lead its user back to it.

    ``None`` if it carries no valid token. Called where a form is about to be turned away:
    before the CSRF check when nobody is signed in, and when that check has failed.
    """
    owner = owner_of(request)
    if owner is None:
        return None
    outcome = keep(request, owner)
    target = request.get_full_path()
    if not outcome.kept:
        messages.error(request, TOO_LARGE)
    elif not request.user.is_authenticated:
        messages.warning(request, KEPT.format(how=SIGN_IN_AGAIN))
    elif request.user.pk == owner:
        messages.warning(request, KEPT.format(how=SEND_AGAIN))
    else:
        messages.warning(request, SOMEBODY_ELSE)
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    if outcome.files:
        messages.warning(request, FILES_LOST)
    if not request.user.is_authenticated:
        target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(target)
    return HttpResponseRedirect(target)


def belongs_to_somebody_else(request: HttpRequest) -> bool:
    """Whether the posted form was filled in by another user than the one signed in now."""
    owner = owner_of(request)
    return owner is not None and owner != request.user.pk


def delete_expired() -> int:
    """Delete what was kept for longer than promised; returns how many."""
    return KeptForm.objects.expired().delete()[0]
