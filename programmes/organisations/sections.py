"""What later rooms add to the page of a Kommune or of the Logistikpartner."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from mentoring.registry import Registry
from programmes.organisations.models import LogisticsPartner, Municipality


@dataclass(frozen=True)
class Section:
    """A part of a page: a template and what it needs beside the page's own context.

    The template begins with a heading of the second level.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)


municipality_sections: Registry[Callable[[HttpRequest, Municipality], Section | None]] = Registry(
    "sections of a municipality's page"
)
"""Each returns ``None`` where the user of the request may not see it."""

partner_sections: Registry[Callable[[HttpRequest, LogisticsPartner], Section | None]] = Registry(
    "sections of a logistics partner's page"
)
"""Each returns ``None`` where the user of the request may not see it."""


def sections_for(
    registry: Registry[Callable[[HttpRequest, Any], Section | None]],
    request: HttpRequest,
    organisation: Any,
) -> list[Section]:
    """The sections this user may see, in order."""
    found = (contribution(request, organisation) for contribution in registry)
    return [section for section in found if section is not None]
