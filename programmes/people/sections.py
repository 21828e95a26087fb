"""What later rooms add to a person's page, and what this room adds to those of organisations."""

from collections.abc import Callable
from typing import Any

import rules
from django.http import HttpRequest

from mentoring.registry import Registry
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.organisations.sections import Section
from programmes.people.models import LogisticsStaff, MunicipalityStaff, Person

person_sections: Registry[Callable[[HttpRequest, Person], Section | None]] = Registry(
    "sections of a person's page"
)
"""Each returns ``None`` where the user of the request may not see it."""


def municipality_staff(request: HttpRequest, municipality: Municipality) -> Section:
    """The Personalstelle of a Kommune: the people the user may see."""
    posts = MunicipalityStaff.objects.current().filter(municipality=municipality)
    return _staff("Personalstelle", "municipality", request, municipality, posts)


def partner_staff(request: HttpRequest, partner: LogisticsPartner) -> Section:
    """The staff of a Logistikpartner: the people the user may see."""
    posts = LogisticsStaff.objects.current().filter(partner=partner)
    return _staff("Mitarbeitende", "partner", request, partner, posts)


def _staff(title: str, kind: str, request: HttpRequest, organisation: Any, posts: Any) -> Section:
    seen = Person.objects.visible_to(request.user)
    rows = posts.filter(person__in=seen).select_related("person").order_by("person__sort_key")
    return Section(
        "people/staff_section.html",
        {
            "title": title,
            "kind": kind,
            "organisation": organisation,
            "posts": list(rows),
            "may_name": rules.test_rule("people.name_staff", request.user, organisation),
        },
    )
