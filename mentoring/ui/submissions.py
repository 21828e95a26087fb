"""A form acts once, however often it is posted.

Each form that creates something carries a signed one-time id, bound to user and path. The
first post claims it in the transaction of what it creates; a second one is led to what the
first created.
"""

import hashlib
import uuid
from datetime import timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from mentoring.ui.models import SubmittedForm

FIELD = "_form_id"
SALT = "mentoring.ui.submissions"
KEEP = timedelta(days=30)
"""How long an id is known. An id is valid no longer, so none can act a second time."""


def new_form_id(request: HttpRequest) -> str:
    """A fresh one-time id for a form on this request's path."""
    return signing.dumps([_owner(request), uuid.uuid4().hex], salt=SALT)


def submission_key(request: HttpRequest, data: QueryDict) -> str | None:
    """The key of the form ``data`` came from, or ``None`` if its id is missing, foreign or too old.

    Such a form is still accepted: the id protects against double clicks, not attacks.
    """
    try:
        owner, nonce = signing.loads(data.get(FIELD, ""), salt=SALT, max_age=KEEP)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if owner != _owner(request):
        return None
    return hashlib.sha256(f"{owner} {nonce}".encode()).hexdigest()


def claim(key: str) -> tuple[SubmittedForm, bool]:
    """The row for ``key``, and whether this call made it.

    To be called inside a transaction. A second post at the same moment waits here until the
    first is through: PostgreSQL holds it at the unique key, SQLite at its write lock.
    """
    try:
        with transaction.atomic():
            return SubmittedForm.objects.create(key=key), True
    except IntegrityError:
        return SubmittedForm.objects.get(key=key), False


def delete_old_submissions() -> int:
    """Delete the ids that are no longer valid; returns how many."""
    limit = timezone.now() - KEEP - timedelta(days=1)
    return SubmittedForm.objects.filter(created_at__lt=limit).delete()[0]


def _owner(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return f"{user.pk if user is not None else None} {request.path}"
