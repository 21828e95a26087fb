"""What this room adds to the frame of every page: switcher, navigation, start page."""

from collections.abc import Iterator, Sequence
from typing import Any

import rules
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import CycleEntry, NavItem, StartItem
from programmes.cycles.domain.sign_ins import without_sign_in
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    ParticipationState,
    PermanentMember,
    Programme,
)
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of


def open_cycles(request: HttpRequest) -> list[Cycle]:
    """The open cycles the user may open, newest first; read once per request."""
    found: list[Cycle] | None = getattr(request, "_open_cycles", None)
    if found is None:
        found = list(
            Cycle.objects.visible_to(request.user)
            .exclude(state__in=CycleState.ended())
            .select_related("programme")
            .order_by("-start_year", "-number", "pk")
        )
        request._open_cycles = found  # type: ignore[attr-defined]  # our own, see above
    return found


def current_cycle(request: HttpRequest) -> Cycle | None:
    """The open cycle of the page, otherwise the newest one; ``None`` on a closed one's page."""
    cycles = open_cycles(request)
    match = request.resolver_match
    wanted = match.kwargs.get("cycle_pk") if match is not None else None
    if wanted is None:
        return cycles[0] if cycles else None
    return next((cycle for cycle in cycles if cycle.pk == wanted), None)


def switcher(request: HttpRequest) -> list[CycleEntry]:
    """The open cycles, named with their programme where there are several."""
    cycles, current = open_cycles(request), current_cycle(request)
    several = len({cycle.programme_id for cycle in cycles}) > 1
    return [
        CycleEntry(
            f"{cycle.programme}: Nr. {cycle.number}"
            if several
            else f"Nr. {cycle.number} ({cycle.years})",
            cycle.get_absolute_url(),
            cycle == current,
        )
        for cycle in cycles
    ]


def cycle_navigation(request: HttpRequest) -> list[NavItem]:
    """The page of the current cycle."""
    cycle = current_cycle(request)
    return [NavItem("Übersicht", cycle.get_absolute_url())] if cycle is not None else []


def members_navigation(request: HttpRequest) -> list[NavItem]:
    """Who belongs to the current cycle."""
    cycle = current_cycle(request)
    if cycle is None:
        return []
    items = []
    for rule, label, name, general in (
        ("cycles.view_participants", "Teilnehmer/innen", "participants", False),
        ("cycles.view_participations", "Kommunen im Durchgang", "participations", True),
        ("cycles.view_council", "Beirat", "council", True),
    ):
        if rules.test_rule(rule, request.user, cycle):
            url = reverse(f"cycles:{name}", args=[cycle.pk])
            items.append(NavItem(label, url, general=general))
    return items


def general_navigation(request: HttpRequest) -> list[NavItem]:
    """Pages that belong to no single cycle."""
    items = []
    for rule, label, name in (
        ("cycles.list_programmes", "Programme", "programmes"),
        ("cycles.view_log", "Protokoll", "log"),
    ):
        if rules.test_rule(rule, request.user):
            items.append(NavItem(label, reverse(f"cycles:{name}"), general=True))
    return items


# --- "Was steht an?" --------------------------------------------------------------------
def operator_items(request: HttpRequest) -> list[StartItem]:
    """The first steps of a new installation that this room knows of."""
    if not request.user.is_operator:  # type: ignore[union-attr]  # signed in, see StartPage
        return []
    programmes = list(Programme.objects.all())
    if not programmes:
        return [
            StartItem(
                "Programm anlegen",
                "Wie heißt das Programm, was kostet es, wer ist Logistikpartner?",
                reverse("cycles:programme_add"),
                "fehlt",
            )
        ]
    members = set(PermanentMember.objects.current().values_list("programme", flat=True))
    return [
        StartItem(
            "Erstes ständiges Mitglied benennen",
            f"Nur ständige Mitglieder können in „{programme}“ einen Durchgang beginnen.",
            reverse("cycles:permanent_member_add", args=[programme.pk]),
            "fehlt",
        )
        for programme in programmes
        if programme.pk not in members
    ]


