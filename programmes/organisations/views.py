"""Pages of Kommunen and Logistikpartner."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy

from mentoring.files.models import StoredFile
from mentoring.ui.lists import Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, CreatePage, DetailPage, ObjectActionPage, UpdatePage
from programmes.organisations.domain import delete_municipality, save_municipality, save_partner
from programmes.organisations.filters import MunicipalityFilter, PartnerFilter
from programmes.organisations.forms import MunicipalityForm, PartnerForm
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.organisations.sections import (
    municipality_sections,
    partner_sections,
    sections_for,
)

MUNICIPALITIES = Crumb("Kommunen", reverse_lazy("municipalities"))  # type: ignore[arg-type]  # text once shown
PARTNERS = Crumb("Logistikpartner", reverse_lazy("partners"))  # type: ignore[arg-type]  # text once shown


def crumb(organisation: Municipality | LogisticsPartner) -> Crumb:
    """The step that leads to the organisation's page."""
    return Crumb(str(organisation), organisation.get_absolute_url())


def signed_in(request: HttpRequest) -> Any:
    """The user of a page that has a rule, who is never anonymous."""
    return request.user


def address(street: str, postal_code: str, city: str) -> str:
    """An address on one line."""
    return ", ".join(part for part in (street, f"{postal_code} {city}".strip()) if part)


class MunicipalityList(ListPage):
    """All Kommunen."""

    list_name = "organisations.municipalities"
    rule = "organisations.view"
    title = "Kommunen"
    filterset_class = MunicipalityFilter
    default_sort = "name"
    empty_title = "Noch keine Kommune"
    empty_text = "Legen Sie die Kommunen an, die am Programm teilnehmen."
    columns = (
        Column(
            "name",
            "Kommune",
            "short_name",
            sort="sort_key",
            link=lambda municipality: municipality.get_absolute_url(),
        ),
        Column("official_name", "amtlicher Name", "name"),
        Column("kind", "Art", "get_kind_display", sort=("kind", "sort_key")),
        Column(
            "regional_group",
            "Regionalgruppe",
            "regional_group",
            sort=("regional_group", "sort_key"),
        ),
        Column(
            "permanent_since",
            "ständig seit",
            lambda municipality: municipality.permanent_since,
            sort=("permanent_since", "sort_key"),
            numeric=True,
        ),
    )

    def get_queryset(self) -> QuerySet[Municipality]:
        """All that the user may see."""
        return Municipality.objects.visible_to(self.request.user)

    def actions(self) -> list[Action]:
        """New ones are for operators."""
        return [action] if (action := self.get_empty_action()) else []

    def get_empty_action(self) -> Action | None:
        """The same for an empty list."""
        if not self.allowed("organisations.add_municipality"):
            return None
        return Action("Kommune anlegen", reverse("municipality_add"), "primary", "add")


class MunicipalityPage(DetailPage):
    """Everything about a Kommune, and what later rooms know of it."""

    model = Municipality
    rule = "organisations.view"
    template_name = "organisations/organisation.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [MUNICIPALITIES]

    def actions(self) -> list[Action]:
        """Change and delete, where allowed."""
        actions = []
        if self.allowed("organisations.change_municipality", self.object):
            url = reverse("municipality_change", args=[self.object.pk])
            actions.append(Action("Bearbeiten", url, "primary", "edit"))
        if self.allowed("operator"):
            url = reverse("municipality_delete", args=[self.object.pk])
            actions.append(Action("Löschen", url, icon="delete"))
        return actions

    def details(self) -> list[tuple[str, Any]]:
        """All fields; a year is text, for numbers would get a thousands separator."""
        found: Municipality = self.object
        rows = [
            ("Amtlicher Name", found.name),
            ("Art", found.get_kind_display()),
            ("Gemeindeschlüssel (AGS)", found.ags),
            ("Anschrift", address(found.street, found.postal_code, found.city)),
            ("E-Mail der Personalstelle", found.email),
            ("Telefon der Personalstelle", found.phone),
            ("Rechnungsempfänger", found.billing_name or found.name),
            (
                "Rechnungsadresse",
                address(found.billing_street, found.billing_postal_code, found.billing_city)
                or "wie Anschrift",
            ),
            ("E-Mail für Rechnungen", found.billing_email),
            ("Leitweg-ID", found.leitweg_id),
            ("Regionalgruppe", found.regional_group),
            ("Ständiges Mitglied seit", str(found.permanent_since or "")),
        ]
        if found.latitude is not None and found.longitude is not None:
            place = f"{found.latitude:f} N, {found.longitude:f} O".replace(".", ",", 1)
            rows.append(("Lage", place.replace(".", ",")))
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The logo and the sections of later rooms."""
        logo = StoredFile.objects.filter(pk=self.object.logo_id).first()
        return super().get_context_data(
            logo=logo,
            sections=sections_for(municipality_sections, self.request, self.object),
            **kwargs,
        )


class MunicipalityCreate(CreatePage):
    """A new Kommune."""

    model = Municipality
    form_class = MunicipalityForm
    rule = "organisations.add_municipality"
    title = "Kommune anlegen"
    success_message = "Die Kommune ist angelegt."

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [MUNICIPALITIES]

    def save(self, form: Any) -> Municipality:
        """By way of the domain."""
        return save_municipality(
            form.instance, by=signed_in(self.request), logo=form.cleaned_data["logo_upload"] or None
        )


class MunicipalityChange(UpdatePage):
    """Change a Kommune."""

    model = Municipality
    form_class = MunicipalityForm
    rule = "organisations.change_municipality"

    def get_title(self) -> str:
        """What is changed."""
        return f"{self.object} bearbeiten"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the Kommune."""
        return [MUNICIPALITIES, crumb(self.object)]

    def save(self, form: Any) -> Municipality:
        """By way of the domain."""
        return save_municipality(
            form.instance,
            by=signed_in(self.request),
            logo=form.cleaned_data["logo_upload"] or None,
            remove_logo=form.cleaned_data.get("remove_logo", False),
        )


