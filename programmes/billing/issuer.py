"""How a Logistikpartner bills, and what a Kommune wants on its invoices."""

from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from mentoring.records import Versioned, VersionedQuerySet
from programmes.cycles.models import Cycle, Participation
from programmes.organisations.models import LogisticsPartner, Municipality


class Way(models.TextChoices):
    HERE = "here", "hier, mit allen Rechnungsdateien"
    ELSEWHERE = "elsewhere", "im eigenen Rechnungssystem des Logistikpartners"


class TaxCategory(models.TextChoices):
    EXEMPT = "E", "umsatzsteuerfrei"
    STANDARD = "S", "mit Umsatzsteuer"


class IssuerQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of the Logistikpartner whose staff ``user`` is."""
        from programmes.billing.permissions import visible_issuers

        return self.filter(visible_issuers(user))


class Issuer(Versioned):
    """How a Logistikpartner bills: its numbers, its tax, its words."""

    partner = models.OneToOneField(
        LogisticsPartner, on_delete=models.CASCADE, related_name="billing"
    )
    way = models.CharField(
        "Rechnungen werden geschrieben", max_length=10, choices=Way, default=Way.HERE
    )
    number_prefix = models.CharField(
        "Anfang der Rechnungsnummer",
        max_length=10,
        blank=True,
        default="CM-",
        validators=[
            RegexValidator(r"^[A-Za-z0-9/-]*$", "Nur Buchstaben, Ziffern, Schräg- und Bindestrich.")
        ],
    )
    tax_category = models.CharField(
        "Umsatzsteuer", max_length=1, choices=TaxCategory, default=TaxCategory.EXEMPT
    )
    tax_rate = models.DecimalField(
        "Steuersatz (%)",
        max_digits=4,
        decimal_places=2,
        default=Decimal("19.00"),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(50))],
    )
    exemption_reason = models.CharField(
        "Grund der Steuerbefreiung",
        max_length=200,
        blank=True,
        default="Umsatzsteuerfrei nach § 4 Nr. 22 Buchstabe a UStG",
    )
    exemption_code = models.CharField(
        "Schlüssel des Grundes (VATEX)", max_length=30, blank=True, default="VATEX-EU-132-1I"
    )
    seller_id = models.CharField("Kennung des Verkäufers", max_length=40, blank=True)
    payment_days = models.PositiveSmallIntegerField(
        "Zahlungsziel (Tage)", default=30, validators=[MaxValueValidator(365)]
    )
    reminder_days = models.PositiveSmallIntegerField(
        "Tage zwischen zwei Zahlungserinnerungen",
        default=14,
        validators=[MaxValueValidator(365)],
    )
    introduction = models.TextField("Einleitung", max_length=1000, blank=True)
    closing = models.TextField("Schlusstext", max_length=1000, blank=True)

    objects = models.Manager.from_queryset(IssuerQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Rechnungssteller"
        verbose_name_plural = "Rechnungssteller"
        constraints = (
            models.CheckConstraint(condition=Q(way__in=Way.values), name="issuer_way_known"),
            models.CheckConstraint(
                condition=Q(tax_category__in=TaxCategory.values), name="issuer_tax_known"
            ),
        )

    def __str__(self) -> str:
        return f"Rechnungen von {self.partner}"


class NumberSequence(models.Model):
    """The last invoice number an issuer has given out in a year; raised under its lock alone."""

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="sequences")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "programmes"
        constraints = (
            models.UniqueConstraint(fields=["issuer", "year"], name="number_sequence_once"),
        )

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class BuyerQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those whose invoices ``user`` may see."""
        from programmes.billing.permissions import visible_buyers

        return self.filter(visible_buyers(user))


class Buyer(Versioned):
    """What a Kommune wants on its invoices beside its address."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.CASCADE, related_name="buyer"
    )
    reference = models.CharField(
        "Kundenreferenz statt einer Leitweg-ID",
        max_length=60,
        blank=True,
        help_text="Nur, wenn die Kommune keine Leitweg-ID hat: die Angabe, unter der ihre "
        "Buchhaltung Rechnungen erwartet.",
    )
    plain_pdf = models.BooleanField(
        "nimmt auch eine einfache PDF-Rechnung an",
        default=False,
        help_text="Ohne Leitweg-ID und ohne Kundenreferenz geht keine XRechnung.",
    )

    objects = models.Manager.from_queryset(BuyerQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Rechnungsangaben"
        verbose_name_plural = "Rechnungsangaben"

    def __str__(self) -> str:
        return f"Rechnungsangaben {self.municipality}"


class OrderNumberQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of Kommunen whose invoices ``user`` may see."""
        from programmes.billing.permissions import visible_order_numbers

        return self.filter(visible_order_numbers(user))


class OrderNumber(Versioned):
    """The number of a Kommune's purchase order for one Durchgang (BT-13)."""

    participation = models.OneToOneField(
        Participation, on_delete=models.CASCADE, related_name="order_number"
    )
    number = models.CharField("Bestellnummer", max_length=60, blank=True)

    objects = models.Manager.from_queryset(OrderNumberQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Bestellnummer"
        verbose_name_plural = "Bestellnummern"

    def __str__(self) -> str:
        return f"Bestellnummer {self.participation}"


class CostModel(models.TextChoices):
    FEE = "fee", "feste Gebühr je Mentee"
    SHARED = "shared", "gemeinsame Kosten, geteilt nach Zahl der Mentees"


class CycleFeeQuerySet(VersionedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of cycles whose money ``user`` may see."""
        from programmes.billing.permissions import visible_cycle_fees

        return self.filter(visible_cycle_fees(user))


class CycleFee(Versioned):
    """What a Durchgang costs a Kommune, where it is not simply the programme's fee."""

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="cycle_fee")
    cost_model = models.CharField("Kosten", max_length=8, choices=CostModel, default=CostModel.FEE)
    fee = models.DecimalField(
        "Gebühr je Mentee (Euro)",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.00"))],
        help_text="Leer lassen für die Gebühr des Programms.",
    )
    shared_costs = models.DecimalField(
        "gemeinsame Kosten (Euro)",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    service_from = models.DateField("Leistung von", null=True, blank=True)
    service_until = models.DateField("Leistung bis", null=True, blank=True)

    objects = models.Manager.from_queryset(CycleFeeQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Gebühr eines Durchgangs"
        verbose_name_plural = "Gebühren von Durchgängen"
        constraints = (
            models.CheckConstraint(
                condition=Q(cost_model__in=CostModel.values), name="cycle_fee_model_known"
            ),
            models.CheckConstraint(
                condition=~Q(cost_model=CostModel.SHARED) | Q(shared_costs__gt=0),
                name="cycle_fee_shared_costs",
                violation_error_message="Wie hoch sind die gemeinsamen Kosten?",
            ),
            models.CheckConstraint(
                condition=Q(service_from=None)
                | Q(service_until=None)
                | Q(service_until__gte=models.F("service_from")),
                name="cycle_fee_period",
                violation_error_message="Das Ende der Leistung liegt vor ihrem Beginn.",
            ),
        )

    def __str__(self) -> str:
        return f"Gebühr {self.cycle}"
