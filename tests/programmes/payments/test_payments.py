"""Payments: noted, taken back, and how the invoice follows."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.billing import domain as billing
from programmes.billing.models import Invoice, InvoiceState
from programmes.cycles.registries import must_be_finished
from programmes.payments import domain
from programmes.payments.models import Payment
from programmes.payments.sections import before_storno
from tests import factories as make
from tests.programmes.billing.makers import make_draft, make_issued, make_issuing, make_storno
from tests.programmes.payments.camt import credit
from tests.programmes.payments.makers import let_be_due, make_statement

pytestmark = pytest.mark.django_db


def state_of(invoice: Invoice) -> str:
    return Invoice.objects.get(pk=invoice.pk).state


@pytest.fixture
def by(db):
    return make.make_user()


@pytest.fixture
def pay(by):
    def noted(invoice: Invoice, amount: str, **fields) -> Payment:
        fields.setdefault("received_on", timezone.localdate())
        return domain.record(invoice, amount=Decimal(amount), by=by, **fields)

    return noted


def test_an_invoice_is_paid_once_nothing_is_open(stage, pay):
    invoice = make_issued(stage.cycle)  # 1,000 euros
    pay(invoice, "400.10")
    assert domain.open_amount(invoice) == Decimal("599.90")
    assert state_of(invoice) == InvoiceState.ISSUED
    pay(invoice, "599.89")
    assert state_of(invoice) == InvoiceState.ISSUED, "a cent is open"
    pay(invoice, "0.01")
    assert state_of(invoice) == InvoiceState.PAID
    assert domain.open_amount(invoice) == 0


def test_money_to_be_given_back_holds_the_closing(stage, pay):
    check = must_be_finished.get("payments")
    invoice = make_issued(stage.cycle)
    pay(invoice, "1000.00")
    assert check(stage.cycle) == []
    make_storno(invoice)
    assert "noch nicht zurückgezahlt" in check(stage.cycle)[0]
    pay(invoice, "-1000.00")
    assert check(stage.cycle) == []


def test_too_much_is_noted_and_stays_to_be_given_back(stage, pay):
    invoice = make_issued(stage.cycle)
    pay(invoice, "1200.00")
    assert state_of(invoice) == InvoiceState.PAID
    assert domain.open_amount(invoice) == Decimal("-200.00")
    with pytest.raises(Refused, match=r"was eingegangen ist: 1\.200,00 €"):
        pay(invoice, "-1200.01")
    pay(invoice, "-200.00")
    assert (state_of(invoice), domain.open_amount(invoice)) == (InvoiceState.PAID, 0)
    pay(invoice, "-0.01")
    assert state_of(invoice) == InvoiceState.ISSUED, "now something is owed again"


def test_undone_it_is_owed_again_unless_money_went_back(stage, pay, by):
    invoice = make_issued(stage.cycle)
    payment = pay(invoice, "1000.00")
    domain.undo(payment, by=by)
    assert (state_of(invoice), domain.open_amount(invoice)) == (InvoiceState.ISSUED, 1000)
    with pytest.raises(Refused, match="inzwischen rückgängig"):
        domain.undo(payment, by=by)
    payment = pay(invoice, "1100.00")
    pay(invoice, "-100.00")
    with pytest.raises(Refused, match="zuerst die Rückzahlung"):
        domain.undo(payment, by=by)


@pytest.mark.parametrize(
    ("amount", "days", "says"),
    [("0", 0, "nicht null"), ("0.004", 0, "nicht null"), ("1", 1, "in der Zukunft")],
)
def test_what_cannot_be_is_refused(stage, pay, amount, days, says):
    invoice = make_issued(stage.cycle)
    with pytest.raises(Refused, match=says):
        pay(invoice, amount, received_on=timezone.localdate() + timedelta(days=days))
    assert not Payment.objects.exists()


def test_a_wrong_year_is_refused_by_hand_but_never_from_the_bank(stage, pay):
    invoice = make_issued(stage.cycle)
    early = timezone.localdate() - timedelta(days=184)
    with pytest.raises(Refused, match="Prüfen Sie das Jahr"):
        pay(invoice, "1.00", received_on=early)
    pay(invoice, "1.00", received_on=early + timedelta(days=1))
    old = credit("2.00", str(invoice.number), day=early)
    entry = make_statement(invoice.issuer, old).entries.get()
    pay(invoice, "2.00", received_on=early, entry=entry)
    assert domain.paid_amount(invoice) == 3


def test_only_what_is_issued_is_paid(stage, pay):
    with pytest.raises(Refused, match="noch ein Entwurf"):
        pay(make_draft(stage.cycle), "1.00")
    with pytest.raises(Refused, match="gerade ausgestellt"):
        pay(make_issuing(stage.cycle), "1.00")


def test_what_was_paid_is_said_before_the_storno_and_given_back_after_it(stage, pay, by):
    invoice = make_issued(stage.cycle)
    assert before_storno(invoice) == []
    pay(invoice, "1000.00")
    invoice.refresh_from_db()
    first, second = before_storno(invoice)
    assert "schon 1.000,00 € bezahlt" in first
    assert "Rückzahlung" in second

    storno = make_storno(invoice)
    assert state_of(invoice) == InvoiceState.CANCELLED
    assert domain.open_amount(invoice) == Decimal("-1000.00")
    with pytest.raises(Refused, match="ist storniert"):
        pay(invoice, "1.00")
    with pytest.raises(Refused, match="Stornorechnung wird nicht bezahlt"):
        pay(storno, "1.00")
    pay(invoice, "-1000.00")
    assert domain.open_amount(invoice) == 0
    assert state_of(invoice) == InvoiceState.CANCELLED


def test_the_database_reckons_as_we_do(stage, pay):
    """Ten and twenty cents are thirty, on SQLite too."""
    cents = billing.LineData(
        name="Material", quantity=Decimal(1), price=Decimal("0.80"), tax_category="E"
    )
    small = make_issued(stage.cycle, lines=[cents])
    pay(small, "0.10")
    pay(small, "0.70")
    cancelled = make_issued(stage.cycle)
    pay(cancelled, "500.00")
    make_storno(Invoice.objects.get(pk=cancelled.pk))
    late = make_issued(stage.cycle)
    pay(late, "0.10")
    pay(late, "0.20")
    found = {row.pk: (row.paid, row.owed, row.open) for row in domain.with_paid(Invoice.objects)}
    for row in Invoice.objects.all():
        expected = (domain.paid_amount(row), domain.owed_amount(row), domain.open_amount(row))
        assert tuple(map(Decimal, found[row.pk])) == expected, str(row)
    assert not domain.with_paid(Invoice.objects).filter(pk=small.pk, open__gt=0).exists()
    assert domain.with_paid(Invoice.objects).filter(pk=late.pk, paid=Decimal("0.30")).exists()


def test_overdue_is_what_was_due_before_today(stage, pay):
    today = timezone.localdate()
    with_days = [let_be_due(make_issued(stage.cycle), days) for days in (2, 1, 0)]
    make_draft(stage.cycle)
    pay(with_days[1], "1000.00")
    assert list(domain.overdue(stage.cycle, today)) == [with_days[0]]
    assert set(domain.unpaid(with_days[0].issuer)) == {with_days[0], with_days[2]}


@pytest.mark.django_db(transaction=True)
def test_two_who_note_the_rest_at_once_pay_it_twice_and_it_is_seen(stage, by):
    """Both did come in, as far as anybody says; the invoice is paid, and too much is shown."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time there")
    invoice = make_issued(stage.cycle)
    ready = Barrier(2)

    def note() -> None:
        ready.wait()
        domain.record(invoice, received_on=timezone.localdate(), amount=Decimal(500), by=by)
        connections.close_all()

    threads = [Thread(target=note) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert domain.open_amount(invoice) == 0
    assert state_of(invoice) == InvoiceState.PAID, "neither overlooked the other"
