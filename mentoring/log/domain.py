"""Keeping the log: which models are tracked, what an entry may say, who may read it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import islice
from typing import Any

from auditlog import get_logentry_model
from auditlog.cid import get_cid
from auditlog.context import auditlog_disabled, auditlog_value, set_actor
from auditlog.diff import model_instance_diff
from auditlog.registry import auditlog
from auditlog.signals import accessed
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.signals import pre_save
from django.utils import timezone

from mentoring.log.models import DataClass, LogEntry
from mentoring.registry import Registry

CONCEALED = "•••"
NOBODY_ANY_MORE = "gelöschter Zugang"
_NEVER_LOGGED = ("version", "sort_key", "search_key", "password", "last_login")


@dataclass(frozen=True)
class LogPolicy:
    """What the log does with one model.

    ``cycle_of`` names the cycle an instance belongs to, ``keep_days`` how long an entry
    lives. Of a confidential model the log knows which fields changed, never their values.
    Entries of a ``personal`` model show values, but only to who sees the record itself:
    otherwise the log would name applicants to the operator.
    """

    model: type[models.Model]
    cycle_of: Callable[[Any], int | None]
    confidential: bool
    keep_days: int
    personal: bool = False

    @property
    def by_record(self) -> bool:
        """Whether an entry is read only by who sees the record it is about."""
        return self.confidential or self.personal


policies: Registry[LogPolicy] = Registry("log policies")
frame_readers: Registry[Callable[[Any], Q]] = Registry("readers of frame entries")
"""For a user, the frame entries that a later room lets them read."""


def track(
    model: type[models.Model],
    *,
    cycle_of: Callable[[Any], int | None] = lambda instance: None,
    confidential: bool = False,
    personal: bool = False,
    keep_days: int = 730,
    exclude: tuple[str, ...] = (),
    m2m: tuple[str, ...] = (),
) -> None:
    """Have every change of ``model`` logged from now on.

    ``confidential`` and ``personal`` as in ``LogPolicy``; both need ``visible_to(user)`` on
    the model's manager. ``exclude`` names fields that are never logged.
    """
    policies.add(
        model._meta.label_lower, LogPolicy(model, cycle_of, confidential, keep_days, personal)
    )
    # Named one by one: auditlog would otherwise log what points at the record as well.
    names = [
        field.name
        for field in model._meta.fields
        if field.name not in _NEVER_LOGGED and field.name not in exclude
    ]
    auditlog.register(
        model,
        include_fields=names,
        m2m_fields=set(m2m),
        mask_fields=names if confidential else [],
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
        # Not type(): request.user is a lazy object that only poses as its class.
        accessed.send(sender=instance.__class__, instance=instance)


def record_accesses(queryset: QuerySet[Any], *, by: Any) -> None:
    """Log that ``by`` has read every row of ``queryset``, in few statements.

    For exports: signals are not sent, so the actor is written here.
    """
    model = get_logentry_model()
    label = ContentType.objects.get_for_model(queryset.model)
    entries = (
        model(
            content_type=label,
            object_pk=str(row.pk),
            object_id=row.pk,
            object_repr=str(row),
            action=LogEntry.Action.ACCESS,
            actor=by,
            actor_email=getattr(by, "email", None),
            **entry_fields(row),
        )
        for row in queryset.order_by().iterator(chunk_size=500)
    )
    while batch := list(islice(entries, 500)):
        model.objects.bulk_create(batch)


def entry_fields(instance: Any) -> dict[str, Any]:
    """Cycle, class and expiry for an entry about ``instance``."""
    policy = policies.get(instance._meta.label_lower)
    return {
        "cycle_id": policy.cycle_of(instance),
        "data_class": DataClass.CONFIDENTIAL if policy.confidential else DataClass.FRAME,
        "expires_on": timezone.localdate() + timedelta(days=policy.keep_days),
    }


def log_bulk_update(queryset: QuerySet[Any], values: dict[str, Any]) -> None:
    """Enter a bulk ``update()`` of a tracked model: one entry a row, before it is done.

    New values are not evaluated (they may be expressions), so the entry names the fields
    and conceals what they held.
    """
    label = queryset.model._meta.label_lower
    fields = [name for name in values if name not in _NEVER_LOGGED]
    if label not in policies or not fields:
        return
    changes = {name: [CONCEALED, CONCEALED] for name in fields}
    _enter((instance, changes) for instance in queryset.all())


def log_changes(changes: Iterable[tuple[models.Model, dict[str, list[Any]]]]) -> None:
    """Enter what a bulk write does to records of one model, in few statements.

    ``changes`` pairs a record with what was and what will be in each field. For writes that
    send no signal and know the values; those of a confidential model are not for it.
    """
    _enter(
        (instance, {name: [str(value) for value in pair] for name, pair in fields.items()})
        for instance, fields in changes
        if instance._meta.label_lower in policies
    )


def log_created(instances: Iterable[models.Model]) -> None:
    """Enter the creation of records by ``bulk_create``, which sends no signal.

    The entries say what a single ``save()`` would have said; of a confidential model they
    conceal the values.
    """
    _enter(
        (
            (instance, _first_values(instance))
            for instance in instances
            if instance._meta.label_lower in policies
        ),
        action=LogEntry.Action.CREATE,
    )


def _first_values(instance: models.Model) -> Mapping[str, Sequence[str]]:
    """Every field that holds something; of a confidential model the name is enough.

    auditlog works that out too, but for 3,000 applications it takes a third of their time.
    """
    if not policies.get(instance._meta.label_lower).confidential:
        changes: Mapping[str, Sequence[str]] = model_instance_diff(None, instance) or {}
        return changes
    return {
        field.name: [CONCEALED, CONCEALED]
        for field in _logged_fields(type(instance))
        if getattr(instance, field.attname) is not None
    }


@cache
def _logged_fields(model: type[models.Model]) -> list[Any]:
    names = set(auditlog.get_model_fields(model)["include_fields"])
    return [field for field in model._meta.fields if field.name in names]


def _enter(
    changes: Iterable[tuple[models.Model, Mapping[str, Sequence[str]]]],
    *,
    action: int = LogEntry.Action.UPDATE,
) -> None:
    """Write one entry for each record, many in one statement; none while logging is off."""
    if auditlog_disabled.get():
        return
    model = get_logentry_model()
    entries = (
        model(
            content_type=ContentType.objects.get_for_model(instance),
            object_pk=str(instance.pk),
            object_id=instance.pk,
            object_repr=str(instance),
            action=action,
            changes=fields,
            cid=get_cid(),
            **entry_fields(instance),
        )
        for instance, fields in changes
    )
    while batch := list(islice(entries, 500)):
        for entry in batch:
            # What auditlog fills in on saving: the actor, and where the request came from.
            pre_save.send(sender=model, instance=entry, raw=False, update_fields=None)
        model.objects.bulk_create(batch)


def readable(user: Any) -> Q:
    """The entries ``user`` may read (design, rules 1 and 9).

    Frame entries: all for an operator, otherwise as later rooms say, and of personal models
    only what is about a record the reader sees now. Entries about a confidential record:
    only for who also may read frame entries of its cycle, is no operator, and sees the
    record itself now.
    """
    nothing = Q(pk__in=[])
    if not user.is_authenticated or not user.is_active:
        return nothing
    own = nothing
    for reader in frame_readers:
        own |= reader(user)
    everybody = Q(data_class=DataClass.FRAME)
    by_record = nothing
    types = ContentType.objects.get_for_models(
        *[policy.model for policy in policies if policy.by_record]
    )
    for policy in policies:
        if not policy.by_record:
            continue
        everybody &= ~Q(content_type=types[policy.model])
        if user.is_operator and policy.confidential:
            continue
        manager: Any = policy.model._default_manager  # of such a model it has ``visible_to``
        records = manager.visible_to(user)
        by_record |= Q(content_type=types[policy.model], object_id__in=records.values("pk"))
    allowed = everybody | by_record
    return allowed if user.is_operator else own & allowed


def forget(model: type[models.Model], keys: Iterable[int]) -> None:
    """Delete all entries about these records: who is erased is erased from the log too."""
    kind = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=kind, object_id__in=list(keys)).delete()


def forget_actor(user: Any) -> None:
    """Keep what ``user`` did, but not under their address."""
    LogEntry.objects.filter(actor=user).update(actor_email=NOBODY_ANY_MORE)


def delete_expired() -> int:
    """Delete entries whose time has passed; returns how many."""
    deleted: int = LogEntry.objects.filter(expires_on__lte=timezone.localdate()).delete()[0]
    return deleted
