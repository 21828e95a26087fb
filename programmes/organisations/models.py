"""The organisations that take part: Kommunen and the Logistikpartner."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mentoring.records import Keyed, KeyedQuerySet
from programmes.organisations.checks import (
    validate_ags,
    validate_bic,
    validate_iban,
    validate_leitweg_id,
    validate_postal_code,
    validate_tax_number,
    validate_vat_id,
)


class MunicipalityKind(models.TextChoices):
    CITY = "city", "Stadt"
    COMMUNITY = "community", "Gemeinde"
    DISTRICT = "district", "Kreis"
    REGIONAL_ASSOCIATION = "regional_association", "Kommunalverband"
    OTHER = "other", "sonstige öffentliche Einrichtung"


class Address(models.Model):
    """A postal address in Germany."""

    street = models.CharField("Straße und Hausnummer", max_length=120, blank=True)
    postal_code = models.CharField(
        "Postleitzahl", max_length=5, blank=True, validators=[validate_postal_code]
    )
    city = models.CharField("Ort", max_length=80, blank=True)

    class Meta:
        abstract = True


class MunicipalityQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> "MunicipalityQuerySet":
        """All of them for whoever works in a programme; the names are public anyway."""
        from programmes.organisations.permissions import knows_organisations

        return self if knows_organisations(user) else self.none()


class Municipality(Address, Keyed):
    """A Kommune or another public body that sends people into a programme."""

    key_fields: ClassVar[tuple[str, ...]] = ("short_name",)
    search_only_fields: ClassVar[tuple[str, ...]] = ("name", "city")

    name = models.CharField("amtlicher Name", max_length=120, unique=True)
    short_name = models.CharField("Kurzname", max_length=60, unique=True)
    kind = models.CharField("Art", max_length=24, choices=MunicipalityKind)
    ags = models.CharField(
        "Gemeindeschlüssel (AGS)",
        max_length=8,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_ags],
    )
    regional_group = models.CharField("Regionalgruppe", max_length=40, blank=True)
    latitude = models.DecimalField(
        "geografische Breite",
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(47), MaxValueValidator(56)],
    )
    longitude = models.DecimalField(
        "geografische Länge",
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(16)],
    )
    permanent_since = models.PositiveSmallIntegerField(
        "ständiges Mitglied seit (Jahr)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1990), MaxValueValidator(2100)],
    )
    email = models.EmailField("E-Mail der Personalstelle", blank=True)
    phone = models.CharField("Telefon der Personalstelle", max_length=40, blank=True)
    billing_name = models.CharField("Rechnungsempfänger", max_length=160, blank=True)
    billing_street = models.CharField("Straße und Hausnummer", max_length=120, blank=True)
    billing_postal_code = models.CharField(
        "Postleitzahl", max_length=5, blank=True, validators=[validate_postal_code]
    )
    billing_city = models.CharField("Ort", max_length=80, blank=True)
    billing_email = models.EmailField("E-Mail für Rechnungen", blank=True)
    leitweg_id = models.CharField(
        "Leitweg-ID", max_length=46, blank=True, validators=[validate_leitweg_id]
    )
    logo = models.ForeignKey(
        "mentoring.StoredFile",
        verbose_name="Logo oder Wappen",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = models.Manager.from_queryset(MunicipalityQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Kommune"
        verbose_name_plural = "Kommunen"
        ordering = ("sort_key", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=MunicipalityKind.values), name="municipality_kind_known"
            ),
        )

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("municipality", args=[self.pk])


class LogisticsPartner(Address, Keyed):
    """The training institute that runs events and mails and invoices the Kommunen."""

    key_fields: ClassVar[tuple[str, ...]] = ("name",)

    name = models.CharField("Name", max_length=160, unique=True)
    tax_number = models.CharField(
        "Steuernummer", max_length=20, blank=True, validators=[validate_tax_number]
    )
    vat_id = models.CharField("USt-IdNr.", max_length=14, blank=True, validators=[validate_vat_id])
    account_holder = models.CharField("Kontoinhaber/in", max_length=120, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True, validators=[validate_iban])
    bic = models.CharField("BIC", max_length=11, blank=True, validators=[validate_bic])
    contact_name = models.CharField("Ansprechperson", max_length=120, blank=True)
    contact_email = models.EmailField("E-Mail", blank=True)
    contact_phone = models.CharField("Telefon", max_length=40, blank=True)

    objects = models.Manager.from_queryset(MunicipalityQuerySet)()

    class Meta:
        app_label = "programmes"
        verbose_name = "Logistikpartner"
        verbose_name_plural = "Logistikpartner"
        ordering = ("sort_key", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("partner", args=[self.pk])
