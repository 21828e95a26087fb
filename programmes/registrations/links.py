"""The personal links of who registered on the public page: to confirm, and to withdraw."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from programmes.cycles.models import CycleState
from programmes.registrations.models import Interest

CONFIRM_WITHIN = timedelta(days=7)
"""How long a registration may wait for its confirmation, and how long its link is good."""

_CONFIRM = "programmes.registrations.confirm"
_WITHDRAW = "programmes.registrations.withdraw"


def confirm_token(interest: Interest) -> str:
    """A token that confirms ``interest`` within ``CONFIRM_WITHIN``."""
    return _dated().sign(_named(interest))


def withdraw_token(interest: Interest) -> str:
    """The token that withdraws ``interest``; the same until it gets a new nonce."""
    return _lasting().sign(_named(interest))


def confirm_url(interest: Interest) -> str:
    """The full address under which ``interest`` is confirmed."""
    return _address("confirm", confirm_token(interest))


def withdraw_url(interest: Interest) -> str:
    """The full address under which ``interest`` is withdrawn."""
    return _address("withdraw", withdraw_token(interest))


def to_confirm(token: str) -> Interest | None:
    """Which registration this token confirms; ``None`` for one that is not good (any more)."""
    try:
        return _found(_dated().unsign(token, max_age=CONFIRM_WITHIN))
    except signing.BadSignature:
        return None


def to_withdraw(token: str) -> Interest | None:
    """Which registration this token withdraws; ``None`` for one that is not good."""
    try:
        return _found(_lasting().unsign(token))
    except signing.BadSignature:
        return None


def _named(interest: Interest) -> str:
    return f"{interest.pk}-{interest.nonce.hex}"


def _found(named: str) -> Interest | None:
    pk, _, nonce = named.partition("-")
    return (
        Interest.objects.filter(pk=int(pk), nonce=UUID(nonce))
        .exclude(event__cycle__state__in=CycleState.ended())
        .select_related("event__cycle__programme__logistics_partner")
        .first()
    )


def _address(name: str, token: str) -> str:
    return settings.BASE_URL + reverse(f"registrations:{name}", args=[token])


# A full stop, for mail programs end a link at a colon.
def _dated() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_CONFIRM, sep=".")


def _lasting() -> signing.Signer:
    return signing.Signer(salt=_WITHDRAW, sep=".")
