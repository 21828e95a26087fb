"""Long work as rows: a job is what is to be done, a message only wakes somebody for it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mentoring.files.models import StoredFile


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "wartet"
    RUNNING = "running", "läuft"
    DONE = "done", "fertig"
    FAILED = "failed", "fehlgeschlagen"
    STOPPED = "stopped", "gestoppt"


FINISHED = (JobState.DONE, JobState.FAILED, JobState.STOPPED)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> "JobQuerySet":
        """A user's own jobs, nobody else's."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(created_by=user)


class Job(models.Model):
    """One piece of long work.

    ``claim`` is the token of the attempt that works on it now: whoever holds another one
    has lost the job and can no longer write to it.
    """

    kind = models.CharField("Art", max_length=60)
    title = models.CharField("Titel", max_length=200)
    params = models.JSONField("Angaben", default=dict)
    state = models.CharField("Stand", max_length=8, choices=JobState, default=JobState.QUEUED)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="beauftragt von",
        on_delete=models.CASCADE,
        related_name="+",
    )
    created_at = models.DateTimeField("beauftragt am", default=timezone.now)
    started_at = models.DateTimeField("begonnen am", null=True, blank=True)
    finished_at = models.DateTimeField("beendet am", null=True, blank=True)
    claim = models.UUIDField("Kennung des Versuchs", null=True, blank=True)
    heartbeat_at = models.DateTimeField("letztes Lebenszeichen", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    done = models.PositiveIntegerField("erledigt", default=0)
    total = models.PositiveIntegerField("insgesamt", default=0)
    stop_requested = models.BooleanField("soll enden", default=False)
    message = models.CharField("Meldung", max_length=500, blank=True)
    result = models.ForeignKey(
        StoredFile,
        verbose_name="Ergebnis",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        app_label = "mentoring"
        verbose_name = "Auftrag"
        verbose_name_plural = "Aufträge"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["created_by", "-created_at"], name="job_owner_time"),
            models.Index(
                fields=["state", "created_at"],
                name="job_open",
                condition=Q(state__in=("queued", "running")),
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(
                    state="running",
                    claim__isnull=False,
                    heartbeat_at__isnull=False,
                    started_at__isnull=False,
                )
                | (~Q(state="running") & Q(claim__isnull=True)),
                name="job_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINISHED, finished_at__isnull=False)
                | (~Q(state__in=FINISHED) & Q(finished_at__isnull=True)),
                name="job_finished_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed", message=""), name="job_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(state="done"), name="job_result_when_done"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page that shows how far it is."""
        return reverse("jobs:detail", kwargs={"pk": self.pk})

    @property
    def is_open(self) -> bool:
        """Still to come or under way."""
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100, or ``None`` while nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None


class Turn(models.Model):
    """Whose turn it is: a row that processes claim by conditional update.

    ``taken_at`` spaces out what must not be done too often, ``last_run_on`` marks what is
    done once a day.
    """

    name = models.CharField("Name", max_length=80, unique=True)
    taken_at = models.DateTimeField("genommen am", null=True, blank=True)
    last_run_on = models.DateField("zuletzt erledigt am", null=True, blank=True)

    class Meta:
        app_label = "mentoring"
        verbose_name = "Arbeitsgang"
        verbose_name_plural = "Arbeitsgänge"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
