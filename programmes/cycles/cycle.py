"""Programme and Durchgang."""

from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from mentoring.records import Versioned, VersionedQuerySet
from programmes.organisations.models import LogisticsPartner
from programmes.people.models import Person, Post, PostQuerySet


class ProgrammeKind(models.TextChoices):
    CROSS_MENTORING = "cross_mentoring", "Cross-Mentoring"
    TALENT_CIRCLE = "talent_circle", "Nachwuchsförderkreis"
    OTHER = "other", "anderes Programm"


class ProgrammeQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Programmes ``user`` works in, as member, staff or operator."""
        from programmes.cycles.permissions import visible_programmes

        return self.filter(visible_programmes(user))


class Programme(Versioned):
    """A programme that Kommunen run together, cycle after cycle."""

    name = models.CharField("Name", max_length=120, unique=True)
    kind = models.CharField(
        "Art", max_length=20, choices=ProgrammeKind, default=ProgrammeKind.CROSS_MENTORING
    )
    fee_per_mentee = models.DecimalField(
        "Teilnahmegebühr je Mentee (Euro)",
        max_digits=8,
        decimal_places=2,
        default=Decimal("500.00"),
        validators=[MinValueValidator(Decimal("0.00"))],
    )
    tandem_months = models.PositiveSmallIntegerField(
        "Dauer der Tandemphase (Monate)",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
    )
    meetings_min = models.PositiveSmallIntegerField(
        "Treffen je Tandem, mindestens",
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    meetings_max = models.PositiveSmallIntegerField(
        "Treffen je Tandem, höchstens",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    logistics_partner = models.ForeignKey(
        LogisticsPartner,
        verbose_name="Logistikpartner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
    )

    objects = models.Manager.from_queryset(ProgrammeQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Programm"
        verbose_name_plural = "Programme"
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(meetings_max__gte=F("meetings_min")), name="programme_meetings_range"
            ),
            models.CheckConstraint(
                condition=Q(fee_per_mentee__gte=0), name="programme_fee_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cycles:programme", args=[self.pk])


class PermanentMemberQuerySet(PostQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Posts in the programmes whose ständige Mitglieder ``user`` may name."""
        from programmes.cycles.permissions import managed_programmes

        return self.filter(programme__in=Programme.objects.filter(managed_programmes(user)))


class PermanentMember(Post):
    """A ständiges Mitglied: may start a cycle and leads it until its seats are confirmed."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="permanent_members"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="permanent_posts")

    objects = models.Manager.from_queryset(PermanentMemberQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "ständiges Mitglied"
        verbose_name_plural = "ständige Mitglieder"
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "person"],
                condition=Q(until=None),
                name="permanent_member_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="permanent_member_dates"
            ),
        )

    def __str__(self) -> str:
        return f"ständiges Mitglied {self.programme}"


class CycleState(models.TextChoices):
    PLANNING = "planning", "in Planung"
    APPLICATION = "application", "Bewerbung"
    MATCHING = "matching", "Matching"
    RUNNING = "running", "Tandemphase"
    CLOSED = "closed", "abgeschlossen"
    CANCELLED = "cancelled", "abgesagt"

    @classmethod
    def ended(cls) -> tuple[str, str]:
        """States in which no seat gives access any more."""
        return (cls.CLOSED, cls.CANCELLED)


class CycleQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Cycles ``user`` may open: see ``programmes.cycles.permissions``."""
        from programmes.cycles.permissions import visible_cycles

        return self.filter(visible_cycles(user))

    def with_published_figures(self) -> Self:
        """Closed cycles: their figures are published to whoever works in a programme."""
        return self.filter(state=CycleState.CLOSED)


class Cycle(Versioned):
    """A Durchgang of a programme: two years from the first talks to the report."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cycles")
    number = models.PositiveSmallIntegerField("Nummer", validators=[MinValueValidator(1)])
    title = models.CharField("Titel", max_length=120)
    start_year = models.PositiveSmallIntegerField(
        "Beginn (Jahr)", validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    end_year = models.PositiveSmallIntegerField(
        "Ende (Jahr)", validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    state = models.CharField(
        "Stand", max_length=12, choices=CycleState, default=CycleState.PLANNING, editable=False
    )
    places = models.PositiveSmallIntegerField(
        "Plätze", default=24, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    start_workshop_on = models.DateField("Startworkshop am", null=True, blank=True)
    reveal_at = models.DateTimeField(
        "Matching wird automatisch bekannt am",
        null=True,
        blank=True,
        help_text="Leer lassen, wenn die Beiratsleitung es am Startworkshop selbst freigibt.",
    )
    four_eyes = models.BooleanField(
        "Vier Augen bei vertraulichen Rundmails",
        default=False,
        help_text="Dann muss vor der Freigabe eine zweite Person aus dem Beirat zustimmen.",
    )
    council_confirmed_at = models.DateTimeField("Beirat bestätigt am", null=True, editable=False)
    # Periods of deletion count from these days; the doors of the path set them.
    matching_on = models.DateField("Bewerbungsphase beendet am", null=True, editable=False)
    running_on = models.DateField("Tandemphase begonnen am", null=True, editable=False)
    ended_on = models.DateField("abgeschlossen oder abgesagt am", null=True, editable=False)
    started_from = models.ForeignKey(
        "self",
        verbose_name="begonnen aus",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    published_tandems = models.PositiveSmallIntegerField(
        "Tandems (veröffentlicht)", null=True, blank=True
    )
    cancel_reason = models.TextField(
        "Grund der Absage", max_length=2000, blank=True, editable=False
    )

    objects = models.Manager.from_queryset(CycleQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Durchgang"
        verbose_name_plural = "Durchgänge"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="cycle_number_once",
                violation_error_message="Diese Nummer hat schon ein anderer Durchgang.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CycleState.values), name="cycle_state_known"
            ),
            models.CheckConstraint(
                condition=Q(end_year__gte=F("start_year")),
                name="cycle_years_in_order",
                violation_error_message="Das Ende liegt vor dem Beginn.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(CycleState.PLANNING, *CycleState.ended()))
                | Q(council_confirmed_at__isnull=False),
                name="cycle_council_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state=CycleState.CANCELLED) | ~Q(cancel_reason=""),
                name="cycle_cancelled_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"Durchgang Nr. {self.number} ({self.years})"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cycles:cycle", args=[self.pk])

    @property
    def years(self) -> str:
        """First and last year, such as 2025–2027."""
        return f"{self.start_year}–{self.end_year}"

    @property
    def is_open(self) -> bool:
        """Whether seats still give access."""
        return self.state not in CycleState.ended()
