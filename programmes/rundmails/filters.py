"""What the lists of this room are filtered by."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from mentoring.ui.lists import ListFilterSet, SearchFilter
from programmes.outbox.models import DeliveryState
from programmes.rundmails.models import Recipient, RecipientState, Rundmail, RundmailState

CONFIRM = "confirm"


class RundmailFilter(ListFilterSet):
    """State, confidentiality (for the Beirat), days from and until, search.

    Over mails with ``out_at``, when they went or are to go out.
    """

    q = SearchFilter()
    state = django_filters.ChoiceFilter(
        label="Stand",
        choices=(*RundmailState.choices, (CONFIRM, "zu bestätigen")),
        method="keep_state",
    )
    confidential = django_filters.ChoiceFilter(
        label="Vertraulich",
        choices=(("yes", "nur vertrauliche"), ("no", "ohne vertrauliche")),
        method="keep_confidential",
    )
    since = django_filters.DateFilter(label="Versand ab", method="keep_since")
    until = django_filters.DateFilter(label="Versand bis", method="keep_until")

    class Meta:
        model = Rundmail
        fields: tuple[str, ...] = ()

    def keep_state(self, queryset: QuerySet[Rundmail], name: str, value: str) -> Any:
        """The mails in a state, or those that wait for a second look."""
        if value == CONFIRM:
            return queryset.filter(state=RundmailState.RELEASED).exclude(confirm_reason="")
        return queryset.filter(state=value)

    def keep_confidential(self, queryset: QuerySet[Rundmail], name: str, value: str) -> Any:
        """Confidential ones only, or none of them."""
        return queryset.filter(confidential=value == "yes")

    def keep_since(self, queryset: Any, name: str, value: Any) -> Any:
        """Sent, or to be sent, on that day or later."""
        return queryset.filter(out_at__date__gte=value)

    def keep_until(self, queryset: Any, name: str, value: Any) -> Any:
        """Sent, or to be sent, on that day or earlier."""
        return queryset.filter(out_at__date__lte=value)


class RecipientFilter(ListFilterSet):
    """Name and what became of the mail."""

    q = SearchFilter()
    state = django_filters.ChoiceFilter(
        label="Stand",
        choices=(
            *DeliveryState.choices,
            (RecipientState.WITHDRAWN, RecipientState.WITHDRAWN.label),
            (RecipientState.ADDED, RecipientState.ADDED.label),
        ),
        method="keep_state",
    )

    class Meta:
        model = Recipient
        fields: tuple[str, ...] = ()

    def keep_state(self, queryset: QuerySet[Recipient], name: str, value: str) -> Any:
        """By the delivery's state; whoever gets none is listed by their own."""
        if value in (RecipientState.WITHDRAWN, RecipientState.ADDED):
            return queryset.filter(state=value, delivery=None)
        without = Q(delivery=None, state=RecipientState.FIXED)
        if value == DeliveryState.QUEUED:
            return queryset.filter(Q(delivery__state=value) | without)
        return queryset.filter(delivery__state=value)
