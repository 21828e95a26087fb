"""Numbers of others: Leitweg-ID, IBAN, BIC, tax numbers, post code, AGS."""

import pytest
from django.core.exceptions import ValidationError

from programmes.organisations import checks

HOSTILE = ["\x00", "😀", "\u202e12345", "א", "x" * 100_000, "٠" * 8, "１２３４５"]


@pytest.mark.parametrize(
    "value", ["04011000-12345-03", "04011000-1234512345-06", "991-33333TEST-33", "992-90009-96"]
)
def test_leitweg_ids_of_real_authorities_are_accepted(value: str) -> None:
    checks.validate_leitweg_id(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("04011000-12345-04", "Prüfziffern"),
        ("04011000-12354-03", "Prüfziffern"),
        ("0401100012345-03-", "besteht aus"),
        ("04011000-12345-03\n", "besteht aus"),
        ("٠٤٠١١٠٠٠-12345-03", "besteht aus"),
        ("04011000-ß-03", "besteht aus"),
        ("", "besteht aus"),
    ],
)
def test_wrong_leitweg_ids_are_told_apart(value: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        checks.validate_leitweg_id(value)


def test_iban_with_wrong_check_digits_names_them() -> None:
    checks.validate_iban("DE89370400440532013000")
    with pytest.raises(ValidationError, match="Prüfziffern"):
        checks.validate_iban("DE89370400440532013001")
    with pytest.raises(ValidationError, match="keine gültige"):
        checks.validate_iban("DE８９370400440532013000")


@pytest.mark.parametrize(
    "check",
    [
        checks.validate_leitweg_id,
        checks.validate_iban,
        checks.validate_bic,
        checks.validate_vat_id,
        checks.validate_tax_number,
        checks.validate_postal_code,
        checks.validate_ags,
    ],
)
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:6]))
def test_no_check_accepts_or_breaks_on_hostile_text(check, value: str) -> None:
    with pytest.raises(ValidationError):
        check(value)


def test_good_numbers_pass() -> None:
    checks.validate_bic("WELADED1MST")
    checks.validate_vat_id("DE136695976")
    checks.validate_tax_number("337/5901/1234")
    checks.validate_postal_code("48143")
    checks.validate_ags("05515000")


def test_wrong_check_digit_of_a_vat_id() -> None:
    with pytest.raises(ValidationError, match="Prüfziffer"):
        checks.validate_vat_id("DE136695977")


def test_compacting_removes_every_blank() -> None:
    assert checks.compact(" de89\u00a03704 0044\t0532\u200b0130 00\n") == "DE89370400440532013000"
