"""What is done every few seconds, cheaply when there is nothing to do."""

from datetime import timedelta

from mentoring.jobs.turns import take_turn
from mentoring.jobs.waking import send
from programmes.cycles.models import Cycle
from programmes.rundmails.domain.release import FREEZE_TASK
from programmes.rundmails.domain.sending import review_coming, to_freeze
from programmes.rundmails.models import Rundmail, RundmailState

REVIEW_EVERY = timedelta(minutes=10)


def wake_freezing() -> int:
    """Wake a worker for messages that are not frozen yet; nothing is changed here."""
    if to_freeze().exists():
        send(FREEZE_TASK)
    return 0


def review() -> int:
    """Look after coming mails, every few minutes: their audiences are found anew for it."""
    return review_coming() if take_turn("rundmails.review", REVIEW_EVERY) else 0


def unfinished(cycle: Cycle) -> list[str]:
    """What keeps ``cycle`` from being closed."""
    under_way = (RundmailState.RELEASED, RundmailState.SENDING)
    number = Rundmail.objects.filter(cycle=cycle, state__in=under_way).count()
    if not number:
        return []
    if number == 1:
        return ["Eine Rundmail wartet noch auf den Versand oder ist nicht ganz hinaus."]
    return [f"{number} Rundmails warten noch auf den Versand oder sind nicht ganz hinaus."]
