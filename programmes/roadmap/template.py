"""The Fahrplan of a programme: what the next Durchgang begins with."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Programme
from programmes.roadmap.milestone import MilestoneKind, Track
from programmes.roadmap.task import Responsible

_WEEKS: tuple[Any, ...] = (MinValueValidator(-156), MaxValueValidator(156))


class TemplateQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Entries of the programmes ``user`` may open."""
        from programmes.cycles.permissions import visible_programmes

        return self.filter(programme__in=Programme.objects.filter(visible_programmes(user)))


class TemplateMilestone(Versioned):
    """A milestone in weeks before (negative) or after the Startworkshop."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="template_milestones"
    )
    key = models.SlugField("Schlüssel", max_length=40, editable=False)
    title = models.CharField("Titel", max_length=160)
    kind = models.CharField("Art", max_length=6, choices=MilestoneKind, default=MilestoneKind.EVENT)
    start_week = models.SmallIntegerField("Woche", validators=_WEEKS)
    end_week = models.SmallIntegerField("bis Woche", validators=_WEEKS)
    track = models.CharField("Bereich", max_length=8, choices=Track, default=Track.COUNCIL)
    venue = models.CharField("Ort", max_length=160, blank=True)
    description = models.TextField("Beschreibung", max_length=4000, blank=True)

    objects = models.Manager.from_queryset(TemplateQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Meilenstein der Vorlage"
        verbose_name_plural = "Meilensteine der Vorlage"
        ordering = ("start_week", "end_week", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "key"], name="template_milestone_key_once"
            ),
            models.CheckConstraint(
                condition=Q(end_week__gte=F("start_week")),
                name="template_milestone_weeks",
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class TemplateTask(Versioned):
    """A to-do, due ``week`` weeks after its milestone (negative: before)."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="template_tasks"
    )
    key = models.SlugField("Schlüssel", max_length=40, editable=False)
    title = models.CharField("Aufgabe", max_length=160)
    milestone = models.ForeignKey(
        TemplateMilestone,
        verbose_name="Meilenstein",
        on_delete=models.CASCADE,
        related_name="tasks",
    )
    week = models.SmallIntegerField("Woche vom Meilenstein an", validators=_WEEKS)
    responsible = models.CharField(
        "zuständig", max_length=9, choices=Responsible, default=Responsible.COUNCIL
    )

    objects = models.Manager.from_queryset(TemplateQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Aufgabe der Vorlage"
        verbose_name_plural = "Aufgaben der Vorlage"
        ordering = ("milestone__start_week", "week", "pk")
        constraints = (
            models.UniqueConstraint(fields=["programme", "key"], name="template_task_key_once"),
        )

    def __str__(self) -> str:
        return self.title
