"""What this room adds to the start page, the navigation, and the end of a Durchgang."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import rules
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import NavItem, StartItem
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of
from tandems.meetings.counts import NUDGED_AFTER, silent, with_counts
from tandems.meetings.models import HelpCall
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import council_tandems


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The tandems of the page's cycle; before their year they make room in the row."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("pairs.follow", request.user, cycle):
        return []
    url = reverse("meetings:overview", args=[cycle.pk])
    return [NavItem("Tandems", url, general=cycle.state != CycleState.RUNNING)]


def due(request: HttpRequest) -> list[StartItem]:
    """Calls for help to the user, and for leads how many tandems are silent."""
    user = request.user
    if not roles_of(user).council:
        return []
    return [*_calls(user), *_silent(user)]


def _calls(user: Any) -> Iterator[StartItem]:
    waiting = (
        HelpCall.objects.visible_to(user)
        .filter(settled_on=None)
        .exclude(asked_by=posts_of(user).person)
        .select_related("tandem__cycle")
        .order_by("asked_at", "pk")
    )
    for call in waiting:
        cycle = call.tandem.cycle
        yield StartItem(
            "Ein Tandem bittet um Hilfe",
            f"Durchgang Nr. {cycle.number}: seit dem "
            f"{timezone.localtime(call.asked_at):%d.%m.%Y}. Die Mail mit dem Text ging an Sie."
            if call.contact_id == posts_of(user).person
            else f"Durchgang Nr. {cycle.number}: Die gefragte Person ist nicht mehr im Beirat "
            "oder hat keinen Zugang.",
            reverse("meetings:tandem", args=[cycle.pk, call.tandem_id]),
            "aufgabe",
        )


def _silent(user: Any) -> Iterator[StartItem]:
    led = roles_of(user).lead
    if not led:
        return
    rows = with_counts(Tandem.objects.filter(council_tandems(user), cycle__in=led))
    found = Counter(silent(rows, NUDGED_AFTER).values_list("cycle", "cycle__number"))
    for (cycle, cycle_number), number in sorted(found.items()):
        what = "1 Tandem" if number == 1 else f"{number} Tandems"
        yield StartItem(
            f"{what} seit {NUDGED_AFTER} Wochen oder länger ohne Treffen",
            f"Durchgang Nr. {cycle_number}: fragen Sie nach, zum Beispiel mit einer Rundmail.",
            f"{reverse('meetings:overview', args=[cycle])}?silent={NUDGED_AFTER}",
            "hinweis",
            count=number,
        )


def unfinished(cycle: Cycle) -> list[str]:
    """What of the tandems keeps ``cycle`` from being closed; names nobody."""
    tandems = Tandem.objects.filter(cycle=cycle)
    gaps = []
    if tandems.filter(state__in=TandemState.running()).exists():
        gaps.append(
            "Es laufen noch Tandems. Schließen Sie unter „Tandems“ alle ab, oder beenden Sie sie."
        )
    if tandems.filter(state__in=TandemState.secret()).exists():
        # To be seen by a lead who is a half: that there is one says nothing of whom.
        gaps.append(
            "Nicht alle Matches sind bekannt gegeben. Geben Sie sie bekannt, oder lösen Sie sie "
            "auf."
        )
    return gaps


def counted(cycle: Cycle) -> int:
    """How many tandems the cycle had: a mentee matched anew counts once."""
    revealed = Tandem.objects.filter(cycle=cycle, revealed_at__isnull=False)
    return int(revealed.order_by().values("application").distinct().count())
