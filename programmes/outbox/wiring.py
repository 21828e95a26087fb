"""What the outbox adds to the sweep, the navigation and the start page."""

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.jobs.sweep import sweepers
from mentoring.jobs.turns import daily
from mentoring.jobs.waking import send
from mentoring.ui.navigation import NavItem, StartItem, navigation, start_items
from programmes.outbox.domain import SEND_TASK, fail_expired
from programmes.outbox.models import Delivery
from programmes.outbox.retention import SHARE, delete_old
from programmes.outbox.sender import due, mark_unclear
from programmes.people.retention import erasure


def wake_sender() -> int:
    """Wake a sender for what is due; nothing is changed here."""
    if due().exists():
        send(SEND_TASK)
    return 0


sweepers.add("outbox.expired", fail_expired, order=50)
sweepers.add("outbox.unclear", mark_unclear, order=50)
sweepers.add("outbox.due", wake_sender)


def operators_entry(request: HttpRequest) -> list[NavItem]:
    """The way to the outbox, for operators."""
    if not rules.test_rule("outbox.operate", request.user):
        return []
    return [NavItem("Postausgang", reverse("outbox:list"), general=True)]


def stuck(request: HttpRequest) -> list[StartItem]:
    """For operators: that mail waits for a decision."""
    if not rules.test_rule("outbox.operate", request.user):
        return []
    count = Delivery.objects.visible_to(request.user).count()
    if not count:
        return []
    return [
        StartItem(
            "Nachrichten, die nicht ankamen oder bei denen es unklar ist",
            "Im Postausgang entscheiden Sie, was mit ihnen geschieht.",
            reverse("outbox:list"),
            kind="entscheidung",
            count=count,
        )
    ]


navigation.add("outbox", operators_entry, order=900)
start_items.add("outbox", stuck, order=900)
erasure.add("outbox", SHARE)
daily.add("outbox.old", delete_old)
