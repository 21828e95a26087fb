"""What this room adds to the frame of every page, and to the pages of earlier rooms."""

from collections import Counter
from typing import Any

import rules
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem, StartItem
from mentoring.ui.tags import money
from programmes.billing import settings
from programmes.billing.gaps import gaps_of
from programmes.billing.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState
from programmes.billing.registries import still_open
from programmes.cycles.frame import current_cycle, open_cycles
from programmes.cycles.models import (
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Participation,
)
from programmes.cycles.permissions import roles_of
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.organisations.permissions import edits_municipality
from programmes.organisations.sections import Section
from programmes.people.permissions import posts_of

PLACED = (CycleState.MATCHING, CycleState.RUNNING)
"""Once the places are given, a cycle can be billed."""


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The invoices of the current cycle."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("billing.list", request.user, cycle):
        return []
    return [NavItem("Rechnungen", reverse("billing:invoices", args=[cycle.pk]), general=True)]


# --- "Was steht an?" ------------------------------------------------------------------------
def logistics_items(request: HttpRequest) -> list[StartItem]:
    """For the Logistikpartner: cycles with mentees nobody has billed, and drafts left lying."""
    logistics = roles_of(request.user).logistics
    cycles = [
        cycle for cycle in open_cycles(request) if cycle.pk in logistics and cycle.state in PLACED
    ]
    if not cycles:
        return []
    open_places, drafts = _unbilled(cycles), _drafts(cycles)
    items = []
    for cycle in cycles:
        if number := open_places[cycle.pk]:
            items.append(
                StartItem(
                    "Durchgang abrechnen",
                    f"{cycle}: Für {_mentees(number)} gibt es noch keine Rechnung.",
                    reverse("billing:run", args=[cycle.pk]),
                    "aufgabe",
                    count=number,
                )
            )
        if number := drafts.get(cycle.pk, 0):
            items.append(
                StartItem(
                    "Rechnungsentwürfe ausstellen",
                    str(cycle),
                    f"{reverse('billing:invoices', args=[cycle.pk])}?state={InvoiceState.DRAFT}",
                    "aufgabe",
                    count=number,
                )
            )
    return items


def house_items(request: HttpRequest) -> list[StartItem]:
    """For HR staff: invoices of their own Kommune that wait to be paid."""
    houses = posts_of(request.user).municipalities
    if not houses:
        return []
    invoices: QuerySet[Invoice] = (
        Invoice.objects.visible_to(request.user)
        .filter(municipality__in=houses, kind=InvoiceKind.INVOICE, state=InvoiceState.ISSUED)
        .exclude(cycle__state__in=CycleState.ended())
        .select_related("cycle")
        .order_by("due_on", "pk")
    )
    for annotate in still_open:
        invoices = annotate(invoices)
    return [
        StartItem(
            f"Rechnung {invoice.number} ist zu bezahlen",
            f"{_to_pay(invoice)}, {invoice.cycle}. Geben Sie sie an Ihre Buchhaltung weiter.",
            invoice.get_absolute_url(),
            "aufgabe",
            due=invoice.due_on,
        )
        for invoice in invoices
    ]


def _to_pay(invoice: Invoice) -> str:
    left = getattr(invoice, "open", invoice.gross)
    if left == invoice.gross:
        return money(invoice.gross)
    return f"Noch {money(left)} von {money(invoice.gross)}"


def _unbilled(cycles: list[Cycle]) -> Counter[int]:
    """Per cycle how many mentees are on no invoice and no draft, Kommune by Kommune."""
    lines = (
        InvoiceLine.objects.filter(
            invoice__cycle__in=cycles, invoice__kind=InvoiceKind.INVOICE, mentees__isnull=False
        )
        .exclude(invoice__state=InvoiceState.CANCELLED)
        .order_by()
        .values_list("invoice__cycle", "invoice__municipality")
        .annotate(number=Sum("mentees"))
    )
    billed = {(cycle, house): number for cycle, house, number in lines}
    present = (
        Participant.objects.filter(cycle__in=cycles, role=ParticipantRole.MENTEE)
        .present()
        .order_by()
        .values_list("cycle", "municipality")
        .annotate(number=Count("pk"))
    )
    found: Counter[int] = Counter()
    for cycle, house, number in present:
        found[cycle] += max(0, number - billed.get((cycle, house), 0))
    return found


def _drafts(cycles: list[Cycle]) -> dict[int, int]:
    return dict(
        Invoice.objects.filter(cycle__in=cycles, state=InvoiceState.DRAFT)
        .order_by()
        .values_list("cycle")
        .annotate(number=Count("pk"))
    )


