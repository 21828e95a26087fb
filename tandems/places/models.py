"""Platzvergabe: the joint decision on the places of a cycle."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle, Participation
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState


class AllocationRule(models.TextChoices):
    """How the proposal is made. No rule looks at the size of a Kommune (design, rule 5)."""

    ROUNDS = "rounds", "erst jede Kommune einen Platz, dann reihum nach Rang"
    ONE_EACH = "one_each", "jede Kommune höchstens einen Platz, der Rest nach Beschluss"
    RANKS = "ranks", "nach Rängen: erst alle ersten, dann alle zweiten Ränge"


class AllocationState(models.TextChoices):
    OPEN = "open", "in Beratung"
    CLOSED = "closed", "beschlossen"


class AllocationQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Allocations of the cycles in whose Beirat ``user`` sits."""
        from tandems.places.permissions import visible_allocations

        return self.filter(visible_allocations(user))


class Allocation(Versioned):
    """The decision of a cycle. Closed by a lead; what comes later is a ``LaterDecision``."""

    cycle = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="allocation")
    state = models.CharField(
        "Stand", max_length=6, choices=AllocationState, default=AllocationState.OPEN, editable=False
    )
    rule = models.CharField(
        "Regel des Vorschlags",
        max_length=10,
        choices=AllocationRule,
        default=AllocationRule.ROUNDS,
    )
    places = models.PositiveSmallIntegerField(
        "Plätze", validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    ties = models.JSONField("Gleichstände des Vorschlags", default=list, editable=False)
    places_note = models.CharField("Bemerkung zu den Plätzen", max_length=500, blank=True)
    met_on = models.DateField("Sitzung am", null=True, blank=True)
    present = models.ManyToManyField(
        Participation, verbose_name="anwesende Kommunen", blank=True, related_name="+"
    )
    minutes = models.TextField("Bemerkungen im Protokoll", max_length=8000, blank=True)
    resolution = models.TextField(
        "Beschluss über einen Einwand hinweg", max_length=4000, blank=True, editable=False
    )
    missing_note = models.TextField(
        "Beschluss trotz fehlender Stimmen", max_length=2000, blank=True, editable=False
    )
    proposed_at = models.DateTimeField("Vorschlag vom", default=timezone.now, editable=False)
    changed_at = models.DateTimeField(
        "letzte Änderung einer Entscheidung", default=timezone.now, editable=False
    )
    closed_at = models.DateTimeField("beschlossen am", null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(AllocationQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Platzvergabe"
        verbose_name_plural = "Platzvergaben"
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=AllocationState.values), name="allocation_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=AllocationState.CLOSED) | Q(closed_at__isnull=False),
                name="allocation_closed_time",
            ),
        )

    def __str__(self) -> str:
        return f"Platzvergabe {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the Beirat still deliberates."""
        return self.state == AllocationState.OPEN


class Outcome(models.TextChoices):
    PLACED = "placed", "Platz"
    WAITING = "waiting", "Warteliste"
    DECLINED = "declined", "kein Platz"


class AllocationLineQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Lines of visible allocations, without those of applications hidden from ``user``.

        What was hidden stays so when the application has been deleted.
        """
        seen = Q(application__in=Application.objects.visible_to(user).values("pk"))
        kept_from = AllocationLine.hidden_from.through.objects.filter(
            person=posts_of(user).person
        ).values("allocationline")
        return self.filter(
            seen | (Q(application=None) & ~Q(pk__in=kept_from)),
            allocation__in=Allocation.objects.visible_to(user).values("pk"),
        )


class AllocationLine(Versioned):
    """What is to become of one nomination.

    ``proposed`` is what the rule says, empty where it leaves a tie; ``outcome`` what the
    Beirat wants, which needs a ``reason`` where it differs from the proposal. ``position``
    orders those who wait, equals sharing one; what is shown is counted from it.

    Once decided the line outlives its application, so that the minutes still add up: with
    the Kommune (``erased_house``) and the outcome, and for nobody from whom the application
    was hidden (``hidden_from``, shown nowhere).
    """

    allocation = models.ForeignKey(Allocation, on_delete=models.CASCADE, related_name="lines")
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, related_name="allocation_lines"
    )
    erased_house = models.ForeignKey(
        "programmes.Municipality",
        verbose_name="Kommune der gelöschten Bewerbung",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    hidden_from = models.ManyToManyField(Person, editable=False, related_name="+")
    rank = models.PositiveSmallIntegerField("Rang, als der Vorschlag gemacht wurde")
    proposed = models.CharField("Vorschlag", max_length=8, choices=Outcome, blank=True)
    tie = models.PositiveSmallIntegerField("Gleichstand Nr.", null=True, blank=True)
    outcome = models.CharField("Entscheidung", max_length=8, choices=Outcome, blank=True)
    position = models.PositiveSmallIntegerField("Stelle auf der Warteliste", null=True, blank=True)
    reason = models.TextField("Begründung", max_length=1000, blank=True)
    by_hand = models.BooleanField("vom Beirat entschieden", default=False, editable=False)

    objects = models.Manager.from_queryset(AllocationLineQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Zeile der Platzvergabe"
        verbose_name_plural = "Zeilen der Platzvergabe"
        constraints = (
            models.UniqueConstraint(
                fields=["allocation", "application"], name="allocation_line_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("", *Outcome.values)), name="allocation_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=False) ^ Q(erased_house__isnull=False),
                name="allocation_line_of_a_house",
            ),
        )

    def __str__(self) -> str:
        return f"Zeile {self.pk} der Platzvergabe"

    @property
    def candidate(self) -> Application:
        """The application, of a line that still has one."""
        assert self.application is not None
        return self.application


class Stance(models.TextChoices):
    AGREE = "agree", "Zustimmung"
    OBJECT = "object", "Einwand"
    ABSTAIN = "abstain", "Enthaltung"


class VoiceQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Voices in the allocations ``user`` takes part in."""
        return self.filter(allocation__in=Allocation.objects.visible_to(user).values("pk"))


class Voice(Versioned):
    """The one voice of a Kommune (design, rule 5)."""

    allocation = models.ForeignKey(Allocation, on_delete=models.CASCADE, related_name="voices")
    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="voices"
    )
    stance = models.CharField("Stimme", max_length=8, choices=Stance)
    text = models.TextField("Einwand", max_length=2000, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(VoiceQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Stimme"
        verbose_name_plural = "Stimmen"
        constraints = (
            models.UniqueConstraint(
                fields=["allocation", "participation"], name="voice_one_per_municipality"
            ),
            models.CheckConstraint(
                condition=~Q(stance=Stance.OBJECT) | ~Q(text=""), name="voice_objection_with_text"
            ),
        )

    def __str__(self) -> str:
        return f"Stimme {self.pk}"


class LaterDecisionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Later decisions about applications ``user`` may know of."""
        return self.filter(
            allocation__in=Allocation.objects.visible_to(user).values("pk"),
            application__in=Application.objects.visible_to(user).values("pk"),
        )


class LaterDecision(models.Model):
    """After the close: a place given back, or one on the waiting list that moves up."""

    allocation = models.ForeignKey(
        Allocation, on_delete=models.CASCADE, related_name="later_decisions"
    )
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    before = models.CharField("vorher", max_length=10)
    after = models.CharField("nachher", max_length=10)
    reason = models.TextField("Begründung", max_length=1000)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(LaterDecisionQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "spätere Entscheidung"
        verbose_name_plural = "spätere Entscheidungen"
        ordering = ("decided_at", "pk")

    def __str__(self) -> str:
        return f"spätere Entscheidung {self.pk}"

    @property
    def words(self) -> str:
        """From what to what."""
        labels = dict(ApplicationState.choices)
        return f"bisher „{labels.get(self.before, '')}“, jetzt „{labels.get(self.after, '')}“"


class OutcomeTextQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The cycle's texts for Beirat and HR staff; a Kommune's own ones for its HR alone."""
        from tandems.places.permissions import visible_texts

        return self.filter(visible_texts(user))


class OutcomeText(Versioned):
    """The words with which the Kommunen tell an outcome, to adapt: one a cycle and outcome.

    With ``municipality`` it is the Kommune's own version of them.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="outcome_texts")
    municipality = models.ForeignKey(
        "programmes.Municipality",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    outcome = models.CharField("Ergebnis", max_length=8, choices=Outcome)
    text = models.TextField("Text", max_length=6000)
    changed_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects = models.Manager.from_queryset(OutcomeTextQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Text zum Ergebnis"
        verbose_name_plural = "Texte zum Ergebnis"
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "municipality", "outcome"], name="outcome_text_once_a_house"
            ),
            models.UniqueConstraint(
                fields=["cycle", "outcome"],
                condition=Q(municipality=None),
                name="outcome_text_once_a_cycle",
            ),
        )

    def __str__(self) -> str:
        return f"Text {self.pk}"
