"""What this room adds to the frame of every page."""

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem
from programmes.cycles.frame import current_cycle
from programmes.documents.models import Document
from programmes.people.permissions import posts_of


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The documents of the current cycle, or those somebody reads who opens no cycle."""
    cycle = current_cycle(request)
    if cycle is not None and rules.test_rule("documents.list", request.user, cycle):
        url = reverse("documents:documents", args=[cycle.pk])
    elif reads_any(request):
        url = reverse("documents:own")
    else:
        return []
    return [NavItem("Unterlagen", url, general=True)]


def reads_any(request: HttpRequest) -> bool:
    """Whether there is a document the user may read."""
    if posts_of(request.user).person is None:
        return False
    return Document.objects.visible_to(request.user).exists()
