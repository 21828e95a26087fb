"""A tandem, the agreement of both Kommunen to it, and how a cycle matches."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle, Participation
from programmes.people.models import Person
from tandems.applications.models import Application
from tandems.mentors.models import Mentor


class MatchingFrameQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Frames of the cycles whose matching ``user`` takes part in."""
        from tandems.pairs.permissions import matching_cycles

        return self.filter(cycle__in=matching_cycles(user))


class MatchingFrame(Versioned):
    """How a cycle matches.

    ``rules`` holds what each hard rule does where that differs from the shipped setting,
    ``weights`` likewise for each criterion of the suggestions. ``edition`` is raised with
    every change at the wall: who looks at it asks for a higher one.
    """

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="matching_frame")
    rules = models.JSONField("Regeln", default=dict, blank=True, editable=False)
    weights = models.JSONField("Gewichte", default=dict, blank=True, editable=False)
    mentors_first = models.BooleanField(
        "Mentor/innen zuerst",
        default=False,
        help_text="Dann erfahren die Mentor/innen ihr Match in einem eigenen Schritt, bevor es "
        "die Mentees und die Personalstellen erfahren.",
    )
    early_reason = models.TextField(
        "Warum nicht am Startworkshop bekannt gegeben", max_length=1000, blank=True, editable=False
    )
    edition = models.PositiveIntegerField(default=1, editable=False)

    objects = models.Manager.from_queryset(MatchingFrameQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Rahmen des Matchings"
        verbose_name_plural = "Rahmen des Matchings"

    def __str__(self) -> str:
        return f"Rahmen {self.pk} des Matchings"


class PairRule(models.TextChoices):
    """What may speak against a pair."""

    SAME_EMPLOYER = "same_employer", "selbe Kommune"
    REPORTING_LINE = "reporting_line", "Führungskraft"
    EXCLUDED = "excluded", "ausgeschlossen"
    EARLIER_PAIR = "earlier_pair", "schon einmal ein Tandem"
    CAPACITY = "capacity", "kein Platz mehr frei"
    NOT_AGREED = "not_agreed", "noch keine Zusage"
    TARGET_GROUP = "target_group", "nicht in der Zielgruppe"
    NOT_FREE = "not_free", "am Startworkshop verhindert"


class OverruleQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Overruled warnings of pairs both halves of which ``user`` may see."""
        from tandems.pairs.permissions import visible_pairs

        return self.filter(visible_pairs(user))


class Overrule(Versioned):
    """A lead's word that a warning about a pair does not hold it up, with the reason."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="overrules")
    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="overrules")
    rule = models.CharField("Regel", max_length=16, choices=PairRule)
    reason = models.TextField("Begründung", max_length=1000)
    overruled_at = models.DateTimeField(default=timezone.now, editable=False)
    overruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(OverruleQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Warnung, über die hinweggegangen wird"
        verbose_name_plural = "Warnungen, über die hinweggegangen wird"
        constraints = (
            models.UniqueConstraint(fields=["application", "mentor", "rule"], name="overrule_once"),
        )

    def __str__(self) -> str:
        return f"Entscheidung {self.pk} über eine Warnung"


class TandemState(models.TextChoices):
    PROPOSED = "proposed", "vorgeschlagen"
    AGREED = "agreed", "beschlossen"
    SEALED = "sealed", "versiegelt"
    REVEALED = "revealed", "bekannt gegeben"
    ACTIVE = "active", "läuft"
    COMPLETED = "completed", "abgeschlossen"
    ENDED_EARLY = "ended_early", "vorzeitig beendet"

    @classmethod
    def secret(cls) -> tuple[str, ...]:
        """States before the reveal."""
        return (cls.PROPOSED, cls.AGREED, cls.SEALED)

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """States after the reveal."""
        return (cls.REVEALED, cls.ACTIVE, cls.COMPLETED, cls.ENDED_EARLY)

    @classmethod
    def running(cls) -> tuple[str, ...]:
        """States in which the two meet."""
        return (cls.REVEALED, cls.ACTIVE)

    @classmethod
    def live(cls) -> tuple[str, ...]:
        """States that take a place of the mentor."""
        return (*cls.secret(), *cls.running())


class EndReason(models.TextChoices):
    """Why a tandem ended early; a class, never a story."""

    MENTEE_LEFT = "mentee_left", "Mentee hat die Kommune oder das Programm verlassen"
    MENTOR_LEFT = "mentor_left", "Mentor/in hat die Kommune oder das Programm verlassen"
    TIME = "time", "Zeit oder Entfernung"
    FIT = "fit", "passt nicht zusammen"
    HEALTH = "health", "längere Abwesenheit"
    OTHER = "other", "anderer Grund"


class TandemQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The tandems ``user`` may know of: see ``tandems.pairs.permissions`` (rule 1)."""
        from tandems.pairs.permissions import visible_tandems

        return self.filter(visible_tandems(user))


class Tandem(Versioned):
    """A mentee and a mentor, from the proposal at the wall to the end of their year.

    Whether it is known hangs on its own ``revealed_at``, and for the mentor of a cycle that
    shows mentors first on ``mentor_told_at``; ``tandems.reveal`` alone sets both. A
    match for the one left over is a new row, as secret as the first, with ``after``.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="tandems")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="tandems")
    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="tandems")
    # The people too, so that the database itself keeps them apart.
    mentee_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    mentor_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    state = models.CharField(
        "Stand",
        max_length=12,
        choices=TandemState,
        default=TandemState.PROPOSED,
        editable=False,
    )
    reason = models.TextField("Begründung", max_length=2000, blank=True)
    # Set anew when it is opened again: voices given before are older than it.
    proposed_at = models.DateTimeField("vorgeschlagen am", default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    reopen_reason = models.TextField(
        "Grund des Öffnens", max_length=1000, blank=True, editable=False
    )
    agreed_at = models.DateTimeField("beschlossen am", null=True, editable=False)
    sealed_at = models.DateTimeField("versiegelt am", null=True, editable=False)
    mentor_told_at = models.DateTimeField("der Mentorin bekannt seit", null=True, editable=False)
    revealed_at = models.DateTimeField("bekannt gegeben am", null=True, editable=False)
    agreement_on = models.DateField("Mentoringvereinbarung vom", null=True, blank=True)
    ended_on = models.DateField("beendet am", null=True, editable=False)
    end_reason = models.CharField(
        "Grund", max_length=12, choices=EndReason, blank=True, editable=False
    )
    accompanied_by = models.ForeignKey(
        Person,
        verbose_name="Begleitung aus dem Beirat",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    after = models.ForeignKey(
        "self",
        verbose_name="nach dem Tandem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = models.Manager.from_queryset(TandemQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Tandem"
        verbose_name_plural = "Tandems"
        constraints = (
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=("proposed", "agreed", "sealed", "revealed", "active")),
                name="tandem_one_live",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TandemState.values), name="tandem_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(mentee_person=F("mentor_person")), name="tandem_of_two"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "agreed", "sealed"), revealed_at=None)
                | Q(
                    state__in=("revealed", "active", "completed", "ended_early"),
                    revealed_at__isnull=False,
                ),
                name="tandem_revealed_time",
            ),
            models.CheckConstraint(
                condition=Q(mentor_told_at=None)
                | Q(state__in=("sealed", "revealed", "active", "completed", "ended_early")),
                name="tandem_told_once_sealed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "agreed")) | Q(sealed_at__isnull=False),
                name="tandem_sealed_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("completed", "ended_early"), ended_on__isnull=False)
                | Q(
                    state__in=("proposed", "agreed", "sealed", "revealed", "active"),
                    ended_on=None,
                ),
                name="tandem_ended_day",
            ),
            models.CheckConstraint(
                condition=Q(state="ended_early") & ~Q(end_reason="")
                | ~Q(state="ended_early") & Q(end_reason=""),
                name="tandem_early_end_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=["cycle", "state"], name="tandem_list"),
            models.Index(fields=["mentee_person"], name="tandem_mentee"),
            models.Index(fields=["mentor_person"], name="tandem_mentor"),
        )

    def __str__(self) -> str:
        # Neutral on purpose: this text reaches the log and error reports (design, rule 9).
        return f"Tandem {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page for the Beirat."""
        return reverse("pairs:tandem", args=[self.cycle_id, self.pk])

    @property
    def is_known(self) -> bool:
        """Whether it has been revealed."""
        return self.revealed_at is not None


class PairStance(models.TextChoices):
    AGREE = "agree", "Zustimmung"
    OBJECT = "object", "Einwand"


class TandemVoiceQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Voices on the tandems the matching of which ``user`` takes part in."""
        from tandems.pairs.permissions import decided_tandems

        return self.filter(tandem__in=Tandem.objects.filter(decided_tandems(user)).values("pk"))


class TandemVoice(Versioned):
    """What a Kommune concerned says to a proposed tandem: one voice each (rule 5)."""

    tandem = models.ForeignKey(Tandem, on_delete=models.CASCADE, related_name="voices")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField("Stimme", max_length=6, choices=PairStance)
    text = models.TextField("Einwand", max_length=1000, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(TandemVoiceQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Stimme zu einem Tandem"
        verbose_name_plural = "Stimmen zu Tandems"
        constraints = (
            models.UniqueConstraint(
                fields=["tandem", "participation"], name="tandem_voice_one_per_municipality"
            ),
            models.CheckConstraint(
                condition=~Q(stance=PairStance.OBJECT) | ~Q(text=""),
                name="tandem_objection_with_text",
            ),
        )

    def __str__(self) -> str:
        return f"Stimme {self.pk} zu einem Tandem"
