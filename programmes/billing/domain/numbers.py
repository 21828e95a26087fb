"""Invoice numbers: 1 to n for each issuer and year, none missing, none twice.

See docs/decisions/0016-numbers-without-gaps.md.
"""

from datetime import date

from django.db import connection
from django.db.models import F

from mentoring.ui.errors import Refused
from programmes.billing.invoice import Invoice
from programmes.billing.issuer import Issuer, NumberSequence


def take_number(issuer: Issuer, issued_on: date) -> tuple[str, int]:
    """The next number of ``issuer`` for the year of ``issued_on``, and its place in the year.

    To be called last in the transaction that writes the invoice: from here to its end the
    row of the sequence is locked, so whoever comes next waits, and a rollback gives the
    number back before anybody else can take a later one. Raises ``Refused`` if the last
    invoice is of a later day, or the number was given by hand already.
    """
    assert connection.in_atomic_block, "a number outside of a transaction could be lost"
    row, _ = NumberSequence.objects.get_or_create(issuer=issuer, year=issued_on.year)
    NumberSequence.objects.filter(pk=row.pk).update(last=F("last") + 1)
    sequence = NumberSequence.objects.values_list("last", flat=True).get(pk=row.pk)
    _check_day(issuer, issued_on, sequence)
    number = f"{issuer.number_prefix}{issued_on.year}-{sequence:04d}"
    if Invoice.objects.filter(issuer=issuer, number=number).exists():
        raise Refused(
            f"Die nächste Rechnungsnummer wäre {number}, aber die ist von Hand schon vergeben. "
            "Ändern Sie in der Rechnungsstellung den Anfang der Rechnungsnummer."
        )
    return number, sequence


def _check_day(issuer: Issuer, issued_on: date, sequence: int) -> None:
    """Numbers and days rise together; a clock that went back would break that."""
    last = (
        Invoice.objects.filter(issuer=issuer, year=issued_on.year, sequence=sequence - 1)
        .values_list("number", "issued_on")
        .first()
    )
    if last is not None and last[1] is not None and last[1] > issued_on:
        raise Refused(
            f"Die letzte Rechnung {last[0]} trägt das Datum {last[1]:%d.%m.%Y}, heute ist der "
            f"{issued_on:%d.%m.%Y}. Die Uhr des Servers geht falsch: bitte lassen Sie sie stellen."
        )
