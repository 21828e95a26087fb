"""Which invoices a credit of a bank statement may be for. It only proposes.

By the numbers that stand in its text, however they were typed; else by the exact amount and
the name of who paid.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mentoring.text import search_key
from mentoring.ui.tags import money
from programmes.billing.models import Invoice, InvoiceKind, InvoiceState, Issuer
from programmes.einvoices.amounts import rounded
from programmes.payments.domain.amounts import with_paid
from programmes.payments.domain.words import joined
from programmes.payments.models import BankEntry

SHORTEST = 4
"""Letters and digits of an invoice number that is looked for: "17" would stand anywhere."""

# Words of a Kommune's name that are in many of them.
_COMMON = frozenset(
    {"stadt", "gemeinde", "kreis", "landkreis", "hansestadt", "markt", "amt", "kasse"}
    | {"stadtkasse", "gemeindekasse", "kreiskasse", "der", "die", "das", "und", "von", "bei"}
)


@dataclass(frozen=True)
class Share:
    """So many euros of a credit for an invoice; ``invoice`` has ``open`` (see ``with_paid``)."""

    invoice: Invoice
    amount: Decimal


@dataclass(frozen=True)
class Suggestion:
    """What a credit seems to be for.

    ``certain``: the numbers stand in the text and the amount is exactly what is open for
    them. ``why`` and ``notes`` are German sentences; ``shares`` is empty where nothing fits.
    ``paid`` are invoices the text names of which nothing is open: not proposed, for the credit
    may have been noted there by hand, but a person may choose them.
    """

    shares: tuple[Share, ...] = ()
    certain: bool = False
    why: str = ""
    notes: tuple[str, ...] = field(default=())
    paid: tuple[Invoice, ...] = ()


class Matcher:
    """The invoices of an issuer, read once to be compared with many credits."""

    def __init__(self, issuer: Issuer) -> None:
        numbered = Invoice.objects.filter(
            issuer=issuer, kind=InvoiceKind.INVOICE, state__in=InvoiceState.numbered()
        ).select_related("municipality")
        self._invoices = list(with_paid(numbered).order_by("due_on", "pk"))
        # Longer numbers first: CM-2026-00010 is not CM-2026-0001 with something behind it.
        self._numbers = sorted(
            (
                (_bare(invoice.number or ""), _pattern(invoice.number or ""), invoice)
                for invoice in self._invoices
                if len(_bare(invoice.number or "")) >= SHORTEST
            ),
            key=lambda row: -len(row[0]),
        )

    @property
    def payable(self) -> list[Invoice]:
        """The issued invoices with something open."""
        return [invoice for invoice in self._invoices if _is_payable(invoice)]

    def suggest(self, entry: BankEntry) -> Suggestion:
        """What ``entry`` seems to be for."""
        named = self.named_in(entry.text)
        if named:
            return _by_number(entry.amount, named)
        return self._by_amount(entry)

    def named_in(self, text: str) -> list[Invoice]:
        """The invoices whose number stands in ``text``, in the order of their due dates."""
        found: set[int] = set()
        rest, bare = text.upper(), _bare(text)
        for number, pattern, invoice in self._numbers:
            if number not in bare:
                continue
            rest, times = pattern.subn(" \x00 ", rest)
            if times:
                found.add(invoice.pk)
        return [invoice for invoice in self._invoices if invoice.pk in found]

    def _by_amount(self, entry: BankEntry) -> Suggestion:
        payer = set(search_key(entry.payer).split()) | set(search_key(entry.text).split())
        fitting = [
            invoice
            for invoice in self.payable
            if _open(invoice) == entry.amount and _names(invoice) & payer
        ]
        if not fitting:
            return Suggestion(
                why="Keine Rechnungsnummer gefunden, und Betrag und Name passen nicht."
            )
        notes: tuple[str, ...] = ()
        if len(fitting) > 1:
            others = joined([str(invoice.number) for invoice in fitting[1:]])
            notes = (f"Betrag und Name passen auch zu {others}.",)
        return Suggestion(
            (Share(fitting[0], entry.amount),),
            why="Betrag und Name passen; eine Rechnungsnummer steht nicht im Verwendungszweck.",
            notes=notes,
        )


def suggestions(entry: BankEntry) -> Suggestion:
    """What ``entry`` seems to be for; for many use one ``Matcher``."""
    return Matcher(entry.issuer).suggest(entry)


def _by_number(amount: Decimal, named: Sequence[Invoice]) -> Suggestion:
    payable = [invoice for invoice in named if _is_payable(invoice)]
    notes = tuple(_why_not(invoice) for invoice in named if not _is_payable(invoice))
    paid = tuple(invoice for invoice in named if _is_paid(invoice))
    if not payable:
        return Suggestion(why=_none_open(named), notes=notes, paid=paid)
    total = rounded(sum(map(_open, payable), Decimal(0)))
    exact = total == amount
    if not exact:
        word = "weniger" if amount < total else "mehr"
        difference = money(abs(total - amount))
        notes = (*notes, f"Es sind {difference} {word}, als offen ist ({money(total)}).")
    numbers = joined([str(invoice.number) for invoice in payable])
    return Suggestion(
        tuple(_shared(amount, payable)),
        certain=exact,
        why=f"{numbers} steht im Verwendungszweck."
        if len(payable) == 1
        else f"{numbers} stehen im Verwendungszweck.",
        notes=notes,
        paid=paid,
    )


def _shared(amount: Decimal, invoices: Sequence[Invoice]) -> Iterable[Share]:
    """``amount`` over the invoices in their order; what is too much goes to the last."""
    left = amount
    for number, invoice in enumerate(invoices, start=1):
        part = left if number == len(invoices) else min(left, _open(invoice))
        if part > 0:
            yield Share(invoice, rounded(part))
        left -= part


def _is_payable(invoice: Invoice) -> bool:
    return invoice.state == InvoiceState.ISSUED and _open(invoice) > 0


def _is_paid(invoice: Invoice) -> bool:
    return invoice.state in (InvoiceState.ISSUED, InvoiceState.PAID) and _open(invoice) <= 0


def _none_open(named: Sequence[Invoice]) -> str:
    numbers = joined([str(invoice.number) for invoice in named])
    if len(named) == 1:
        return f"{numbers} steht im Verwendungszweck, ist aber nicht offen."
    return f"{numbers} stehen im Verwendungszweck, sind aber nicht offen."


def _why_not(invoice: Invoice) -> str:
    if invoice.state == InvoiceState.CANCELLED:
        return (
            f"{invoice.number} ist storniert. Ordnen Sie die Gutschrift der neuen Rechnung zu. "
            "Gibt es keine, zahlen Sie das Geld zurück und wählen Sie danach hier „gehört nicht "
            "hierher“."
        )
    if invoice.state == InvoiceState.ISSUING:
        return f"{invoice.number} wird gerade ausgestellt."
    return (
        f"{invoice.number} ist schon bezahlt. Wurde diese Gutschrift dort von Hand eingetragen, "
        "dann wählen Sie hier „gehört nicht hierher“; sonst wurde doppelt gezahlt: Ordnen Sie "
        "sie der Rechnung zu, damit dort steht, was zurückzuzahlen ist."
    )


def _open(invoice: Invoice) -> Decimal:
    return rounded(invoice.open)  # type: ignore[attr-defined]  # annotated by with_paid


def _bare(number: str) -> str:
    return re.sub(r"[\W_]", "", number).upper()


def _pattern(number: str) -> re.Pattern[str]:
    """``number`` with or without what parts its letters and digits, as people and banks type.

    Not as the beginning or end of a longer number.
    """
    bare = _bare(number)
    before = r"(?<!\d)" if bare[:1].isdigit() else ""
    after = r"(?!\d)" if bare[-1:].isdigit() else r"(?![A-ZÄÖÜ])"
    return re.compile(before + r"[\W_]*".join(map(re.escape, bare)) + after)


def _names(invoice: Invoice) -> set[str]:
    """Words that only this Kommune's name has."""
    house = invoice.municipality
    words = search_key(f"{house.short_name} {house.name} {house.billing_name}").split()
    return {word for word in words if len(word) > 2} - _COMMON
