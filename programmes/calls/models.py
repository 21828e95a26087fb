"""The Ausschreibung: the conditions of entry and the text the Kommunen publish."""

from typing import Any, Self

from django.db import models

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle, Participation


class CallQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Calls of the cycles whose Ausschreibung ``user`` may read."""
        from programmes.calls.permissions import visible_calls

        return self.filter(visible_calls(user))


class Call(Versioned):
    """The agreed Ausschreibung of a cycle, in Markdown with the cycle's dates as placeholders."""

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="call")
    conditions = models.TextField("Teilnahmebedingungen", max_length=10000, blank=True)
    text = models.TextField("Text der Ausschreibung", max_length=20000, blank=True)
    agreed_on = models.DateField("vereinbart am", null=True, blank=True)

    objects = models.Manager.from_queryset(CallQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Ausschreibung"
        verbose_name_plural = "Ausschreibungen"

    def __str__(self) -> str:
        return f"Ausschreibung, {self.cycle}"


class InvolvementQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of the own Kommune, and of a cycle in whose Beirat ``user`` sits."""
        from programmes.calls.permissions import visible_involvements

        return self.filter(visible_involvements(user))


class Involvement(Versioned):
    """That a Kommune has involved its Personalrat and Gleichstellungsstelle, and when."""

    participation = models.OneToOneField(
        Participation, on_delete=models.CASCADE, related_name="involvement"
    )
    staff_council_on = models.DateField("Personalrat beteiligt am", null=True, blank=True)
    equality_on = models.DateField("Gleichstellung beteiligt am", null=True, blank=True)
    note = models.CharField("Bemerkung", max_length=300, blank=True)

    objects = models.Manager.from_queryset(InvolvementQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Beteiligung in der Kommune"
        verbose_name_plural = "Beteiligungen in den Kommunen"

    def __str__(self) -> str:
        return f"Beteiligung, {self.participation}"
