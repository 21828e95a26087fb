"""What an invoice says on its pages, and what of it is other than it was shown."""

from datetime import date
from typing import Any

from django.core import signing

from mentoring.ui.tags import money
from programmes.suppliers.models import SupplierInvoice
from programmes.suppliers.pages import invoice_badge

_SALT = "suppliers.shown"


def details_of(invoice: SupplierInvoice) -> list[tuple[str, Any]]:
    """Label and value of all it says."""
    return [
        ("Stand", invoice_badge(invoice)),
        *([("Grund", invoice.reason)] if invoice.reason else []),
        ("Rechnungssteller", invoice.supplier),
        ("Rechnungsnummer", invoice.number),
        ("Betrag, brutto", money(invoice.amount)),
        ("Rechnungsdatum", invoice.invoiced_on),
        ("Fällig am", invoice.due_on),
        ("IBAN", grouped(invoice.iban)),
        ("Art", invoice.get_category_display()),
        ("Veranstaltung", invoice.event),
        ("Auftrag", invoice.commission),
        ("Bemerkung", invoice.note),
    ]


def grouped(iban: str) -> str:
    """An IBAN in groups of four, to be compared and copied by people."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def remembered(invoice: SupplierInvoice) -> str:
    """What it says now, for a hidden field of the form that is decided on."""
    return signing.dumps(_texts(invoice), salt=_SALT, compress=True)


def changed_since(shown: str, invoice: SupplierInvoice) -> list[tuple[str, str, str]]:
    """Label, then and now of what differs from ``shown``, which ``remembered`` made.

    Nothing for a text that did not come from there.
    """
    try:
        then = signing.loads(shown, salt=_SALT)
    except signing.BadSignature:
        return []
    now = _texts(invoice)
    return [
        (label, then.get(label, ""), now.get(label, ""))
        for label in {**now, **then}
        if then.get(label, "") != now.get(label, "")
    ]


def _texts(invoice: SupplierInvoice) -> dict[str, str]:
    return {label: _text(value) for label, value in details_of(invoice)}


def _text(value: Any) -> str:
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value or "")
