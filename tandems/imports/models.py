"""Importing applicants from a table: checked first, written only as chosen."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mentoring.files.models import StoredFile
from mentoring.jobs.models import Job
from mentoring.text import search_key
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality

KEEP_DAYS = 7
"""How long a run and its lines are kept, written or not."""


class ImportState(models.TextChoices):
    CHECKING = "checking", "wird geprüft"
    CHECKED = "checked", "geprüft"
    WRITING = "writing", "wird übernommen"
    WRITTEN = "written", "übernommen"
    FAILED = "failed", "nicht lesbar"


class Decision(models.TextChoices):
    """What becomes of a line."""

    OPEN = "", "noch offen"
    NEW = "new", "als neue Person"
    KNOWN = "known", "als bekannte Person"
    SKIP = "skip", "weglassen"


class ApplicantImportQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The user's own runs for their own Kommune."""
        from tandems.imports.permissions import visible_imports

        return self.filter(visible_imports(user))


class ApplicantImport(models.Model):
    """One uploaded table and what the check found, until its lines are taken over.

    The lines are emptied once written; the run is deleted after ``KEEP_DAYS`` days.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="imports")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="imports")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.CHECKING)
    file = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField("Datei", max_length=150)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ignored = models.JSONField("nicht übernommene Spalten", default=list, blank=True)
    absent = models.JSONField("fehlende Spalten", default=list, blank=True)
    problem = models.CharField("Hinweis", max_length=500, blank=True)
    written_count = models.PositiveIntegerField("übernommen", default=0)
    created_at = models.DateTimeField("hochgeladen am", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(ApplicantImportQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Import"
        verbose_name_plural = "Importe"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"Import {self.pk}"

    def get_absolute_url(self) -> str:
        """The page with what the check found."""
        return reverse("imports:run", args=[self.cycle_id, self.pk])

    @property
    def delete_on(self) -> datetime:
        """When it is deleted."""
        return self.created_at + timedelta(days=KEEP_DAYS)

    @property
    def stands(self) -> ImportState:
        """The state, as it is once the work on it ended without a result.

        A job that was stopped, or lost too often, leaves the run behind: a check has then
        failed, and what was to be written waits for its button again.
        """
        state = ImportState(self.state)
        if state not in (ImportState.CHECKING, ImportState.WRITING) or (
            self.job is not None and self.job.is_open
        ):
            return state
        return ImportState.FAILED if state == ImportState.CHECKING else ImportState.CHECKED


class ImportLineQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The lines of the runs ``user`` may see."""
        return self.filter(run__in=ApplicantImport.objects.visible_to(user).values("pk"))

    def search(self, text: str) -> Self:
        """Lines whose name contains every word of ``text``, whatever the umlauts' spelling."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found

    def takes(self) -> Self:
        """Lines that are to become drafts."""
        return self.filter(is_faulty=False, decision__in=(Decision.NEW, Decision.KNOWN))

    def undecided(self) -> Self:
        """Lines that are right and wait for a choice."""
        return self.filter(is_faulty=False, decision=Decision.OPEN)

    def left(self) -> Self:
        """Lines with mistakes that nobody has left out."""
        return self.filter(is_faulty=True).exclude(decision=Decision.SKIP)


class ImportLine(models.Model):
    """A line of the table: its cleaned answers, what is wrong, and whom it resembles.

    ``number`` is the line's number in the file. ``problems`` pairs the column's heading with
    what is wrong there. ``twins`` are other lines of the file, ``known`` keys of people of
    the own Kommune, ``person`` the one chosen among them. They are no foreign keys: a line
    that is thrown away in a week shall keep nobody from being deleted.
    """

    run = models.ForeignKey(ApplicantImport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("Zeile")
    name = models.CharField("Name", max_length=170, blank=True)
    search_key = models.CharField(max_length=200, blank=True, editable=False)
    answers = models.JSONField(default=dict, blank=True)
    problems = models.JSONField("Fehler", default=list, blank=True)
    notes = models.JSONField("Hinweise", default=list, blank=True)
    twins = models.JSONField(default=list, blank=True)
    known = models.JSONField(default=list, blank=True)
    is_faulty = models.BooleanField("fehlerhaft", default=False)
    is_doubtful = models.BooleanField("zu klären", default=False)
    decision = models.CharField("Auswahl", max_length=8, choices=Decision, blank=True, default="")
    person = models.BigIntegerField(null=True, blank=True)

    objects = models.Manager.from_queryset(ImportLineQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Zeile eines Imports"
        verbose_name_plural = "Zeilen eines Imports"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["run", "number"], name="import_line_once"),
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="import_line_decision_known"
            ),
            models.CheckConstraint(
                condition=Q(is_faulty=False) | Q(decision__in=(Decision.OPEN, Decision.SKIP)),
                name="import_line_faulty_not_taken",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.KNOWN, person__isnull=False)
                | (~Q(decision=Decision.KNOWN) & Q(person__isnull=True)),
                name="import_line_known_has_person",
            ),
        )

    def __str__(self) -> str:
        return f"Zeile {self.number}"
