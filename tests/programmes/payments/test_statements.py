"""Importing bank statements, proposing what their credits are for, deciding about them."""

import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.billing.models import Invoice, InvoiceState
from programmes.payments import domain, unpacking
from programmes.payments.models import BankEntry, BankStatement, EntryState, Payment
from tests import factories as make
from tests.programmes.billing.makers import (
    make_house,
    make_issued,
    make_issuer,
    make_issuing,
    make_storno,
)
from tests.programmes.payments.camt import Bank, Booking, Transfer, credit, upload, zipped
from tests.programmes.payments.makers import make_payment, make_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db):
    return make.make_user()


@pytest.fixture
def issuer(stage):
    return make_issuer(stage.cycle)


def take(data: bytes, issuer, by, name: str = "auszug.xml") -> domain.Imported:
    return domain.import_statement(upload(data, name), issuer, by=by)


# --- importing ----------------------------------------------------------------------------
def test_the_same_credit_counts_once_whatever_file_it_comes_with(issuer, by):
    first, second = credit("500.00", "CM-1", reference="R1"), credit("10.00", "Spende")
    result = take(Bank(8).file(first, second), issuer, by)
    assert (result.new, result.known, result.again) == (2, 0, False)

    again = take(Bank(8).file(first, second), issuer, by)
    assert (again.again, again.statement) == (True, result.statement)
    assert "schon eingelesen" in again.said

    # The same days once more, in the other version, with one more day in it.
    longer = Bank(2, number=18).file(first, second, credit("7.00", day=date(2026, 11, 21)))
    result = take(longer, issuer, by)
    assert (result.new, result.known) == (1, 2)
    assert "2 waren schon aus einem anderen Auszug bekannt" in result.said
    assert BankEntry.objects.count() == 3


def test_of_one_that_is_known_is_said_that_it_was(issuer, by):
    first = credit("500.00", "CM-1", reference="R1")
    take(Bank(8).file(first), issuer, by)
    said = take(Bank(2, number=18).file(first), issuer, by).said
    assert "1 war schon aus einem anderen Auszug bekannt" in said


def test_an_archive_packed_in_another_way_is_refused(issuer, by):
    packed = zipped(Bank().file(credit("5.00")), packing=zipfile.ZIP_LZMA)
    for data in (packed, packed[:60] + bytes(8) + packed[68:]):
        with pytest.raises(Refused, match="auf eine Weise gepackt"):
            take(data, issuer, by, "auszug.zip")


def test_two_payments_alike_on_one_day_are_two_in_every_statement(issuer, by):
    twice = [credit("500.00", "Gebühr"), credit("500.00", "Gebühr")]
    assert take(Bank(8).file(*twice), issuer, by).new == 2
    assert take(Bank(8, number=18).file(*twice), issuer, by).known == 2


def test_a_zip_of_a_bank_is_one_upload(issuer, by):
    monday, tuesday = credit("1.00"), credit("2.00", day=date(2026, 11, 21))
    other = Bank(iban="DE02120300000000202051").file(credit("99.00"))
    data = zipped(Bank().file(monday), Bank().file(tuesday), Bank().file(monday, tuesday), other)
    result = take(data, issuer, by, "auszuege.zip")
    assert (result.new, result.other_accounts) == (2, 1)
    assert (result.statement.first_day, result.statement.last_day) == (
        date(2026, 11, 20),
        date(2026, 11, 21),
    )


def test_another_account_is_refused_and_said_without_telling_it_all(issuer, by):
    foreign = "DE02120300000000202051"
    with pytest.raises(Refused) as caught:
        take(Bank(iban=foreign).file(credit("1.00")), issuer, by)
    assert "DE02 … 2051" in str(caught.value)
    assert foreign not in str(caught.value)
    issuer.partner.iban = ""
    issuer.partner.save()
    with pytest.raises(Refused, match="noch keine IBAN"):
        take(Bank().file(credit("1.00")), issuer, by)
    assert not BankStatement.objects.exists()


def test_hostile_archives_are_refused(issuer, by, monkeypatch):
    good = Bank().file(credit("1.00"))
    for data, says in (
        (zipped(good, b"MZ", names=("a.xml", "b.exe")), "etwas anderes als Kontoauszüge"),
        (zipped(good, b"<a/>"), "kein Kontoauszug"),
    ):
        with pytest.raises(Refused, match=says):
            take(data, issuer, by, "auszug.zip")
    monkeypatch.setattr(unpacking, "MAX_UNPACKED", 2_000_000)
    bomb = zipped(good, b"<a>" + b" " * 3_000_000 + b"</a>")
    assert len(bomb) < 10_000
    with pytest.raises(Refused, match="ausgepackt zu groß"):
        take(bomb, issuer, by, "bombe.zip")
    monkeypatch.setattr(unpacking, "MAX_FILES", 2)
    with pytest.raises(Refused, match="mehr als 2 Dateien"):
        take(zipped(good, good, good), issuer, by, "viele.zip")
    with pytest.raises(ValidationError, match="Erlaubt sind: XML, ZIP"):
        take(b"%PDF-1.7", issuer, by, "auszug.pdf")
    assert not BankStatement.objects.exists()


