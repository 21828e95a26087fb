"""What this room adds to earlier ones."""

import rules
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from mentoring.files.domain import readers
from mentoring.log.domain import track
from mentoring.ui.navigation import NavItem, StartItem, navigation, start_items
from programmes.organisations.admin import LogisticsPartnerAdmin, MunicipalityAdmin
from programmes.organisations.domain import LOGO
from programmes.organisations.models import LogisticsPartner, Municipality


def _navigation(request: HttpRequest) -> list[NavItem]:
    if not rules.test_rule("organisations.view", request.user):
        return []
    return [
        NavItem("Kommunen", reverse("municipalities"), general=True),
        NavItem("Logistikpartner", reverse("partners"), general=True),
    ]


def _what_an_operator_misses(request: HttpRequest) -> list[StartItem]:
    """The first steps of a new installation that this room knows of."""
    found = []
    if (
        rules.test_rule("organisations.add_partner", request.user)
        and not LogisticsPartner.objects.exists()
    ):
        found.append(
            StartItem(
                "Logistikpartner anlegen",
                "Wer stellt Räume, verschickt Rundmails und schreibt Rechnungen?",
                reverse("partner_add"),
                "fehlt",
            )
        )
    if (
        rules.test_rule("organisations.add_municipality", request.user)
        and not Municipality.objects.exists()
    ):
        found.append(
            StartItem(
                "Kommunen anlegen",
                "Welche Städte, Gemeinden und Kreise führen das Programm gemeinsam durch?",
                reverse("municipality_add"),
                "fehlt",
            )
        )
    return found


navigation.add("organisations", _navigation, order=80)
start_items.add("first steps: organisations", _what_an_operator_misses, order=10)

# Coats of arms are public anyway; the file view asks everybody to sign in first.
readers.add(LOGO, lambda user, stored: True)

admin.site.register(Municipality, MunicipalityAdmin)
admin.site.register(LogisticsPartner, LogisticsPartnerAdmin)

track(Municipality)
track(LogisticsPartner)
