"""Reminders that were sent, who wants them, and the private links of calendar feeds."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programmes.people.models import Person
from programmes.roadmap.milestone import Milestone
from programmes.roadmap.task import Task


class NoticeChoice(models.Model):
    """What a person does not want to get. Without a row everything is sent."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="notice_choice")
    reminders = models.BooleanField("Erinnerungen an Termine und Aufgaben", default=True)
    weekly = models.BooleanField("wöchentliche Übersicht für Treiber/innen", default=True)

    class Meta:
        app_label = "programmes"
        verbose_name = "Wahl der Erinnerungen"
        verbose_name_plural = "Wahlen der Erinnerungen"

    def __str__(self) -> str:
        return f"Wahl der Erinnerungen {self.pk}"


class Reminder(models.Model):
    """That a person was reminded of one date, so many days before it: once, ever.

    A date that moved (another ``due_on``) is a new one to remind of.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    milestone = models.ForeignKey(
        Milestone, on_delete=models.CASCADE, null=True, related_name="reminders"
    )
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, related_name="reminders")
    due_on = models.DateField()
    days_before = models.SmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "programmes"
        verbose_name = "Erinnerung"
        verbose_name_plural = "Erinnerungen"
        indexes = (models.Index(fields=["due_on"], name="reminder_due"),)
        constraints = (
            models.UniqueConstraint(
                fields=["person", "milestone", "due_on", "days_before"],
                condition=Q(task=None),
                name="reminder_milestone_once",
            ),
            models.UniqueConstraint(
                fields=["person", "task", "due_on", "days_before"],
                condition=Q(milestone=None),
                name="reminder_task_once",
            ),
            models.CheckConstraint(
                condition=Q(milestone=None, task__isnull=False)
                | Q(milestone__isnull=False, task=None),
                name="reminder_of_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"Erinnerung {self.pk}"


class WeeklySummary(models.Model):
    """That a lead got the summary of a week (``monday``): once, ever."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    monday = models.DateField()

    class Meta:
        app_label = "programmes"
        verbose_name = "wöchentliche Übersicht"
        verbose_name_plural = "wöchentliche Übersichten"
        constraints = (
            models.UniqueConstraint(fields=["person", "monday"], name="weekly_summary_once"),
        )

    def __str__(self) -> str:
        return f"Wochenübersicht {self.pk}"


class FeedToken(models.Model):
    """The private link of somebody's calendar feed; only its hash is stored."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_token"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("eingerichtet am", default=timezone.now)
    used_on = models.DateField("zuletzt abgerufen am", null=True, blank=True)

    class Meta:
        app_label = "programmes"
        verbose_name = "Kalenderadresse"
        verbose_name_plural = "Kalenderadressen"

    def __str__(self) -> str:
        return f"Kalenderadresse {self.pk}"
