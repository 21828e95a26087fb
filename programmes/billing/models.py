"""All models of the room, for `programmes.models`."""

from programmes.billing.invoice import Invoice, InvoiceKind, InvoiceLine, InvoiceState
from programmes.billing.issuer import (
    Buyer,
    CostModel,
    CycleFee,
    Issuer,
    NumberSequence,
    OrderNumber,
    TaxCategory,
    Way,
)

__all__ = [
    "Buyer",
    "CostModel",
    "CycleFee",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "InvoiceState",
    "Issuer",
    "NumberSequence",
    "OrderNumber",
    "TaxCategory",
    "Way",
]
