"""Personal links: whoever holds one answers an invitation without signing in."""

import re
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from programmes.cycles.models import CycleState
from programmes.events.models import Attendee

_SALT = "programmes.events.rsvp"
CONCEALED = "…"


def rsvp_token(attendee: Attendee) -> str:
    """The signed token of ``attendee``; the same until they get a new nonce."""
    return _signer().sign(f"{attendee.pk}-{attendee.nonce.hex}")


def rsvp_url(attendee: Attendee) -> str:
    """The full address under which ``attendee`` answers."""
    return settings.BASE_URL + reverse("events:rsvp", args=[rsvp_token(attendee)])


def without_tokens(text: str) -> str:
    """``text`` with every personal link made useless, for others than who it belongs to."""
    before, _, _ = reverse("events:rsvp", args=["TOKEN"]).partition("TOKEN")
    # Also in quotes, brackets and tags, where a mail's HTML has it.
    token = re.compile(re.escape(before) + r"[^\s/\"'<>()\[\]]+")
    return token.sub(before + CONCEALED, text)


def attendee_of(token: str) -> Attendee | None:
    """Whose token this is; ``None`` for one that was changed, replaced, or is of the past."""
    try:
        pk, _, nonce = _signer().unsign(token).partition("-")
        found = Attendee.objects.filter(pk=int(pk), nonce=UUID(nonce))
    except (signing.BadSignature, ValueError):
        return None
    return (
        found.exclude(event__cycle__state__in=CycleState.ended())
        .select_related("event__cycle__programme", "person")
        .first()
    )


def _signer() -> signing.Signer:
    # A full stop, for mail programs end a link at a colon.
    return signing.Signer(salt=_SALT, sep=".")