# --- proposing ----------------------------------------------------------------------------
def number_of(invoice: Invoice) -> str:
    assert invoice.number is not None
    return invoice.number  # CM-2026-0001


@pytest.mark.parametrize(
    "write",
    [
        str,
        str.lower,
        lambda number: number.replace("-", ""),
        lambda number: number.replace("-", " "),
        lambda number: number.replace("-", "/"),
        lambda number: f"RECHNUNGSNR.{number} VOM 01.10.2026",
        lambda number: f"{number[:9]} {number[9:]}",  # where the bank breaks a line
        lambda number: f"Rg.-Nr.{number.replace('-', '')},Kd. 4711",
    ],
)
def test_a_number_is_found_however_it_was_typed(stage, write):
    invoice = make_issued(stage.cycle)
    other = make_issued(stage.cycle)
    statement = make_statement(invoice.issuer, credit("1000.00", write(number_of(invoice))))
    found = domain.suggestions(statement.entries.get())
    assert found.certain
    assert [(one.invoice, one.amount) for one in found.shares] == [(invoice, Decimal(1000))]
    assert other not in [one.invoice for one in found.shares]


def test_a_longer_number_is_another_one(stage):
    invoice = make_issued(stage.cycle)
    statement = make_statement(invoice.issuer, credit("1000.00", f"{number_of(invoice)}7", "Wer"))
    assert domain.suggestions(statement.entries.get()).shares == ()


def test_several_numbers_in_one_transfer_share_it(stage):
    first, second = make_issued(stage.cycle), make_issued(stage.cycle)
    text = f"{first.number}, {second.number}"
    exact, less, more = (
        domain.suggestions(make_statement(first.issuer, credit(amount, text)).entries.get())
        for amount in ("2000.00", "1600.00", "2100.00")
    )
    assert [str(one.amount) for one in exact.shares] == ["1000.00", "1000.00"]
    assert [str(one.amount) for one in less.shares] == ["1000.00", "600.00"]
    assert [str(one.amount) for one in more.shares] == ["1000.00", "1100.00"]
    assert (exact.certain, less.certain, more.certain) == (True, False, False)
    assert "400,00 € weniger" in less.notes[0]
    assert "100,00 € mehr" in more.notes[0]


def test_amount_and_name_are_proposed_but_never_certain(stage):
    house = make_house("Überlingen-Süd")
    invoice = make_issued(stage.cycle, house)
    make_issued(stage.cycle, make_house("Anderswo"))
    fits = credit("1000.00", "Mentoring", "STADTKASSE UEBERLINGEN")
    other_amount = credit("999.99", "Mentoring", "Stadtkasse Überlingen")
    other_name = credit("1000.00", "Mentoring", "Stadtkasse Irgendwo")
    statement = make_statement(invoice.issuer, fits, other_amount, other_name)
    found = [domain.suggestions(entry) for entry in statement.entries.order_by("pk")]
    assert [[one.invoice for one in each.shares] for each in found] == [[invoice], [], []]
    assert not any(each.certain for each in found)


def test_what_is_paid_or_cancelled_is_said_instead_of_proposed(stage):
    paid, cancelled = make_issued(stage.cycle), make_issued(stage.cycle)
    make_payment(paid, "1000.00")
    make_storno(cancelled)
    under_way = make_issuing(stage.cycle)
    named = [credit("1000.00", number_of(one)) for one in (paid, cancelled, under_way)]
    statement = make_statement(paid.issuer, *named)
    found = [domain.suggestions(entry) for entry in statement.entries.order_by("pk")]
    for one, why in zip(found, ("schon bezahlt", "storniert", "gerade ausgestellt"), strict=True):
        assert one.shares == ()
        assert why in one.notes[0]


