"""A suggestion for a whole cycle, as it was worked out."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from programmes.cycles.models import Cycle


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Suggestions of the cycles whose matching ``user`` takes part in."""
        from tandems.pairs.permissions import matching_cycles

        return self.filter(cycle__in=matching_cycles(user))


class Suggestion(models.Model):
    """The last assignment worked out for a cycle: keys and numbers, no names.

    Each page takes from ``result`` what its reader may see. ``basis`` is a digest of all it
    was worked out from, so that the page can say when that has changed.
    """

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="suggestion")
    basis = models.CharField(max_length=64)
    result = models.JSONField("Ergebnis", default=dict)
    made_at = models.DateTimeField("berechnet am", default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(SuggestionQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Vorschlag für das Matching"
        verbose_name_plural = "Vorschläge für das Matching"

    def __str__(self) -> str:
        return f"Vorschlag {self.pk}"
