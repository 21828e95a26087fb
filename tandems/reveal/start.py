"""What the reveal adds to the start page, the navigation, and the path of a Durchgang."""

import rules
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import NavItem, StartItem
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from tandems.applications.models import Application, ApplicationState
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import decided_tandems, matching_cycles
from tandems.pairs.review import leaves_out
from tandems.reveal.workshop import workshop_of


def due(request: HttpRequest) -> list[StartItem]:
    """For leads: the reveal on its day, and a match anew that waits for its own."""
    user = request.user
    led = roles_of(user).lead & matching_cycles(user) if roles_of(user).lead else frozenset()
    if not led:
        return []
    rows = (
        Tandem.objects.filter(decided_tandems(user), cycle__in=led, state=TandemState.SEALED)
        .select_related("cycle")
        .order_by("cycle__number", "pk")
    )
    cycles: dict[int, Cycle] = {}
    again: dict[int, int] = {}
    for row in rows:
        if row.after_id is None:
            cycles[row.cycle_id] = row.cycle
        else:
            again[row.cycle_id] = again.get(row.cycle_id, 0) + 1
    items = [item for cycle in cycles.values() if (item := _on_its_day(cycle)) is not None]
    items += [
        StartItem(
            "Neues Match noch nicht bekannt gegeben",
            "Es ist versiegelt und wird für sich bekannt gegeben.",
            reverse("reveal:reveal", args=[cycle]),
            "entscheidung",
            count=number,
        )
        for cycle, number in again.items()
    ]
    return items


def _on_its_day(cycle: Cycle) -> StartItem | None:
    workshop = workshop_of(cycle)
    if not (workshop.is_today or workshop.has_been):
        return None
    text = f"Durchgang Nr. {cycle.number}: "
    if workshop.is_today and cycle.reveal_at is not None and cycle.reveal_at > timezone.now():
        at = timezone.localtime(cycle.reveal_at)
        text += f"geschieht um {at:%H:%M} Uhr von selbst. Sehen Sie vorher nach, wer wen sieht."
    else:
        text += "lesen Sie, wer wen sehen wird, und geben Sie das Matching frei."
    return StartItem(
        "Bekanntgabe heute" if workshop.is_today else "Bekanntgabe steht noch aus",
        text,
        reverse("reveal:reveal", args=[cycle.pk]),
        "entscheidung",
        due=workshop.day,
    )


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The reveal, for leads, from its day on while something is sealed; before that the page
    of the whole set leads there."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("pairs.lead", request.user, cycle):
        return []
    workshop = workshop_of(cycle)
    if not (workshop.is_today or workshop.has_been):
        return []
    sealed = Tandem.objects.filter(
        decided_tandems(request.user), cycle=cycle, state=TandemState.SEALED
    )
    if not sealed.exists() and not leaves_out(cycle, request.user):
        return []
    return [NavItem("Bekanntgabe", reverse("reveal:reveal", args=[cycle.pk]))]


def before_running(cycle: Cycle, step: str) -> list[str]:
    """Warnings for who begins the tandem phase; without numbers, for they may be concerned."""
    if step != "start_running":
        return []
    live = Tandem.objects.filter(cycle=cycle, state__in=TandemState.live())
    lines = []
    if live.filter(revealed_at=None).exists():
        lines.append(
            "Achtung: Noch sind nicht alle Tandems bekannt gegeben. Das geht auch in der "
            "Tandemphase; von selbst geschieht es nicht."
        )
    placed = Application.objects.filter(cycle=cycle, state=ApplicationState.PLACED)
    if placed.exclude(pk__in=live.values("application")).exists():
        lines.append("Achtung: Noch haben nicht alle Mentees ein Tandem.")
    return lines


def unfinished(cycle: Cycle) -> list[str]:
    """What keeps ``cycle`` from being closed: tandems nobody was told of."""
    if Tandem.objects.filter(cycle=cycle, state__in=TandemState.secret()).exists():
        return [
            "Noch sind nicht alle Tandems bekannt gegeben. Geben Sie sie bekannt oder lösen Sie "
            "sie auf."
        ]
    return []
