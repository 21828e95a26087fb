"""Who stands before an opened invitation, and what they can do with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.people.codes import digits_match, hash_of, new_digits
from programmes.people.mails import DIGITS_MINUTES, send_digits
from programmes.people.models import Invitation, Person

_SESSION_KEY = "people.own_address"
MAX_TRIES = 10
MAX_MAILS_PER_HOUR = 5


class Situation(Enum):
    """What the page has to say, and which step comes next."""

    NEW_SIGN_IN = auto()
    """Nobody signs in with the invited address: choose a password."""
    SIGN_IN_FIRST = auto()
    """The address has a sign-in that is nobody's yet: sign in, then link."""
    LINK = auto()
    """Signed in with the invited address: one click links."""
    OWN_ADDRESS = auto()
    """The invited address is another person's sign-in: name an own one."""
    CONFIRM_ADDRESS = auto()
    """A code went to the own address: type it."""
    SOMEBODY_ELSE = auto()
    """Signed in as somebody else: sign out first."""
    OPERATOR = auto()
    """Signed in as an operator, who is a member of nothing."""
    LOCKED = auto()
    """The address has a sign-in that an operator has locked."""


def find_invitation(code: str) -> Invitation | None:
    """The invitation with this code, whatever became of it."""
    found = Invitation.objects.filter(code_hash=hash_of(code))
    return found.select_related("person__municipality").first()


def situation_of(invitation: Invitation, request: HttpRequest) -> Situation:
    """What holds for the visitor and the open ``invitation``."""
    visitor: Any = request.user
    if visitor.is_authenticated:
        if visitor.is_superuser or visitor.is_staff:
            return Situation.OPERATOR
        linked = Person.objects.filter(user=visitor).exists()
        if linked or visitor.email != invitation.email:
            return Situation.SOMEBODY_ELSE
        return Situation.LINK
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        return Situation.NEW_SIGN_IN
    if user.is_superuser or user.is_staff or Person.objects.filter(user=user).exists():
        waiting = own_address(invitation, request) is not None
        return Situation.CONFIRM_ADDRESS if waiting else Situation.OWN_ADDRESS
    return Situation.SIGN_IN_FIRST if user.is_active else Situation.LOCKED


@dataclass(frozen=True)
class OwnAddress:
    """An own address that waits for its code; ``digits`` is the code's keyed hash."""

    email: str
    digits: str


def own_address(invitation: Invitation, request: HttpRequest) -> OwnAddress | None:
    """The address this browser named for ``invitation``, while its code is valid."""
    kept = request.session.get(_SESSION_KEY)
    if not kept or kept["invitation"] != invitation.pk:
        return None
    if datetime.fromisoformat(kept["until"]) < timezone.now():
        return None
    return OwnAddress(kept["email"], kept["digits"])


def ask_for_proof(invitation: Invitation, request: HttpRequest, *, email: str) -> None:
    """Mail a code to ``email`` and remember it with the session.

    Raises ``Refused`` after ``MAX_MAILS_PER_HOUR`` of them: nobody's mailbox is flooded
    from here.
    """
    if not _one_of(f"people.own_address.mail.{invitation.pk}", MAX_MAILS_PER_HOUR, 3600):
        raise Refused(
            "Für diese Einladung wurden in der letzten Stunde schon mehrere Codes verschickt. "
            "Bitte versuchen Sie es in einer Stunde noch einmal."
        )
    digits, kept = new_digits()
    until = timezone.now() + timedelta(minutes=DIGITS_MINUTES)
    request.session[_SESSION_KEY] = {
        "invitation": invitation.pk,
        "email": email,
        "digits": kept,
        "until": until.isoformat(),
    }
    send_digits(email, digits)


def proven_address(invitation: Invitation, request: HttpRequest, digits: str) -> str:
    """The own address, if ``digits`` are the ones that were mailed there.

    Raises ``Refused``; after ``MAX_TRIES`` in an hour only waiting helps.
    """
    waiting = own_address(invitation, request)
    if waiting is None:
        raise Refused("Der Code gilt nicht mehr. Bitte lassen Sie sich einen neuen schicken.")
    if not _one_of(f"people.own_address.try.{invitation.pk}", MAX_TRIES, 3600):
        raise Refused(
            "Es wurden zu viele Codes ausprobiert. Bitte versuchen Sie es in einer Stunde noch "
            "einmal."
        )
    if not digits_match(digits, waiting.digits):
        raise Refused("Dieser Code ist nicht richtig. Bitte vergleichen Sie ihn mit der E-Mail.")
    return waiting.email


def forget_address(request: HttpRequest) -> None:
    """Begin anew with another address."""
    request.session.pop(_SESSION_KEY, None)


def _one_of(name: str, limit: int, seconds: int) -> bool:
    """Take one of ``limit`` slots that each come free again after ``seconds``.

    Slots instead of a count: ``add()`` is the one step of the cache that only one wins.
    """
    return any(cache.add(f"{name}.{slot}", True, timeout=seconds) for slot in range(limit))
