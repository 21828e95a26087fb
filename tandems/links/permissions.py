"""Who sees and ends personal links."""

from typing import Any

from django.db.models import Q

from programmes.people.permissions import NOBODY
from tandems.links.registry import purposes


def visible_links(user: Any) -> Q:
    """The links ``user`` handles, over ``PersonalLink``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    seen = NOBODY
    for name in purposes.names():
        seen |= Q(purpose=name) & purposes.get(name).handled_by(user)
    return seen