# --- deciding -----------------------------------------------------------------------------
def test_confirmed_the_invoice_is_paid_and_undone_the_credit_waits_again(stage, by):
    invoice = make_issued(stage.cycle)
    entry = make_statement(invoice.issuer, credit("1000.00", number_of(invoice))).entries.get()
    assert not Payment.objects.exists(), "nothing is matched but by a person"
    (payment,) = domain.confirm(entry, {invoice: Decimal("1000.00")}, by=by)
    invoice.refresh_from_db()
    entry.refresh_from_db()
    assert (invoice.state, entry.state) == (InvoiceState.PAID, EntryState.MATCHED)
    assert payment.received_on == entry.booked_on
    for act in (
        lambda: domain.confirm(entry, {invoice: Decimal("1000.00")}, by=by),
        lambda: domain.ignore(entry, by=by),
    ):
        with pytest.raises(Refused, match="schon entschieden"):
            act()
    domain.undo(payment, by=by)
    entry.refresh_from_db()
    assert entry.state == EntryState.OPEN
    assert Invoice.objects.get().state == InvoiceState.ISSUED


def test_no_more_is_given_to_invoices_than_came_in(stage, by):
    first, second = make_issued(stage.cycle), make_issued(stage.cycle)
    entry = make_statement(first.issuer, credit("1500.00")).entries.get()
    for amounts, says in (
        ({first: Decimal(1000), second: Decimal("500.01")}, "eingegangen sind aber nur"),
        ({first: Decimal(1000), second: Decimal(-1)}, "größer als null"),
        ({}, "mindestens eine"),
    ):
        with pytest.raises(Refused, match=says):
            domain.confirm(entry, amounts, by=by)
    assert not Payment.objects.exists()
    domain.confirm(entry, {first: Decimal(1000), second: Decimal(500)}, by=by)
    assert domain.open_amount(second) == 500

    elsewhere = make_issued(make.make_cycle())
    entry = make_statement(first.issuer, credit("1.00")).entries.get()
    with pytest.raises(Refused, match="anderen Logistikpartner"):
        domain.confirm(entry, {elsewhere: Decimal(1)}, by=by)


def test_the_certain_ones_together_are_those_that_were_shown(stage, by):
    first, second = make_issued(stage.cycle), make_issued(stage.cycle)
    statement = make_statement(
        first.issuer,
        credit("1000.00", number_of(first)),
        credit("1000.00", number_of(first), day=date(2026, 11, 19)),
        credit("1000.00", number_of(second)),
        credit("400.00", number_of(second)),
    )
    shown = domain.certain(statement)
    assert len(shown) == 2, "who paid twice is asked about the second time"
    make_payment(second, "1000.00")
    with pytest.raises(Refused, match="haben sich geändert"):
        domain.confirm_certain(statement, shown=domain.seen(shown), by=by)
    assert domain.open_amount(first) == 1000
    now = domain.seen(domain.certain(statement))
    assert domain.confirm_certain(statement, shown=now, by=by) == 1
    assert (domain.open_amount(first), domain.open_amount(second)) == (0, 0)
    assert statement.entries.filter(state=EntryState.OPEN).count() == 3


def test_what_is_none_of_ours_is_forgotten_and_goes_after_its_time(stage, by):
    invoice = make_issued(stage.cycle)
    ours, maybe, private = (
        credit("1000.00", number_of(invoice)),
        credit("3.00", number_of(invoice)),
        credit("80.00", "Yogakurs", "Petra Privat"),
    )
    statement = make_statement(invoice.issuer, ours, maybe, private)
    rest = domain.unmatched(statement)
    assert [entry.payer for entry in rest] == ["Petra Privat"]
    with pytest.raises(Refused, match="haben sich geändert"):
        domain.ignore_rest(statement, shown="", by=by)
    assert domain.ignore_rest(statement, shown=domain.rest_seen(rest), by=by) == 1
    forgotten = BankEntry.objects.get(amount=80)
    assert (forgotten.payer, forgotten.text) == ("", "")
    assert take(Bank(number=5).file(private), invoice.issuer, by).known == 1

    entry = statement.entries.get(amount=1000)
    domain.confirm(entry, {invoice: Decimal(1000)}, by=by)
    make_statement(invoice.issuer, credit("5.00"), name="leer.xml")
    assert domain.delete_old() == 0
    BankStatement.objects.update(imported_at=timezone.now() - timedelta(days=domain.KEPT_DAYS))
    domain.delete_old()
    assert list(BankEntry.objects.all()) == [entry], "kept as long as its payment"
    assert list(BankStatement.objects.all()) == [statement]


def test_a_collective_booking_is_decided_payment_by_payment(stage, by):
    first, second = make_issued(stage.cycle), make_issued(stage.cycle)
    both = Booking(
        (
            Transfer("1000.00", text=number_of(first)),
            Transfer("1000.00", text=number_of(second)),
        )
    )
    statement = make_statement(first.issuer, both, version=2)
    assert len(domain.certain(statement)) == 2