class MunicipalityDelete(ObjectActionPage):
    """Delete a Kommune that was made by mistake."""

    model = Municipality
    rule = "operator"
    button_label = "Kommune löschen"
    danger = True
    success_url = reverse_lazy("municipalities")
    success_message = "Die Kommune ist gelöscht."

    def get_title(self) -> str:
        """What is deleted."""
        return f"{self.object} löschen"

    def get_question(self) -> str:
        """Which one."""
        return f"Möchten Sie {self.object.name} wirklich löschen?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Anschrift, Rechnungsangaben und Logo werden gelöscht.",
            "Es geht nur, solange keine Person, kein Durchgang und keine Rechnung davon abhängt.",
        ]

    def breadcrumbs(self) -> list[Crumb]:
        """Below the Kommune."""
        return [MUNICIPALITIES, crumb(self.object)]

    def perform(self) -> None:
        """By way of the domain."""
        delete_municipality(self.object, by=signed_in(self.request))


class PartnerList(ListPage):
    """All Logistikpartner; most installations have one."""

    list_name = "organisations.partners"
    rule = "organisations.view"
    title = "Logistikpartner"
    filterset_class = PartnerFilter
    default_sort = "name"
    empty_title = "Noch kein Logistikpartner"
    empty_text = (
        "Der Logistikpartner stellt Räume, verschickt organisatorische Rundmails und schreibt "
        "die Rechnungen."
    )
    columns = (
        Column(
            "name",
            "Name",
            "name",
            sort="sort_key",
            link=lambda partner: partner.get_absolute_url(),
        ),
        Column("city", "Ort", "city", sort=("city", "sort_key")),
        Column("contact", "Ansprechperson", "contact_name"),
        Column("email", "E-Mail", "contact_email"),
        Column("phone", "Telefon", "contact_phone"),
    )

    def get_queryset(self) -> QuerySet[LogisticsPartner]:
        """All that the user may see."""
        return LogisticsPartner.objects.visible_to(self.request.user)

    def actions(self) -> list[Action]:
        """New ones are for operators."""
        return [action] if (action := self.get_empty_action()) else []

    def get_empty_action(self) -> Action | None:
        """The same for an empty list."""
        if not self.allowed("organisations.add_partner"):
            return None
        return Action("Logistikpartner anlegen", reverse("partner_add"), "primary", "add")


class PartnerPage(DetailPage):
    """Everything about a Logistikpartner, and what later rooms know of it."""

    model = LogisticsPartner
    rule = "organisations.view"
    template_name = "organisations/organisation.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [PARTNERS]

    def actions(self) -> list[Action]:
        """Change, where allowed."""
        if not self.allowed("organisations.change_partner", self.object):
            return []
        url = reverse("partner_change", args=[self.object.pk])
        return [Action("Bearbeiten", url, "primary", "edit")]

    def details(self) -> list[tuple[str, Any]]:
        """All fields; the IBAN in groups of four."""
        found: LogisticsPartner = self.object
        groups = [found.iban[i : i + 4] for i in range(0, len(found.iban), 4)]
        return [
            ("Anschrift", address(found.street, found.postal_code, found.city)),
            ("Ansprechperson", found.contact_name),
            ("E-Mail", found.contact_email),
            ("Telefon", found.contact_phone),
            ("Steuernummer", found.tax_number),
            ("USt-IdNr.", found.vat_id),
            ("Kontoinhaber/in", found.account_holder),
            ("IBAN", " ".join(groups)),
            ("BIC", found.bic),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sections of later rooms."""
        sections = sections_for(partner_sections, self.request, self.object)
        return super().get_context_data(sections=sections, **kwargs)


class PartnerCreate(CreatePage):
    """A new Logistikpartner."""

    model = LogisticsPartner
    form_class = PartnerForm
    rule = "organisations.add_partner"
    title = "Logistikpartner anlegen"
    success_message = "Der Logistikpartner ist angelegt."

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [PARTNERS]

    def save(self, form: Any) -> LogisticsPartner:
        """By way of the domain."""
        return save_partner(form.instance, by=signed_in(self.request))


class PartnerChange(UpdatePage):
    """Change a Logistikpartner."""

    model = LogisticsPartner
    form_class = PartnerForm
    rule = "organisations.change_partner"

    def get_title(self) -> str:
        """What is changed."""
        return f"{self.object} bearbeiten"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the Logistikpartner."""
        return [PARTNERS, crumb(self.object)]

    def save(self, form: Any) -> LogisticsPartner:
        """By way of the domain."""
        return save_partner(form.instance, by=signed_in(self.request))
