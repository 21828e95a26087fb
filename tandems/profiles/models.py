"""The agreed Profilbogen of a programme: its versions, consents and exclusions."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from mentoring.text import search_key
from programmes.cycles.models import Cycle, Programme
from programmes.organisations.models import Municipality
from programmes.people.models import Person


class SheetKind(models.TextChoices):
    """Whose Profilbogen it is."""

    APPLICANT = "applicant", "Bewerber/in"
    MENTOR = "mentor", "Mentor/in"


class TargetGroup(models.TextChoices):
    LEADERSHIP = "leadership", "erste Führungsrolle"
    STAFF_POSITION = "staff_position", "erste Stabsstelle mit weitreichender Verantwortung"
    SPECIALIST = "specialist", "erste besondere Spezialistenrolle mit weitreichender Verantwortung"

    @property
    def short(self) -> str:
        """As a list has room for."""
        return str(self.label).partition(" mit ")[0]


class Topic(models.TextChoices):
    """What an applicant wants to work on, and what a mentor can accompany."""

    LEADERSHIP = "leadership", "Führung"
    ROLE = "role", "Rollenklärung"
    CONFLICT = "conflict", "Konflikte"
    FAMILY = "family", "Vereinbarkeit"
    NETWORK = "network", "Netzwerk"
    CAREER = "career", "Karriereplanung"
    CHANGE = "change", "Veränderung gestalten"
    COMMUNICATION = "communication", "Kommunikation"
    SELF_MANAGEMENT = "self_management", "Selbstmanagement"
    DIGITAL = "digital", "Digitalisierung"
    POLITICS = "politics", "Politik und Verwaltung"


class ProfileVersionQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Versions of the programmes whose Profilbogen ``user`` may read."""
        from tandems.profiles.permissions import visible_versions

        return self.filter(visible_versions(user))


class ProfileVersion(Versioned):
    """A version of both sheets of a programme: how it differs from the shipped one.

    ``changes`` has a part for each ``SheetKind``: ``off`` (keys of questions not asked),
    ``voluntary`` (keys that need no answer) and ``own`` (further questions). It never
    changes once it is published.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="profile_versions"
    )
    number = models.PositiveSmallIntegerField("Fassung", editable=False)
    changes = models.JSONField("Abweichungen", default=dict, blank=True, editable=False)
    note = models.CharField("Was ist neu", max_length=300, blank=True)
    published_at = models.DateTimeField("veröffentlicht am", null=True, editable=False)

    objects = models.Manager.from_queryset(ProfileVersionQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Fassung des Profilbogens"
        verbose_name_plural = "Fassungen des Profilbogens"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["programme", "number"], name="profile_version_once"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(published_at=None),
                name="profile_version_one_draft",
            ),
        )

    def __str__(self) -> str:
        return f"Fassung {self.number}"


class CycleProfileQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Choices of the programmes whose Profilbogen ``user`` may read."""
        from tandems.profiles.permissions import visible_versions

        return self.filter(profile__in=ProfileVersion.objects.filter(visible_versions(user)))


class CycleProfile(Versioned):
    """Which version a cycle uses; without a row it is the shipped one (version 0)."""

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="profile")
    profile = models.ForeignKey(
        ProfileVersion, verbose_name="Fassung", on_delete=models.PROTECT, related_name="cycles"
    )

    objects = models.Manager.from_queryset(CycleProfileQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Profilbogen eines Durchgangs"
        verbose_name_plural = "Profilbögen der Durchgänge"

    def __str__(self) -> str:
        return f"{self.profile} in {self.cycle}"


class ConsentKind(models.TextChoices):
    FORWARD = "forward", "Weitergabe an den Beirat"
    PHOTO = "photo", "Foto und Presse"
    ALUMNI = "alumni", "Kontakt als Ehemalige oder Ehemaliger"
    PRIVACY = "privacy", "Kenntnis der Datenschutzhinweise"
    DISCRETION = "discretion", "Verschwiegenheit"


class ConsentQuerySet(models.QuerySet):
    def valid(self) -> Self:
        """Those nobody has withdrawn."""
        return self.filter(withdrawn_on=None)

    def visible_to(self, user: Any) -> Self:
        """Consents of the sheets ``user`` may read."""
        from tandems.profiles.permissions import visible_consents

        return self.filter(visible_consents(user))


class Consent(models.Model):
    """A consent somebody gave for one cycle, with the very words they agreed to.

    Each kind is given and withdrawn apart from the others (Art. 7 DSGVO). ``recorded_by``
    is empty where the person gave it by their own personal link.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField("Einwilligung", max_length=12, choices=ConsentKind)
    given_on = models.DateField("am")
    text = models.TextField("Wortlaut")
    version_number = models.PositiveSmallIntegerField("Fassung", default=0)
    withdrawn_on = models.DateField("widerrufen am", null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = models.Manager.from_queryset(ConsentQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Einwilligung"
        verbose_name_plural = "Einwilligungen"
        constraints = (
            models.UniqueConstraint(
                fields=["cycle", "person", "kind"],
                condition=Q(withdrawn_on=None),
                name="consent_one_valid",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ConsentKind.values), name="consent_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_dates",
            ),
        )

    def __str__(self) -> str:
        return f"Einwilligung {self.pk}"


class ExclusionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """None: who was named by whom is shown to nobody again, not in the log either."""
        return self.none()


class Exclusion(models.Model):
    """Who does not come into question for ``subject`` in a cycle.

    Typed once and never shown again; others learn at most that a pair is "ausgeschlossen",
    never who said so. ``person`` is somebody the programme knows; otherwise a name, a whole
    Kommune, or an Amt of one stand for who is meant.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="exclusions")
    subject = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="exclusions_named")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField("Name", max_length=160, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name="Kommune",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    department = models.CharField("Fachbereich oder Amt", max_length=160, blank=True)
    name_key = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = models.Manager.from_queryset(ExclusionQuerySet)()

    class Meta:
        app_label = "tandems"
        verbose_name = "Ausschluss"
        verbose_name_plural = "Ausschlüsse"
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | ~Q(name="")
                | Q(municipality__isnull=False)
                | ~Q(department=""),
                name="exclusion_names_somebody",
            ),
            models.CheckConstraint(
                condition=Q(person=None) | ~Q(person=F("subject")), name="exclusion_not_oneself"
            ),
        )
        indexes = (
            models.Index(fields=["cycle", "subject"], name="exclusion_subject"),
            models.Index(fields=["name_key"], name="exclusion_name"),
        )

    def __str__(self) -> str:
        return f"Ausschluss {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the key the typed name is compared by."""
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)


_FORMS_OF_ADDRESS = frozenset(
    ("dr", "prof", "ing", "dipl", "med", "phil", "jur", "rer", "nat", "mag", "herr", "frau")
)


def name_key(name: str) -> str:
    """``name`` for comparing: words folded and sorted, without title and form of address."""
    words = sorted(word for word in search_key(name).split() if word not in _FORMS_OF_ADDRESS)
    return " ".join(words)[:200]
