"""Makers of this room: plain functions with defaults that a test may override."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from mentoring.files.domain import store_bytes
from programmes.cycles.models import Cycle, Programme
from programmes.suppliers.domain.invoices import PURPOSE
from programmes.suppliers.models import (
    Category,
    Commission,
    CommissionState,
    Speaker,
    SupplierInvoice,
    SupplierInvoiceState,
)

_number = count(1)
IBAN = "DE02120300000000202051"


def make_speaker(programme: Programme, name: str = "Dr. Ada Vortrag", **fields: Any) -> Speaker:
    fields.setdefault("email", f"vortrag{next(_number)}@buero.example")
    return Speaker.objects.create(programme=programme, name=name, **fields)


def make_commission(cycle: Cycle, topic: str = "Gut führen", **fields: Any) -> Commission:
    """Agreed, of a speaker if one is given, otherwise of a caterer."""
    speaker = fields.get("speaker")
    fields.setdefault("category", Category.SPEAKER if speaker else Category.CATERING)
    if speaker is None:
        fields.setdefault("supplier", "Mühlencafé")
    fields.setdefault("state", CommissionState.AGREED)
    fields.setdefault("fee", Decimal("800.00"))
    return Commission.objects.create(cycle=cycle, topic=topic, **fields)


def make_invoice(cycle: Cycle, **fields: Any) -> SupplierInvoice:
    """Received, of a caterer, without a file; with ``data`` a PDF of these bytes."""
    data = fields.pop("data", None)
    if data is not None:
        fields["file"] = store_bytes(
            data, name="rechnung.pdf", content_type="application/pdf", purpose=PURPOSE, by=None
        )
    if fields.get("state") == SupplierInvoiceState.PAID:
        fields.setdefault("paid_on", date(2026, 2, 1))
    fields.setdefault("category", Category.CATERING)
    fields.setdefault("supplier", "Mühlencafé")
    fields.setdefault("number", f"R-{next(_number)}")
    fields.setdefault("invoiced_on", date(2026, 1, 15))
    fields.setdefault("amount", Decimal("250.00"))
    return SupplierInvoice.objects.create(cycle=cycle, **fields)


def form_of(**fields: Any) -> dict[str, Any]:
    """What somebody types into the form of an invoice."""
    return {
        "supplier": "Mühlencafé",
        "number": "2026-14",
        "invoiced_on": "2026-01-15",
        "due_on": "2026-02-15",
        "amount": "1.500,00",
        "iban": "DE02 1203 0000 0000 2020 51",
        "category": "catering",
        **fields,
    }
