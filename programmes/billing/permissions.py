"""Who sees and writes invoices.

The issuer's staff all of theirs; leads those of their cycle; HR staff and the Beirat member
of a Kommune that Kommune's own, once they have a number. Invoices outlive their cycle: who
owes or is owed money still reads them when it is closed.
"""

from typing import Any

import rules
from django.db.models import Q

from programmes.billing.models import Invoice, InvoiceState
from programmes.cycles.models import CouncilSeat, Cycle, Participation
from programmes.cycles.permissions import (
    house_takes_part,
    inside_council,
    leads,
    roles_of,
    runs_logistics,
)
from programmes.people.permissions import NOBODY, posts_of


def _works(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and not user.is_operator)


def _houses(user: Any) -> frozenset[int]:
    """Kommunen (primary keys) whose HR staff ``user`` is."""
    return frozenset(posts_of(user).municipalities) if _works(user) else frozenset()


def _houses_by_seat(user: Any) -> Any:
    """Participations for which ``user`` sits in the Beirat today."""
    return (
        CouncilSeat.objects.current()
        .filter(person=posts_of(user).person, participation__cycle__in=roles_of(user).council)
        .values("participation")
    )


def visible_invoices(user: Any) -> Q:
    """The invoices ``user`` may see, over ``Invoice``."""
    if not _works(user):
        return NOBODY
    roles, posts = roles_of(user), posts_of(user)
    numbered = Q(state__in=InvoiceState.numbered())
    seen = (
        Q(issuer__partner__in=posts.partners)
        | Q(cycle__in=roles.leading)
        | (numbered & Q(municipality__in=posts.municipalities))
    )
    if roles.council:
        own = Participation.objects.filter(pk__in=_houses_by_seat(user))
        for cycle, house in own.values_list("cycle", "municipality"):
            seen |= numbered & Q(cycle=cycle, municipality=house)
    return seen


def keeps_cancelled(user: Any) -> Q:
    """The cancelled cycles whose money ``user`` still has to do with, over ``Cycle``.

    Those of the programmes whose Logistikpartner they work for, and with an invoice to the
    Kommune whose HR staff they are.
    """
    if not _works(user):
        return NOBODY
    seen, posts = NOBODY, posts_of(user)
    if posts.partners:
        seen |= Q(programme__logistics_partner__in=posts.partners)
    if posts.municipalities:
        billed = Invoice.objects.filter(
            municipality__in=posts.municipalities, state__in=InvoiceState.numbered()
        )
        seen |= Q(pk__in=billed.order_by().values("cycle"))
    return seen


def visible_issuers(user: Any) -> Q:
    """The issuers ``user`` works for, over ``Issuer``."""
    return Q(partner__in=posts_of(user).partners) if _works(user) else NOBODY


def visible_buyers(user: Any) -> Q:
    """The billing details ``user`` may see, over ``Buyer``: their own house's, or as issuer."""
    if not _works(user):
        return NOBODY
    cycles = Cycle.objects.filter(pk__in=roles_of(user).logistics | roles_of(user).leading)
    partners = Participation.objects.filter(cycle__in=cycles.values("pk"))
    return Q(municipality__in=_houses(user)) | Q(municipality__in=partners.values("municipality"))


def visible_order_numbers(user: Any) -> Q:
    """The order numbers ``user`` may see, over ``OrderNumber``."""
    if not _works(user):
        return NOBODY
    roles = roles_of(user)
    return Q(participation__municipality__in=_houses(user)) | Q(
        participation__cycle__in=roles.logistics | roles.leading
    )


def visible_cycle_fees(user: Any) -> Q:
    """What cycles cost, over ``CycleFee``: no secret to who runs them."""
    if not _works(user):
        return NOBODY
    return Q(cycle__in=roles_of(user).logistics | roles_of(user).inside)


@rules.predicate
def issues(user: Any, invoice: Any) -> bool:
    """Staff of the invoice's issuer, for an invoice; of the programme's, for a cycle."""
    if invoice is None or not _works(user):
        return False
    issuer = getattr(invoice, "issuer", None)
    if issuer is None:
        return invoice.pk in roles_of(user).logistics
    return issuer.partner_id in posts_of(user).partners


@rules.predicate
def keeps_books(user: Any, cycle: Cycle | None) -> bool:
    """Staff of the programme's Logistikpartner, also when the cycle has ended: invoices are
    kept for years (§ 14b UStG)."""
    return (
        cycle is not None
        and _works(user)
        and cycle.programme.logistics_partner_id in posts_of(user).partners
    )


@rules.predicate
def was_billed(user: Any, cycle: Cycle | None) -> bool:
    """HR staff of a Kommune with an invoice in the cycle, also when it has ended."""
    return (
        cycle is not None
        and Invoice.objects.filter(
            cycle=cycle, municipality__in=_houses(user), state__in=InvoiceState.numbered()
        ).exists()
    )


@rules.predicate
def works_for(user: Any, partner: Any) -> bool:
    """Staff of the Logistikpartner."""
    return partner is not None and _works(user) and partner.pk in posts_of(user).partners


@rules.predicate
def keeps_buyer(user: Any, municipality: Any) -> bool:
    """HR staff of the Kommune, and the Logistikpartner of an open cycle it is in."""
    if municipality is None or not _works(user):
        return False
    return (
        municipality.pk in _houses(user)
        or Participation.objects.filter(
            municipality=municipality, cycle__in=roles_of(user).logistics
        ).exists()
    )


@rules.predicate
def keeps_order_number(user: Any, participation: Any) -> bool:
    """HR staff of the Kommune, and the Logistikpartner, while the cycle is open."""
    if participation is None or not _works(user):
        return False
    roles = roles_of(user)
    return participation.cycle_id in roles.logistics or (
        participation.cycle_id in roles.houses and participation.municipality_id in _houses(user)
    )


rules.add_rule(
    "billing.list", inside_council | runs_logistics | house_takes_part | keeps_books | was_billed
)
rules.add_rule("billing.run", runs_logistics)
rules.add_rule("billing.issue", issues)
rules.add_rule("billing.settings", works_for)
rules.add_rule("billing.fee", leads | runs_logistics)
rules.add_rule("billing.buyer", keeps_buyer)
rules.add_rule("billing.order_number", keeps_order_number)
rules.add_rule("billing.journal", leads | keeps_books)
