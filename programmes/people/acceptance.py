"""Who stands before an opened invitation, and what they can do with it."""

from enum import Enum, auto
from typing import Any

from django.http import HttpRequest

from mentoring.accounts.models import User
from programmes.people.codes import hash_of
from programmes.people.mails import send_digits
from programmes.people.models import Invitation, Person
from programmes.people.proofs import MailboxProof, Waiting

_PROOF = MailboxProof("people.own_address")


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


def own_address(invitation: Invitation, request: HttpRequest) -> Waiting | None:
    """The address this browser named for ``invitation``, while its code is valid."""
    return _PROOF.waiting(invitation.pk, request)


def ask_for_proof(invitation: Invitation, request: HttpRequest, *, email: str) -> None:
    """Mail a code to ``email``. Raises ``Refused`` after too many of them in an hour."""
    _PROOF.ask(invitation.pk, request, email=email, send=send_digits)


def proven_address(invitation: Invitation, request: HttpRequest, digits: str) -> str:
    """The own address, if ``digits`` are the ones that were mailed there. Raises ``Refused``."""
    return _PROOF.check(invitation.pk, request, digits)


def forget_address(request: HttpRequest) -> None:
    """Begin anew with another address."""
    _PROOF.forget(request)