def lead_items(request: HttpRequest) -> list[StartItem]:
    """What waits for who leads a cycle, and for who may start one."""
    roles = roles_of(request.user)
    return [
        *(item for cycle in open_cycles(request) for item in _led(request, cycle)),
        *_to_start(roles.permanent),
    ]


def _led(request: HttpRequest, cycle: Cycle) -> Iterator[StartItem]:
    if cycle.pk not in roles_of(request.user).leading:
        return
    if cycle.council_confirmed_at is None:
        yield StartItem(
            "Beirat noch nicht bestätigt",
            f"{cycle}: Bis dahin leiten die ständigen Mitglieder.",
            reverse("cycles:path", args=[cycle.pk]),
            "entscheidung",
        )
    waiting = cycle.participations.filter(state=ParticipationState.INVITED).count()
    if waiting:
        houses = "eingeladene Kommune" if waiting == 1 else "eingeladene Kommunen"
        yield StartItem(
            f"{waiting} {houses} ohne Antwort",
            str(cycle),
            reverse("cycles:participations", args=[cycle.pk]) + "?state=invited",
            "fehlt",
            count=waiting,
        )


def sign_in_items(request: HttpRequest) -> list[StartItem]:
    """For leads: mentees and mentors who cannot sign in yet, once the matching has begun."""
    user: Any = request.user
    leading = roles_of(user).leading
    items = []
    for cycle in open_cycles(request):
        if cycle.pk not in leading or cycle.state not in (CycleState.MATCHING, CycleState.RUNNING):
            continue
        number = without_sign_in(cycle, by=user).count()
        if number:
            items.append(
                StartItem(
                    "Mentees und Mentor/innen ohne Zugang",
                    f"{cycle}: Laden Sie sie vor dem Startworkshop ein.",
                    reverse("cycles:sign_ins", args=[cycle.pk]),
                    "aufgabe",
                    count=number,
                )
            )
    return items


def _to_start(programmes: frozenset[int]) -> Iterator[StartItem]:
    if not programmes:
        return
    running = Q(cycles__state__in=[s for s in CycleState.values if s not in CycleState.ended()])
    without = (
        Programme.objects.filter(pk__in=programmes)
        .annotate(running=Count("cycles", filter=running))
        .filter(running=0)
    )
    for programme in without:
        yield StartItem(
            "Neuen Durchgang beginnen",
            f"„{programme}“ hat keinen laufenden Durchgang.",
            reverse("cycles:cycle_start", args=[programme.pk]),
            "aufgabe",
        )


def about_workshop(cycle: Cycle) -> str:
    """What items about the Startworkshop of ``cycle`` are about; later rooms know more of it."""
    return f"Startworkshop {cycle.pk}"


def workshop_items(request: HttpRequest) -> list[StartItem]:
    """The next Startworkshop, for whoever works in the cycle."""
    today = timezone.localdate()
    return [
        StartItem(
            "Startworkshop",
            str(cycle),
            cycle.get_absolute_url(),
            "termin",
            due=cycle.start_workshop_on,
            about=about_workshop(cycle),
        )
        for cycle in open_cycles(request)
        if cycle.start_workshop_on is not None and cycle.start_workshop_on >= today
    ]


def house_items(request: HttpRequest) -> list[StartItem]:
    """For HR staff: invitations of their Kommune that wait for an answer."""
    houses = posts_of(request.user).municipalities
    if not houses:
        return []
    cycles = open_cycles(request)
    waiting = Cycle.objects.filter(
        pk__in=[cycle.pk for cycle in cycles],
        participations__municipality__in=houses,
        participations__state=ParticipationState.INVITED,
    ).values_list("pk", flat=True)
    invited = set(waiting)
    return [
        StartItem(
            "Ihre Kommune ist eingeladen",
            f"{cycle}: Bitte sagen Sie dem Beirat, ob Ihre Kommune teilnimmt.",
            cycle.get_absolute_url(),
            "entscheidung",
        )
        for cycle in cycles
        if cycle.pk in invited
    ]


