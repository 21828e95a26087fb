"""Reading a match before the reveal is logged (design, rule 1)."""

from collections.abc import Iterable
from datetime import datetime, time

from auditlog import get_logentry_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import record_accesses
from mentoring.log.models import LogEntry
from tandems.pairs.models import Tandem


def note_readings(tandems: Iterable[Tandem], by: User) -> int:
    """Log that ``by`` has been shown these tandems, the secret ones; returns how many entries.

    One entry per user, tandem and day, however often a page is reloaded, in a number of
    queries that hangs on nothing.
    """
    keys = {tandem.pk for tandem in tandems if not tandem.is_known}
    if not keys:
        return 0
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    today = get_logentry_model().objects.filter(
        content_type=ContentType.objects.get_for_model(Tandem),
        action=LogEntry.Action.ACCESS,
        actor=by,
        timestamp__gte=midnight,
        object_id__in=keys,
    )
    new = keys - set(today.values_list("object_id", flat=True))
    if new:
        record_accesses(Tandem.objects.filter(pk__in=new), by=by)
    return len(new)
