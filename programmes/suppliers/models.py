"""Who is paid by the Logistikpartner: Referent/innen, catering, rooms; and their invoices."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from mentoring.files.models import StoredFile
from mentoring.records import Keyed, KeyedQuerySet
from mentoring.text import search_key
from programmes.cycles.models import Cycle, Programme
from programmes.events.models import Event
from programmes.organisations.checks import validate_iban


class Category(models.TextChoices):
    SPEAKER = "speaker", "Referent/in"
    CATERING = "catering", "Catering"
    ROOM = "room", "Raum"
    MATERIAL = "material", "Material"
    OTHER = "other", "Sonstiges"


class SpeakerQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of programmes whose events ``user`` plans."""
        from programmes.suppliers.permissions import visible_speakers

        return self.filter(visible_speakers(user))


class Speaker(Keyed):
    """Somebody who speaks, trains or moderates, again and again perhaps."""

    key_fields: ClassVar[tuple[str, ...]] = ("name",)
    search_only_fields: ClassVar[tuple[str, ...]] = ("topics", "city")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField("Name", max_length=160)
    email = models.EmailField("E-Mail", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    city = models.CharField("Ort", max_length=80, blank=True)
    topics = models.TextField("Themen", max_length=1000, blank=True)
    note = models.TextField("Bemerkung", max_length=2000, blank=True)
    created_at = models.DateTimeField("eingetragen am", default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(SpeakerQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Referent/in"
        verbose_name_plural = "Referent/innen"
        ordering = ("sort_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "name", "email"],
                name="speaker_once",
                violation_error_message="Diese Person steht schon auf der Liste.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class CommissionState(models.TextChoices):
    ASKED = "asked", "angefragt"
    AGREED = "agreed", "zugesagt"
    CANCELLED = "cancelled", "abgesagt"


class OfCycleQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of cycles whose spending ``user`` may see."""
        from programmes.suppliers.permissions import visible_spending

        return self.filter(visible_spending(user))


class Commission(Keyed):
    """What was agreed with a Referent/in, a caterer or a house for an event.

    It names no person but by ``speaker``, so that it may stay when they are deleted.
    """

    key_fields: ClassVar[tuple[str, ...]] = ("topic",)
    search_only_fields: ClassVar[tuple[str, ...]] = ("supplier",)

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="commissions")
    event = models.ForeignKey(
        Event,
        verbose_name="Veranstaltung",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commissions",
    )
    category = models.CharField("Art", max_length=8, choices=Category)
    speaker = models.ForeignKey(
        Speaker,
        verbose_name="Referent/in",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commissions",
    )
    supplier = models.CharField("Firma", max_length=160, blank=True)
    topic = models.CharField("Thema oder Leistung", max_length=200)
    fee = models.DecimalField(
        "Honorar oder Preis, brutto (Euro)",
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )
    travel_costs = models.DecimalField(
        "Reisekosten, höchstens (Euro)",
        max_digits=8,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    state = models.CharField(
        "Stand", max_length=9, choices=CommissionState, default=CommissionState.ASKED
    )
    note = models.TextField("Bemerkung", max_length=2000, blank=True)

    objects = models.Manager.from_queryset(OfCycleQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Auftrag"
        verbose_name_plural = "Aufträge"
        ordering = ("pk",)
        indexes = (models.Index(fields=["cycle", "event", "state"], name="commission_list"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="commission_category_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CommissionState.values), name="commission_state_known"
            ),
            models.CheckConstraint(
                condition=Q(fee__gte=0, travel_costs__gte=0), name="commission_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(category=Category.SPEAKER, speaker__isnull=False, supplier="")
                | (Q(speaker=None) & ~Q(supplier="")),
                name="commission_has_supplier",
                violation_error_message="Nennen Sie die Referentin, den Referenten oder die Firma.",
            ),
        )

    def __str__(self) -> str:
        # No name: the log keeps this line.
        return self.topic

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("suppliers:commission", args=[self.cycle_id, self.pk])

    @property
    def supplier_name(self) -> str:
        """Who was asked; reads ``speaker``."""
        return self.speaker.name if self.speaker is not None else self.supplier

    @property
    def total(self) -> Decimal:
        """Fee and travel costs together, in euros: what it may cost at most."""
        return self.fee + self.travel_costs


class SupplierInvoiceState(models.TextChoices):
    RECEIVED = "received", "eingegangen"
    CHECKED = "checked", "geprüft"
    APPROVED = "approved", "freigegeben"
    PAID = "paid", "bezahlt"
    REJECTED = "rejected", "zurückgewiesen"

    @classmethod
    def unpaid(cls) -> tuple[str, ...]:
        """States of an invoice that is still to be paid or sent back."""
        return (cls.RECEIVED, cls.CHECKED, cls.APPROVED)


class SupplierInvoice(Keyed):
    """An invoice that the Logistikpartner pays for the programme."""

    key_fields: ClassVar[tuple[str, ...]] = ("supplier", "number")
    search_only_fields: ClassVar[tuple[str, ...]] = ("note",)

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="supplier_invoices")
    event = models.ForeignKey(
        Event,
        verbose_name="Veranstaltung",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supplier_invoices",
    )
    commission = models.ForeignKey(
        Commission,
        verbose_name="Auftrag",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
    )
    category = models.CharField("Art", max_length=8, choices=Category)
    supplier = models.CharField("Rechnungssteller", max_length=160)
    supplier_key = models.CharField(max_length=200, editable=False)
    """The supplier's name as ``search_key`` writes it: known again however it is typed."""
    number = models.CharField("Rechnungsnummer", max_length=60)
    invoiced_on = models.DateField("Rechnungsdatum")
    due_on = models.DateField("fällig am", null=True, blank=True)
    amount = models.DecimalField(
        "Rechnungsbetrag, brutto (Euro)",
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )
    iban = models.CharField("IBAN", max_length=34, blank=True, validators=[validate_iban])
    note = models.TextField("Bemerkung", max_length=2000, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    state = models.CharField(
        "Stand",
        max_length=8,
        choices=SupplierInvoiceState,
        default=SupplierInvoiceState.RECEIVED,
        editable=False,
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    paid_on = models.DateField("bezahlt am", null=True, editable=False)
    reason = models.CharField("Grund", max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField("erfasst am", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    """Who last changed what is paid, to whom or when: they approve it as little as who entered
    it. Those before them are in the log."""

    objects = models.Manager.from_queryset(OfCycleQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Rechnung eines Lieferanten"
        verbose_name_plural = "Rechnungen von Lieferanten"
        ordering = ("-invoiced_on", "-pk")
        indexes = (models.Index(fields=["cycle", "state", "due_on"], name="supplier_invoice_list"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="supplier_invoice_category_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SupplierInvoiceState.values),
                name="supplier_invoice_state_known",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="supplier_invoice_amount"),
            models.CheckConstraint(
                condition=Q(state=SupplierInvoiceState.PAID, paid_on__isnull=False)
                | (~Q(state=SupplierInvoiceState.PAID) & Q(paid_on=None)),
                name="supplier_invoice_paid",
            ),
            # One that was sent back may come again under its number.
            models.UniqueConstraint(
                fields=["supplier_key", "number"],
                condition=~Q(state=SupplierInvoiceState.REJECTED),
                name="supplier_invoice_once",
            ),
        )

    def __str__(self) -> str:
        return f"Rechnung {self.number} von {self.supplier}"

    def get_absolute_url(self) -> str:
        """Its page in the cycle."""
        return reverse("suppliers:invoice", args=[self.cycle_id, self.pk])

    def fill_keys(self) -> None:
        """The supplier's key too."""
        super().fill_keys()
        self.supplier_key = search_key(self.supplier)[:200]


@receiver(post_delete, sender=SupplierInvoice, dispatch_uid="programmes.suppliers.remove_file")
def remove_file(sender: type[SupplierInvoice], instance: SupplierInvoice, **kwargs: Any) -> None:
    """Nothing else holds the file."""
    if instance.file_id is not None:
        StoredFile.objects.filter(pk=instance.file_id).delete()
