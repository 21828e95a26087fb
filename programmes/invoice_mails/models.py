"""Invoices and payment reminders on their way by mail, one letter per Kommune."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from mentoring.records import Versioned, VersionedQuerySet
from programmes.billing.models import Invoice, InvoiceState
from programmes.cycles.models import Cycle
from programmes.outbox.models import Delivery, DeliveryState

FILE_LOST = "Eine Datei der Rechnung fehlt oder ist nicht mehr die, die erzeugt wurde."
NOT_ARRIVED = "Die E-Mail kam nicht an; ihr Text ist inzwischen gelöscht."
LOST = (FILE_LOST, NOT_ARRIVED)
"""Why a released letter was not sent although it should have been."""


class MailingKind(models.TextChoices):
    INVOICES = "invoices", "Rechnungsversand"
    REMINDER = "reminder", "Zahlungserinnerung"


class MailingState(models.TextChoices):
    DRAFT = "draft", "Entwurf"
    RELEASED = "released", "freigegeben"


class MailingQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of invoices whose issuer ``user`` works for, and of cycles ``user`` leads."""
        from programmes.invoice_mails.permissions import visible_mailings

        return self.filter(visible_mailings(user))


class InvoiceMailing(Versioned):
    """A text that goes out with invoices, each to the Kommune it is for.

    Like a Rundmail it is previewed recipient by recipient and released by somebody; what
    differs is that each letter has files of its own.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="invoice_mailings")
    kind = models.CharField("Art", max_length=8, choices=MailingKind, editable=False)
    state = models.CharField(
        "Stand", max_length=8, choices=MailingState, default=MailingState.DRAFT, editable=False
    )
    subject = models.CharField("Betreff", max_length=200)
    body = models.TextField("Text", max_length=10000)
    reply_to = models.EmailField("Antworten an", blank=True)
    batch = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
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

    objects = models.Manager.from_queryset(MailingQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Rechnungsversand"
        verbose_name_plural = "Rechnungsversand"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=MailingKind.values), name="invoice_mailing_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MailingState.DRAFT, released_at=None)
                | Q(state=MailingState.RELEASED, released_at__isnull=False),
                name="invoice_mailing_released",
            ),
        )

    def __str__(self) -> str:
        # Not by its subject: that is a text with placeholders, and often the same.
        day = timezone.localtime(self.created_at) if self.created_at else timezone.localtime()
        return f"{self.get_kind_display()} vom {day:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("invoice_mails:mailing", args=[self.cycle_id, self.pk])


class LetterQuerySet(models.QuerySet["InvoiceLetter"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the mailings ``user`` may see."""
        return self.filter(mailing__in=InvoiceMailing.objects.visible_to(user).values("pk"))

    def counted(self) -> Self:
        """Those that were released to be sent."""
        return self.filter(mailing__state=MailingState.RELEASED, left_out="")

    def lasting(self) -> Self:
        """Those ``counted`` that did not fail and did not come back, as far as is known.

        What nobody knows the fate of is among them: nothing is sent twice by guessing.
        """
        lost = Q(delivery__state=DeliveryState.FAILED) | Q(delivery__bounced_at__isnull=False)
        return self.counted().exclude(lost)

    def in_trouble(self) -> Self:
        """Those that did not arrive, or perhaps not, and still matter.

        Not once a later mail about the invoice went out, nor when it is cancelled or paid.
        """
        later = InvoiceLetter.objects.lasting().filter(
            invoice=OuterRef("invoice"),
            mailing__kind=OuterRef("mailing__kind"),
            pk__gt=OuterRef("pk"),
        )
        wrong = (
            Q(delivery__state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR))
            | Q(delivery__bounced_at__isnull=False)
            | Q(left_out__in=LOST)
        )
        return self.filter(wrong, ~Exists(later), invoice__state=InvoiceState.ISSUED)


class InvoiceLetter(models.Model):
    """One invoice on its way to one address; its delivery says what became of it."""

    mailing = models.ForeignKey(InvoiceMailing, on_delete=models.CASCADE, related_name="letters")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="letters")
    email = models.EmailField("an", blank=True)
    """Fixed at release; until then the Kommune's own address counts."""
    # Frozen at release, so that "since then it was paid" never sends a reminder that was not
    # in the preview, nor the other way round.
    open_amount = models.DecimalField("offen", max_digits=12, decimal_places=2, null=True)
    delivery = models.OneToOneField(
        Delivery, on_delete=models.SET_NULL, null=True, related_name="invoice_letter"
    )
    sent_out = models.BooleanField(default=False)
    """Whether it was given to the outbox; the delivery itself is deleted after its period."""
    left_out = models.CharField("nicht versandt", max_length=200, blank=True)
    """Why it was not sent at release after all: paid meanwhile, say."""

    objects = models.Manager.from_queryset(LetterQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Brief mit Rechnung"
        verbose_name_plural = "Briefe mit Rechnung"
        ordering = ("pk",)
        indexes = (
            # Released letters that were not handed to the outbox yet: asked for every few seconds.
            models.Index(
                fields=["mailing"],
                name="invoice_letter_waits",
                condition=Q(sent_out=False, left_out=""),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["mailing", "invoice"], name="invoice_letter_once"),
            models.CheckConstraint(
                condition=Q(sent_out=False) | ~Q(email=""), name="invoice_letter_has_address"
            ),
            models.CheckConstraint(
                condition=Q(sent_out=False) | Q(left_out=""), name="invoice_letter_one_fate"
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice} an {self.email}"
