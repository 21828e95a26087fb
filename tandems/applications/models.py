"""The Profilbogen: an applicant's application, from draft to decision."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mentoring.files.models import StoredFile
from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.profiles.models import SheetKind, TargetGroup
from tandems.profiles.questions import Sheet
from tandems.profiles.versions import sheet_of


class ApplicationState(models.TextChoices):
    DRAFT = "draft", "Entwurf"
    SUBMITTED = "submitted", "eingereicht"
    NOMINATED = "nominated", "nominiert"
    NOT_NOMINATED = "not_nominated", "nicht nominiert"
    PLACED = "placed", "Platz erhalten"
    WAITING = "waiting", "Warteliste"
    DECLINED = "declined", "kein Platz"
    WITHDRAWN = "withdrawn", "zurückgezogen"

    @classmethod
    def with_council(cls) -> tuple[str, ...]:
        """States in which the Beirat decides or has decided."""
        return (cls.NOMINATED, cls.PLACED, cls.WAITING, cls.DECLINED)


class ApplicationQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The applications ``user`` may read: see ``tandems.applications.permissions``."""
        from tandems.applications.permissions import visible_applications

        return self.filter(visible_applications(user))


class Application(Versioned):
    """An application for a place. Until nomination its own Kommune alone sees it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="applications")
    municipality = models.ForeignKey(
        Municipality, verbose_name="Kommune", on_delete=models.PROTECT, related_name="applications"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(
        "Stand",
        max_length=14,
        choices=ApplicationState,
        default=ApplicationState.DRAFT,
        editable=False,
    )
    rank = models.PositiveSmallIntegerField(
        "Rang der Kommune",
        null=True,
        blank=True,
        editable=False,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
    )
    department = models.CharField("Fachbereich oder Amt", max_length=160, blank=True)
    position = models.CharField("aktuelle Funktion", max_length=160, blank=True)
    target_group = models.CharField("Zielgruppe", max_length=16, choices=TargetGroup, blank=True)
    role_since = models.DateField("in dieser Rolle seit", null=True, blank=True)
    motivation = models.TextField("Motivation zur Teilnahme", max_length=4000, blank=True)
    topics = models.JSONField("Ziele und Themen", default=list, blank=True)
    goals = models.TextField("eigene Worte zu den Zielen", max_length=4000, blank=True)
    expectations = models.TextField(
        "Erwartungen an die Mentorin oder den Mentor", max_length=4000, blank=True
    )
    superior = models.ForeignKey(
        Person,
        verbose_name="Vorgesetzte/r im Beirat",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nur falls die vorgesetzte Person einen Sitz im Beirat hat: sie sieht den "
        "Profilbogen dann nicht.",
    )
    statement = models.TextField("Stellungnahme der Kommune", max_length=4000, blank=True)
    answers = models.JSONField(
        "weitere Angaben",
        default=dict,
        blank=True,
        editable=False,
        help_text="Angaben des Profilbogens ohne eigene Spalte, nach ihrem Schlüssel.",
    )
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    submitted_at = models.DateTimeField("eingereicht am", null=True, editable=False)
    nominated_at = models.DateTimeField("nominiert am", null=True, editable=False)
    withdrawn_at = models.DateTimeField("zurückgezogen am", null=True, editable=False)
    withdrawal_reason = models.TextField(
        "Grund des Zurückziehens", max_length=1000, blank=True, editable=False
    )
    handed_in_at = models.DateTimeField(
        "von der Bewerberin oder dem Bewerber abgegeben am", null=True, editable=False
    )
    late_reason = models.TextField(
        "Grund der späten Nominierung", max_length=1000, blank=True, editable=False
    )
    moved_reason = models.TextField(
        "Grund des Wechsels der Kommune", max_length=1000, blank=True, editable=False
    )
    photo = models.ForeignKey(
        StoredFile,
        verbose_name="Foto",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    signed_sheet = models.ForeignKey(
        StoredFile,
        verbose_name="unterschriebener Bogen",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    informed_on = models.DateField("Ergebnis mitgeteilt am", null=True, editable=False)
    told_outcome = models.CharField(
        "zuletzt mitgeteiltes Ergebnis", max_length=14, blank=True, editable=False
    )

    objects = models.Manager.from_queryset(ApplicationQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Bewerbung"
        verbose_name_plural = "Bewerbungen"
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "person"],
                condition=~Q(state=ApplicationState.WITHDRAWN),
                name="application_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ApplicationState.with_council())
                | Q(nominated_at__isnull=False, rank__isnull=False),
                name="application_nominated_with_rank",
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT)
                | Q(state=ApplicationState.WITHDRAWN)
                | Q(submitted_at__isnull=False),
                name="application_submitted_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.WITHDRAWN) | Q(withdrawn_at__isnull=False),
                name="application_withdrawn_time",
            ),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__range=(1, 99)), name="application_rank_range"
            ),
        )
        indexes = (
            models.Index(fields=["cycle", "municipality", "state"], name="application_house"),
            models.Index(fields=["cycle", "state", "rank"], name="application_council"),
        )

    def __str__(self) -> str:
        # Neutral on purpose: this text reaches the log and error reports (design, rule 9).
        return f"Bewerbung {self.pk}"

    @property
    def sheet(self) -> Sheet:
        """The Profilbogen in the version its cycle uses."""
        return sheet_of(self.cycle, SheetKind.APPLICANT)

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("applications:detail", args=[self.cycle_id, self.pk])