def _mentees(number: int) -> str:
    return "einen Mentee" if number == 1 else f"{number} Mentees"


# --- On the way of a cycle --------------------------------------------------------------------
def unfinished(cycle: Cycle) -> list[str]:
    """What of its money holds the closing of ``cycle``: drafts, and invoices not yet paid."""
    counted = dict(
        Invoice.objects.filter(cycle=cycle)
        .exclude(kind=InvoiceKind.CANCELLATION, state=InvoiceState.ISSUED)
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    lines = []
    for state, one, several in (
        (
            InvoiceState.DRAFT,
            "Ein Rechnungsentwurf ist weder ausgestellt noch gelöscht.",
            "{} Rechnungsentwürfe sind weder ausgestellt noch gelöscht.",
        ),
        (
            InvoiceState.ISSUING,
            "Eine Rechnung wird noch ausgestellt.",
            "{} Rechnungen werden noch ausgestellt.",
        ),
        (
            InvoiceState.ISSUED,
            "Eine Rechnung ist noch nicht bezahlt.",
            "{} Rechnungen sind noch nicht bezahlt.",
        ),
    ):
        if number := counted.get(state, 0):
            lines.append(one if number == 1 else several.format(number))
    return lines


def before_closing(cycle: Cycle, step: str) -> list[str]:
    """Before a cycle closes: mentees nobody was billed for, if this programme bills at all."""
    if step != "close" or cycle.programme.logistics_partner_id is None:
        return []
    number = _unbilled([cycle])[cycle.pk]
    if not number or not Invoice.objects.filter(cycle=cycle).exists():
        return []
    return [f"Für {_mentees(number)} gibt es noch keine Rechnung."]


def consequences_of_leaving(participation: Participation, user: Any) -> list[str]:
    """What becomes of a Kommune's invoices when it leaves: nothing by itself."""
    found = Invoice.objects.visible_to(user).filter(
        cycle=participation.cycle_id,
        municipality=participation.municipality_id,
        kind=InvoiceKind.INVOICE,
    )
    counted = found.aggregate(
        drafts=Count("pk", filter=Q(state=InvoiceState.DRAFT)),
        owed=Count("pk", filter=Q(state__in=InvoiceState.counted())),
        total=Sum("gross", filter=Q(state__in=InvoiceState.counted())),
    )
    lines = []
    if number := counted["owed"]:
        which = "Eine Rechnung" if number == 1 else f"{number} Rechnungen"
        stays = "bleibt" if number == 1 else "bleiben"
        lines.append(
            f"{which} über {money(counted['total'])} {stays} gültig. Soll die Kommune weniger "
            "zahlen, storniert sie der Logistikpartner und stellt eine neue aus."
        )
    if number := counted["drafts"]:
        lines.append(
            "Ein Rechnungsentwurf bleibt liegen, bis der Logistikpartner ihn löscht."
            if number == 1
            else f"{number} Rechnungsentwürfe bleiben liegen, bis der Logistikpartner sie löscht."
        )
    return lines


def nothing_to_do(participation: Participation, reason: str, by: Any) -> None:
    """Whether a Kommune that leaves gets money back is not decided by its leaving."""


# --- On the pages of organisations ------------------------------------------------------------
def partner_section(request: HttpRequest, partner: LogisticsPartner) -> Section | None:
    """How the Logistikpartner bills, for its staff."""
    if not rules.test_rule("billing.settings", request.user, partner):
        return None
    issuer = settings.issuer_for(partner)
    return Section(
        "billing/parts/partner.html", {"issuer": issuer, "gaps": settings.missing_at(issuer)}
    )


def municipality_section(request: HttpRequest, municipality: Municipality) -> Section | None:
    """In which form the Kommune gets its invoices, and where they are."""
    if not rules.test_rule("billing.buyer", request.user, municipality):
        return None
    buyer = settings.buyer_for(municipality)
    possible, sentence = settings.form_of_invoices(municipality, buyer)
    billed = Invoice.objects.visible_to(request.user).filter(municipality=municipality)
    cycles = Cycle.objects.visible_to(request.user).filter(pk__in=billed.order_by().values("cycle"))
    return Section(
        "billing/parts/municipality.html",
        {
            "gaps": gaps_of(municipality, buyer),
            "changes": edits_municipality(request.user, municipality),
            "possible": possible,
            "sentence": sentence,
            "cycles": cycles.select_related("programme").order_by("-start_year", "-number"),
        },
    )
