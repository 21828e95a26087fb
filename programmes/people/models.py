"""People the programme knows, what they do for an organisation, and their invitations."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from mentoring.records import Keyed, KeyedQuerySet
from programmes.organisations.models import LogisticsPartner, Municipality


class Salutation(models.TextChoices):
    NONE = "", "keine Angabe"
    MS = "ms", "Frau"
    MR = "mr", "Herr"


class PersonQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The people ``user`` may see: the union of what each room lets them see."""
        from programmes.people.permissions import visible_people

        return self.filter(visible_people(user))


class Person(Keyed):
    """Somebody the programme knows; the same one may be mentee now and mentor later.

    ``email`` is where mail goes, not a sign-in, and two people may share a mailbox.
    ``user`` is set by an accepted invitation and by nothing else.
    """

    key_fields: ClassVar[tuple[str, ...]] = ("last_name", "first_name")
    # Not the position: the Logistikpartner searches too and must not find out by trying.
    search_only_fields: ClassVar[tuple[str, ...]] = ("email",)

    salutation = models.CharField("Anrede", max_length=4, choices=Salutation, blank=True)
    title = models.CharField("Titel", max_length=40, blank=True)
    first_name = models.CharField("Vorname", max_length=80)
    last_name = models.CharField("Nachname", max_length=80)
    email = models.EmailField("E-Mail-Adresse", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name="Kommune",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    position = models.CharField("Funktion", max_length=160, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="Zugang",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
    )

    objects = models.Manager.from_queryset(PersonQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        ordering = ("sort_key", "pk")
        indexes = (
            models.Index(fields=["municipality", "sort_key"], name="person_municipality_sort"),
            models.Index(fields=["email"], name="person_email"),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Title, first and last name as one addresses an envelope."""
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("person", args=[self.pk])


class PostQuerySet(models.QuerySet):
    def current(self) -> Self:
        """Posts held today."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


class Post(models.Model):
    """Something a person does for an organisation or programme, from a day to a day."""

    since = models.DateField("seit", default=timezone.localdate)
    until = models.DateField("bis", null=True, blank=True)

    class Meta:
        abstract = True


class MunicipalityStaff(Post):
    """A person who does the programme's HR work (Personalstelle) of a Kommune."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="municipality_posts")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="staff")

    objects = models.Manager.from_queryset(PostQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Personalstelle"
        verbose_name_plural = "Personalstellen"
        constraints = (
            models.UniqueConstraint(
                fields=["person", "municipality"],
                condition=Q(until=None),
                name="municipality_staff_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="municipality_staff_dates"
            ),
        )

    def __str__(self) -> str:
        return f"Personalstelle {self.municipality}"


class LogisticsStaff(Post):
    """A person who works for the Logistikpartner."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="logistics_posts")
    partner = models.ForeignKey(LogisticsPartner, on_delete=models.PROTECT, related_name="staff")

    objects = models.Manager.from_queryset(PostQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Mitarbeit beim Logistikpartner"
        verbose_name_plural = "Mitarbeit beim Logistikpartner"
        constraints = (
            models.UniqueConstraint(
                fields=["person", "partner"], condition=Q(until=None), name="logistics_staff_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="logistics_staff_dates"
            ),
        )

    def __str__(self) -> str:
        return f"Logistikpartner {self.partner}"


class InvitationState(models.TextChoices):
    """What became of an invitation. It follows from its times and is not stored."""

    OPEN = "open", "offen"
    ACCEPTED = "accepted", "angenommen"
    EXPIRED = "expired", "abgelaufen"
    WITHDRAWN = "withdrawn", "zurückgezogen"


class InvitationQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Invitations that may still be accepted."""
        return self.in_state(InvitationState.OPEN)

    def in_state(self, state: str) -> Self:
        """Invitations of which this became; all for an unknown state."""
        now, unanswered = timezone.now(), Q(accepted_at=None, withdrawn_at=None)
        # One that had expired and later made room for a new one still counts as expired.
        in_time = Q(withdrawn_at__lt=F("expires_at"))
        conditions: dict[str, Q] = {
            InvitationState.OPEN: unanswered & Q(expires_at__gt=now),
            InvitationState.ACCEPTED: Q(accepted_at__isnull=False),
            InvitationState.WITHDRAWN: in_time,
            InvitationState.EXPIRED: (unanswered & Q(expires_at__lte=now))
            | Q(withdrawn_at__gte=F("expires_at")),
        }
        return self.filter(conditions.get(state, Q()))

    def visible_to(self, user: Any) -> Self:
        """Invitations of people ``user`` may invite, and the ones ``user`` has sent."""
        from programmes.people.permissions import visible_invitations

        return self.filter(visible_invitations(user))


class Invitation(models.Model):
    """An offer to link a person with a sign-in. It grants nothing but that link.

    Only the hash of the code is stored; resending makes a new code and ends the old one.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField("als", max_length=200)
    email = models.EmailField("geschickt an")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("eingeladen am", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField("gültig bis")
    accepted_at = models.DateTimeField("angenommen am", null=True, blank=True)
    withdrawn_at = models.DateTimeField("zurückgezogen am", null=True, blank=True)

    objects = models.Manager.from_queryset(InvitationQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"Einladung {self.pk}"

    @property
    def state(self) -> InvitationState:
        """What became of it; see ``InvitationQuerySet.in_state``."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None and self.withdrawn_at < self.expires_at:
            return InvitationState.WITHDRAWN
        if self.withdrawn_at is not None or self.expires_at <= timezone.now():
            return InvitationState.EXPIRED
        return InvitationState.OPEN

    @property
    def is_open(self) -> bool:
        """Whether it may still be accepted."""
        return self.state == InvitationState.OPEN
