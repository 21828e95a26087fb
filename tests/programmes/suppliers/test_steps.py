"""The way of an invoice: received, checked, approved, paid, each by whom it may."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.registries import must_be_finished, step_warnings
from programmes.suppliers.domain import invoices
from programmes.suppliers.models import SupplierInvoice, SupplierInvoiceState
from tests import factories as make
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.programmes.suppliers.makers import IBAN, form_of, make_commission, make_invoice

State = SupplierInvoiceState
WHY = "Der Betrag stimmt nicht."


@pytest.fixture
def url(stage):
    def page(name, *args):
        return reverse(f"suppliers:{name}", args=[stage.cycle.pk, *args])

    return page


def text_of(response):
    return response.content.decode()


def state_of(invoice):
    invoice.refresh_from_db()
    return invoice.state


def test_from_the_post_to_the_bank(stage, cast, client_of, url):
    browser = client_of("member")
    browser.post(url("enter_plain"), form_of())
    invoice = SupplierInvoice.objects.get()
    for name, who, form in (
        ("check", "member", {}),
        ("approve", "lead", {}),
        ("pay", "logistics", {"paid_on": "2026-02-01"}),
    ):
        page = text_of(client_of(who).get(url("invoice", invoice.pk)))
        assert url(name, invoice.pk) in page, "the next step is offered"
        seen = client_of(who).get(url(name, invoice.pk)).context["form"]["seen"].value()
        answer = client_of(who).post(url(name, invoice.pk), {"seen": seen, **form}, follow=True)
        assert answer.redirect_chain, text_of(answer)
    assert state_of(invoice) == State.PAID
    assert (invoice.checked_by, invoice.approved_by) == (cast.user("member"), cast.user("lead"))
    page = text_of(browser.get(url("invoice", invoice.pk)))
    assert f"freigegeben von {cast.lead.full_name}" in page
    assert "bezahlt am 01.02.2026" in page
    changed = LogEntry.objects.filter(object_pk=invoice.pk, changes__has_key="state")
    assert changed.count() == 4, "every step is in the log"


def test_who_entered_or_changed_it_does_not_approve_it(stage, cast, client_of, url):
    lead, other = cast.user("lead"), make.make_seat(stage.cycle.participations.first(), lead=True)
    for fields in ({"created_by": lead}, {"created_by": other.user, "changed_by": lead}):
        invoice = make_invoice(stage.cycle, state=State.CHECKED, **fields)
        assert url("approve", invoice.pk) not in text_of(
            client_of("lead").get(url("invoice", invoice.pk))
        )
        answer = client_of("lead").post(url("approve", invoice.pk), {"seen": invoice.version})
        assert "selbst erfasst oder geändert" in text_of(answer)
        assert state_of(invoice) == State.CHECKED
    invoice.changed_by = None
    invoice.created_by = lead
    invoice.save()
    invoices.approve(invoice, seen=invoice.version, by=other.user)
    assert state_of(invoice) == State.APPROVED


def test_a_change_after_entering_names_who_made_it(stage, cast, client_of, url):
    invoice = make_invoice(stage.cycle, created_by=cast.user("member"))
    token = client_of("lead").get(url("change", invoice.pk)).context["form"].version_token
    form = form_of(number=invoice.number, amount="99,00", _version=token)
    client_of("lead").post(url("change", invoice.pk), form)
    invoice.refresh_from_db()
    assert (invoice.amount, invoice.changed_by) == (99, cast.user("lead"))


def test_who_changed_the_account_does_not_approve_it_whoever_wrote_after_them(
    stage, cast, client_of, url
):
    other = make.make_seat(stage.cycle.participations.first(), lead=True).user
    invoice = make_invoice(stage.cycle, created_by=cast.user("member"))
    for by, fields in (
        (cast.user("lead"), {"iban": IBAN}),
        (other, {"amount": Decimal(99)}),
        (cast.user("member"), {"note": "Bitte bald."}),
    ):
        for name, value in fields.items():
            setattr(invoice, name, value)
        invoices.save(invoice, by=by)
    assert invoice.changed_by == other, "a note changes nothing of what is paid"
    invoice = invoices.check(invoice, seen=invoice.version, by=cast.user("member"))
    for by in (cast.user("lead"), other):
        with pytest.raises(Refused, match="selbst erfasst oder geändert"):
            invoices.approve(invoice, seen=invoice.version, by=by)
    assert url("approve", invoice.pk) not in text_of(
        client_of("lead").get(url("invoice", invoice.pk))
    )


def test_a_lead_who_wrote_only_the_note_may_approve_it(stage, cast):
    invoice = make_invoice(stage.cycle, created_by=cast.user("member"))
    invoice.note = "Bitte bald."
    invoices.save(invoice, by=cast.user("lead"))
    invoice = invoices.check(invoice, seen=invoice.version, by=cast.user("member"))
    invoices.approve(invoice, seen=invoice.version, by=cast.user("lead"))
    assert state_of(invoice) == State.APPROVED


@pytest.mark.parametrize("state", [State.CHECKED, State.APPROVED, State.PAID])
def test_nobody_changes_one_that_was_checked(state, stage, cast):
    invoice = make_invoice(stage.cycle, state=state)
    invoice.amount = Decimal(1)
    with pytest.raises(Refused, match="Nehmen Sie diesen Schritt"):
        invoices.save(invoice, by=cast.user("member"))


def test_nobody_decides_what_they_did_not_see(stage, cast, client_of, url):
    invoice = make_invoice(stage.cycle, state=State.CHECKED)
    seen = invoice.version
    invoice.amount = Decimal(9999)
    invoice.save()
    answer = client_of("lead").post(url("approve", invoice.pk), {"seen": seen})
    assert "wurde geändert" in text_of(answer)
    assert client_of("lead").post(url("approve", invoice.pk), {}).status_code == 200
    assert state_of(invoice) == State.CHECKED


def test_refused_because_it_changed_the_form_shows_what_and_goes_on_from_there(
    stage, client_of, url
):
    invoice = make_invoice(stage.cycle, state=State.CHECKED)
    browser = client_of("lead")

    def typed(answer):
        return {name: answer.context["form"][name].value() for name in ("seen", "shown")}

    first = typed(browser.get(url("approve", invoice.pk)))
    invoice.amount, invoice.due_on = Decimal(9999), date(2026, 3, 1)
    invoice.save()
    answer = browser.post(url("approve", invoice.pk), first)
    assert "Betrag, brutto: jetzt 9.999,00 €, vorher 250,00 €" in text_of(answer)
    assert "Fällig am: jetzt 01.03.2026, vorher leer" in text_of(answer)
    assert "über 9.999,00 €?" in text_of(answer)
    assert browser.post(url("approve", invoice.pk), typed(answer)).status_code == 302
    assert state_of(invoice) == State.APPROVED


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (State.RECEIVED, "approve"),
        (State.RECEIVED, "pay"),
        (State.CHECKED, "pay"),
        (State.CHECKED, "check"),
        (State.PAID, "pay"),
        (State.PAID, "reject"),
        (State.REJECTED, "check"),
    ],
)
def test_steps_come_one_after_the_other(state, step, stage, cast):
    invoice = make_invoice(stage.cycle, state=state)
    more = {"pay": {"paid_on": timezone.localdate()}, "reject": {"reason": WHY}}.get(step, {})
    with pytest.raises(Refused, match=state.label):
        getattr(invoices, step)(invoice, seen=invoice.version, by=cast.user("lead"), **more)
    assert state_of(invoice) == state


def test_a_payment_ahead_is_refused(stage, client_of, url):
    invoice = make_invoice(stage.cycle, state=State.APPROVED)
    ahead = timezone.localdate() + timedelta(days=1)
    form = {"seen": invoice.version, "paid_on": ahead.isoformat()}
    assert "liegt in der Zukunft" in text_of(
        client_of("logistics").post(url("pay", invoice.pk), form)
    )


def test_a_payment_before_the_invoice_is_refused(stage, cast, client_of, url):
    invoice = make_invoice(stage.cycle, state=State.APPROVED)
    before = invoice.invoiced_on - timedelta(days=1)
    form = {"seen": invoice.version, "paid_on": before.isoformat()}
    answer = client_of("logistics").post(url("pay", invoice.pk), form)
    assert "vor dem Rechnungsdatum (15.01.2026)" in str(answer.context["form"].errors["paid_on"])
    with pytest.raises(Refused, match="vor dem Rechnungsdatum"):
        invoices.pay(invoice, paid_on=before, seen=invoice.version, by=cast.user("logistics"))
    form["paid_on"] = invoice.invoiced_on.isoformat()
    client_of("logistics").post(url("pay", invoice.pk), form)
    assert state_of(invoice) == State.PAID, "on the same day it may be"


def test_the_iban_to_pay_to_is_grouped(stage, client_of, url):
    invoice = make_invoice(stage.cycle, state=State.APPROVED, iban=IBAN)
    page = text_of(client_of("logistics").get(url("pay", invoice.pk)))
    assert "Die Überweisung auf DE02 1203 0000 0000 2020 51 veranlassen" in page


def test_sent_back_and_taken_back_with_a_reason(stage, cast, client_of, url):
    invoice = make_invoice(stage.cycle, state=State.CHECKED, number="5")
    browser = client_of("member")
    form = {"seen": invoice.version}
    assert browser.post(url("reject", invoice.pk), form).status_code == 200, "not without one"
    browser.post(url("reject", invoice.pk), {**form, "reason": WHY})
    assert state_of(invoice) == State.REJECTED
    assert WHY in text_of(browser.get(url("invoice", invoice.pk)))
    again = make_invoice(stage.cycle, number="5")
    with pytest.raises(Refused, match="schon erfasst"):
        invoices.step_back(invoice, reason=WHY, seen=invoice.version, by=cast.user("member"))
    again.delete()
    back = invoices.step_back(invoice, reason=WHY, seen=invoice.version, by=cast.user("member"))
    assert (back.state, back.checked_by, back.reason) == (State.RECEIVED, None, WHY)


def test_a_payment_taken_back_has_no_date(stage, cast):
    invoice = make_invoice(stage.cycle, state=State.PAID, approved_by=cast.user("lead"))
    by = cast.user("logistics")
    back = invoices.step_back(invoice, reason="Rücklastschrift", seen=invoice.version, by=by)
    assert (back.state, back.paid_on, back.approved_by) == (
        State.APPROVED,
        None,
        cast.user("lead"),
    )


def test_more_than_agreed_late_and_without_account_is_said(stage, client_of, url):
    commission = make_commission(stage.cycle, fee=Decimal(500), travel_costs=Decimal(50))
    make_invoice(stage.cycle, commission=commission, amount=Decimal(300))
    late = timezone.localdate() - timedelta(days=3)
    invoice = make_invoice(
        stage.cycle, commission=commission, amount=Decimal(400), due_on=late, state=State.CHECKED
    )
    for name in ("invoice", "approve"):
        page = text_of(client_of("lead").get(url(name, invoice.pk)))
        assert "150,00 € über dem Auftrag (550,00 €)" in page
        assert f"am {late:%d.%m.%Y} fällig" in page
        assert "keine IBAN" in page


def test_unpaid_invoices_hold_the_closing(stage):
    check = must_be_finished.get("suppliers")
    paid = make_invoice(stage.cycle, state=State.PAID)
    make_invoice(stage.cycle, state=State.REJECTED)
    assert check(stage.cycle) == []
    make_invoice(stage.cycle, state=State.APPROVED)
    assert "weder bezahlt noch zurückgewiesen" in check(stage.cycle)[0]
    warn = step_warnings.get("suppliers")
    make_commission(stage.cycle)
    paid.commission = make_commission(stage.cycle)
    paid.save()
    assert warn(stage.cycle, "close") == ["Zu einem zugesagten Auftrag ist noch keine Rechnung da."]
    assert warn(stage.cycle, "start_matching") == []


def test_the_start_page_says_what_waits_for_whom(stage, client_of):
    for state in (State.RECEIVED, State.CHECKED, State.CHECKED, State.APPROVED, State.PAID):
        make_invoice(stage.cycle, state=state)
    for name, said in (
        ("lead", "Rechnungen von Lieferanten freigeben"),
        ("logistics", "Rechnungen von Lieferanten bezahlen"),
    ):
        assert said in text_of(client_of(name).get("/")), name
    assert "Rechnungen von Lieferanten" not in text_of(client_of("hr").get("/"))


def test_the_list_is_filtered_and_exported_as_numbers(stage, client_of, url):
    make_invoice(stage.cycle, supplier="Ätherhaus", number="=1+1", amount=Decimal("1234.50"))
    make_invoice(stage.cycle, state=State.PAID, amount=Decimal(100))
    browser = client_of("logistics")
    answer = browser.get(url("invoices"))
    assert [crumb.label for crumb in answer.context["breadcrumbs"]][-2:] == [
        "Durchgang Nr. 11",
        "Ausgaben",
    ]
    page = text_of(answer)
    assert "1.234,50 €" in page
    assert "Summe ohne zurückgewiesene: <strong>1.334,50 €</strong>" in page
    assert "Mühlencafé" not in text_of(browser.get(url("invoices"), {"due": "offen"}))
    assert "Mühlencafé" not in text_of(browser.get(url("invoices"), {"q": "aetherhaus"}))
    export = browser.get(url("invoices"), {"export": "csv"}).content.decode("utf-8-sig")
    assert "'=1+1;Ätherhaus" in export
    assert ";1234,50;" in export


@pytest.mark.parametrize("name", ["invoices", "commissions"])
def test_a_list_asks_as_much_for_twenty_rows(name, stage, client_of, url):
    browser = client_of("lead")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get(url(name)).status_code == 200
        return len(found)

    browser.get(url(name))
    commission = make_commission(stage.cycle)
    make_invoice(stage.cycle, commission=commission)
    one = queries()
    for _ in range(19):
        make_invoice(stage.cycle, commission=make_commission(stage.cycle))
    assert queries() == one


@pytest.mark.django_db(transaction=True)
def test_two_at_once_pay_it_once(stage, cast):
    invoice = make_invoice(stage.cycle, state=State.APPROVED)
    day = timezone.localdate()
    found = at_once(
        *[lambda: invoices.pay(invoice, paid_on=day, seen=1, by=cast.user("logistics"))] * 2
    )
    assert len(refusals(found)) == 1
    assert "inzwischen bezahlt" in refusals(found)[0]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_enter_it_once(stage, cast):
    def enter():
        invoice = SupplierInvoice(
            cycle=stage.cycle,
            supplier="Mühlencafé",
            number="1",
            category="catering",
            invoiced_on=timezone.localdate(),
            amount=Decimal(5),
        )
        return invoices.enter(invoice, by=cast.user("member"))

    assert len(refusals(at_once(enter, enter))) == 1
    assert SupplierInvoice.objects.count() == 1
