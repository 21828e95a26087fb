"""What is read from a bank statement, in both versions, and what is not."""

from datetime import date
from decimal import Decimal

import pytest

from programmes.payments.camt import NoStatement, read_statements
from tests.mentoring.files.samples import BILLION_LAUGHS
from tests.programmes.payments.camt import IBAN, Bank, Booking, Transfer, credit

BOTH = pytest.mark.parametrize("version", [2, 8])


def read(bank: Bank, *bookings: Booking):
    (statement,) = read_statements(bank.file(*bookings))
    return statement


@BOTH
def test_only_booked_credits_in_euros_are_read(version):
    found = read(
        Bank(version),
        credit("1500.00", "Rechnung CM-2026-0001", "Stadt Übelheim & Söhne", reference="A1"),
        credit("10.00", status="PDNG"),
        credit("11.00", currency="CHF"),
        Booking((Transfer("12.00", debit=True),), debit=True, total="12.00"),
        credit("0.50", day=date(2026, 11, 18)),
    )
    assert (found.iban, found.identification) == (IBAN, "Nr. 17")
    assert (found.first_day, found.last_day) == (date(2026, 11, 18), date(2026, 11, 20))
    assert (found.not_booked, found.other_currency) == (1, 1)
    first, second = found.credits
    assert (first.amount, first.booked_on) == (Decimal("1500.00"), date(2026, 11, 20))
    assert (first.payer, first.text) == ("Stadt Übelheim & Söhne", "Rechnung CM-2026-0001")
    assert first.reference == "A1"
    assert second.reference == "", "NONREF and NOTPROVIDED are none"


@BOTH
def test_a_collective_booking_becomes_its_payments_if_they_add_up(version):
    three = (
        Transfer("500.00", "Stadt Ahausen", "CM-2026-0001"),
        Transfer("1000.00", "Stadt Übelheim", "CM-2026-0002"),
        Transfer("0.01", "Kreis Cehausen", "CM-2026-0003"),
    )
    credits = read(Bank(version), Booking(three)).credits
    assert [(one.payer, str(one.amount)) for one in credits] == [
        ("Stadt Ahausen", "500.00"),
        ("Stadt Übelheim", "1000.00"),
        ("Kreis Cehausen", "0.01"),
    ]
    for whole in (Booking(three, total="1600.00"), Booking(three, amounts=False)):
        (one,) = read(Bank(version), whole).credits
        assert one.amount == Decimal(whole.total or "1500.01")
        assert "CM-2026-0001" in one.text
        assert "CM-2026-0003" in one.text


def test_a_debit_in_a_collective_booking_is_no_payment():
    mixed = Booking((Transfer("500.00", text="A"), Transfer("20.00", debit=True)))
    (one,) = read(Bank(8), mixed).credits
    assert (one.amount, one.text) == (Decimal("500.00"), "A")


def test_the_text_is_whatever_the_payer_wrote_wherever_it_stands():
    split = credit("1.00", ("Rechnung CM-2026-", "0001 vom 1.10."))
    structured = Booking((Transfer("1.00", structured="RF18CM20260001"),))
    reference = Booking((Transfer("1.00", end_to_end="CM-2026-0007"),))
    bank = Booking((Transfer("1.00"),), extra="<AddtlNtryInf>BARGELD  CM-1</AddtlNtryInf>")
    texts = [one.text for one in read(Bank(), split, structured, reference, bank).credits]
    assert texts == [
        "Rechnung CM-2026- 0001 vom 1.10.",
        "RF18CM20260001",
        "CM-2026-0007",
        "BARGELD CM-1",
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "kein vollständiges XML"),
        (b"<Document>", "kein vollständiges XML"),
        (BILLION_LAUGHS, "DTD oder Entitäten"),
        (
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "DTD oder Entitäten",
        ),
        (b"<Document/>", "kein Kontoauszug im Format CAMT.053"),
        (Bank().file().replace(b"camt.053", b"camt.052"), "Umsatzvorschau"),
        (Bank().document(), "enthält keinen Kontoauszug"),
        (Bank().file(credit("1.00", day="gestern")), "unlesbaren Datum"),
        (Bank().file(Booking((Transfer("1.00"),), total="1e9")), "ohne lesbaren Betrag"),
        (Bank().file(Booking((Transfer("1.00"),), total="-5")), "ohne lesbaren Betrag"),
        (Bank().file(credit("12345678901.00")), "ohne lesbaren Betrag"),
    ],
)
def test_what_is_no_statement_is_refused_with_the_reason(data, says):
    with pytest.raises(NoStatement, match=says):
        read_statements(data)
