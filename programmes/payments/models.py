"""Money that came in for invoices, and the bank statements that tell of it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mentoring.records import Versioned, VersionedQuerySet
from programmes.billing.models import Invoice, Issuer


class StatementQuerySet(models.QuerySet["BankStatement"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the issuers ``user`` works for; nobody else reads a bank statement."""
        from programmes.payments.permissions import visible_statements

        return self.filter(visible_statements(user))


class BankStatement(models.Model):
    """An imported bank statement (CAMT.053)."""

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="statements")
    file_name = models.CharField("Datei", max_length=160)
    sha256 = models.CharField(max_length=64)
    iban = models.CharField("Konto", max_length=34)
    identification = models.CharField("Auszug", max_length=140, blank=True)
    first_day = models.DateField("von", null=True)
    last_day = models.DateField("bis", null=True)
    imported_at = models.DateTimeField("eingelesen am", auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = models.Manager.from_queryset(StatementQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Kontoauszug"
        verbose_name_plural = "Kontoauszüge"
        ordering = ("-imported_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["issuer", "sha256"], name="bank_statement_once"),
        )

    def __str__(self) -> str:
        return f"Kontoauszug {self.identification or self.file_name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("payments:statement", args=[self.pk])


class EntryState(models.TextChoices):
    OPEN = "open", "offen"
    MATCHED = "matched", "zugeordnet"
    IGNORED = "ignored", "gehört nicht hierher"


class BankEntryQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of statements ``user`` may see."""
        return self.filter(statement__in=BankStatement.objects.visible_to(user).values("pk"))


class BankEntry(Versioned):
    """A credit of a bank statement. ``fingerprint`` knows it again on another statement."""

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="entries")
    statement = models.ForeignKey(BankStatement, on_delete=models.CASCADE, related_name="entries")
    fingerprint = models.CharField(max_length=64)
    booked_on = models.DateField("gebucht am")
    amount = models.DecimalField("Betrag", max_digits=12, decimal_places=2)
    payer = models.CharField("von", max_length=160, blank=True)
    text = models.CharField("Verwendungszweck", max_length=1000, blank=True)
    state = models.CharField(
        "Stand", max_length=8, choices=EntryState, default=EntryState.OPEN, editable=False
    )

    objects = models.Manager.from_queryset(BankEntryQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Kontobewegung"
        verbose_name_plural = "Kontobewegungen"
        ordering = ("booked_on", "pk")
        indexes = (models.Index(fields=["statement", "state"], name="bank_entry_list"),)
        constraints = (
            models.UniqueConstraint(fields=["issuer", "fingerprint"], name="bank_entry_once"),
            models.CheckConstraint(
                condition=Q(state__in=EntryState.values), name="bank_entry_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.booked_on:%d.%m.%Y} {self.payer}"


class PaymentQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of invoices ``user`` may see."""
        return self.filter(invoice__in=Invoice.objects.visible_to(user).values("pk"))


class Payment(Versioned):
    """Money received for an invoice, in euros; below nought it was given back."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    received_on = models.DateField("eingegangen am")
    amount = models.DecimalField("Betrag (Euro)", max_digits=12, decimal_places=2)
    note = models.CharField("Bemerkung", max_length=200, blank=True)
    entry = models.ForeignKey(
        BankEntry, on_delete=models.PROTECT, null=True, editable=False, related_name="payments"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = models.Manager.from_queryset(PaymentQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Zahlung"
        verbose_name_plural = "Zahlungen"
        ordering = ("received_on", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(amount=0), name="payment_not_nought"),
            models.UniqueConstraint(
                fields=["invoice", "entry"],
                condition=Q(entry__isnull=False),
                name="payment_entry_once",
            ),
        )

    def __str__(self) -> str:
        return f"Zahlung vom {self.received_on:%d.%m.%Y}"
