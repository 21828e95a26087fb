"""The pages of payments: noted, undone, listed, read from statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentoring.files.models import StoredFile
from mentoring.ui.navigation import start_items
from programmes.billing.models import Invoice, InvoiceState
from programmes.payments.models import BankEntry, BankStatement, EntryState, Payment
from programmes.people.retention import data_periods
from tests.programmes.billing.makers import make_house, make_issued, make_issuer, make_storno
from tests.programmes.payments.camt import Bank, credit, upload
from tests.programmes.payments.makers import let_be_due, make_payment, make_statement


def text_of(response):
    return response.content.decode()


def hidden(page, name):
    return text_of(page).split(f'name="{name}" value="')[1].split('"')[0]


@pytest.fixture
def invoice(stage):
    return make_issued(stage.cycle, stage.own)


@pytest.fixture
def record_url(invoice):
    return reverse("payments:record", args=[invoice.cycle_id, invoice.pk])


def test_a_payment_is_noted_seen_by_the_kommune_and_undone(invoice, record_url, client_of):
    logistics = client_of("logistics")
    page = logistics.get(record_url)
    assert 'value="1.000,00"' in text_of(page), "what is open stands there already"
    form = {
        "kind": "received",
        "received_on": timezone.localdate().isoformat(),
        "amount": "1.200,00 €",
        "note": "per Scheck, Frau Beispiel",
        "_form_id": hidden(page, "_form_id"),
    }
    answer = logistics.post(record_url, form, follow=True)
    assert "200,00 € zu viel gezahlt" in text_of(answer)
    assert logistics.post(record_url, form).status_code == 302
    payment = Payment.objects.get()  # pressed twice, noted once
    assert Invoice.objects.get().state == InvoiceState.PAID

    page = text_of(client_of("hr").get(invoice.get_absolute_url()))
    assert "1.200,00 €" in page
    assert "Scheck" not in page
    assert "rückgängig" not in page
    assert "Scheck" in text_of(client_of("lead").get(invoice.get_absolute_url()))

    undo = reverse("payments:undo", args=[invoice.cycle_id, invoice.pk, payment.pk])
    assert "Danach sind 1.000,00 € dieser Rechnung offen." in text_of(logistics.get(undo))
    assert "ist rückgängig gemacht" in text_of(logistics.post(undo, follow=True))
    assert Invoice.objects.get().state == InvoiceState.ISSUED


def test_what_is_wrong_is_said_and_what_was_typed_stays(invoice, record_url, client_of):
    form = {
        "kind": "returned",
        "received_on": timezone.localdate().isoformat(),
        "amount": "77,50",
        "note": "Irrtum",
    }
    page = text_of(client_of("logistics").post(record_url, form))
    assert "nichts eingegangen" in page
    assert 'value="77,50"' in page
    assert 'value="Irrtum"' in page
    form |= {"received_on": "2999-01-01", "amount": "1,005"}
    page = text_of(client_of("logistics").post(record_url, form))
    assert "liegt in der Zukunft" in page
    assert "höchstens zwei Stellen nach dem Komma" in page


def test_the_list_of_open_invoices_is_filtered_and_added_up(stage, invoice, client_of):
    url = reverse("payments:overdue", args=[stage.cycle.pk])
    assert "Keine Rechnung ist offen" not in text_of(client_of("lead").get(url))
    let_be_due(invoice, 3)
    late = let_be_due(make_issued(stage.cycle, stage.other), 40)
    make_payment(late, "250.00")
    make_payment(make_issued(stage.cycle), "1000.00")
    page = client_of("lead").get(url)
    assert dict(page.context["totals"]) == {
        "offen": "1.750,00 €",
        "davon überfällig": "1.750,00 €",
        "darauf schon gezahlt": "250,00 €",
    }
    page = client_of("logistics").get(url, {"due": "long"})
    (row,) = page.context["rows"]
    assert late.number in row[0][1]
    assert dict(page.context["totals"])["offen"] == "750,00 €"
    csv = client_of("logistics").get(url, {"export": "csv"}).getvalue().decode("utf-8-sig")
    assert f"{late.number};Übelheim" in csv
    assert ";40;1000,00;250,00;750,00;" in csv


def test_too_much_is_listed_and_set_off_against_nothing(stage, invoice, client_of):
    late = let_be_due(make_issued(stage.cycle, stage.other), 40)
    make_payment(late, "1600.00")
    gone = make_issued(stage.cycle, stage.other)
    make_payment(gone, "1000.00")
    gone.refresh_from_db()
    make_storno(gone)
    logistics = client_of("logistics")
    page = logistics.get(reverse("billing:invoices", args=[stage.cycle.pk]))
    assert "-600,00" not in text_of(page)
    sums = dict(page.context["totals"])
    assert (sums["eingegangen"], sums["zu viel gezahlt"], sums["offen"]) == (2600, 1600, 1000)
    assert sums["berechnet"] == sums["eingegangen"] - sums["zu viel gezahlt"] + sums["offen"]

    url = reverse("payments:overdue", args=[stage.cycle.pk])
    page = logistics.get(url)
    assert page.context["total"] == 3
    assert dict(page.context["totals"]) == {
        "offen": "1.000,00 €",
        "davon überfällig": "0,00 €",
        "darauf schon gezahlt": "0,00 €",
        "zu viel gezahlt": "1.600,00 €",
    }
    for due, count in (("back", 2), ("overdue", 0), ("later", 1)):
        assert logistics.get(url, {"due": due}).context["total"] == count, due
    page = text_of(logistics.get(url, {"due": "back"}))
    assert late.number in page
    assert "storniert, zurückzuzahlen" in page
    csv = logistics.get(url, {"due": "back", "export": "csv"}).getvalue().decode("utf-8-sig")
    assert ";;1000,00;1600,00;0,00;600,00;" in csv, "nor is it overdue"


def test_a_day_long_before_the_invoice_is_said_beside_its_field(invoice, record_url, client_of):
    form = {"kind": "received", "received_on": "2020-12-01", "amount": "1"}
    page = client_of("logistics").post(record_url, form)
    assert "Prüfen Sie das Jahr" in str(page.context["form"].errors["received_on"])


def test_of_a_cancelled_invoice_is_said_why_it_takes_no_payment(invoice, record_url, client_of):
    make_storno(invoice)
    page = text_of(client_of("logistics").get(record_url))
    assert f"{invoice.number} ist storniert" in page
    assert "bei der neuen Rechnung" in page
    assert 'name="amount"' not in page


def test_who_paid_twice_is_noted_from_the_statement(stage, invoice, client_of):
    make_payment(invoice, "1000.00")
    entry = make_statement(invoice.issuer, credit("1000.00", invoice.number)).entries.get()
    url = reverse("payments:entry", args=[entry.pk])
    logistics = client_of("logistics")
    page = logistics.get(url)
    assert f"{invoice.number} steht im Verwendungszweck, ist aber nicht offen" in text_of(page)
    assert "Ahausen: schon bezahlt" in text_of(page)
    assert "decision" not in page.context["form"].initial, "it may be noted by hand already"
    form = {"decision": "match", "invoice_1": invoice.pk, "amount_1": "1000"}
    answer = text_of(logistics.post(url, form, follow=True))
    assert f"Für {invoice.number} sind jetzt 1.000,00 € zu viel gezahlt." in answer
    entry.refresh_from_db()
    assert (entry.state, entry.payer) == (EntryState.MATCHED, "Stadt Ahausen")


def test_what_is_wrong_with_a_statement_is_said_beside_its_file(invoice, client_of):
    url = reverse("payments:import")
    for data, says in (
        (Bank(iban="DE02120300000000202051").file(credit("1.00")), "zu einem anderen Konto"),
        (Bank().file(credit("1.00")).replace(b"053", b"054"), "auszug.xml"),
    ):
        page = client_of("logistics").post(url, {"upload": upload(data)})
        assert says in str(page.context["form"].errors["upload"])
    page = client_of("logistics").post(url, {"upload": upload(Bank().file())}, follow=True)
    (said,) = page.context["messages"]
    assert (said.level_tag, str(said)) == ("info", "Der Kontoauszug enthält keine Gutschriften.")


def test_the_start_page_tells_the_partner_what_is_overdue(stage, invoice, client_of):
    let_be_due(invoice, 3)
    make_statement(invoice.issuer, credit("5.00"))
    page = text_of(client_of("logistics").get("/"))
    assert "Rechnung überfällig" in page
    assert "Gutschriften aus Kontoauszügen" in page
    for name in ("lead", "hr"):
        assert "überfällig" not in text_of(client_of(name).get("/")), name
    assert "payments" in start_items.names()


def test_a_statement_is_read_and_its_certain_matches_are_confirmed(stage, invoice, client_of):
    logistics = client_of("logistics")
    assert "Noch kein Kontoauszug" in text_of(logistics.get(reverse("payments:statements")))
    before = StoredFile.objects.count()
    file = upload(
        Bank().file(
            credit("1000.00", f"Rechnung {invoice.number}".lower(), "<b>Stadt</b> Ahausen"),
            credit("80.00", "Yogakurs", "Petra Privat"),
        )
    )
    page = logistics.post(reverse("payments:import"), {"upload": file}, follow=True)
    assert "2 neue Gutschriften eingelesen." in text_of(page)
    assert StoredFile.objects.count() == before, "the file is not kept"
    assert "&lt;b&gt;Stadt&lt;/b&gt;" in text_of(page)
    statement = BankStatement.objects.get()
    url = statement.get_absolute_url()
    assert not Payment.objects.exists()

    stale = logistics.post(url, {"shown": "0" * 64}, follow=True)
    assert "haben sich geändert" in text_of(stale)
    done = logistics.post(url, {"shown": hidden(page, "shown")}, follow=True)
    assert "1 Gutschrift ist zugeordnet." in text_of(done)
    assert Invoice.objects.get().state == InvoiceState.PAID

    rest = reverse("payments:rest", args=[statement.pk])
    asked = logistics.get(rest)
    assert "1 Gutschrift, zu denen" in text_of(asked)
    anew = logistics.post(rest, {"shown": "0" * 64})
    assert "haben sich geändert" in text_of(anew)
    logistics.post(rest, {"shown": hidden(anew, "shown")})
    assert "Petra Privat" not in text_of(logistics.get(url))
    assert set(statement.entries.values_list("state", flat=True)) == {
        EntryState.MATCHED,
        EntryState.IGNORED,
    }


def test_a_credit_is_divided_by_hand(stage, invoice, client_of):
    other = make_issued(stage.cycle, stage.other)
    entry = make_statement(invoice.issuer, credit("1700.00", invoice.number)).entries.get()
    url = reverse("payments:entry", args=[entry.pk])
    logistics = client_of("logistics")
    page = text_of(logistics.get(url))
    assert "700,00 € mehr" in page
    form = {"decision": "match", "invoice_1": invoice.pk, "amount_1": "1000"}
    wrong = text_of(logistics.post(url, {**form, "invoice_2": invoice.pk, "amount_2": "1"}))
    assert "steht schon in einer anderen Zeile" in wrong
    assert "Wie viel davon" in text_of(logistics.post(url, {**form, "invoice_2": other.pk}))
    good = {**form, "invoice_2": other.pk, "amount_2": "600,00"}
    answer = logistics.post(url, good, follow=True)
    assert "100,00 € dieser Gutschrift gehören zu keiner Rechnung" in text_of(answer)
    assert Payment.objects.count() == 2
    assert "schon entschieden" in text_of(logistics.post(url, good, follow=True))
    assert Payment.objects.count() == 2
    assert "rückgängig machen" in text_of(logistics.get(url))


@pytest.mark.parametrize("name", ["overdue", "statement", "entry", "invoice"])
def test_as_many_queries_for_twenty_rows_as_for_one(stage, invoice, client_of, name):
    issuer = invoice.issuer
    statement = make_statement(issuer, credit("3.00", "x", reference="first"))
    urls = {
        "overdue": reverse("payments:overdue", args=[stage.cycle.pk]),
        "statement": statement.get_absolute_url(),
        "entry": reverse("payments:entry", args=[statement.entries.get().pk]),
        "invoice": invoice.get_absolute_url(),
    }
    make_payment(invoice, "1.00")
    browser = client_of("logistics")

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert browser.get(urls[name]).status_code == 200
        return len(found)

    queries()
    one = queries()
    house = make_house()
    for number in range(19 if name == "invoice" else 4):
        if name == "invoice":
            make_payment(invoice, "1.00")
        else:
            BankEntry.objects.create(
                issuer=issuer,
                statement=statement,
                fingerprint=str(number),
                booked_on=timezone.localdate(),
                amount=number + 1,
                text="y",
            )
            make_issued(stage.cycle, house)
    assert queries() == one
    assert one <= 40


def test_its_period_is_said(stage, invoice):
    statement = make_statement(invoice.issuer, credit("3.00"))
    BankStatement.objects.update(imported_at=timezone.now() - timedelta(days=91))
    assert data_periods.get("payments.entries").delete() == 2
    assert not BankStatement.objects.filter(pk=statement.pk).exists()


def test_who_has_no_invoices_is_told_so_instead_of_a_form_that_cannot_help(stage, client_of):
    file = upload(Bank().file(credit("1.00")))
    page = client_of("logistics").post(reverse("payments:import"), {"upload": file})
    assert "noch keine Rechnungen" in text_of(page)
    make_issuer(stage.cycle)
    foreign = upload(Bank(iban="DE02120300000000202051").file(credit("1.00")))
    page = client_of("logistics").post(reverse("payments:import"), {"upload": foreign})
    assert "gehört zu einem anderen Konto" in text_of(page)
