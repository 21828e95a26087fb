"""Organisations in the technical administration, by way of the domain like anywhere."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from programmes.organisations.domain import save_municipality, save_partner
from programmes.organisations.forms import MunicipalityChecks, MunicipalityMeta, PartnerMeta


class MunicipalityAdminForm(MunicipalityChecks, forms.ModelForm):
    """The fields and checks of the page, without the upload."""

    Meta = MunicipalityMeta


class PartnerAdminForm(forms.ModelForm):
    """The fields of the page."""

    Meta = PartnerMeta


class OrganisationAdmin(admin.ModelAdmin):
    """Changes only: the pages say what hangs on a Kommune before they delete it."""

    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False


class MunicipalityAdmin(OrganisationAdmin):
    """Kommunen."""

    form = MunicipalityAdminForm
    list_display = ("short_name", "name", "kind", "regional_group")
    search_fields = ("search_key",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By way of the domain."""
        save_municipality(obj, by=request.user)  # type: ignore[arg-type]  # staff are users


class LogisticsPartnerAdmin(OrganisationAdmin):
    """Logistikpartner."""

    form = PartnerAdminForm
    list_display = ("name", "city", "contact_name")
    search_fields = ("search_key",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By way of the domain."""
        save_partner(obj, by=request.user)  # type: ignore[arg-type]  # staff are users
