"""How long this room keeps what, and what it knows of a person."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import forget
from mentoring.ui.tags import money
from programmes.cycles.models import Cycle, CycleState
from programmes.people.models import Person
from programmes.people.retention import DataPeriod, PersonalData
from programmes.suppliers.domain import speakers
from programmes.suppliers.models import Commission, Speaker, SupplierInvoice

YEARS = 8
"""Vouchers are kept so many years from the end of the calendar year they are of: § 147 Abs. 3
and 4 AO as the Viertes Bürokratieentlastungsgesetz (BEG IV) has it since 2025."""

SPEAKER_DAYS = 730
"""Whoever spoke in one Durchgang may be asked in the next; after that they are forgotten."""

BATCH = 100


def first_kept(today: date) -> date:
    """The day from which vouchers are still kept: those before it may go."""
    return date(today.year - YEARS, 1, 1)


def delete_vouchers() -> int:
    """Delete invoices whose time has passed, with their files and what the log says of them.

    After them the commissions of such old cycles, which led to them. Returns how many rows.
    """
    before, count = first_kept(timezone.localdate()), 0
    invoices = (
        SupplierInvoice.objects.filter(invoiced_on__lt=before, cycle__state__in=CycleState.ended())
        # Entered or paid later, it is a voucher of that later year.
        .exclude(created_at__date__gte=before)
        .exclude(paid_on__gte=before)
    )
    while keys := list(invoices.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            SupplierInvoice.objects.filter(pk__in=keys).delete()
        forget(SupplierInvoice, keys)
        count += len(keys)
    ended = [
        cycle.pk
        for cycle in Cycle.objects.filter(state__in=CycleState.ended())
        if ended_day(cycle) < before
    ]
    commissions = Commission.objects.filter(cycle__in=ended, invoices=None)
    while keys := list(commissions.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Commission.objects.filter(pk__in=keys).delete()
        forget(Commission, keys)
        count += len(keys)
    return count


def delete_speakers() -> int:
    """Delete Referent/innen of whom nothing was heard for two years; returns how many.

    Counted from the end of the last Durchgang with a commission, or from their entry.
    """
    count, limit = 0, timezone.localdate() - timedelta(days=SPEAKER_DAYS)
    old = Speaker.objects.filter(created_at__date__lte=limit)
    for speaker in old.prefetch_related("commissions__cycle").order_by("pk"):
        cycles = [commission.cycle for commission in speaker.commissions.all()]
        if any(cycle.is_open or ended_day(cycle) > limit for cycle in cycles):
            continue
        if not speakers.still_needed(speaker):
            speakers.delete(speaker, by=None)
            count += 1
    return count


def ended_day(cycle: Cycle) -> date:
    """When a cycle that has ended did so; those before that day was kept: their last year's end."""
    return cycle.ended_on or date(cycle.end_year, 12, 31)


def about(speaker: Speaker) -> list[tuple[str, str]]:
    """All that is known of ``speaker``, as label and value (Art. 15 DSGVO)."""
    rows = [
        ("Name", speaker.name),
        ("E-Mail-Adresse", speaker.email),
        ("Telefon", speaker.phone),
        ("Ort", speaker.city),
        ("Themen", speaker.topics),
        ("Bemerkung", speaker.note),
        ("Eingetragen am", f"{timezone.localtime(speaker.created_at):%d.%m.%Y}"),
    ]
    commissions = speaker.commissions.select_related("cycle").order_by("pk")
    for commission in commissions.prefetch_related("invoices"):
        told = [
            str(commission.cycle),
            commission.get_state_display(),
            f"Honorar {money(commission.fee)}",
            f"Reisekosten bis {money(commission.travel_costs)}" if commission.travel_costs else "",
            commission.note,
        ]
        rows.append((f"Auftrag „{commission.topic}“", ", ".join(part for part in told if part)))
        rows += [
            (
                f"Rechnung {invoice.number}",
                f"vom {invoice.invoiced_on:%d.%m.%Y} über {money(invoice.amount)}, "
                f"{invoice.get_state_display()}",
            )
            for invoice in commission.invoices.all()
        ]
    return [(label, value) for label, value in rows if value]


def known(person: Person) -> list[tuple[str, str]]:
    """What stands of them as Referent/in: known by their address, for a speaker is no person."""
    return [row for speaker in _same(person) for row in about(speaker)]


def erase(person: Person, by: User) -> None:
    """Delete them as Referent/in too. Raises ``Refused`` while something is to be done or paid."""
    for speaker in _same(person):
        speakers.delete(speaker, reason="Löschung auf Antrag", by=by)


def _same(person: Person) -> list[Speaker]:
    """The Referent/innen with an address of theirs that no other person has."""
    own = {person.email, person.user.email if person.user is not None else ""}
    own = {address.lower() for address in own if address}
    others = Person.objects.exclude(pk=person.pk).filter(email__in=own)
    own -= {address.lower() for address in others.values_list("email", flat=True)}
    return list(Speaker.objects.filter(email__in=own).order_by("pk"))


VOUCHERS = DataPeriod(
    "Rechnungen von Lieferanten und die Aufträge dazu",
    "Ende des Jahres der Rechnung (§ 147 AO, acht Jahre)",
    YEARS * 365 + 2,
    delete_vouchers,
)
SPEAKERS = DataPeriod(
    "Referent/innen",
    "Ende des letzten Durchgangs mit einem Auftrag",
    SPEAKER_DAYS,
    delete_speakers,
)
SHARE = PersonalData("Als Referent/in", known, erase)
