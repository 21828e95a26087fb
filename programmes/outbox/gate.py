"""The gate that all senders pass: the pace per minute, and the pause while the server is down."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from programmes.outbox.models import SendingGate

PAUSE = timedelta(seconds=30)
PROBE = timedelta(seconds=60)
"""While one sender tries whether the server is back, the others wait for so long at most."""


def allow(wanted: int) -> int:
    """How many of ``wanted`` messages may go out now, counted across all processes.

    Never more than ``settings.MAIL_PER_MINUTE`` in any sixty seconds: what may go at once
    (a twelfth, five seconds' worth) is taken off the even pace. 0 means no limit.
    """
    limit = settings.MAIL_PER_MINUTE
    if limit <= 0:
        return wanted
    burst = max(1, limit // 12)
    spacing = timedelta(minutes=1) / (limit - burst + 1)
    while True:
        row = _row()
        now = timezone.now()
        start = max(row.ahead_until, now - spacing)
        # As many as keep the schedule within the burst from now.
        room = int((now + spacing * (burst - 1) - start) / spacing)
        granted = max(0, min(wanted, room))
        if not granted:
            return 0
        same = SendingGate.objects.filter(pk=1, ahead_until=row.ahead_until)
        if same.update(ahead_until=start + spacing * granted):
            return granted


def may_connect() -> bool:
    """Whether to try the server: yes while it answers, else one sender after each pause."""
    row = _row()
    if row.paused_until is None:
        return True
    now = timezone.now()
    if row.paused_until > now:
        return False
    same = SendingGate.objects.filter(pk=1, paused_until=row.paused_until)
    return bool(same.update(paused_until=now + PROBE))


def report_trouble(reason: str) -> None:
    """Pause all senders after a failed connection; ``reason`` (German) is shown to operators."""
    SendingGate.objects.filter(pk=1).update(
        paused_until=timezone.now() + PAUSE, trouble=reason[:300]
    )


def report_success() -> None:
    """The server answers: end the pause, if there was one."""
    SendingGate.objects.filter(pk=1, paused_until__isnull=False).update(
        paused_until=None, trouble=""
    )


def trouble() -> str:
    """Why sending is paused, or an empty string."""
    return SendingGate.objects.filter(pk=1).values_list("trouble", flat=True).first() or ""


def _row() -> SendingGate:
    row = SendingGate.objects.filter(pk=1).first()
    if row is None:
        try:
            with transaction.atomic():
                row = SendingGate.objects.create(
                    pk=1, ahead_until=timezone.now() - timedelta(minutes=1)
                )
        except IntegrityError:
            row = SendingGate.objects.get(pk=1)
    return row
