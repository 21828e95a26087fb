"""Invoices to the Kommunen."""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.urls import reverse

from mentoring.files.models import StoredFile
from mentoring.records import Versioned, VersionedQuerySet
from programmes.billing.issuer import Issuer, TaxCategory, Way
from programmes.billing.periods import may_be_forgotten
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", "Rechnung"
    CANCELLATION = "cancellation", "Stornorechnung"


class InvoiceState(models.TextChoices):
    DRAFT = "draft", "Entwurf"
    ISSUING = "issuing", "wird ausgestellt"
    ISSUED = "issued", "ausgestellt"
    PAID = "paid", "bezahlt"
    CANCELLED = "cancelled", "storniert"

    @classmethod
    def numbered(cls) -> tuple[str, ...]:
        """States in which an invoice has its number, for good."""
        return (cls.ISSUING, cls.ISSUED, cls.PAID, cls.CANCELLED)

    @classmethod
    def counted(cls) -> tuple[str, ...]:
        """States in which an invoice is owed or was paid."""
        return (cls.ISSUING, cls.ISSUED, cls.PAID)


class Frozen(Exception):
    """Something tried to change or delete an issued invoice (design, rule 4): a fault of ours."""


FROZEN = frozenset(
    (
        *("issuer", "cycle", "municipality", "kind", "way", "number", "year", "sequence"),
        *("issued_on", "due_on", "service_from", "service_until", "order_number", "note"),
        *("net", "tax", "gross", "cancels", "reason", "snapshot", "issued_at"),
    )
)
"""Fields that never change once there is a number."""

FILES = frozenset(("xml", "pdf", "xml_sha256", "pdf_sha256"))
"""Fields that are filled once after that, and never change then."""


class InvoiceQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Invoices ``user`` may see: see ``programmes.billing.permissions``."""
        from programmes.billing.permissions import visible_invoices

        return self.filter(visible_invoices(user))

    def update(self, **values: Any) -> int:
        """As ``VersionedQuerySet``'s; raises ``Frozen`` for what an issued invoice keeps."""
        names = {name.removesuffix("_id") for name in values}
        if names & FROZEN and self.exclude(state=InvoiceState.DRAFT).exists():
            raise Frozen(", ".join(sorted(names & FROZEN)))
        if names & FILES and self.exclude(pdf=None).exists():
            raise Frozen(", ".join(sorted(names & FILES)))
        return super().update(**values)

    def quietly(self, **values: Any) -> int:
        """Update who makes the files: no change of the invoice, so neither version nor log."""
        assert values.keys() <= {"claim", "claimed_at", "attempts", "trouble"}
        return models.QuerySet.update(self, **values)


