"""How long a cycle keeps each class of data."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality


class CyclePeriodQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Periods of the cycles whose periods ``user`` may read."""
        from programmes.privacy.permissions import visible_periods

        return self.filter(visible_periods(user))


class CyclePeriod(Versioned):
    """A cycle's own period for one class of data; without a row the shipped one holds.

    ``key`` names an entry of ``programmes.people.retention.data_periods``.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="data_periods")
    key = models.CharField("Datenklasse", max_length=60)
    days = models.PositiveSmallIntegerField(
        "Tage", validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )

    objects = models.Manager.from_queryset(CyclePeriodQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Löschfrist"
        verbose_name_plural = "Löschfristen"
        constraints = (
            models.UniqueConstraint(fields=["cycle", "key"], name="cycle_period_once"),
            models.CheckConstraint(condition=Q(days__range=(1, 3650)), name="cycle_period_range"),
        )

    def __str__(self) -> str:
        return f"Löschfrist {self.pk}"


class Announcement(models.Model):
    """That a deletion was announced to the lead: once a cycle, class of data and day."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    due_on = models.DateField()
    announced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "programmes"
        verbose_name = "Ankündigung einer Löschung"
        verbose_name_plural = "Ankündigungen von Löschungen"
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "key", "due_on"], name="deletion_announced_once"
            ),
        )

    def __str__(self) -> str:
        return f"Ankündigung {self.pk}"


class Erasure(models.Model):
    """That a person was erased on request: when, by whom, under which Aktenzeichen.

    It does not say who. It proves that the request was met (Art. 5 Abs. 2 DSGVO).
    """

    municipality = models.ForeignKey(
        Municipality,
        verbose_name="Kommune",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reference = models.CharField("Aktenzeichen", max_length=100)
    erased_at = models.DateTimeField("gelöscht am", default=timezone.now)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        app_label = "programmes"
        verbose_name = "Löschung auf Antrag"
        verbose_name_plural = "Löschungen auf Antrag"
        ordering = ("-erased_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(reference=""), name="erasure_has_reference"),
        )

    def __str__(self) -> str:
        return f"Löschung {self.pk}"
