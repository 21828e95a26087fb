"""What the page of an application and of a mentor says of their tandem.

After the reveal the Personalstelle reads who the other half of its own is, and nothing of
the meetings (design, rules 1 and 7). Whoever decides in the Beirat finds the way to a pair
that is still secret, without its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import rules
from django.urls import reverse

from tandems.applications.models import Application
from tandems.applications.registries import Section
from tandems.mentors.models import Mentor
from tandems.pairs.models import Tandem
from tandems.pairs.permissions import council_tandems
from tandems.portal.contents import Half, partner_of

TEMPLATE = "portal/house_section.html"


@dataclass(frozen=True)
class Line:
    """A tandem that is known, with the way to it for the Beirat."""

    tandem: Tandem
    partner: Half
    url: str


def of_application(user: Any, application: Application) -> Section | None:
    """The tandems of a mentee."""
    return _section(user, Tandem.objects.filter(application=application), application.person_id)


def of_mentor(user: Any, mentor: Mentor) -> Section | None:
    """The tandems of a mentor."""
    if mentor.person_id is None:
        return None
    return _section(user, Tandem.objects.filter(mentor=mentor), mentor.person_id)


def _section(user: Any, tandems: Any, person: int) -> Section | None:
    rows = list(
        tandems.visible_to(user)
        .select_related(
            "cycle",
            "application__municipality",
            "mentor__municipality",
            "mentee_person",
            "mentor_person",
        )
        .order_by("revealed_at", "pk")
    )
    known = [row for row in rows if row.is_known]
    secret = [row for row in rows if not row.is_known]
    if not rows:
        return None
    followed = _followed(user, known)
    lines = [
        Line(
            row,
            partner_of(row, person),
            reverse("meetings:tandem", args=[row.cycle_id, row.pk]) if row.pk in followed else "",
        )
        for row in known
    ]
    ways = [reverse("pairs:tandem", args=[row.cycle_id, row.pk]) for row in secret]
    return Section(TEMPLATE, {"lines": lines, "ways": ways}, first=True)


def _followed(user: Any, known: Sequence[Tandem]) -> set[int]:
    """Those of one cycle that ``user`` follows in the Beirat."""
    if not known or not rules.test_rule("pairs.follow", user, known[0].cycle):
        return set()
    keys = [row.pk for row in known]
    found = Tandem.objects.filter(council_tandems(user), pk__in=keys)
    return set(found.values_list("pk", flat=True))