class Invoice(Versioned):
    """An invoice or its Storno. From ``issuing`` on, what it says is its ``snapshot``."""

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="invoices")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="invoices")
    municipality = models.ForeignKey(
        Municipality, verbose_name="Kommune", on_delete=models.PROTECT, related_name="invoices"
    )
    kind = models.CharField(
        "Art", max_length=12, choices=InvoiceKind, default=InvoiceKind.INVOICE, editable=False
    )
    way = models.CharField(max_length=10, choices=Way, default=Way.HERE, editable=False)
    state = models.CharField(
        "Stand", max_length=10, choices=InvoiceState, default=InvoiceState.DRAFT, editable=False
    )
    number = models.CharField("Nummer", max_length=40, null=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    sequence = models.PositiveIntegerField(null=True, editable=False)
    issued_on = models.DateField("Rechnungsdatum", null=True, blank=True)
    due_on = models.DateField("fällig am", null=True, blank=True)
    service_from = models.DateField("Leistung von")
    service_until = models.DateField("Leistung bis")
    order_number = models.CharField("Bestellnummer", max_length=60, blank=True)
    note = models.TextField(
        "Zusatz auf der Rechnung",
        max_length=500,
        blank=True,
        help_text="Steht unter der Einleitung. Bitte keine Namen von Mentees.",
    )
    net = models.DecimalField("Netto", max_digits=12, decimal_places=2, default=0, editable=False)
    tax = models.DecimalField("Steuer", max_digits=12, decimal_places=2, default=0, editable=False)
    gross = models.DecimalField(
        "Betrag", max_digits=12, decimal_places=2, default=0, editable=False
    )
    cancels = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="cancelled_by"
    )
    reason = models.CharField("Grund des Stornos", max_length=300, blank=True, editable=False)
    snapshot = models.JSONField(null=True, editable=False)
    xml = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    pdf = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    # Of the files as they were made: what a later reader compares the stored ones with.
    xml_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    issued_at = models.DateTimeField("ausgestellt um", null=True, editable=False)
    # Who makes the files: a claim by conditional update, given back when it is too old.
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    trouble = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager.from_queryset(InvoiceQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Rechnung"
        verbose_name_plural = "Rechnungen"
        ordering = ("-issued_on", "-year", "-sequence", "-pk")
        indexes = (
            models.Index(fields=["cycle", "municipality", "state"], name="invoice_of_house"),
            models.Index(fields=["issuer", "state", "due_on"], name="invoice_due"),
            models.Index(fields=["state", "claimed_at"], name="invoice_to_make"),
        )
        constraints = (
            models.UniqueConstraint(fields=["issuer", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["issuer", "year", "sequence"], name="invoice_sequence_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=InvoiceKind.values), name="invoice_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=InvoiceState.values), name="invoice_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=InvoiceState.DRAFT, number=None)
                | (~Q(state=InvoiceState.DRAFT) & Q(number__isnull=False, issued_on__isnull=False)),
                name="invoice_numbered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(InvoiceState.DRAFT, InvoiceState.ISSUING))
                | Q(pdf__isnull=False)
                | Q(way=Way.ELSEWHERE),
                name="invoice_has_files",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.ELSEWHERE)
                | Q(state=InvoiceState.DRAFT)
                | Q(snapshot__isnull=False, year__isnull=False, sequence__isnull=False),
                name="invoice_frozen",
            ),
            models.CheckConstraint(
                condition=Q(kind=InvoiceKind.INVOICE, cancels=None)
                | Q(kind=InvoiceKind.CANCELLATION, cancels__isnull=False),
                name="invoice_cancels",
            ),
            models.CheckConstraint(
                condition=Q(service_until__gte=F("service_from")),
                name="invoice_period",
                violation_error_message="Das Ende der Leistung liegt vor ihrem Beginn.",
            ),
            models.CheckConstraint(
                condition=Q(gross__gte=0, net__gte=0, tax__gte=0), name="invoice_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}" if self.number else "Rechnungsentwurf"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As ``Versioned``'s; raises ``Frozen`` where an issued invoice would change."""
        if not self._state.adding:
            self._stay_frozen(kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def _stay_frozen(self, written: Any) -> None:
        stored = type(self)._base_manager.filter(pk=self.pk).first()
        if stored is None or stored.state == InvoiceState.DRAFT:
            return
        kept = FROZEN | (FILES if stored.pdf_id is not None else frozenset())
        changed = [
            field.name
            for field in self._meta.concrete_fields
            if field.name in kept
            and (written is None or field.name in written)
            and getattr(self, field.attname) != getattr(stored, field.attname)
        ]
        if changed:
            raise Frozen(", ".join(changed))

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("billing:invoice", args=[self.cycle_id, self.pk])


@receiver(pre_delete, sender=Invoice, dispatch_uid="programmes.billing.keep_issued")
def keep_issued(sender: type[Invoice], instance: Invoice, **kwargs: Any) -> None:
    """What has a number is not deleted, whichever way, before its years of keeping are over."""
    if instance.number is not None and not may_be_forgotten(
        instance.issued_on, instance.created_at
    ):
        raise Frozen("delete")


class InvoiceLine(models.Model):
    """A line of a draft; what was issued stands in the snapshot."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    name = models.CharField("Bezeichnung", max_length=200)
    quantity = models.DecimalField(
        "Menge",
        max_digits=8,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    price = models.DecimalField(
        "Einzelpreis netto (Euro)",
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    tax_category = models.CharField("Umsatzsteuer", max_length=1, choices=TaxCategory)
    tax_rate = models.DecimalField(
        "Steuersatz (%)", max_digits=4, decimal_places=2, default=Decimal("0.00")
    )
    mentees = models.PositiveSmallIntegerField(
        "davon Teilnahmegebühr für so viele Mentees", null=True, editable=False
    )

    class Meta:
        app_label = "programmes"
        verbose_name = "Rechnungszeile"
        verbose_name_plural = "Rechnungszeilen"
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price__gt=0), name="invoice_line_positive"
            ),
            models.CheckConstraint(
                condition=Q(tax_category=TaxCategory.EXEMPT, tax_rate=0)
                | Q(tax_category=TaxCategory.STANDARD, tax_rate__gt=0),
                name="invoice_line_tax",
            ),
        )

    def __str__(self) -> str:
        return self.name
