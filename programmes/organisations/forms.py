"""Forms of Kommunen and Logistikpartner."""

from typing import Any, ClassVar

from crispy_forms.layout import Fieldset, Layout
from django import forms

from mentoring.files.checks import german_size, labels
from mentoring.files.forms import CheckedFileField
from mentoring.ui.forms import VersionedModelForm
from programmes.organisations.domain import LOGO_KINDS, LOGO_LEAST, LOGO_MAX_BYTES, check_logo
from programmes.organisations.fields import CoordinateField, NumberField
from programmes.organisations.models import LogisticsPartner, Municipality


class MunicipalityMeta:
    """Fields of a Kommune as every form shows them."""

    model = Municipality
    fields = (
        "name",
        "short_name",
        "kind",
        "ags",
        "street",
        "postal_code",
        "city",
        "email",
        "phone",
        "billing_name",
        "billing_street",
        "billing_postal_code",
        "billing_city",
        "billing_email",
        "leitweg_id",
        "regional_group",
        "permanent_since",
        "latitude",
        "longitude",
    )
    field_classes: ClassVar = {
        "ags": NumberField,
        "postal_code": NumberField,
        "billing_postal_code": NumberField,
        "leitweg_id": NumberField,
        "latitude": CoordinateField,
        "longitude": CoordinateField,
    }
    help_texts: ClassVar = {
        "name": "So, wie er auf Rechnungen und Urkunden stehen soll, zum Beispiel „Stadt Greven“.",
        "short_name": "So, wie er in Listen steht, zum Beispiel „Greven“.",
        "ags": "Acht Ziffern. Er steht in der Hauptsatzung oder im Gemeindeverzeichnis.",
        "email": "Am besten ein Postfach der Stelle, nicht einer einzelnen Person.",
        "billing_name": "Zum Beispiel „Stadt Greven, Zentrale Rechnungsstelle“.",
        "leitweg_id": "Für elektronische Rechnungen. Ihre Kämmerei oder Rechnungsstelle kennt "
        "sie. Beispiel: 04011000-12345-03",
        "regional_group": "Die Gruppe, in der sich benachbarte Kommunen abstimmen, zum Beispiel "
        "„Nord“.",
        "permanent_since": "Vierstellig, zum Beispiel 2011. Leer lassen, wenn die Kommune von "
        "Durchgang zu Durchgang entscheidet.",
        "latitude": "Dezimalgrad des Rathauses, zum Beispiel 52,0917. Daraus werden Entfernungen "
        "geschätzt.",
        "longitude": "Dezimalgrad, zum Beispiel 7,6083.",
    }
    error_messages: ClassVar = {
        "name": {"unique": "Eine Kommune mit diesem amtlichen Namen gibt es schon."},
        "short_name": {"unique": "Diesen Kurznamen hat schon eine andere Kommune."},
        "ags": {"unique": "Diesen Gemeindeschlüssel hat schon eine andere Kommune."},
    }


class MunicipalityChecks:
    """What a Kommune's fields must satisfy together."""

    cleaned_data: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        """Coordinates come in pairs, and a billing address is complete or empty."""
        super().clean()  # type: ignore[misc]  # a form follows in the order
        data = self.cleaned_data
        # A field with an error of its own is not in data; it needs no second one.
        pair = [data.get("latitude", ""), data.get("longitude", "")]
        if pair.count(None) == 1 and "" not in pair:
            missing = "latitude" if pair[0] is None else "longitude"
            self.add_error(missing, "Geben Sie beide Koordinaten an oder keine.")  # type: ignore[attr-defined]  # see above
        address = ("billing_street", "billing_postal_code", "billing_city")
        if any(data.get(name) for name in address):
            for name in address:
                if data.get(name) == "":
                    self.add_error(  # type: ignore[attr-defined]  # see above
                        name,
                        "Eine abweichende Rechnungsadresse braucht Straße, Postleitzahl und Ort.",
                    )
        return data


class MunicipalityForm(MunicipalityChecks, VersionedModelForm):
    """The page's form: all fields, and the logo as an upload."""

    logo_upload = CheckedFileField(
        label="Logo oder Wappen",
        allowed=LOGO_KINDS,
        max_bytes=LOGO_MAX_BYTES,
        required=False,
        help_text=f"Erlaubt: {labels(LOGO_KINDS)}, höchstens {german_size(LOGO_MAX_BYTES)}, "
        f"mindestens {LOGO_LEAST} × {LOGO_LEAST} Bildpunkte.",
    )
    remove_logo = forms.BooleanField(label="vorhandenes Logo entfernen", required=False)

    Meta = MunicipalityMeta

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picture = ["logo_upload"]
        if self.instance.logo_id is None:
            del self.fields["remove_logo"]
        else:
            picture.append("remove_logo")
        self.layout = Layout(
            Fieldset("Die Kommune", "name", "short_name", "kind", "ags"),
            Fieldset(
                "Anschrift und Personalstelle", "street", "postal_code", "city", "email", "phone"
            ),
            Fieldset(
                "Rechnungsadresse (nur, wenn abweichend)",
                "billing_name",
                "billing_street",
                "billing_postal_code",
                "billing_city",
            ),
            Fieldset("Elektronische Rechnung", "billing_email", "leitweg_id"),
            Fieldset("Im Programm", "regional_group", "permanent_since"),
            Fieldset("Lage", "latitude", "longitude"),
            Fieldset("Logo", *picture),
        )

    def clean_logo_upload(self) -> Any:
        """Large enough, and of a shape, to be seen on a certificate."""
        logo = self.cleaned_data["logo_upload"]
        if logo:
            check_logo(logo)
        return logo


class PartnerMeta:
    """Fields of a Logistikpartner as every form shows them."""

    model = LogisticsPartner
    fields = (
        "name",
        "street",
        "postal_code",
        "city",
        "contact_name",
        "contact_email",
        "contact_phone",
        "tax_number",
        "vat_id",
        "account_holder",
        "iban",
        "bic",
    )
    field_classes: ClassVar = {
        "postal_code": NumberField,
        "vat_id": NumberField,
        "iban": NumberField,
        "bic": NumberField,
    }
    help_texts: ClassVar = {
        "name": "So, wie er auf Rechnungen steht.",
        "tax_number": "So, wie das Finanzamt sie schreibt, zum Beispiel 337/5901/1234.",
        "vat_id": "Nur, wenn vorhanden, zum Beispiel DE136695976.",
        "iban": "Mit oder ohne Leerzeichen.",
        "bic": "Bei einer deutschen IBAN nicht nötig.",
    }
    error_messages: ClassVar = {
        "name": {"unique": "Einen Logistikpartner mit diesem Namen gibt es schon."},
    }


class PartnerForm(VersionedModelForm):
    """The page's form of a Logistikpartner."""

    Meta = PartnerMeta
    layout = Layout(
        Fieldset("Der Logistikpartner", "name", "street", "postal_code", "city"),
        Fieldset("Ansprechperson", "contact_name", "contact_email", "contact_phone"),
        Fieldset("Steuer", "tax_number", "vat_id"),
        Fieldset("Bankverbindung", "account_holder", "iban", "bic"),
    )
