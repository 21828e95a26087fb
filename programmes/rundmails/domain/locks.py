"""Holding a mail while something about it changes."""

from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.rundmails.models import Rundmail, RundmailState

GONE = "Diese Rundmail wurde inzwischen gelöscht."

_MEANWHILE = {
    RundmailState.RELEASED: "Diese Rundmail ist inzwischen freigegeben.",
    RundmailState.SENDING: "Diese Rundmail wird schon versandt.",
    RundmailState.SENT: "Diese Rundmail ist schon versandt.",
    RundmailState.STOPPED: "Diese Rundmail wurde angehalten.",
    RundmailState.DRAFT: "Diese Rundmail ist noch ein Entwurf.",
}


def held(mail: Rundmail) -> Rundmail:
    """``mail`` as stored now, held with its cycle (first) until the transaction ends.

    Raises ``Refused`` if it is gone or its cycle has ended.
    """
    cycle = held_open(mail.cycle)
    found = held_alone(mail.pk)
    if found is None:
        raise Refused(GONE)
    found.cycle = cycle
    return found


def held_alone(key: int, **conditions: object) -> Rundmail | None:
    """The mail with this primary key, held without its cycle, if it meets ``conditions``."""
    return (
        Rundmail.objects.select_for_update(of=("self",))
        .select_related("cycle__programme__logistics_partner", "event", "milestone", "released_by")
        .filter(pk=key, **conditions)
        .first()
    )


def check_state(mail: Rundmail, *allowed: RundmailState) -> None:
    """Raise ``Refused`` unless ``mail`` is in one of these states."""
    if mail.state not in allowed:
        raise Refused(_MEANWHILE[RundmailState(mail.state)])
