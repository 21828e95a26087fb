"""The pages of this room: start page, legal pages, health."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from mentoring.ui.health import check_all
from mentoring.ui.navigation import START_GROUPS, StartItem, StartKind, start_items
from mentoring.ui.views import SIGNED_IN, PageView

# On a wide screen these stand beside what has to be done.
_SIDE = ("termin", "hinweis")
DATES_SHOWN = 5
"""So many dates stand open on the start page; later ones are folded away."""


class StartPage(PageView):
    """ "Was steht an?" for the person who is signed in."""

    rule = SIGNED_IN
    title = "Was steht an?"
    template_name = "ui/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The items of all rooms, grouped, each group by date and then by title."""
        items: list[StartItem] = []
        for contribution in start_items:
            items.extend(contribution(self.request))
        kinds = [kind for kind, _, _ in START_GROUPS]
        items = _each_once(items)
        items.sort(key=lambda i: (kinds.index(i.kind), i.due is None, i.due or 0, i.title))
        by_kind = {kind: list(found) for kind, found in groupby(items, key=lambda i: i.kind)}
        groups = [
            {"kind": kind, "heading": heading, "icon": icon, **_folded(kind, by_kind[kind])}
            for kind, heading, icon in START_GROUPS
            if kind in by_kind
        ]
        columns = [
            [group for group in groups if (group["kind"] in _SIDE) == aside]
            for aside in (False, True)
        ]
        columns = [column for column in columns if column]
        return super().get_context_data(groups=groups, columns=columns, **kwargs)


def _each_once(items: list[StartItem]) -> list[StartItem]:
    """Of several items about the same thing the last one, which knows most."""
    last = {(item.kind, item.about): item for item in items if item.about}
    return [item for item in items if not item.about or last[item.kind, item.about] is item]


def _folded(kind: StartKind, items: list[StartItem]) -> dict[str, list[StartItem]]:
    """The items that stand open, those folded away, and the ways on to all of them."""
    if kind != "termin":
        return {"items": items, "later": [], "ways": []}
    dated = [item for item in items if item.due is not None]
    ways = [item for item in items if item.due is None]
    return {"items": dated[:DATES_SHOWN], "later": dated[DATES_SHOWN:], "ways": ways}


class LegalPage(PageView):
    """A public page filled from ``settings.IMPRINT``."""

    public = True
    needed: tuple[tuple[str, str], ...] = ()
    """Keys of ``IMPRINT`` this page cannot do without, and the variable that sets each."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is known, and the names of the variables that are missing."""
        missing = [variable for key, variable in self.needed if not settings.IMPRINT[key]]
        return super().get_context_data(imprint=settings.IMPRINT, missing=missing, **kwargs)


class ImprintPage(LegalPage):
    """Who answers for this website (§ 5 DDG, § 18 MStV)."""

    title = "Impressum"
    template_name = "ui/imprint.html"
    needed = (
        ("organisation", "IMPRINT_ORGANISATION"),
        ("address", "IMPRINT_ADDRESS"),
        ("represented_by", "IMPRINT_REPRESENTED_BY"),
        ("email", "IMPRINT_EMAIL"),
        ("phone", "IMPRINT_PHONE"),
    )


class PrivacyPage(LegalPage):
    """What happens to personal data here (Art. 13 DSGVO)."""

    title = "Datenschutz"
    template_name = "ui/privacy.html"
    needed = (
        ("organisation", "IMPRINT_ORGANISATION"),
        ("address", "IMPRINT_ADDRESS"),
        ("email", "IMPRINT_EMAIL"),
        ("data_protection_officer", "DATA_PROTECTION_OFFICER"),
    )


class AccessibilityPage(LegalPage):
    """The declaration of accessibility (§ 12b BGG, § 10e BGG NRW)."""

    title = "Barrierefreiheit"
    template_name = "ui/accessibility.html"
    needed = (
        ("organisation", "IMPRINT_ORGANISATION"),
        ("accessibility_contact", "ACCESSIBILITY_CONTACT"),
        ("accessibility_body", "ACCESSIBILITY_BODY"),
    )


class LivePage(PageView):
    """The process answers."""

    public = True
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200, without a look at anything else."""
        return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


class ReadyPage(PageView):
    """Database, broker and worker answer too."""

    public = True
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """200 if all is well, otherwise 503; says which check failed."""
        ok, checks = check_all()
        return JsonResponse(
            {"status": "ok" if ok else "fault", "checks": checks},
            status=200 if ok else 503,
            headers={"Cache-Control": "no-store"},
            json_dumps_params={"ensure_ascii": False},
        )
