"""The pages of drafts and invoices, as the Logistikpartner, leads and HR see them."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from programmes.billing import domain
from programmes.billing.line_forms import NEEDED
from programmes.billing.models import Invoice, InvoiceState
from tests.programmes.billing.makers import (
    fee_line,
    finish,
    make_draft,
    make_issued,
    make_issuer,
    make_issuing,
    make_storno,
    taxed_line,
)

pytestmark = pytest.mark.django_db


def url(name, invoice):
    return reverse(f"billing:{name}", args=[invoice.cycle_id, invoice.pk])


def text(answer):
    return " ".join(answer.content.decode().split())


def lines_data(browser, invoice, **changes):
    """What a browser posts from the page of the lines, with some fields changed."""
    form = browser.get(url("lines", invoice)).context["form"]
    data = {"_version": form.version_token}
    for field in form:
        value = field.value()
        if isinstance(value, bool):
            if value:
                data[field.html_name] = "on"
        else:
            data[field.html_name] = "" if value is None else str(value)
    return {**data, **{name[1:].replace("_", "-"): v for name, v in changes.items()}}


def issue_data(browser, invoice):
    """What a browser posts from the page that asks."""
    return {"seen": browser.get(url("issue", invoice)).context["form"]["seen"].value()}


def test_from_an_empty_draft_to_an_issued_invoice(stage, client_of):
    make_issuer(stage.cycle)
    browser = client_of("logistics")
    answer = browser.post(
        reverse("billing:create", args=[stage.cycle.pk]),
        {
            "municipality": stage.own.pk,
            "service_from": "2026-01-01",
            "service_until": "2026-12-31",
        },
    )
    draft = Invoice.objects.get()
    assert answer["Location"] == url("lines", draft)
    # What is missing stands on the page, each with the way to mend it.
    page = browser.get(url("invoice", draft))
    assert "Die Rechnung hat noch keine Zeile" in text(page)
    assert url("lines", draft) in text(page)
    data = lines_data(browser, draft, _0_name="Gemeinsame Fahrt", _0_price="1.500,50")
    assert browser.post(url("lines", draft), data)["Location"] == url("invoice", draft)
    draft.refresh_from_db()
    assert (draft.gross, draft.lines.get().tax_category) == (Decimal("1500.50"), "E")
    page = browser.get(url("invoice", draft))
    assert "Straße und Hausnummer" in text(page)
    assert "1.500,50\xa0€" in page.content.decode() or "1.500,50 €" in text(page)
    refused = browser.post(url("issue", draft))
    assert "Straße und Hausnummer" in text(refused)
    for name, value in (("street", "Markt 1"), ("postal_code", "48000"), ("city", "Ahausen")):
        setattr(stage.own, name, value)
    stage.own.leitweg_id = "991-33333TEST-33"
    stage.own.save()
    browser.post(url("issue", draft), issue_data(browser, draft))
    draft.refresh_from_db()
    assert draft.state == InvoiceState.ISSUING
    assert "Die Dateien werden erzeugt" in text(browser.get(url("invoice", draft)))


def test_only_what_was_shown_is_issued(stage, client_of):
    draft = make_draft(stage.cycle, stage.own, lines=[fee_line(1)])
    browser = client_of("logistics")
    seen = issue_data(browser, draft)
    domain.set_lines(draft, [fee_line(10)], by=None)
    for data in (seen, {}):
        answer = browser.post(url("issue", draft), data)
        assert "hat sich etwas geändert" in text(answer)
        assert "über 5.000,00 €" in text(answer)
    draft.refresh_from_db()
    assert draft.state == InvoiceState.DRAFT
    browser.post(url("issue", draft), {"seen": answer.context["form"]["seen"].value()})
    draft.refresh_from_db()
    assert (draft.state, draft.gross) == (InvoiceState.ISSUING, Decimal("5000.00"))


def test_wrong_lines_are_refused_beside_their_field_and_kept(stage, client_of):
    draft, browser = make_draft(stage.cycle, stage.own), client_of("logistics")
    data = lines_data(
        browser, draft, _0_quantity="0", _1_name="Rabatt", _1_price="-5", _2_name="Ohne Preis"
    )
    data[f"{'9' * 5000}-name"] = "Zeile ohne Ende"
    kind = "application/x-www-form-urlencoded"
    answer = browser.post(url("lines", draft), urlencode(data), content_type=kind)
    form = answer.context["form"]
    assert "über 0" in form.errors["0-quantity"][0]
    assert "über 0" in form.errors["1-price"][0]
    assert form.errors["2-price"] == ["Bitte geben Sie den Preis ein."]
    assert 'value="Rabatt"' in answer.content.decode()
    assert draft.lines.count() == 1


def test_a_saved_line_stays_whole_and_worth_something(stage, client_of):
    draft, browser = make_draft(stage.cycle, stage.own), client_of("logistics")
    form = browser.get(url("lines", draft)).context["form"]
    marked = [[form.fields[f"{n}-{name}"].required for name in NEEDED] for n in range(2)]
    assert marked == [[True] * 3, [False] * 3]
    data = lines_data(
        browser,
        draft,
        _0_name="",
        _0_price="",
        _1_name="Fast nichts",
        _1_quantity="0,01",
        _1_price="0,01",
    )
    errors = browser.post(url("lines", draft), data).context["form"].errors
    assert errors["0-name"] == [NEEDED["name"]]
    assert "0,00 €" in errors["1-price"][0]
    assert draft.lines.count() == 1


def test_lines_are_changed_deleted_and_added(stage, client_of):
    draft = make_draft(stage.cycle, stage.own, lines=[fee_line(2), taxed_line()])
    browser = client_of("logistics")
    data = lines_data(
        browser,
        draft,
        _0_quantity="3",
        _1_delete="on",
        _1_price="Unsinn",
        _3_name="Bus",
        _3_quantity="2,5",
        _3_price="10",
        _3_tax="S:7.00",
    )
    assert browser.post(url("lines", draft), data).status_code == 302
    draft.refresh_from_db()
    rows = [(line.name, line.quantity, line.tax_rate, line.mentees) for line in draft.lines.all()]
    assert rows == [
        ("Teilnahmegebühr je Mentee", Decimal(3), Decimal(0), 3),
        ("Bus", Decimal("2.5"), Decimal(7), None),
    ]
    assert draft.gross == Decimal("1526.75")


def test_who_edits_the_lines_second_sees_both_versions(stage, client_of):
    draft, browser = make_draft(stage.cycle, stage.own), client_of("logistics")
    data = lines_data(browser, draft, _0_price="400")
    domain.set_lines(draft, [fee_line(2, "450.00")], by=None)
    answer = browser.post(url("lines", draft), data)
    assert "hat jemand anderes diesen Datensatz geändert" in text(answer)
    assert "450,00" in text(answer)
    draft.refresh_from_db()
    assert draft.gross == Decimal("900.00")


def test_a_draft_is_changed_looked_at_and_deleted(stage, client_of):
    draft, browser = make_draft(stage.cycle, stage.own), client_of("logistics")
    form = browser.get(url("change", draft)).context["form"]
    data = {
        "_version": form.version_token,
        "service_from": "2026-02-01",
        "service_until": "2026-01-01",
        "order_number": "B-7",
    }
    errors = browser.post(url("change", draft), data).context["form"].errors
    assert errors == {"service_until": ["Das Ende der Leistung liegt vor ihrem Beginn."]}
    browser.post(url("change", draft), {**data, "service_until": "2026-03-01"})
    draft.refresh_from_db()
    assert (draft.order_number, draft.service_from) == ("B-7", date(2026, 2, 1))
    assert draft.gross == Decimal("1000.00")
    pdf = browser.get(url("preview", draft))
    assert pdf.content.startswith(b"%PDF")
    # A lead reads the draft, but does not write it; HR does not know of it.
    lead = client_of("lead")
    assert "Bereit zum Ausstellen" not in text(lead.get(url("invoice", draft)))
    assert lead.post(url("delete", draft)).status_code == 403
    assert client_of("hr").get(url("invoice", draft)).status_code == 404
    browser.post(url("delete", draft))
    assert not Invoice.objects.exists()


def test_storno_and_a_new_invoice_from_it(stage, client_of):
    invoice, browser = make_issued(stage.cycle, stage.own), client_of("logistics")
    assert "Grund" in text(browser.post(url("cancel", invoice), {"reason": " "}))
    answer = browser.post(url("cancel", invoice), {"reason": "Ein Mentee zu viel"})
    storno = Invoice.objects.get(kind="cancellation")
    assert answer["Location"] == url("invoice", storno)
    assert storno.number.endswith("-0002")
    hr = client_of("hr")
    page = text(hr.get(url("invoice", storno)))
    assert "Ein Mentee zu viel" in page
    assert invoice.number in page
    assert "storniert" in text(hr.get(url("invoice", invoice)))
    browser.post(url("again", invoice))
    again = Invoice.objects.get(state="draft")
    assert [line.mentees for line in again.lines.all()] == [2]
    # Led away from the pages of drafts, for the invoice is none.
    assert browser.get(url("change", invoice))["Location"] == url("invoice", invoice)


def test_an_invoice_of_another_system_is_recorded(stage, client_of):
    make_issuer(stage.cycle, way="elsewhere")
    draft, browser = make_draft(stage.cycle, stage.own), client_of("logistics")
    assert url("elsewhere", draft) in text(browser.get(url("invoice", draft)))
    assert "eigene Rechnungssystem" in text(browser.get(url("invoice", draft)))
    refused = browser.get(url("issue", draft), follow=True)
    assert refused.redirect_chain == [(url("invoice", draft), 302)]
    assert "im eigenen System" in text(refused)
    no_pdf = SimpleUploadedFile("r.pdf", b"keines")
    today = timezone.localdate()
    data = {"number": " 2026/77 ", "issued_on": f"{today.replace(day=1)}"}
    answer = browser.post(url("elsewhere", draft), {**data, "issued_on": "2016-09-26"})
    assert "zu weit zurück" in answer.context["form"].errors["issued_on"][0]
    answer = browser.post(url("elsewhere", draft), {**data, "pdf": no_pdf})
    assert "unbekannten Dateityp" in text(answer)
    browser.post(url("elsewhere", draft), data)
    draft.refresh_from_db()
    assert (draft.number, draft.state, draft.way) == ("2026/77", "issued", "elsewhere")
    assert (draft.xml, draft.pdf, draft.sequence) == (None, None, None)
    assert "PDF ablegen" in text(browser.get(url("invoice", draft)))
    second = make_draft(stage.cycle, stage.own)
    answer = browser.post(url("elsewhere", second), data)
    assert "schon vergeben" in answer.context["form"].errors["number"][0]
    data = {"reason": "Doppelt", "number": "2026/78", "issued_on": f"{today}"}
    browser.post(url("cancel", draft), data)
    draft.refresh_from_db()
    assert (draft.state, draft.cancelled_by.number) == ("cancelled", "2026/78")


def test_the_files_of_chosen_invoices_as_zip(stage, client_of):
    own = make_issued(stage.cycle, stage.own)
    other = make_issued(stage.cycle, stage.other)
    make_draft(stage.cycle, stage.own)
    page = reverse("billing:zip", args=[stage.cycle.pk])

    def names(browser, query=""):
        content = browser.post(page + query).content
        return zipfile.ZipFile(io.BytesIO(content)).namelist()

    browser = client_of("logistics")
    assert "2 Rechnungen" in text(browser.get(page))
    both = [f"Rechnung-{one.number}.{end}" for one in (own, other) for end in ("pdf", "xml")]
    assert names(browser) == both
    assert len(names(browser, f"?municipality={stage.other.pk}")) == 2
    # HR packs its own alone.
    assert names(client_of("hr")) == [f"Rechnung-{own.number}.{end}" for end in ("pdf", "xml")]
    assert "keine mit einer Datei" in text(browser.get(page + "?state=paid"))


def test_a_changed_file_is_refused(stage, client_of):
    invoice, hr = make_issued(stage.cycle, stage.own), client_of("hr")
    address = invoice.pdf.get_absolute_url()
    assert hr.get(address).getvalue().startswith(b"%PDF")
    assert client_of("other_hr").get(address).status_code == 404
    with open(invoice.pdf.content.path, "ab") as content:
        content.write(b" ")
    answer = hr.get(address)
    assert answer.status_code == 403
    assert "nicht mehr die" in text(answer)


@pytest.mark.parametrize("name", ["logistics", "lead", "hr"])
def test_the_page_of_an_invoice_asks_no_more_for_many_lines(
    stage, client_of, name, django_assert_max_num_queries
):
    short = make_issued(stage.cycle, stage.own)
    long = make_issued(stage.cycle, stage.own, lines=[taxed_line() for _ in range(20)])
    browser = client_of(name)
    for invoice in (short, long):
        browser.get(url("invoice", invoice))
        with django_assert_max_num_queries(26) as found:
            browser.get(url("invoice", invoice))
        invoice.asked = len(found)
    assert short.asked == long.asked


def test_the_list_takes_a_storno_off_and_sorts_it_so(stage, client_of):
    invoice, browser = make_issued(stage.cycle, stage.own), client_of("logistics")
    make_storno(invoice)
    make_issued(stage.cycle, stage.other, lines=[fee_line(1)])
    there = reverse("billing:invoices", args=[stage.cycle.pk])
    page = text(browser.get(f"{there}?sort=gross"))
    places = [page.index(f">{amount}<") for amount in ("-1.000,00", "500,00", "1.000,00")]
    assert places == sorted(places)


def test_storno_is_refused_while_files_are_made(stage, client_of):
    invoice, browser = make_issuing(stage.cycle, stage.own), client_of("logistics")
    answer = browser.post(url("cancel", invoice), {"reason": "Fehler"}, follow=True)
    assert "werden noch erstellt" in text(answer)


def test_a_storno_is_not_cancelled(stage, client_of):
    storno = make_storno(make_issued(stage.cycle, stage.own))
    browser = client_of("logistics")
    answer = browser.post(url("cancel", storno), {"reason": "Fehler"}, follow=True)
    assert "lässt sich nicht stornieren" in text(answer)
    answer = browser.get(url("cancel", storno.cancels), follow=True)
    assert f"schon storniert: Stornorechnung {storno.number}" in text(answer)


def test_nobody_is_asked_for_a_step_that_is_taken(stage, client_of):
    draft, browser = make_draft(stage.cycle, stage.own), client_of("logistics")
    second_tab = issue_data(browser, draft)
    domain.issue(draft, by=None)
    for name, data, said in (
        ("issue", None, f"schon ausgestellt: Rechnung {draft.number}"),
        ("issue", second_tab, f"schon ausgestellt: Rechnung {draft.number}"),
        ("again", None, "Erst wenn eine Rechnung storniert ist"),
    ):
        ask = browser.get if data is None else browser.post
        answer = ask(url(name, draft), data, follow=True)
        assert answer.redirect_chain == [(url("invoice", draft), 302)]
        assert said in text(answer)


def test_the_list_looks_again_while_files_are_made(stage, client_of):
    invoice, browser = make_issuing(stage.cycle, stage.own), client_of("logistics")
    there = reverse("billing:invoices", args=[stage.cycle.pk])
    page = text(browser.get(f"{there}?sort=gross"))
    assert 'hx-trigger="every 2s"' in page
    assert f'href="{there}?sort=gross"' in page
    assert "Stand aktualisieren" in page
    # What failed is tried again in hours: nobody's browser asks that long.
    Invoice.objects.filter(pk=invoice.pk).quietly(trouble="Ging nicht.")
    page = text(browser.get(there))
    assert 'hx-trigger="every 2s"' not in page
    assert "Stand aktualisieren" in page
    finish(invoice)
    assert "Stand aktualisieren" not in text(browser.get(there))
