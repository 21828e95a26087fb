"""Knowing an invoice again that was entered before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mentoring.text import search_key
from mentoring.ui.errors import Refused
from mentoring.ui.tags import money
from programmes.suppliers.models import SupplierInvoice, SupplierInvoiceState


@dataclass(frozen=True)
class Doubles:
    """What looks like a second time of an invoice.

    ``same`` is surely the same one: by supplier and number, or by its file. ``alike`` has
    the same amount and date of the same supplier under another number.
    """

    same: SupplierInvoice | None
    alike: tuple[SupplierInvoice, ...]


def number_key(number: str) -> str:
    """``number`` without what people add and leave out: blanks, hyphens, slashes, case."""
    return "".join(letter for letter in number.casefold() if letter.isalnum())


def doubles_of(invoice: SupplierInvoice, *, sha256: str = "") -> Doubles:
    """Those of ``invoice``, whose file (if it has one) has this hash; at most two queries.

    Invoices that were sent back do not count: they may come again. Those of other cycles
    do: one institute pays for all of them.
    """
    others = (
        SupplierInvoice.objects.exclude(state=SupplierInvoiceState.REJECTED)
        .exclude(pk=invoice.pk)
        .order_by("pk")
    )
    own = list(others.filter(supplier_key=search_key(invoice.supplier)[:200]))
    key = number_key(invoice.number)
    same = next((row for row in own if _same_number(row.number, invoice.number, key)), None)
    if same is None and sha256:
        same = others.filter(file__sha256=sha256).first()
    alike = (
        row for row in own if (row.amount, row.invoiced_on) == (invoice.amount, invoice.invoiced_on)
    )
    return Doubles(same, tuple(alike))


def same_file(sha256: str) -> SupplierInvoice | None:
    """The invoice entered with exactly this file, if there is one."""
    rows = SupplierInvoice.objects.exclude(state=SupplierInvoiceState.REJECTED)
    return rows.filter(file__sha256=sha256).order_by("pk").first()


def told(found: SupplierInvoice, user: Any) -> str:
    """The sentence about the one that is there, without more than ``user`` may see of it."""
    if not SupplierInvoice.objects.visible_to(user).filter(pk=found.pk).exists():
        return (
            "Diese Rechnung ist in einem anderen Durchgang schon erfasst, den Sie nicht sehen. "
            "Fragen Sie den Logistikpartner, bevor sie zweimal bezahlt wird."
        )
    return (
        f"Diese Rechnung ist schon erfasst: Nr. {found.number} von {found.supplier} über "
        f"{money(found.amount)}, {found.get_state_display()}."
    )


def told_alike(found: Iterable[SupplierInvoice], user: Any) -> str:
    """The question about those that look the same."""
    keys = [row.pk for row in found]
    seen = SupplierInvoice.objects.visible_to(user).filter(pk__in=keys)
    numbers = ", ".join(f"Nr. {row.number} ({row.get_state_display()})" for row in seen)
    there = f": {numbers}" if numbers else " in einem anderen Durchgang"
    return (
        "Von diesem Rechnungssteller gibt es schon eine Rechnung mit demselben Betrag und Datum"
        f"{there}. Bitte bestätigen Sie, dass dies eine andere Rechnung ist."
    )


def refuse(found: SupplierInvoice, user: Any) -> Refused:
    """The refusal of a second entry."""
    return Refused(told(found, user))


def _same_number(stored: str, typed: str, key: str) -> bool:
    # A number of signs alone has no key.
    return stored == typed or (bool(key) and number_key(stored) == key)
