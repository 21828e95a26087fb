"""What a Durchgang is planned to cost."""

from typing import Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle
from programmes.events.models import Event
from programmes.suppliers.models import Category


class BudgetLineQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of cycles whose budget ``user`` may see."""
        from programmes.budget.permissions import visible_budget_lines

        return self.filter(visible_budget_lines(user))


class BudgetLine(Versioned):
    """An amount planned for an event, or for the cycle as a whole."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="budget_lines")
    event = models.ForeignKey(
        Event,
        verbose_name="Veranstaltung",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="budget_lines",
    )
    category = models.CharField("Art", max_length=8, choices=Category)
    label = models.CharField("Wofür", max_length=160)
    planned = models.DecimalField(
        "geplant, brutto (Euro)",
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )

    objects = models.Manager.from_queryset(BudgetLineQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Planansatz"
        verbose_name_plural = "Planansätze"
        ordering = ("pk",)
        indexes = (models.Index(fields=["cycle", "event"], name="budget_line_list"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="budget_line_category_known"
            ),
            models.CheckConstraint(condition=Q(planned__gte=0), name="budget_line_not_negative"),
        )

    def __str__(self) -> str:
        return self.label
