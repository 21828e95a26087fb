"""Amounts add up to the cent, however they are divided or taxed."""

from decimal import Decimal
from random import Random

import pytest

from programmes.einvoices.amounts import rounded, shares, tax_groups
from programmes.einvoices.snapshot import Snapshot
from tests.programmes.einvoices.samples import FULL_TAX, generated, line


def test_shares_add_up_to_the_cent_and_are_fair():
    chance = Random(3)
    for _ in range(2000):
        total = Decimal(chance.randint(0, 10_000_000)) / 100
        weights = [chance.randint(0, 60) for _ in range(chance.randint(1, 40))]
        if not any(weights):
            continue
        parts = shares(total, weights)
        assert sum(parts) == total
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - total * weight / sum(weights)) < Decimal("0.01")
            assert weight or part == 0


def test_of_equal_remainders_the_earlier_gets_the_cent():
    assert shares(Decimal("100"), [1, 1, 1]) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_nothing_can_be_divided_among_nobody(weights: list[int]):
    with pytest.raises(ValueError, match="weights"):
        shares(Decimal("1"), weights)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.005", "0.01"), ("2.675", "2.68"), ("-0.004", "0.00"), ("-0.005", "-0.01"), ("1e2", "100")],
)
def test_half_a_cent_goes_up_and_nought_has_no_sign(amount: str, cents: str):
    found = rounded(Decimal(amount))
    assert found == Decimal(cents)
    assert not found.is_signed() or found < 0
    assert found.as_tuple().exponent == -2


def test_the_tax_of_a_rate_is_rounded_once():
    """Three times 0.03 € at 19 % are 0.02 € of tax on 0.09 €, not three times 0.01 €."""
    lines = [line(quantity="1", price="0.03", rate=FULL_TAX) for _ in range(3)]
    [group] = tax_groups([*lines], reason="no matter", code="")
    assert (group.basis, group.tax, group.reason) == (Decimal("0.09"), Decimal("0.02"), "")


def test_a_snapshot_survives_being_stored():
    for said in generated(30, seed=5):
        assert Snapshot.from_json(said.as_json()) == said
