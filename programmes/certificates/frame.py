"""What this room adds to the frame of every page and to the start page."""

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem, StartItem
from programmes.certificates.own import own_certificates
from programmes.certificates.pages import slug_of
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import Cycle


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The certificates of the current cycle."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("certificates.print", request.user, cycle):
        return []
    return [NavItem("Zertifikate", reverse("certificates:people", args=[cycle.pk]), general=True)]


def own_items(request: HttpRequest) -> list[StartItem]:
    """One's own, to be fetched."""
    return [
        StartItem(
            f"Ihr {one.text}" if str(one.text).startswith("Zert") else f"Ihre {one.text}",
            f"{one.text.cycle.programme}, {one.text.cycle}: als PDF herunterladen.",
            reverse("certificates:own", args=[one.row.pk, slug_of(one.text.kind)]),
        )
        for one in own_certificates(request.user)
    ]


def before_closing(cycle: Cycle, step: str) -> list[str]:
    """What cannot be done afterwards."""
    if step != "close":
        return []
    return [
        "Teilnahmebestätigungen und Zertifikate lassen sich danach nicht mehr erstellen: drucken "
        "oder speichern Sie sie vorher."
    ]
