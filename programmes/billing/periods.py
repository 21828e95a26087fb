"""How long invoices are kept."""

from datetime import date, datetime

from django.utils import timezone

YEARS = 8
"""Of the issuer's double of an invoice, counted from the end of the year it was issued in:
§ 14b Abs. 1 UStG and § 147 Abs. 3 AO as of 2025 (Viertes Bürokratieentlastungsgesetz)."""


def first_day_kept() -> date:
    """Invoices issued before this day need not be kept any more."""
    return date(timezone.localdate().year - YEARS, 1, 1)


def may_be_forgotten(issued_on: date | None, created_at: datetime) -> bool:
    """Whether the years of an invoice of this day are over.

    It must have been here so long, too: the day of one from elsewhere was typed by hand.
    """
    limit = first_day_kept()
    return (
        issued_on is not None
        and issued_on < limit
        and timezone.localtime(created_at).year < limit.year
    )
