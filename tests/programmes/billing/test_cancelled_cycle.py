"""A Durchgang that was called off: its money is still seen to, and nothing else is opened."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.billing.models import Invoice
from programmes.cycles import domain as cycles
from programmes.cycles.models import Cycle
from programmes.invoice_mails.models import MailingKind
from programmes.suppliers.domain import invoices as supplied
from programmes.suppliers.models import SupplierInvoiceState
from tests.access.routes import routes
from tests.programmes.billing.makers import make_draft, make_issued
from tests.programmes.invoice_mails.makers import make_mailing, make_sendable, release
from tests.programmes.payments.makers import make_payment
from tests.programmes.suppliers.makers import make_invoice

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def called_off(stage, cast) -> Cycle:
    return cycles.cancel(stage.cycle, reason="zu wenige Zusagen", by=cast.user("lead"))


def test_who_calls_it_off_is_told_of_its_money(stage, client_of):
    page = reverse("cycles:cycle_cancel", args=[stage.cycle.pk])
    assert "Rechnungen und Zahlungen bleiben" not in text_of(client_of("lead").get(page))
    make_draft(stage.cycle, stage.own)
    make_issued(stage.cycle, stage.own)
    make_payment(make_issued(stage.cycle, stage.own), "1200.00")
    make_invoice(stage.cycle, state=SupplierInvoiceState.APPROVED)
    said = text_of(client_of("lead").get(page))
    for line in (
        "Ein Rechnungsentwurf ist weder ausgestellt noch gelöscht.",
        "Eine Rechnung ist noch nicht bezahlt.",
        "Zu einer Rechnung ist zu viel bezahlt und noch nicht zurückgezahlt.",
        "Eine Rechnung eines Lieferanten ist weder bezahlt noch zurückgewiesen.",
        "Rechnungen und Zahlungen bleiben durch die Absage, wie sie sind.",
    ):
        assert line in said


def test_the_partner_cancels_returns_and_sends_in_it(stage, cast, client_of):
    by = cast.user("logistics")
    invoice = make_sendable(stage.cycle, "Ahaus")
    make_payment(invoice, "1000.00")
    other = make_sendable(stage.cycle, "Bocholt")
    called_off(stage, cast)
    browser = client_of("logistics")
    page = text_of(browser.get(stage.cycle.get_absolute_url()))
    assert "zu wenige Zusagen" not in page, "the reason is for the ständige Mitglieder"
    assert reverse("billing:invoices", args=[stage.cycle.pk]) in page
    where = [stage.cycle.pk, invoice.pk]
    answer = browser.post(reverse("billing:cancel", args=where), {"reason": "abgesagt"})
    storno = Invoice.objects.get(cancels=invoice)
    assert answer["Location"] == storno.get_absolute_url()
    form = {"kind": "returned", "received_on": timezone.localdate(), "amount": "1000,00"}
    assert browser.post(reverse("payments:record", args=where), form).status_code == 302
    invoice.refresh_from_db()
    assert sum(invoice.payments.values_list("amount", flat=True)) == Decimal(0)
    released = release(make_mailing(stage.cycle, other, kind=MailingKind.INVOICES, by=by), by)
    assert browser.get(released.get_absolute_url()).status_code == 200


def test_a_released_invoice_of_a_supplier_is_paid_in_it(stage, cast, client_of):
    invoice = make_invoice(stage.cycle, state=SupplierInvoiceState.APPROVED)
    received = make_invoice(stage.cycle)
    called_off(stage, cast)
    where = [stage.cycle.pk, invoice.pk]
    browser = client_of("logistics")
    page = reverse("suppliers:pay", args=where)
    assert page in text_of(browser.get(invoice.get_absolute_url()))
    form = {"seen": invoice.version, "paid_on": timezone.localdate()}
    assert browser.post(page, form).status_code == 302
    invoice.refresh_from_db()
    assert invoice.state == SupplierInvoiceState.PAID
    with pytest.raises(Refused, match="abgesagt"):
        supplied.check(received, seen=received.version, by=cast.user("lead"))


def test_hr_reads_its_own_invoices_and_nobody_else_anything(stage, cast, client_of):
    invoice = make_issued(stage.cycle, stage.own)
    called_off(stage, cast)
    listed = reverse("billing:invoices", args=[stage.cycle.pk])
    assert str(invoice.number) in text_of(client_of("hr").get(listed))
    assert client_of("hr").get(invoice.get_absolute_url()).status_code == 200
    for name in ("other_hr", "lead", "member", "former", "mentee"):
        assert client_of(name).get(listed).status_code == 404, name


CYCLE = "durchgaenge/<int:cycle_pk>/"
READ_BY = {
    # Its own applications a Personalstelle reads as long as they are kept, as when it is closed.
    "hr": {"", "rechnungen/", "rechnungen/zip/", "bewerbungen/"},
    "logistics": {
        "",
        "rechnungen/",
        "rechnungen/zip/",
        "rechnungen/journal/",
        "rechnungen/offen/",
        "rechnungen/versand/",
        "rechnungen/versand/neu/",
        "lieferantenrechnungen/",
        "auftraege/",
        "budget/",
    },
}


@pytest.mark.parametrize("name", READ_BY)
def test_no_page_but_those_of_its_money_is_opened(stage, cast, client_of, name):
    make_issued(stage.cycle, stage.own)
    called_off(stage, cast)
    browser, seen = client_of(name), set()
    for route in routes():
        if route.startswith(CYCLE) and route.count("<") == 1:
            answer = browser.get("/" + route.replace("<int:cycle_pk>", str(stage.cycle.pk)))
            if answer.status_code not in (403, 404):
                seen.add(route.removeprefix(CYCLE))
    assert seen ^ READ_BY[name] == set()
