"""Outsiders who registered for the information event on its public page."""

from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mentoring.records import Keyed, KeyedQuerySet
from programmes.cycles.models import Participation
from programmes.events.models import Event


class InterestState(models.TextChoices):
    PENDING = "pending", "noch nicht bestätigt"
    CONFIRMED = "confirmed", "angemeldet"
    WITHDRAWN = "withdrawn", "abgemeldet"


class InterestQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The registrations ``user`` may see: see ``programmes.registrations.permissions``."""
        from programmes.registrations.permissions import visible_interests

        return self.filter(visible_interests(user))

    def confirmed(self) -> Self:
        """Those whose address was confirmed and who did not withdraw."""
        return self.filter(state=InterestState.CONFIRMED)


class Interest(Keyed):
    """A registration: pending until the link in the mail was used.

    ``municipality`` is what was typed; ``participation`` the Kommune invited because of it.
    ``nonce`` goes into the signed personal links; a new one ends those sent before.
    ``told_sequence`` is the SEQUENCE of the event as the person last got it. Deleted 7 days
    after it was made if it is still pending, and 30 days after the event.
    """

    key_fields: ClassVar[tuple[str, ...]] = ("last_name", "first_name")
    search_only_fields: ClassVar[tuple[str, ...]] = ("municipality", "email")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="interests")
    first_name = models.CharField("Vorname", max_length=80)
    last_name = models.CharField("Nachname", max_length=80)
    email = models.EmailField("E-Mail-Adresse")
    municipality = models.CharField("Kommune", max_length=120)
    nonce = models.UUIDField(default=uuid4, editable=False)
    state = models.CharField(
        "Stand", max_length=9, choices=InterestState, default=InterestState.PENDING, editable=False
    )
    created_at = models.DateTimeField("angemeldet am", default=timezone.now)
    confirmed_at = models.DateTimeField("bestätigt am", null=True, blank=True, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_sequence = models.PositiveIntegerField(default=0, editable=False)
    participation = models.ForeignKey(
        Participation,
        verbose_name="eingeladen als",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = models.Manager.from_queryset(InterestQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Anmeldung zur Informationsveranstaltung"
        verbose_name_plural = "Anmeldungen zur Informationsveranstaltung"
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["event", "email"], name="interest_once"),
            models.CheckConstraint(
                condition=Q(state__in=InterestState.values), name="interest_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="interest_confirmed_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"Anmeldung {self.pk}"

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"
