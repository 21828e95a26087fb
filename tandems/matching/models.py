"""Ideas for matches, and what the Beirat says to them."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Participation
from programmes.people.models import Person
from tandems.applications.models import Application
from tandems.mentors.models import Mentor


class Mark(models.TextChoices):
    """What the Beirat has settled about an idea."""

    NONE = "", "offen"
    PINNED = "pinned", "gesetzt"
    SECOND = "second", "zweite Wahl"
    BANNED = "banned", "kommt nicht in Frage"


class MatchIdeaQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Ideas both halves of which ``user`` may see, where they take part in the matching."""
        from tandems.pairs.permissions import visible_pairs

        return self.filter(visible_pairs(user))


class MatchIdea(Versioned):
    """A mögliches Match on the wall. What is ``pinned`` or ``banned`` binds the suggestions."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="match_ideas"
    )
    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="match_ideas")
    had_by = models.ForeignKey(
        Person,
        verbose_name="Idee von",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    reason = models.TextField("Was dafür spricht", max_length=1000, blank=True)
    mark = models.CharField("Beschluss", max_length=6, choices=Mark, blank=True, default=Mark.NONE)
    mark_reason = models.TextField("Begründung", max_length=1000, blank=True)
    created_at = models.DateTimeField("eingetragen am", default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(MatchIdeaQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "mögliches Match"
        verbose_name_plural = "mögliche Matches"
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["application", "mentor"],
                name="match_idea_once",
                violation_error_message="Dieses Paar steht schon an der Wand.",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(mark=Mark.PINNED), name="match_idea_one_pinned"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(mark=Mark.SECOND), name="match_idea_one_second"
            ),
            models.CheckConstraint(condition=Q(mark__in=Mark.values), name="match_idea_mark_known"),
        )

    def __str__(self) -> str:
        # Neutral on purpose: this text reaches the log and error reports (design, rule 9).
        return f"mögliches Match {self.pk}"


class IdeaStance(models.TextChoices):
    SUPPORT = "support", "dafür"
    DOUBT = "doubt", "Zweifel"


class OfIdeaQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """What belongs to visible ideas."""
        return self.filter(idea__in=MatchIdea.objects.visible_to(user).values("pk"))


class IdeaVoice(Versioned):
    """What a Kommune says to an idea: one voice each, whatever its size (rule 5)."""

    idea = models.ForeignKey(MatchIdea, on_delete=models.CASCADE, related_name="voices")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField("Stimme", max_length=7, choices=IdeaStance)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(OfIdeaQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Stimme zu einem möglichen Match"
        verbose_name_plural = "Stimmen zu möglichen Matches"
        constraints = (
            models.UniqueConstraint(
                fields=["idea", "participation"], name="idea_voice_one_per_municipality"
            ),
        )

    def __str__(self) -> str:
        return f"Stimme {self.pk} zu einem möglichen Match"


class IdeaComment(Versioned):
    """A remark on an idea."""

    idea = models.ForeignKey(MatchIdea, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    text = models.TextField("Bemerkung", max_length=1000)
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(OfIdeaQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Bemerkung zu einem möglichen Match"
        verbose_name_plural = "Bemerkungen zu möglichen Matches"
        ordering = ("written_at", "pk")

    def __str__(self) -> str:
        return f"Bemerkung {self.pk}"


class BiasQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Declarations about people whom ``user`` may see in the matching."""
        from tandems.matching.permissions import visible_biases

        return self.filter(visible_biases(user))


class Bias(Versioned):
    """A member's own word that they know a mentee or a mentor and are not impartial."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, blank=True, related_name="biases"
    )
    mentor = models.ForeignKey(
        Mentor, on_delete=models.CASCADE, null=True, blank=True, related_name="biases"
    )
    member = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    text = models.CharField("woher", max_length=200, blank=True)
    declared_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(BiasQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Hinweis auf Befangenheit"
        verbose_name_plural = "Hinweise auf Befangenheit"
        constraints = (
            models.CheckConstraint(
                condition=Q(application__isnull=False) ^ Q(mentor__isnull=False),
                name="bias_about_one",
            ),
            models.UniqueConstraint(fields=["application", "member"], name="bias_once_mentee"),
            models.UniqueConstraint(fields=["mentor", "member"], name="bias_once_mentor"),
        )

    def __str__(self) -> str:
        return f"Hinweis {self.pk} auf Befangenheit"


class DroppedIdeaQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Dropped ideas both halves of which ``user`` may see."""
        from tandems.pairs.permissions import visible_pairs

        return self.filter(visible_pairs(user))


class DroppedIdea(Versioned):
    """That an idea others had spoken about was deleted, and why: they look for it."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="dropped_ideas"
    )
    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="dropped_ideas")
    reason = models.TextField("Begründung", max_length=1000)
    dropped_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    dropped_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(DroppedIdeaQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "gelöschtes mögliches Match"
        verbose_name_plural = "gelöschte mögliche Matches"
        ordering = ("dropped_at", "pk")

    def __str__(self) -> str:
        return f"gelöschtes mögliches Match {self.pk}"