def logistics_items(request: HttpRequest) -> list[StartItem]:
    """For the Logistikpartner: how many participants each cycle has."""
    cycles = roles_of(request.user).logistics
    if not cycles:
        return []
    counted = dict(
        Participant.objects.visible_to(request.user)
        .filter(cycle__in=cycles)
        .present()
        .values_list("cycle")
        .annotate(number=Count("pk"))
    )
    return [
        StartItem(
            "Teilnehmerliste",
            str(cycle),
            reverse("cycles:participants", args=[cycle.pk]),
            "hinweis",
            count=counted.get(cycle.pk, 0),
        )
        for cycle in open_cycles(request)
        if cycle.pk in cycles
    ]


TANDEM_ROLES = (ParticipantRole.MENTEE, ParticipantRole.MENTOR)


def participations(user: Any) -> list[Participant]:
    """As what ``user`` takes part in open cycles, the newest first; read once per user object.

    Who has left still reads what was: until the cycle is closed.
    """
    found: list[Participant] | None = getattr(user, "_participations", None)
    if found is None:
        person = posts_of(user).person
        found = (
            list(
                Participant.objects.visible_to(user)
                .filter(person=person, role__in=TANDEM_ROLES)
                .select_related("cycle__programme")
                .order_by("-cycle__start_year", "-cycle__number", "cycle", "role")
            )
            if person is not None
            else []
        )
        user._participations = found
    return found


def participant_items(request: HttpRequest) -> list[StartItem]:
    """For mentee and mentor: their cycle, its Startworkshop, whom to ask."""
    entries = [entry for entry in participations(request.user) if entry.left_on is None]
    today = timezone.localdate()
    contacts = contact_seats(entries)
    items = []
    for entry in entries:
        cycle = entry.cycle
        if cycle.start_workshop_on is not None and cycle.start_workshop_on >= today:
            items.append(
                StartItem(
                    "Startworkshop",
                    str(cycle.programme),
                    kind="termin",
                    due=cycle.start_workshop_on,
                    about=about_workshop(cycle),
                )
            )
        items.append(
            StartItem(
                f"Sie sind {entry.get_role_display()}",
                f"{cycle.programme}, {cycle}.{_contact(contacts[entry.pk])}",
            )
        )
    return items


def contact_seats(entries: Sequence[Participant]) -> dict[int, list[CouncilSeat]]:
    """Whom in the Beirat each of ``entries`` (by primary key) asks; one query for all.

    The own Kommune's seats, else the leads.
    """
    if not entries:
        return {}
    seats = list(
        CouncilSeat.objects.current()
        .filter(participation__cycle__in={entry.cycle_id for entry in entries})
        .select_related("person", "participation")
        .order_by("-lead", "chair")
    )
    found = {}
    for entry in entries:
        of_cycle = [seat for seat in seats if seat.participation.cycle_id == entry.cycle_id]
        own = [
            seat for seat in of_cycle if seat.participation.municipality_id == entry.municipality_id
        ]
        found[entry.pk] = own or [seat for seat in of_cycle if seat.lead]
    return found


def _contact(seats: list[CouncilSeat]) -> str:
    names = [
        f"{seat.person} ({seat.person.email})" if seat.person.email else str(seat.person)
        for seat in seats
    ]
    return f" Fragen beantwortet im Beirat: {', '.join(names)}." if names else ""


def former_items(request: HttpRequest) -> list[StartItem]:
    """For former members: where the figures are."""
    former = roles_of(request.user).former
    if not former:
        return []
    programmes = Programme.objects.visible_to(request.user).filter(
        pk__in=Cycle.objects.filter(pk__in=former).values("programme")
    )
    return [
        StartItem(
            "Frühere Durchgänge",
            f"Ihr Sitz im Beirat hat geendet. Die veröffentlichten Zahlen von „{programme}“ "
            "können Sie weiter lesen.",
            reverse("cycles:programme_history", args=[programme.pk]),
        )
        for programme in programmes
    ]
