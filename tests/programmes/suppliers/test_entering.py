"""Entering an invoice: from an e-invoice, from a PDF, from paper, and not a second time."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.files.models import StoredFile
from mentoring.ui.errors import Refused
from programmes.einvoices.cii import xml_of
from programmes.einvoices.document import pdf_of
from programmes.suppliers.domain import doubles, invoices
from programmes.suppliers.models import SupplierInvoice
from tests import factories as make
from tests.mentoring.files import samples as files
from tests.programmes.einvoices.samples import SELLER, snapshot, storno
from tests.programmes.einvoices.test_reading import ubl
from tests.programmes.suppliers.makers import (
    form_of,
    make_commission,
    make_invoice,
    make_speaker,
)

BOMB = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.fixture
def url(stage):
    def page(name, *args):
        return reverse(f"suppliers:{name}", args=[stage.cycle.pk, *args])

    return page


@pytest.fixture
def upload(client_of, url):
    """A function that uploads a file as the member; returns the answer and the browser."""

    def send(name, data, query=""):
        browser = client_of("member")
        form = {"upload": files.upload(name, data)}
        return browser, browser.post(url("enter") + query, form)

    return send


def text_of(response):
    return response.content.decode()


def value_of(page, name):
    return str(page.context["form"][name].value())


@pytest.mark.parametrize("kind", ["xml", "pdf"])
def test_an_e_invoice_fills_the_form_and_its_file_stays_as_it_is(kind, stage, upload, url):
    said = snapshot()
    xml = xml_of(said)
    data = xml if kind == "xml" else pdf_of(said, xml)
    commission = make_commission(stage.cycle, supplier=SELLER.name, fee=Decimal(2000))
    browser, answer = upload(f"rechnung.{kind}", data)
    assert answer.status_code == 302
    page = browser.get(answer.url)
    assert "Aus der E-Rechnung übernommen" in text_of(page)
    assert value_of(page, "supplier") == SELLER.name
    assert value_of(page, "number") == "CM-2026-0007"
    assert value_of(page, "amount") == "1.500,00"
    assert 'value="DE75512108001245126199"' in text_of(page)
    assert 'value="2026-11-22"' in text_of(page)
    assert page.context["form"].initial["commission"] == commission, "known by the name"
    form = form_of(
        supplier=SELLER.name,
        number="CM-2026-0007",
        amount="1.400,00",
        iban="DE75512108001245126199",
        commission=commission.pk,
    )
    browser.post(answer.url, form)
    invoice = SupplierInvoice.objects.get()
    assert (invoice.amount, invoice.event, invoice.category) == (1400, None, "catering")
    with invoice.file.content.open("rb") as stored:
        assert stored.read() == data
    assert invoice.file.expires_at is None
    readable = text_of(browser.get(url("readable", invoice.pk)))
    assert "in der Datei 1.500,00 €, erfasst 1.400,00 €" in readable
    assert "Teilnahmegebühr Cross-Mentoring" in readable
    assert "Inhalt der E-Rechnung lesen" in text_of(browser.get(invoice.get_absolute_url()))


def test_ubl_is_read_and_a_gutschrift_is_named(upload):
    browser, answer = upload("rechnung.xml", ubl())
    page = browser.get(answer.url)
    assert value_of(page, "supplier") == "Tagungshaus Müller & Söhne"
    browser, answer = upload("storno.xml", xml_of(storno(snapshot())))
    assert "Gutschrift, keine Rechnung" in text_of(browser.get(answer.url))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("rechnung.pdf", b"MZ\x90\x00 a program", "Erlaubt sind: PDF, XML"),
        ("rechnung.pdf", b"%PDF-1.7 nothing", "beschädigt"),
        ("rechnung.pdf", files.pdf("geheim"), "Kennwort"),
        ("rechnung.docx", files.office(), "Erlaubt sind: PDF, XML"),
        ("leer.xml", b"", "leer"),
        ("notiz.xml", b"<notiz/>", "keine"),
        (
            "rechnung.xml",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "DTD",
        ),
        (
            "rechnung.xml",
            f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY l0 'x'>{BOMB}]><a>&l9;</a>".encode(),
            "DTD",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_beside_its_field(name, data, said, upload):
    _, answer = upload(name, data)
    assert answer.status_code == 200
    (error,) = answer.context["form"].errors["upload"]
    assert said in error
    assert not StoredFile.objects.exists()


def test_a_plain_pdf_is_filled_in_by_hand(stage, upload, client_of):
    commission = make_commission(stage.cycle)
    browser, answer = upload("rechnung.pdf", files.pdf(), f"?auftrag={commission.pk}")
    page = browser.get(answer.url)
    assert "Bitte tragen Sie ein, was auf der Rechnung steht" in text_of(page)
    assert page.context["form"].initial["commission"] == commission
    assert client_of("lead").get(answer.url).status_code == 404, "only who uploaded it"
    browser.post(answer.url, form_of(category="", commission=commission.pk))
    invoice = SupplierInvoice.objects.get()
    assert invoice.category == "catering", "follows the commission"
    assert invoice.amount == Decimal("1500.00")
    assert invoice.iban == "DE02120300000000202051"


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"amount": "0,00"}, "amount", "größer als null"),
        ({"amount": "-20"}, "amount", "größer als null"),
        ({"amount": "1,500.00"}, "amount", "zum Beispiel 1.500,00"),
        ({"amount": "viel"}, "amount", "zum Beispiel 1.500,00"),
        ({"iban": "DE03 1203 0000 0000 2020 51"}, "iban", "Prüfziffern"),
        ({"iban": "DE02-1203-0000"}, "iban", "keine gültige IBAN"),
        ({"due_on": "2026-01-01"}, "due_on", "bevor es sie gab"),
        ({"invoiced_on": "2099-01-01"}, "invoiced_on", "Zukunft"),
        ({"invoiced_on": "0001-01-01"}, "invoiced_on", "Jahreszahl"),
        ({"due_on": "9999-12-31"}, "due_on", "Jahreszahl"),
        ({"category": ""}, "category", "Art aus oder einen Auftrag"),
        ({"event": "999999999999999999999"}, "event", "gültig"),
    ],
)
def test_odd_input_is_told_beside_its_field_and_kept(given, field, said, client_of, url):
    answer = client_of("member").post(url("enter_plain"), form_of(**given))
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors[field])
    assert "Mühlencafé" in text_of(answer)
    assert not SupplierInvoice.objects.exists()


@pytest.mark.parametrize("number", ["2026-14", " 2026 - 14", "2026/14"])
def test_the_same_number_of_the_same_supplier_is_refused(number, stage, client_of, url):
    make_invoice(stage.cycle, supplier="Muehlencafe", number="2026-14")
    answer = client_of("member").post(url("enter_plain"), form_of(number=number))
    assert "schon erfasst: Nr. 2026-14" in str(answer.context["form"].errors["number"])
    other = form_of(number=number, supplier="Burgcafé", amount="3")
    assert client_of("member").post(url("enter_plain"), other).status_code == 302


def test_one_that_was_sent_back_may_come_again(stage, client_of, url):
    make_invoice(stage.cycle, number="2026-14", state="rejected")
    assert client_of("member").post(url("enter_plain"), form_of()).status_code == 302


def test_the_same_file_is_refused_before_anything_is_typed(stage, upload):
    data = files.pdf()
    make_invoice(stage.cycle, number="7", data=data)
    _, answer = upload("andererName.pdf", data)
    assert "schon erfasst: Nr. 7" in str(answer.context["form"].errors["upload"])


def test_the_same_file_in_two_forms_is_entered_once(upload):
    data = files.pdf()
    (browser, first), (_, second) = upload("a.pdf", data), upload("b.pdf", data)
    assert browser.post(first.url, form_of(number="1")).status_code == 302
    answer = browser.post(second.url, form_of(number="2", amount="3"))
    assert "schon erfasst: Nr. 1" in str(answer.context["form"].errors["number"])


def test_another_programmes_entry_is_told_of_without_showing_it(stage, client_of, url):
    make_invoice(make.make_cycle(), number="2026-14", amount=Decimal(77))
    answer = client_of("member").post(url("enter_plain"), form_of())
    error = str(answer.context["form"].errors["number"])
    assert "in einem anderen Durchgang schon erfasst" in error
    assert "77" not in error


def test_same_amount_and_date_is_asked_about_and_can_be_confirmed(stage, client_of, url):
    make_invoice(stage.cycle, number="13", amount=Decimal(1500))
    browser = client_of("member")
    assert 'type="checkbox" name="another"' not in text_of(browser.get(url("enter_plain")))
    answer = browser.post(url("enter_plain"), form_of())
    assert "Nr. 13 (eingegangen)" in str(answer.context["form"].errors["another"])
    assert 'name="another"' in text_of(answer)
    assert browser.post(url("enter_plain"), form_of(another="on")).status_code == 302


def test_the_domain_asks_again_for_two_forms_at_the_same_time(stage, cast):
    member = cast.user("member")
    fields = {"supplier": "Mühlencafé", "category": "catering", "amount": Decimal(5)}
    day = timezone.localdate()
    invoices.enter(
        SupplierInvoice(cycle=stage.cycle, number="1", invoiced_on=day, **fields), by=member
    )
    with pytest.raises(Refused, match="schon erfasst"):
        invoices.enter(
            SupplierInvoice(cycle=stage.cycle, number="1", invoiced_on=day, **fields), by=member
        )
    with pytest.raises(Refused, match="bestätigen Sie"):
        invoices.enter(
            SupplierInvoice(cycle=stage.cycle, number="2", invoiced_on=day, **fields), by=member
        )


@pytest.mark.parametrize("field", ["invoiced_on", "due_on"])
def test_the_domain_knows_no_impossible_year(field, stage, cast):
    invoice = make_invoice(stage.cycle)
    setattr(invoice, field, date(9999, 12, 31))
    with pytest.raises(Refused, match="Jahreszahl"):
        invoices.save(invoice, by=cast.user("member"))


def test_entered_in_two_cycles_at_the_same_moment_is_told_as_a_double(stage, cast, monkeypatch):
    there = make_invoice(make.make_cycle(stage.programme), number="8")
    checks = iter([doubles.Doubles(None, ()), doubles.Doubles(there, ())])
    monkeypatch.setattr(doubles, "doubles_of", lambda *_, **__: next(checks))
    mine = SupplierInvoice(
        cycle=stage.cycle,
        supplier=there.supplier,
        number="8",
        category="catering",
        invoiced_on=timezone.localdate(),
        amount=Decimal(5),
    )
    with pytest.raises(Refused, match="schon erfasst"):
        invoices.enter(mine, by=cast.user("member"))


def test_a_form_sent_twice_enters_one(upload):
    browser, answer = upload("rechnung.pdf", files.pdf())
    page = text_of(browser.get(answer.url))
    once = page.split('name="_form_id" value="')[1].split('"')[0]
    first = browser.post(answer.url, form_of(_form_id=once))
    second = browser.post(answer.url, form_of(_form_id=once))
    assert first.url == second.url
    assert SupplierInvoice.objects.count() == 1


def test_what_belongs_to_another_cycle_or_event_is_no_choice(stage, client_of, url):
    elsewhere = make_commission(make.make_cycle(stage.programme))
    answer = client_of("member").post(url("enter_plain"), form_of(commission=elsewhere.pk))
    assert "commission" in answer.context["form"].errors
    speaker = make_speaker(make.make_programme())
    form = {"category": "speaker", "speaker": speaker.pk, "topic": "x", "fee": "1"}
    answer = client_of("member").post(url("commission_create"), form)
    assert "speaker" in answer.context["form"].errors
