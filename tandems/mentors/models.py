"""Mentors of a cycle, and the pool over all cycles."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle, Programme
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.profiles.models import SheetKind, Topic
from tandems.profiles.questions import Sheet
from tandems.profiles.versions import sheet_of


class MentorState(models.TextChoices):
    IDEA = "idea", "Idee"
    APPROACHED = "approached", "angefragt"
    AGREED = "agreed", "hat zugesagt"
    REFUSED = "refused", "hat abgesagt"
    PAUSED = "paused", "pausiert"


def labels_of(topics: list[str]) -> list[str]:
    """Topics as people read them, in the order of the list."""
    chosen = set(topics)
    return [str(topic.label) for topic in Topic if topic.value in chosen]


class MentorQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Mentors of the cycles in whose Beirat ``user`` sits, and of the own house."""
        from tandems.mentors.permissions import visible_mentors

        return self.filter(visible_mentors(user))


class Mentor(Versioned):
    """Somebody who may become, or is, a mentor in a cycle.

    An idea holds no more than function, house, topics and who had it: ``person`` is set
    with the approach. ``answers`` is the Profilbogen for mentors.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="mentors")
    municipality = models.ForeignKey(
        Municipality, verbose_name="Kommune", on_delete=models.PROTECT, related_name="mentors"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="mentorships"
    )
    state = models.CharField(
        "Stand", max_length=10, choices=MentorState, default=MentorState.IDEA, editable=False
    )
    position = models.CharField("Funktion", max_length=160)
    department = models.CharField("Fachbereich oder Amt", max_length=160, blank=True)
    topics = models.JSONField("Themen", default=list, blank=True)
    had_by = models.ForeignKey(
        Person,
        verbose_name="Idee von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    capacity = models.PositiveSmallIntegerField(
        "so viele Mentees", default=1, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    paused_until = models.DateField("pausiert bis", null=True, blank=True)
    answers = models.JSONField("Profilbogen", default=dict, blank=True, editable=False)
    handed_in_at = models.DateTimeField("Profilbogen abgegeben am", null=True, editable=False)
    agreed_on = models.DateField("zugesagt am", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("eingetragen am", default=timezone.now)

    objects = models.Manager.from_queryset(MentorQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Mentor/in"
        verbose_name_plural = "Mentor/innen"
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "person"],
                condition=Q(person__isnull=False),
                name="mentor_once_a_cycle",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MentorState.values), name="mentor_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MentorState.IDEA) | Q(person__isnull=False),
                name="mentor_beyond_idea_is_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=MentorState.AGREED) | Q(agreed_on__isnull=False),
                name="mentor_agreed_day",
            ),
        )
        indexes = (models.Index(fields=["cycle", "state", "municipality"], name="mentor_list"),)

    def __str__(self) -> str:
        # Neutral on purpose: this text reaches the log and error reports (design, rule 9).
        return f"Mentor/in {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("mentors:detail", args=[self.cycle_id, self.pk])

    @property
    def sheet(self) -> Sheet:
        """The Profilbogen for mentors in the version the cycle uses."""
        return sheet_of(self.cycle, SheetKind.MENTOR)

    @property
    def topic_labels(self) -> list[str]:
        """The topics as people read them."""
        return labels_of(self.topics)

    @property
    def called(self) -> str:
        """The name, or the function where nobody is named yet."""
        return self.person.full_name if self.person is not None else self.position


class Answer(models.TextChoices):
    AGREED = "agreed", "sagt zu"
    REFUSED = "refused", "sagt ab"
    LATER = "later", "ein andermal gern"
    RELEASED = "released", "nicht angefragt, wieder freigegeben"


class ApproachQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Approaches of the mentors ``user`` may see."""
        from tandems.mentors.permissions import visible_approaches

        return self.filter(visible_approaches(user))


class Approach(models.Model):
    """Who asked a mentor, when, and with what answer. No reason and no mentee is kept."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="approaches")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="approaches")
    claimed_at = models.DateTimeField("übernommen am", default=timezone.now)
    answer = models.CharField("Antwort", max_length=8, choices=Answer, blank=True)
    answered_on = models.DateField("beantwortet am", null=True, blank=True)

    objects = models.Manager.from_queryset(ApproachQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Anfrage"
        verbose_name_plural = "Anfragen"
        ordering = ("-claimed_at", "-pk")
        constraints = (
            # Nobody is approached by two at once: the database holds it.
            models.UniqueConstraint(
                fields=["mentor"], condition=Q(answer=""), name="approach_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_on__isnull=False), name="approach_answered_day"
            ),
        )

    def __str__(self) -> str:
        return f"Anfrage {self.pk}"


class PoolEntryQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Entries of the programmes in whose open cycles ``user`` seeks mentors."""
        from tandems.mentors.permissions import visible_pool

        return self.filter(visible_pool(user))


class PoolEntry(Versioned):
    """Somebody who agreed to be asked again, beyond the cycle: former mentee or mentor."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="mentor_pool")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pool_entries")
    consent_on = models.DateField("Einwilligung vom")
    consent_text = models.TextField("Wortlaut der Einwilligung", blank=True)
    capacity = models.PositiveSmallIntegerField(
        "so viele Mentees", default=1, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    topics = models.JSONField("Themen", default=list, blank=True)
    paused_until = models.DateField("pausiert bis", null=True, blank=True)
    origin = models.CharField("kommt aus", max_length=160, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(PoolEntryQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Eintrag im Pool"
        verbose_name_plural = "Pool der Mentor/innen"
        constraints = (models.UniqueConstraint(fields=["programme", "person"], name="pool_once"),)

    def __str__(self) -> str:
        return f"Pool {self.pk}"

    @property
    def topic_labels(self) -> list[str]:
        """The topics as people read them."""
        return labels_of(self.topics)

    @property
    def is_paused(self) -> bool:
        """Whether the person does not want to be asked today."""
        return self.paused_until is not None and self.paused_until >= timezone.localdate()
