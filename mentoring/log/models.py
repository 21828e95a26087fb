"""The log: who changed what and when, without giving away what is confidential."""

from typing import Any

from auditlog.models import AbstractLogEntry
from auditlog.models import LogEntryManager as AuditlogManager
from django.db import models
from django.db.models import Q


class DataClass(models.TextChoices):
    """How secret the data are that an entry is about."""

    FRAME = "frame", "Rahmen"
    CONFIDENTIAL = "confidential", "vertraulich"


class LogEntryQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "LogEntryQuerySet":
        """The entries ``user`` may read: see ``mentoring.log.domain.readable``."""
        from mentoring.log.domain import readable

        return self.filter(readable(user))


class LogEntryManager(AuditlogManager.from_queryset(LogEntryQuerySet)):  # type: ignore[misc]  # built at run time
    """Fills cycle, class and expiry from the policy of the entry's model."""

    def log_create(self, instance: Any, force_log: bool = False, **kwargs: Any) -> Any:
        """As auditlog's, with what our policy for the model adds."""
        return super().log_create(instance, force_log, **self._policy(instance), **kwargs)

    def log_m2m_changes(
        self, changed_queryset: Any, instance: Any, operation: str, field_name: str, **kwargs: Any
    ) -> Any:
        """As auditlog's; what was added or removed stays out of a confidential entry."""
        policy = self._policy(instance)
        if policy["data_class"] == DataClass.CONFIDENTIAL:
            if not changed_queryset:
                return None
            from mentoring.log.domain import CONCEALED

            changes = {field_name: [CONCEALED, CONCEALED]}
            return super().log_create(
                instance, action=self.model.Action.UPDATE, changes=changes, **policy, **kwargs
            )
        return super().log_m2m_changes(
            changed_queryset, instance, operation, field_name, **policy, **kwargs
        )

    def _policy(self, instance: Any) -> dict[str, Any]:
        from mentoring.log.domain import entry_fields

        return entry_fields(instance)


class LogEntry(AbstractLogEntry):
    """One change or one reading of a record.

    ``cycle_id`` is no foreign key: the ground does not know the frame, and an entry must
    not vanish or block when a cycle does.
    """

    cycle_id = models.PositiveBigIntegerField("Durchgang", null=True, blank=True)
    data_class = models.CharField(
        "Datenklasse", max_length=12, choices=DataClass, default=DataClass.FRAME
    )
    expires_on = models.DateField("wird gelöscht am")

    objects = LogEntryManager()

    class Meta(AbstractLogEntry.Meta):
        abstract = False
        app_label = "mentoring"
        verbose_name = "Protokolleintrag"
        verbose_name_plural = "Protokolleinträge"
        indexes = (
            models.Index(fields=["cycle_id", "-timestamp"], name="log_cycle_time"),
            models.Index(fields=["expires_on"], name="log_expires"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(data_class__in=DataClass.values), name="log_data_class_known"
            ),
        )
