"""Veranstaltungen and what happens in them."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from mentoring.records import Keyed, KeyedQuerySet
from programmes.cycles.models import Cycle
from programmes.documents.models import Document
from programmes.roadmap.models import Milestone


class EventKind(models.TextChoices):
    INFORMATION = "information", "Informationsveranstaltung"
    CONSTITUTION = "constitution", "Konstituierung"
    INTRODUCTION = "introduction", "Vorstellungstermin"
    START = "start", "Startworkshop"
    NETWORKING = "networking", "Vernetzungstreffen"
    INTERIM = "interim", "Zwischenbilanz"
    CLOSING = "closing", "Abschlussveranstaltung"
    COUNCIL = "council", "Beiratssitzung"
    OTHER = "other", "andere"


class EventState(models.TextChoices):
    PLANNED = "planned", "geplant"
    CANCELLED = "cancelled", "abgesagt"


class EventQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The events ``user`` may open: see ``programmes.events.permissions``."""
        from programmes.events.permissions import visible_events

        return self.filter(visible_events(user))

    def planned(self) -> Self:
        """Those not called off."""
        return self.filter(state=EventState.PLANNED)


class Event(Keyed):
    """A gathering with time and place; with a milestone it moves along with it."""

    key_fields: ClassVar[tuple[str, ...]] = ("title",)
    search_only_fields: ClassVar[tuple[str, ...]] = ("venue", "address")

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="events")
    milestone = models.ForeignKey(
        Milestone,
        verbose_name="Meilenstein",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
    )
    kind = models.CharField("Art", max_length=12, choices=EventKind, default=EventKind.OTHER)
    title = models.CharField("Titel", max_length=160)
    starts_at = models.DateTimeField("Beginn")
    ends_at = models.DateTimeField("Ende")
    venue = models.CharField("Ort", max_length=160, blank=True)
    address = models.TextField("Anschrift", max_length=300, blank=True)
    online_url = models.URLField("Link zur Teilnahme online", max_length=500, blank=True)
    description = models.TextField(
        "Worum geht es?",
        max_length=4000,
        blank=True,
        help_text="Lesen alle, die eingeladen sind. Gibt es eine öffentliche Anmeldeseite, steht "
        "es auch dort.",
    )
    room = models.CharField("Raum", max_length=160, blank=True)
    material = models.TextField("Material und Technik", max_length=2000, blank=True)
    catering = models.TextField("Catering", max_length=2000, blank=True)
    capacity = models.PositiveSmallIntegerField(
        "Plätze",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5000)],
        help_text="Leer lassen, wenn es keine Grenze gibt.",
    )
    answer_until = models.DateField("Antwort bis", null=True, blank=True)
    asks_needs = models.BooleanField(
        "nach Essen und Barrierefreiheit fragen",
        default=False,
        help_text="Die Antworten sehen nur Logistikpartner und Treiber/innen. Sie werden 14 Tage "
        "nach der Veranstaltung gelöscht.",
    )
    public_registration = models.BooleanField(
        "öffentliche Anmeldeseite",
        default=False,
        help_text="Wer sich interessiert, kann sich ohne Zugang anmelden.",
    )
    minutes = models.TextField("Protokoll", max_length=20000, blank=True)
    documents = models.ManyToManyField(
        Document, verbose_name="Unterlagen", blank=True, related_name="events"
    )
    state = models.CharField(
        "Stand",
        max_length=9,
        choices=EventState,
        default=EventState.PLANNED,
        editable=False,
    )
    cancel_reason = models.CharField("Grund der Absage", max_length=300, blank=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    """SEQUENCE of RFC 5545, 3.8.7.4: raised whenever a calendar must take over a change."""
    needs_deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(EventQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Veranstaltung"
        verbose_name_plural = "Veranstaltungen"
        ordering = ("starts_at", "pk")
        indexes = (
            models.Index(fields=["cycle", "starts_at"], name="event_cycle_time"),
            models.Index(
                fields=["ends_at"],
                name="event_needs_to_delete",
                condition=Q(asks_needs=True, needs_deleted_at=None),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_start",
                violation_error_message="Das Ende liegt nicht nach dem Beginn.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EventState.values), name="event_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="event_cancelled_with_reason",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("events:event", args=[self.cycle_id, self.pk])

    def clean(self) -> None:
        """Raise ``ValidationError`` if it ends before it begins."""
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "Das Ende liegt nicht nach dem Beginn."})

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether it has ended."""
        return self.ends_at <= (now or timezone.now())


class AgendaItem(models.Model):
    """A point of the agenda, with who speaks."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    at = models.TimeField("Uhrzeit", null=True, blank=True)
    topic = models.CharField("Thema", max_length=200)
    speaker = models.CharField("Referent/in", max_length=160, blank=True)

    class Meta:
        app_label = "programmes"
        verbose_name = "Punkt der Tagesordnung"
        verbose_name_plural = "Tagesordnung"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.topic
