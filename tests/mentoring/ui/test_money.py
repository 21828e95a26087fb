"""Amounts of money as people type them."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from mentoring.ui.money import MoneyField, read_money


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.500,00", "1500"),
        ("1500", "1500"),
        ("1.500", "1500"),
        ("1500,5", "1500.5"),
        ("1500.00", "1500"),
        ("12.5", "12.5"),
        (" 1 500,00 € ", "1500"),
        ("1.500,- EUR", "1500"),
        ("0,01", "0.01"),
        ("-5", "-5"),
        ("−5,00", "-5"),
        ("12.345.678,90", "12345678.9"),
    ],
)
def test_amounts_as_they_are_typed(typed, amount):
    assert read_money(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["1,500.00", "1.50,00", "1,505", "15.00.00", "€", "x", "1e5", "٣", "NaN", "--5", ","]
)
def test_what_is_no_amount_is_refused_in_german(typed):
    with pytest.raises(ValidationError, match=r"zum Beispiel 1\.500,00"):
        read_money(typed)


def test_a_field_shows_german_and_keeps_what_was_typed():
    class Form(forms.Form):
        amount = MoneyField()

    assert 'value="1.500,00"' in str(Form(initial={"amount": Decimal(1500)})["amount"])
    assert 'value="15oo"' in str(Form({"amount": "15oo"})["amount"])
    assert Form({"amount": "99999999999"}).errors
