"""Programmes in the technical administration; a cycle has no place there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from programmes.cycles.domain import save_programme
from programmes.cycles.forms.records import ProgrammeMeta


class ProgrammeAdminForm(forms.ModelForm):
    """The fields of the page."""

    Meta = ProgrammeMeta


class ProgrammeAdmin(admin.ModelAdmin):
    """Programmes."""

    form = ProgrammeAdminForm
    list_display = ("name", "kind", "logistics_partner")
    list_select_related = ("logistics_partner",)
    search_fields = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By way of the domain."""
        save_programme(obj, by=request.user)  # type: ignore[arg-type]  # staff are users
