"""The Aufgaben of a Durchgang."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mentoring.records import Keyed, KeyedQuerySet
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from programmes.roadmap.milestone import Milestone


class Responsible(models.TextChoices):
    """Whose task it is, as long as no person is named, and who sees it."""

    COUNCIL = "council", "Beirat"
    HOUSES = "houses", "Kommunen"
    LOGISTICS = "logistics", "Logistikpartner"


class TaskState(models.TextChoices):
    OPEN = "open", "offen"
    DONE = "done", "erledigt"


class TaskQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The tasks ``user`` may see: see ``programmes.roadmap.permissions``."""
        from programmes.roadmap.permissions import visible_tasks

        return self.filter(visible_tasks(user))


class Task(Keyed):
    """A to-do. With a milestone it is due ``days_from_milestone`` after its first day."""

    key_fields: ClassVar[tuple[str, ...]] = ("title",)
    search_only_fields: ClassVar[tuple[str, ...]] = ("description",)

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="tasks")
    key = models.SlugField("Schlüssel", max_length=40, blank=True, editable=False)
    title = models.CharField("Aufgabe", max_length=160)
    description = models.TextField("Beschreibung", max_length=2000, blank=True)
    milestone = models.ForeignKey(
        Milestone,
        verbose_name="Meilenstein",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
    )
    days_from_milestone = models.SmallIntegerField("Tage danach", null=True, blank=True)
    due_on = models.DateField("fällig am", null=True, blank=True)
    responsible = models.CharField(
        "zuständig", max_length=9, choices=Responsible, default=Responsible.COUNCIL
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name="Kommune",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    person = models.ForeignKey(
        Person,
        verbose_name="Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
    )
    state = models.CharField(
        "Stand", max_length=4, choices=TaskState, default=TaskState.OPEN, editable=False
    )
    done_at = models.DateTimeField("erledigt am", null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = models.Manager.from_queryset(TaskQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Aufgabe"
        verbose_name_plural = "Aufgaben"
        ordering = ("due_on", "sort_key", "pk")
        indexes = (
            models.Index(fields=["cycle", "state", "due_on"], name="task_cycle_state_due"),
            models.Index(fields=["person", "state"], name="task_person_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "key"], condition=~Q(key=""), name="task_key_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=TaskState.values), name="task_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="task_done_has_time"
            ),
            models.CheckConstraint(
                condition=Q(days_from_milestone=None) | Q(due_on__isnull=False),
                name="task_counted_has_date",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("roadmap:task", args=[self.cycle_id, self.pk])
