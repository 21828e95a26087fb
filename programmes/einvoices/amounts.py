"""Amounts of money: rounded as invoices are, added up to the cent."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from programmes.einvoices.snapshot import EXEMPT, Line, TaxGroup

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """``amount`` to the cent, half a cent up (commercial rounding, DIN 1333)."""
    # "+ 0" makes of a negative zero, which no reader of an invoice takes, a plain one.
    return amount.quantize(CENT, ROUND_HALF_UP) + 0


def tax_groups(lines: Iterable[Line], *, reason: str = "", code: str = "") -> tuple[TaxGroup, ...]:
    """The lines by category and rate, the tax of each group rounded once (EN 16931, BR-CO-17).

    ``reason`` and ``code`` (VATEX) stand where a group is exempt (BT-120, BT-121).
    """

    def key(line: Line) -> tuple[str, Decimal]:
        return line.category, line.rate

    groups = []
    for (category, rate), members in groupby(sorted(lines, key=key), key):
        basis = rounded(sum((line.amount for line in members), Decimal(0)))
        exempt = category == EXEMPT
        groups.append(
            TaxGroup(
                category,
                rate,
                basis,
                Decimal("0.00") if exempt else rounded(basis * rate / 100),
                reason if exempt else "",
                code if exempt else "",
            )
        )
    return tuple(groups)


def shares(total: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """``total`` euros divided in proportion to ``weights``, adding up to the cent.

    By largest remainder (Hare and Niemeyer); of equal remainders the earlier weight wins.
    Raises ``ValueError`` for a negative total or weight, or if all weights are nought.
    """
    if total < 0 or any(weight < 0 for weight in weights) or not any(weights):
        raise ValueError("a share needs a total and weights that are not negative")
    cents, whole = int(rounded(total) * 100), sum(weights)
    parts = [divmod(cents * weight, whole) for weight in weights]
    left = cents - sum(part for part, _ in parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))
    extra = set(by_remainder[:left])
    return [Decimal(part + (i in extra)) / 100 for i, (part, _) in enumerate(parts)]
