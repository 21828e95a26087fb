"""Who prints certificates."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.permissions import inside_council, leads, roles_of, runs_logistics
from programmes.people.permissions import NOBODY


def visible_certificate_texts(user: Any) -> Q:
    """The texts ``user`` may see, over ``CertificateText``."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    return Q(cycle__in=roles_of(user).inside | roles_of(user).logistics)


rules.add_rule("certificates.print", inside_council | runs_logistics)
rules.add_rule("certificates.write", leads | runs_logistics)
