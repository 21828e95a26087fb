"""What this room adds to the frame of every page and to the start page."""

from collections.abc import Iterator
from typing import Any

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui.navigation import NavItem, StartItem
from mentoring.ui.views import Action
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import Programme
from programmes.cycles.permissions import roles_of
from programmes.outbox.models import DeliveryState
from programmes.rundmails.counts import with_counts
from programmes.rundmails.domain import needs_second_person
from programmes.rundmails.models import Recipient, Rundmail, RundmailState
from programmes.rundmails.permissions import may_release
from programmes.rundmails.subjects import shown_subject, with_subjects


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The mails of the current cycle."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("rundmails.list", request.user, cycle):
        return []
    return [NavItem("Rundmails", reverse("rundmails:rundmails", args=[cycle.pk]))]


def template_button(user: User, programme: Programme) -> Action | None:
    """The way to the usual mails, for ständige Mitglieder."""
    if not rules.test_rule("rundmails.change_templates", user, programme):
        return None
    return Action("Mailvorlagen", reverse("rundmails:templates", args=[programme.pk]))


def due(request: HttpRequest) -> list[StartItem]:
    """Mails that wait for a confirmation, for a second person, or for a decision."""
    user: Any = request.user
    roles = roles_of(user)
    if not roles.inside | roles.logistics:
        return []
    return [*_to_confirm(user), *_to_approve(user), *_in_trouble(user)]


def _to_confirm(user: Any) -> Iterator[StartItem]:
    waiting = (
        with_subjects(Rundmail.objects.visible_to(user))
        .filter(state__in=(RundmailState.RELEASED, RundmailState.SENDING))
        .exclude(confirm_reason="")
        .select_related("cycle")
        .order_by("send_at", "pk")
    )
    for mail in waiting:
        if may_release(user, mail):
            yield StartItem(
                "Rundmail bestätigen",
                f"„{shown_subject(mail)}“: {mail.get_confirm_reason_display()}",
                reverse("rundmails:confirm", args=[mail.cycle_id, mail.pk]),
                "entscheidung",
            )


def _to_approve(user: Any) -> Iterator[StartItem]:
    drafts = (
        with_subjects(Rundmail.objects.visible_to(user))
        .filter(
            state=RundmailState.DRAFT,
            confidential=True,
            cycle__four_eyes=True,
            cycle__in=roles_of(user).inside,
        )
        .exclude(created_by=user)
        .exclude(body="")
        .select_related("cycle")
        .order_by("pk")
    )
    for mail in drafts:
        if needs_second_person(mail):
            yield StartItem(
                "Rundmail mitprüfen",
                f"„{shown_subject(mail)}“ braucht vor der Freigabe ein zweites Paar Augen.",
                mail.get_absolute_url(),
                "entscheidung",
            )


def _in_trouble(user: Any) -> Iterator[StartItem]:
    trouble = Recipient.objects.visible_to(user).filter(
        delivery__state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR)
    )
    mails = Rundmail.objects.visible_to(user).filter(
        state__in=(RundmailState.SENDING, RundmailState.SENT), pk__in=trouble.values("rundmail")
    )
    for mail in with_counts(with_subjects(mails.order_by("pk")), user):
        number: int = mail.failed + mail.unclear  # type: ignore[attr-defined]  # annotated
        yield StartItem(
            "Rundmail nicht bei allen angekommen",
            f"„{shown_subject(mail)}“",
            mail.get_absolute_url(),
            "entscheidung",
            count=number,
        )
