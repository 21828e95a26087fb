"""Who sees and sends mails with invoices."""

from typing import Any

import rules
from django.db.models import Q

from programmes.billing.permissions import keeps_books
from programmes.cycles.permissions import leads, roles_of
from programmes.people.permissions import NOBODY, posts_of


def visible_mailings(user: Any) -> Q:
    """The mailings ``user`` may see, over ``InvoiceMailing``."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    seen = Q(cycle__in=roles_of(user).leading)
    if partners := posts_of(user).partners:
        seen |= Q(cycle__programme__logistics_partner__in=partners)
    return seen


# A Storno or a reminder may have to go out when the cycle has ended.
rules.add_rule("invoice_mails.list", leads | keeps_books)
rules.add_rule("invoice_mails.send", keeps_books)
