"""The outbox: one row per message and recipient, whatever part of the product wrote it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

STOPPED = "Der Versand wurde angehalten."
"""Why a delivery "failed" that somebody took back before it went out."""


class DeliveryState(models.TextChoices):
    """Where a message stands. ``UNCLEAR``: sent perhaps, a person has to decide."""

    QUEUED = "queued", "wartet"
    SENDING = "sending", "wird versandt"
    SENT = "sent", "versandt"
    FAILED = "failed", "fehlgeschlagen"
    UNCLEAR = "unclear", "unklar"


class Priority(models.IntegerChoices):
    """Who goes first: nobody waits for a sign-in code behind 5,000 Rundmails."""

    EPHEMERAL = 0, "sofort"
    SINGLE = 1, "einzeln"
    BATCH = 2, "Rundmail"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """What an operator has to mend: single mails that failed or are unclear.

        Those of a batch are decided about by whoever released it: the later room shows them
        by its own rules.
        """
        if not user.is_authenticated or not user.is_operator:
            return self.none()
        return self.filter(state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR), batch=None)


class Delivery(models.Model):
    """One message to one recipient. Its bytes stand in ``MessageContent``, frozen.

    ``claim`` is the token of the sender that holds the row: first a reservation while
    ``queued`` (``claimed_at``), then from ``sending`` on the right to record the answer.
    """

    purpose = models.CharField("Zweck", max_length=60)
    batch = models.UUIDField("Rundmail", null=True, blank=True)
    person = models.ForeignKey(
        "programmes.Person",
        verbose_name="Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    to_email = models.EmailField("an")
    to_name = models.CharField("Name", max_length=200, blank=True)
    subject = models.CharField("Betreff", max_length=250)
    confidential = models.BooleanField("vertraulich", default=False)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="veranlasst von",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("angelegt am", default=timezone.now)
    not_before = models.DateTimeField("nicht vor", null=True, blank=True)
    ephemeral_until = models.DateTimeField("gilt nur bis", null=True, blank=True)

    state = models.CharField(
        "Stand", max_length=7, choices=DeliveryState, default=DeliveryState.QUEUED
    )
    priority = models.PositiveSmallIntegerField("Rang", choices=Priority, default=Priority.SINGLE)
    next_attempt_at = models.DateTimeField("nächster Versuch", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    claim = models.UUIDField("Kennung des Senders", null=True, blank=True)
    claimed_at = models.DateTimeField("vorgemerkt am", null=True, blank=True)
    sending_since = models.DateTimeField("Versand begonnen am", null=True, blank=True)
    sent_at = models.DateTimeField("versandt am", null=True, blank=True)
    ended_at = models.DateTimeField("beendet am", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="entschieden von",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    error = models.CharField("Grund", max_length=300, blank=True)
    bounced_at = models.DateTimeField("zurückgekommen am", null=True, blank=True)
    bounce = models.CharField("Grund der Rückkehr", max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        app_label = "programmes"
        verbose_name = "Sendung"
        verbose_name_plural = "Postausgang"
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(
                fields=["priority", "next_attempt_at", "id"],
                name="delivery_due",
                condition=Q(state="queued"),
            ),
            models.Index(fields=["state", "-created_at"], name="delivery_state_time"),
            models.Index(
                fields=["batch", "state"],
                name="delivery_batch",
                condition=Q(batch__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(next_attempt_at__isnull=False),
                name="delivery_queued_has_next",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(sending_since__isnull=False, claim__isnull=False),
                name="delivery_sending_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="delivery_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "unclear"), error=""),
                name="delivery_trouble_says_why",
            ),
        )

    def __str__(self) -> str:
        # No recipient: this ends up in logs and in the technical administration.
        return f"Sendung {self.pk}"


class MessageTail(models.Model):
    """The end that the messages of one Rundmail share: its attachments, kept once."""

    batch = models.UUIDField("Rundmail", unique=True)
    raw = models.BinaryField("Ende der Nachricht")

    class Meta:
        app_label = "programmes"
        verbose_name = "gemeinsames Ende"
        verbose_name_plural = "gemeinsame Enden"

    def __str__(self) -> str:
        return f"Ende {self.pk}"


class MessageContent(models.Model):
    """The complete message as RFC 5322 bytes, frozen when it was queued: ``raw``, then the
    ``tail`` that it may share with others.

    A table of its own: state changes then do not rewrite the bytes, and wiping them is the
    deletion of a row.
    """

    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="content"
    )
    raw = models.BinaryField("Nachricht")
    tail = models.ForeignKey(
        MessageTail, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        app_label = "programmes"
        verbose_name = "Nachricht"
        verbose_name_plural = "Nachrichten"

    def __str__(self) -> str:
        return f"Nachricht {self.pk}"


class SendingGate(models.Model):
    """The one row that all senders share: the pace, and whether the server answers.

    ``ahead_until`` is the time at which all messages allowed so far would have gone out at
    an even pace (generic cell rate algorithm, ITU-T I.371); senders move it by conditional
    update. After a failed connection ``paused_until`` lets one sender at a time try again.
    """

    ahead_until = models.DateTimeField("vergeben bis", default=timezone.now)
    paused_until = models.DateTimeField("Pause bis", null=True, blank=True)
    trouble = models.CharField("Störung", max_length=300, blank=True)

    class Meta:
        app_label = "programmes"
        verbose_name = "Sendesteuerung"
        verbose_name_plural = "Sendesteuerung"
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="sending_gate_one_row"),)

    def __str__(self) -> str:
        return "Sendesteuerung"
