"""Programmes in the technical administration; a cycle has no place there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from programmes.cycles.domain import save_programme
from programmes.cycles.domain.programmes import check_partner
from programmes.cycles.forms.records import ProgrammeMeta


class ProgrammeAdminForm(forms.ModelForm):
    """The fields of the page."""

    Meta = ProgrammeMeta

    def _post_clean(self) -> None:
        """As the domain will check it, for this page shows only the errors of its form."""
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which the stubs leave out
        try:
            check_partner(self.instance)
        except ValidationError as error:
            self.add_error(None, error)


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
