"""Keeping the log: which models are tracked, what an entry may say, who may read it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from auditlog import get_logentry_model
from auditlog.context import auditlog_value, set_actor
from auditlog.registry import auditlog
from auditlog.signals import accessed
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.log.models import DataClass, LogEntry
from mentoring.registry import Registry

CONCEALED = "•••"
_NEVER_LOGGED = ("version", "sort_key", "search_key", "password", "last_login")


@dataclass(frozen=True)
class LogPolicy:
    """What the log does with one model.

    ``cycle_of`` names the cycle an instance belongs to, ``keep_days`` how long an entry
    lives. Of a confidential model the log knows which fields changed, never their values.
    """

    model: type[models.Model]
    cycle_of: Callable[[Any], int | None]
    confidential: bool
    keep_days: int


policies: Registry[LogPolicy] = Registry("log policies")
frame_readers: Registry[Callable[[Any], Q]] = Registry("readers of frame entries")
"""For a user, the frame entries that a later room lets them read."""


def track(
    model: type[models.Model],
    *,
    cycle_of: Callable[[Any], int | None] = lambda instance: None,
    confidential: bool = False,
    keep_days: int = 730,
    exclude: tuple[str, ...] = (),
    m2m: tuple[str, ...] = (),
) -> None:
    """Have every change of ``model`` logged from now on."""
    policies.add(model._meta.label_lower, LogPolicy(model, cycle_of, confidential, keep_days))
    names = [field.name for field in model._meta.fields]
    hidden = [name for name in (*_NEVER_LOGGED, *exclude) if name in names]
    auditlog.register(
        model,
        exclude_fields=hidden,
        m2m_fields=set(m2m),
        mask_fields=[name for name in names if name not in hidden] if confidential else [],
        mask_callable="mentoring.log.domain.conceal",
    )


def conceal(value: str) -> str:
    """The constant that stands for any confidential value (design, rule 9)."""
    return CONCEALED


@contextmanager
def acting(by: Any) -> Iterator[None]:
    """Entries made inside name ``by`` as their actor; ``None`` leaves it as it is.

    auditlog's own ``set_actor`` forgets on leaving who acted around it: the rest of the
    request would have no actor.
    """
    if by is None:
        yield
        return
    around = auditlog_value.get(None)
    try:
        with set_actor(by):
            yield
    finally:
        if around is not None:
            auditlog_value.set(around)


def record_access(instance: models.Model, *, by: Any) -> None:
    """Log that ``by`` has read ``instance``."""
    with acting(by):
        accessed.send(sender=type(instance), instance=instance)


def entry_fields(instance: Any) -> dict[str, Any]:
    """Cycle, class and expiry for an entry about ``instance``."""
    policy = policies.get(instance._meta.label_lower)
    return {
        "cycle_id": policy.cycle_of(instance),
        "data_class": DataClass.CONFIDENTIAL if policy.confidential else DataClass.FRAME,
        "expires_on": timezone.localdate() + timedelta(days=policy.keep_days),
    }


def log_bulk_update(queryset: QuerySet, values: dict[str, Any]) -> None:
    """Enter a bulk ``update()`` of a tracked model: one entry a row, before it is done.

    New values are not evaluated (they may be expressions), so the entry names the fields
    and conceals what they held.
    """
    label = queryset.model._meta.label_lower
    fields = [name for name in values if name not in _NEVER_LOGGED]
    if label not in policies or not fields:
        return
    manager = get_logentry_model().objects
    changes = {name: [CONCEALED, CONCEALED] for name in fields}
    for instance in queryset.all():
        manager.log_create(instance, action=LogEntry.Action.UPDATE, changes=changes)


def readable(user: Any) -> Q:
    """The entries ``user`` may read (design, rules 1 and 9).

    Frame entries: all for an operator, otherwise as later rooms say. Entries about a
    confidential record: only for who also may read frame entries of its cycle, is no
    operator, and sees the record itself now.
    """
    nothing = Q(pk__in=[])
    if not user.is_authenticated or not user.is_active:
        return nothing
    own = nothing
    for reader in frame_readers:
        own |= reader(user)
    frame = Q(data_class=DataClass.FRAME)
    if user.is_operator:
        return frame
    seen = nothing
    for policy in policies:
        if policy.confidential:
            records = policy.model._default_manager.visible_to(user)  # type: ignore[attr-defined]  # every model of tandems has it
            seen |= Q(
                content_type=ContentType.objects.get_for_model(policy.model),
                object_id__in=records.values("pk"),
            )
    return own & (frame | (Q(data_class=DataClass.CONFIDENTIAL) & seen))


def delete_expired() -> int:
    """Delete entries whose time has passed; returns how many."""
    return LogEntry.objects.filter(expires_on__lte=timezone.localdate()).delete()[0]
