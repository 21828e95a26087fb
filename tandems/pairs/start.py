"""What the decisions on tandems add to the start page."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import StartItem
from programmes.cycles.models import CouncilSeat
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of
from tandems.applications.models import ApplicationState
from tandems.mentors.models import MentorState
from tandems.pairs.models import Tandem, TandemState, TandemVoice
from tandems.pairs.permissions import decided_tandems, matching_cycles


def due(request: HttpRequest) -> list[StartItem]:
    """Voices the own Kommune owes; for leads what is to be closed, sealed, or is broken.

    Counted from what the user decides on; no name stands here.
    """
    user = request.user
    if not matching_cycles(user):
        return []
    rows = list(
        Tandem.objects.filter(decided_tandems(user), state__in=TandemState.secret())
        .select_related("cycle", "application", "mentor")
        .order_by("cycle__number", "pk")
    )
    if not rows:
        return []
    led = [row for row in rows if row.cycle_id in roles_of(user).lead]
    return [*_voices(user, rows), *_to_seal(led), *_broken(led)]


def _voices(user: Any, rows: list[Tandem]) -> list[StartItem]:
    """Proposed tandems on which the user's Kommune has not spoken."""
    seats = CouncilSeat.objects.current().filter(
        person=posts_of(user).person, participation__cycle__in=matching_cycles(user)
    )
    houses = {
        (cycle, house): part
        for part, cycle, house in seats.values_list(
            "participation", "participation__cycle", "participation__municipality"
        )
    }
    proposed = [row for row in rows if row.state == TandemState.PROPOSED]
    given = {
        (tandem, part): at
        for tandem, part, at in TandemVoice.objects.filter(
            tandem__in=[row.pk for row in proposed], participation__in=houses.values()
        ).values_list("tandem", "participation", "recorded_at")
    }
    missing: Counter[tuple[int, int]] = Counter()
    for row in proposed:
        for house in {row.application.municipality_id, row.mentor.municipality_id}:
            part = houses.get((row.cycle_id, house))
            spoken = given.get((row.pk, part)) if part is not None else None
            if part is not None and (spoken is None or spoken < row.proposed_at):
                missing[row.cycle_id, row.cycle.number] += 1
    return [
        StartItem(
            "1 Stimme Ihrer Kommune zu einem Tandem fehlt"
            if count == 1
            else f"{count} Stimmen Ihrer Kommune zu Tandems fehlen",
            f"Durchgang Nr. {number}",
            reverse("pairs:review", args=[cycle]),
            "entscheidung",
            count=count,
        )
        for (cycle, number), count in missing.items()
    ]


def _to_seal(rows: list[Tandem]) -> list[StartItem]:
    agreed = Counter(
        (row.cycle_id, row.cycle.number) for row in rows if row.state == TandemState.AGREED
    )
    return [
        StartItem(
            "Matching prüfen und versiegeln",
            f"Durchgang Nr. {number}: "
            + ("1 Tandem ist beschlossen." if count == 1 else f"{count} Tandems sind beschlossen."),
            reverse("pairs:review", args=[cycle]),
            "entscheidung",
            count=count,
        )
        for (cycle, number), count in agreed.items()
    ]


def _broken(rows: list[Tandem]) -> list[StartItem]:
    """Sealed tandems of which a half has gone since."""
    found: dict[tuple[int, int, str], int] = {}
    for row in rows:
        if row.state != TandemState.SEALED:
            continue
        key = (row.cycle_id, row.cycle.number)
        if row.mentor.state != MentorState.AGREED:
            what = "Mentor/in nach dem Versiegeln ausgeschieden"
        elif row.application.state != ApplicationState.PLACED:
            what = "Mentee nach dem Versiegeln ausgeschieden"
        else:
            continue
        found[*key, what] = found.get((*key, what), 0) + 1
    return [
        StartItem(
            what,
            f"Durchgang Nr. {number}: 1 Tandem ist so nicht mehr möglich."
            if count == 1
            else f"Durchgang Nr. {number}: {count} Tandems sind so nicht mehr möglich.",
            reverse("pairs:review", args=[cycle]),
            "entscheidung",
            count=count,
        )
        for (cycle, number, what), count in found.items()
    ]
