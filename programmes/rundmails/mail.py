"""The Rundmail: what is written, to whom it is meant, and how far it is."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mentoring.files.models import StoredFile
from mentoring.records import Keyed, KeyedQuerySet
from programmes.cycles.models import Cycle
from programmes.events.models import Event
from programmes.roadmap.models import Milestone


class RundmailState(models.TextChoices):
    DRAFT = "draft", "Entwurf"
    RELEASED = "released", "freigegeben"
    SENDING = "sending", "wird versandt"
    SENT = "sent", "versandt"
    STOPPED = "stopped", "angehalten"


class ConfirmReason(models.TextChoices):
    """Why a released mail waits for a second look and is not sent before it."""

    NONE = "", "–"
    MOVED = "moved", "Der Meilenstein wurde verschoben."
    RIGHTS = "rights", "Wer freigegeben hat, darf es inzwischen nicht mehr."
    CONTENT = "content", "Ein Anhang oder ein Wert eines Platzhalters fehlt inzwischen."


class RundmailQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The mails ``user`` may open: see ``programmes.rundmails.permissions``."""
        from programmes.rundmails.permissions import visible_rundmails

        return self.filter(visible_rundmails(user))


class Rundmail(Keyed):
    """A mail to many. ``confidential`` follows from audience and placeholders (rule 3).

    Hung on a milestone (``milestone``, ``days_from_milestone``, ``send_time``) its
    ``send_at`` moves with it. The recipients are fixed at release; the messages are frozen
    when sending starts and share ``batch`` in the outbox.
    """

    key_fields: ClassVar[tuple[str, ...]] = ("subject",)
    search_only_fields: ClassVar[tuple[str, ...]] = ("body",)

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="rundmails")
    subject = models.CharField("Betreff", max_length=200)
    body = models.TextField("Text", max_length=20000)
    reply_to = models.EmailField("Antworten an", blank=True)
    event = models.ForeignKey(
        Event,
        verbose_name="Veranstaltung",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="rundmails",
        help_text="Für {rsvp_link}, {veranstaltung} und den Kalendereintrag als Anhang.",
    )
    attach_calendar = models.BooleanField("Kalendereintrag (ICS) anhängen", default=False)
    milestone = models.ForeignKey(
        Milestone,
        verbose_name="Meilenstein",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="rundmails",
    )
    days_from_milestone = models.SmallIntegerField("Tage danach", null=True, blank=True)
    send_time = models.TimeField("Uhrzeit", null=True, blank=True)
    send_at = models.DateTimeField("Versand am", null=True, blank=True)
    state = models.CharField(
        "Stand", max_length=8, choices=RundmailState, default=RundmailState.DRAFT, editable=False
    )
    confidential = models.BooleanField("vertraulich", default=False, editable=False)
    confirm_reason = models.CharField(
        "zu bestätigen", max_length=8, choices=ConfirmReason, blank=True, editable=False
    )
    review_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When those who released were shown who came or went since."""
    template_key = models.SlugField(max_length=40, blank=True, editable=False)
    batch = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField("angelegt am", default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="angelegt von",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    released_at = models.DateTimeField("freigegeben am", null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="freigegeben von",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="mitgeprüft von",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        help_text="Die zweite Person, wo der Durchgang vier Augen verlangt.",
    )
    approved_version = models.PositiveIntegerField(null=True, editable=False)
    started_at = models.DateTimeField("Versand begonnen am", null=True, editable=False)
    ended_at = models.DateTimeField("Versand beendet am", null=True, editable=False)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="angehalten von",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = models.Manager.from_queryset(RundmailQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Rundmail"
        verbose_name_plural = "Rundmails"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=["cycle", "state", "-created_at"], name="rundmail_cycle_state"),
            models.Index(fields=["send_at"], name="rundmail_due", condition=Q(state="released")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=RundmailState.values), name="rundmail_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(released_at__isnull=False),
                name="rundmail_released_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(send_at__isnull=False),
                name="rundmail_released_knows_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("sending", "sent")) | Q(started_at__isnull=False),
                name="rundmail_sending_has_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(ended_at__isnull=False),
                name="rundmail_sent_has_end",
            ),
            models.CheckConstraint(
                condition=Q(days_from_milestone=None) | Q(send_time__isnull=False),
                name="rundmail_hung_has_time",
            ),
        )

    def __str__(self) -> str:
        # Neutral: the subject of a confidential mail must not reach logs (design, rule 9).
        return f"Rundmail {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("rundmails:rundmail", args=[self.cycle_id, self.pk])


class PartQuerySet(models.QuerySet):
    """Rows that belong to a mail."""

    def visible_to(self, user: Any) -> Self:
        """Those of the mails ``user`` may open."""
        from programmes.rundmails.permissions import visible_rundmails

        return self.filter(rundmail__in=Rundmail.objects.filter(visible_rundmails(user)))


class AudienceChoice(models.Model):
    """One part of a mail's audience: a registered audience with its value, added or taken off."""

    rundmail = models.ForeignKey(Rundmail, on_delete=models.CASCADE, related_name="choices")
    audience = models.CharField(max_length=60)
    value = models.CharField(max_length=100, blank=True)
    minus = models.BooleanField("ohne", default=False)

    objects = models.Manager.from_queryset(PartQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Teil des Empfängerkreises"
        verbose_name_plural = "Empfängerkreis"
        ordering = ("minus", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["rundmail", "audience", "value"], name="audience_choice_once"
            ),
        )

    def __str__(self) -> str:
        # Neutral: whom a mail is for must not reach the log (design, rule 9).
        return f"Teil des Empfängerkreises {self.pk}"


class RundmailAttachment(models.Model):
    """A file that goes with a mail."""

    rundmail = models.ForeignKey(Rundmail, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(
        StoredFile, verbose_name="Datei", on_delete=models.PROTECT, related_name="+"
    )

    objects = models.Manager.from_queryset(PartQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Anhang"
        verbose_name_plural = "Anhänge"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["rundmail", "file"], name="rundmail_attachment_once"),
        )

    def __str__(self) -> str:
        return f"Anhang {self.pk}"
