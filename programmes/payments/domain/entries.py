"""Deciding about the credits of a bank statement; nothing is matched but by a person."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from mentoring.ui.tags import money
from programmes.billing.models import Invoice
from programmes.einvoices.amounts import rounded
from programmes.payments.domain.matching import Matcher, Suggestion
from programmes.payments.domain.recording import held, record
from programmes.payments.models import BankEntry, BankStatement, EntryState, Payment

NOTE = "aus dem Kontoauszug"
KEPT_DAYS = 90
"""How long credits are kept that no payment was made of."""

DECIDED = "Über diese Gutschrift ist inzwischen schon entschieden."
CHANGED = (
    "Die Vorschläge haben sich geändert, seit Sie diese Seite geöffnet haben. Es wurde nichts "
    "zugeordnet. Sehen Sie sie noch einmal an."
)


def confirm(entry: BankEntry, amounts: Mapping[Invoice, Decimal], *, by: User) -> list[Payment]:
    """Make payments of a credit: so many euros of it for each of these invoices.

    Raises ``Refused`` if it was decided about already, if the amounts are more than the
    credit or not above nought, or an invoice is another issuer's or takes no payment.
    """
    with transaction.atomic(), acting(by):
        stored = _held(entry)
        if stored.state == EntryState.MATCHED:
            raise Refused(DECIDED)
        if not amounts:
            raise Refused("Wählen Sie mindestens eine Rechnung aus.")
        total = rounded(sum(amounts.values(), Decimal(0)))
        if any(amount <= 0 for amount in amounts.values()):
            raise Refused("Jeder Betrag muss größer als null sein.")
        if total > stored.amount:
            raise Refused(
                f"Zugeordnet sind {money(total)}, eingegangen sind aber nur {money(stored.amount)}."
            )
        # In the order of their keys: two who match the same invoices never wait in a circle.
        invoices = [held(one) for one in sorted(amounts, key=lambda one: one.pk)]
        if any(invoice.issuer_id != stored.issuer_id for invoice in invoices):
            raise Refused("Diese Rechnung gehört zu einem anderen Logistikpartner.")
        payments = [
            record(
                invoice,
                received_on=stored.booked_on,
                amount=amounts[invoice],
                note=NOTE,
                entry=stored,
                by=by,
            )
            for invoice in invoices
        ]
        stored.state = EntryState.MATCHED
        stored.save()
    return payments


def ignore(entry: BankEntry, *, by: User) -> None:
    """Say that a credit is for no invoice: who paid and what for is forgotten.

    Raises ``Refused`` if payments were made of it.
    """
    with transaction.atomic(), acting(by):
        stored = _held(entry)
        if stored.state == EntryState.MATCHED:
            raise Refused(DECIDED)
        stored.state, stored.payer, stored.text = EntryState.IGNORED, "", ""
        stored.save()


def certain(statement: BankStatement) -> list[tuple[BankEntry, Suggestion]]:
    """The open credits of ``statement`` whose invoices are certain, each invoice once."""
    matcher = Matcher(statement.issuer)
    found, taken = [], set[int]()
    for entry in statement.entries.filter(state=EntryState.OPEN).order_by("booked_on", "pk"):
        suggestion = matcher.suggest(entry)
        keys = {share.invoice.pk for share in suggestion.shares}
        if suggestion.certain and not keys & taken:
            found.append((entry, suggestion))
            taken |= keys
    return found


def seen(matches: list[tuple[BankEntry, Suggestion]]) -> str:
    """What stands for these matches: confirmed are exactly those that were shown."""
    said = [
        (entry.pk, [(share.invoice.pk, str(share.amount)) for share in suggestion.shares])
        for entry, suggestion in matches
    ]
    return sha256(repr(said).encode()).hexdigest()


def confirm_certain(statement: BankStatement, *, shown: str, by: User) -> int:
    """Confirm all certain matches, if they are those ``shown`` (``seen``); returns how many."""
    with transaction.atomic(), acting(by):
        matches = certain(statement)
        if seen(matches) != shown:
            raise Refused(CHANGED)
        if not matches:
            raise Refused("Es gibt keine sicheren Vorschläge mehr.")
        for entry, suggestion in matches:
            confirm(entry, {one.invoice: one.amount for one in suggestion.shares}, by=by)
    return len(matches)


def unmatched(statement: BankStatement) -> list[BankEntry]:
    """The open credits of ``statement`` for which nothing is proposed."""
    matcher = Matcher(statement.issuer)
    entries = statement.entries.filter(state=EntryState.OPEN).order_by("booked_on", "pk")
    return [entry for entry in entries if not matcher.suggest(entry).shares]


def rest_seen(entries: list[BankEntry]) -> str:
    """What stands for these credits."""
    return sha256(repr([entry.pk for entry in entries]).encode()).hexdigest()


def ignore_rest(statement: BankStatement, *, shown: str, by: User) -> int:
    """Ignore all credits nothing fits to, if they are those ``shown``; returns how many."""
    with transaction.atomic(), acting(by):
        rest = unmatched(statement)
        if rest_seen(rest) != shown:
            raise Refused(CHANGED.replace("zugeordnet", "aussortiert"))
        for entry in rest:
            ignore(entry, by=by)
    return len(rest)


def _held(entry: BankEntry) -> BankEntry:
    found: BankEntry | None = (
        BankEntry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    )
    if found is None:
        raise Refused("Diese Gutschrift ist nicht mehr gespeichert. Lesen Sie den Auszug neu ein.")
    return found


def delete_old() -> int:
    """Delete credits without payments and empty statements after their time; how many rows.

    Credits that payments were made of are kept as long as these, that is as the invoice.
    """
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = BankEntry.objects.filter(statement__imported_at__lte=before).exclude(
        state=EntryState.MATCHED
    )
    entries: int = old.delete()[1].get(BankEntry._meta.label, 0)
    empty = BankStatement.objects.filter(imported_at__lte=before, entries=None)
    return entries + empty.delete()[1].get(BankStatement._meta.label, 0)
