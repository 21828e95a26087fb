"""The Meilensteine of a Durchgang, how they hang together, and the moves they have made."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from mentoring.records import Keyed, KeyedQuerySet
from programmes.cycles.models import CouncilSeat, Cycle
from programmes.documents.models import Document
from programmes.organisations.models import Municipality

START = "start"
"""The key of the Startworkshop, from which the others are counted."""


class MilestoneKind(models.TextChoices):
    PERIOD = "period", "Zeitraum"
    EVENT = "event", "Termin"


class MilestoneState(models.TextChoices):
    PLANNED = "planned", "geplant"
    DONE = "done", "erledigt"
    DROPPED = "dropped", "entfällt"


class Track(models.TextChoices):
    """Whom a milestone concerns: the lanes of the timeline, in their order."""

    PUBLIC = "public", "Öffentlich"
    COUNCIL = "council", "Beirat"
    HOUSES = "houses", "Kommunen"
    MENTEES = "mentees", "Mentees"
    ALL = "all", "Alle"
    TANDEMS = "tandems", "Tandems"


class MilestoneQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The milestones ``user`` may see: see ``programmes.roadmap.permissions``."""
        from programmes.roadmap.permissions import visible_milestones

        return self.filter(visible_milestones(user))

    def planned(self) -> Self:
        """Those neither done nor dropped."""
        return self.filter(state=MilestoneState.PLANNED)


class Milestone(Keyed):
    """A date or a period of the Fahrplan.

    It hangs on ``anchor``, ``anchor_days`` after it (negative: before), and moves with it
    unless ``fixed``. The Startworkshop hangs on nothing, and so does what has no anchor.
    """

    key_fields: ClassVar[tuple[str, ...]] = ("title",)
    search_only_fields: ClassVar[tuple[str, ...]] = ("description", "venue")

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="milestones")
    key = models.SlugField("Schlüssel", max_length=40, blank=True, editable=False)
    title = models.CharField("Titel", max_length=160)
    kind = models.CharField("Art", max_length=6, choices=MilestoneKind, default=MilestoneKind.EVENT)
    track = models.CharField("Bereich", max_length=8, choices=Track, default=Track.COUNCIL)
    starts_on = models.DateField("am oder ab")
    ends_on = models.DateField("bis")
    fixed = models.BooleanField(
        "Datum steht fest",
        default=False,
        help_text="Der Meilenstein bleibt stehen, wenn sich der Startworkshop verschiebt.",
    )
    anchor = models.ForeignKey(
        "self",
        verbose_name="hängt an",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="linked",
    )
    anchor_days = models.SmallIntegerField("Tage danach", null=True, blank=True)
    venue = models.CharField("Ort", max_length=160, blank=True)
    description = models.TextField("Beschreibung", max_length=4000, blank=True)
    notes = models.TextField("Notizen des Beirats", max_length=4000, blank=True)
    state = models.CharField(
        "Stand",
        max_length=7,
        choices=MilestoneState,
        default=MilestoneState.PLANNED,
        editable=False,
    )
    drop_reason = models.CharField("Grund", max_length=300, blank=True, editable=False)
    done_on = models.DateField("erledigt am", null=True, blank=True, editable=False)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name="zuständige Kommune",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    seats = models.ManyToManyField(
        CouncilSeat, verbose_name="zuständig im Beirat", blank=True, related_name="milestones"
    )
    documents = models.ManyToManyField(
        Document, verbose_name="Unterlagen", blank=True, related_name="milestones"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    """SEQUENCE of RFC 5545, 3.8.7.4: raised whenever a calendar must take over a change."""

    objects = models.Manager.from_queryset(MilestoneQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Meilenstein"
        verbose_name_plural = "Meilensteine"
        ordering = ("starts_on", "ends_on", "pk")
        indexes = (
            models.Index(fields=["cycle", "starts_on", "ends_on"], name="milestone_cycle_dates"),
            models.Index(fields=["state", "starts_on"], name="milestone_state_date"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "key"], condition=~Q(key=""), name="milestone_key_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="milestone_dates",
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MilestoneState.values), name="milestone_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(drop_reason=""),
                name="milestone_dropped_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(anchor=F("id")), name="milestone_not_its_own_anchor"
            ),
            models.CheckConstraint(
                condition=Q(anchor=None) | Q(anchor_days__isnull=False),
                name="milestone_anchored_with_days",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("roadmap:milestone", args=[self.cycle_id, self.pk])

    def clean(self) -> None:
        """Raise ``ValidationError`` if the end lies before the beginning."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "Das Ende liegt vor dem Beginn."})

    @property
    def days(self) -> timedelta:
        """How long after its first day it ends; nothing for a single day."""
        return self.ends_on - self.starts_on

    @property
    def is_start(self) -> bool:
        """Whether this is the Startworkshop."""
        return self.key == START


class MoveQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The moves of milestones ``user`` may see: whoever reads the Fahrplan."""
        from programmes.roadmap.permissions import visible_milestones

        return self.filter(visible_milestones(user))


class Move(models.Model):
    """A change of dates that took others along, and how to take it back.

    ``changes`` lists what was moved as ``{"what", "pk", "field": [from, to]}``; followers of
    later rooms add theirs under their name in ``followed``.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="moves")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.SET_NULL, null=True, related_name="moves"
    )
    title = models.CharField("Meilenstein", max_length=160)
    from_on = models.DateField("von")
    to_on = models.DateField("auf")
    changes = models.JSONField(default=list)
    followed = models.JSONField(default=dict)
    moved_at = models.DateTimeField("verschoben am", default=timezone.now)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    undone_at = models.DateTimeField("zurückgenommen am", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = models.Manager.from_queryset(MoveQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Verschiebung"
        verbose_name_plural = "Verschiebungen"
        ordering = ("-moved_at", "-pk")
        indexes = (models.Index(fields=["cycle", "-moved_at"], name="move_cycle_time"),)

    def __str__(self) -> str:
        return f"{self.title}: {self.from_on:%d.%m.%Y} auf {self.to_on:%d.%m.%Y}"
