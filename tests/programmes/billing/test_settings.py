"""What is set about invoices, what is said on the pages, and what holds and keeps what."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mentoring.files.models import StoredFile
from mentoring.ui.errors import Refused
from programmes.billing import domain, settings
from programmes.billing.models import (
    Buyer,
    CostModel,
    CycleFee,
    Invoice,
    InvoiceState,
    Issuer,
    OrderNumber,
)
from programmes.billing.retention import delete_old
from programmes.cycles.admin import ProgrammeAdminForm
from programmes.cycles.domain import save_programme
from programmes.cycles.registries import copied_on_new_cycle, house_leaves, must_be_finished
from programmes.organisations.domain import delete_municipality
from programmes.payments.domain import record
from programmes.payments.models import Payment
from programmes.people.retention import erase
from tests import factories as make
from tests.programmes.billing.makers import (
    fee_line,
    fill_house,
    make_draft,
    make_issued,
    make_issuer,
    make_issuing,
    make_storno,
    taxed_line,
)


def text_of(answer):
    return answer.content.decode()


def test_the_logistikpartner_is_told_what_it_lacks(stage, client_of):
    url = reverse("billing:settings", args=[stage.partner.pk])
    browser = client_of("logistics")
    page = text_of(browser.get(url))
    assert "Es fehlt die IBAN" in page
    assert "Steuerberatung" in page
    data = {
        "way": "here",
        "number_prefix": "SI-",
        "payment_days": "14",
        "reminder_days": "10",
        "tax_category": "E",
        "tax_rate": "19.00",
        "exemption_reason": "",
    }
    assert "muss auf der Rechnung stehen, warum" in text_of(browser.post(url, data))
    assert browser.post(url, {**data, "exemption_reason": "§ 4 Nr. 22 UStG"}).status_code == 302
    issuer = Issuer.objects.get(partner=stage.partner)
    assert (issuer.number_prefix, issuer.payment_days) == ("SI-", 14)
    make_issuer(stage.cycle)
    assert "fehlt noch" not in text_of(browser.get(url))
    stage.partner.refresh_from_db()
    stage.partner.vat_id = ""
    stage.partner.save()
    assert "Kennung des Verkäufers" in text_of(browser.get(url))


def test_two_who_write_the_first_settings_are_told(stage, client_of):
    url = reverse("billing:buyer", args=[stage.own.pk])
    hr, logistics = client_of("hr"), client_of("logistics")
    assert hr.post(url, {"reference": "KB 7"}).status_code == 302
    # Filled from nothing, before the first one was saved.
    answer = logistics.post(url, {"reference": "KB 8"})
    assert "hat jemand anderes diesen Datensatz geändert" in text_of(answer)
    assert Buyer.objects.get().reference == "KB 7"


@pytest.mark.parametrize(
    ("house", "buyer", "possible", "said"),
    [
        ({"leitweg_id": "991-33333TEST-33"}, {}, True, "Leitweg-ID 991-33333TEST-33"),
        ({}, {"reference": "KB 7"}, True, "Kundenreferenz „KB 7“"),
        ({}, {"plain_pdf": True}, True, "einfaches PDF"),
        ({}, {}, False, "Es fehlt eine Leitweg-ID"),
    ],
)
def test_the_form_of_the_invoices_is_said(stage, client_of, house, buyer, possible, said):
    for name, value in house.items():
        setattr(stage.own, name, value)
    stage.own.save()
    Buyer.objects.create(municipality=stage.own, **buyer)
    assert settings.form_of_invoices(stage.own, stage.own.buyer)[0] == possible
    for url in ("billing:buyer", "municipality"):
        assert said in text_of(client_of("hr").get(reverse(url, args=[stage.own.pk])))


def test_the_page_of_a_kommune_names_all_that_is_missing(stage, client_of):
    stage.own.street = stage.own.leitweg_id = ""
    stage.own.save()
    make_issuer(stage.cycle)
    url = reverse("municipality", args=[stage.own.pk])
    for name, who_mends in (("hr", "Ergänzen"), ("logistics", "trägt die Personalstelle")):
        page = client_of(name).get(url).content.decode()
        assert "Es fehlt die Anschrift für Rechnungen." in page
        assert "Es fehlt eine Leitweg-ID" in page
        assert who_mends in page


def test_hr_sets_the_order_number_of_the_own_house(stage, client_of):
    part = stage.cycle.participations.get(municipality=stage.own)
    url = reverse("billing:order_number", args=[stage.cycle.pk, part.pk])
    browser = client_of("hr")
    assert browser.post(url, {"number": "4500012"}).status_code == 302
    assert OrderNumber.objects.get().number == "4500012"
    assert "Bestellnummer 4500012" in text_of(
        browser.get(reverse("billing:invoices", args=[stage.cycle.pk]))
    )


def test_the_fee_of_a_cycle(stage, cast, client_of):
    url = reverse("billing:fee", args=[stage.cycle.pk])
    browser = client_of("lead")
    assert "500,00 €" in text_of(browser.get(url))
    shared = {"cost_model": "shared", "shared_costs": ""}
    assert "Wie hoch sind die gemeinsamen Kosten?" in text_of(browser.post(url, shared))
    browser.post(url, {"cost_model": "fee", "fee": "1.234,50"})
    assert settings.terms_of(stage.cycle).fee == Decimal("1234.50")

    make_draft(stage.cycle)
    fee = CycleFee.objects.get()
    fee.cost_model, fee.shared_costs = CostModel.SHARED, Decimal(9000)
    with pytest.raises(Refused, match="lässt sich deshalb nicht mehr ändern"):
        settings.save_fee(fee, by=cast.user("lead"))

    following = make.make_cycle(stage.programme, number=12)
    copied_on_new_cycle.get("fee").copy(stage.cycle, following, cast.user("lead"))
    assert settings.terms_of(following).fee == Decimal("1234.50")


def test_the_usual_period_is_that_of_the_tandems(stage):
    assert settings.usual_period(stage.cycle) == (date(2025, 1, 1), date(2027, 12, 31))
    stage.cycle.start_workshop_on = date(2026, 1, 31)
    assert settings.usual_period(stage.cycle) == (date(2026, 1, 31), date(2027, 1, 30))


# --- The lists ------------------------------------------------------------------------------
@pytest.fixture
def books(stage):
    """Two invoices with numbers, a Storno and a draft, of two Kommunen."""
    make_issuer(stage.cycle)
    first = make_issued(stage.cycle, stage.own, lines=[fee_line(1), taxed_line("100.00")])
    second = make_issued(stage.cycle, stage.other)
    return first, second, make_storno(second), make_draft(stage.cycle, stage.other)


def test_everybody_lists_what_is_theirs(stage, books, client_of):
    first, second, storno, _draft = books
    url = reverse("billing:invoices", args=[stage.cycle.pk])
    numbers = {found.number for found in (first, second, storno)}
    for name, seen, drafts in (
        ("logistics", numbers, True),
        ("lead", numbers, True),
        ("hr", {first.number}, False),
        ("member", {first.number}, False),
        ("other_hr", {second.number, storno.number}, False),
    ):
        page = text_of(client_of(name).get(url))
        assert {number for number in numbers if f">{number}<" in page} == seen, name
        assert (">Entwurf</a>" in page) == drafts, name


def test_lists_are_filtered_and_summed(stage, books, client_of):
    first, second, _storno, draft = books
    url = reverse("billing:invoices", args=[stage.cycle.pk])
    browser = client_of("logistics")
    answer = browser.get(url)
    assert dict(answer.context["totals"]) == {
        "berechnet": first.gross,
        "Entwürfe": draft.gross,
        "eingegangen": 0,
        "offen": first.gross,
        "davon überfällig": 0,
    }
    for query, count in (
        ("state=draft", 1),
        ("kind=cancellation", 1),
        (f"municipality={stage.own.pk}", 1),
        (f"q={second.number[-4:]}", 1),
        ("state=overdue", 0),
    ):
        assert browser.get(f"{url}?{query}").context["total"] == count, query


def test_the_journal_adds_up_and_is_no_formula(stage, books, client_of):
    first, second, storno, _draft = books
    stage.own.short_name = "=Ahausen"
    stage.own.save()
    url = reverse("billing:journal", args=[stage.cycle.pk])
    browser = client_of("logistics")
    answer = browser.get(f"{url}?export=xlsx&year={timezone.localdate().year}")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    heads = rows[0]
    lines = [dict(zip(heads, row, strict=True)) for row in rows[1:]]
    assert [line["Nummer"] for line in lines] == [first.number, second.number, storno.number]
    assert lines[0]["Kommune"] == "'=Ahausen"
    assert (lines[0]["Steuersatz"], lines[0]["Steuer"]) == ("0 %, 19 %", 19)
    assert lines[1]["Betrag"] + lines[2]["Betrag"] == 0
    assert (lines[2]["Storno zu"], lines[1]["storniert durch"]) == (second.number, storno.number)
    for wanted in ("csv", "pdf"):
        assert browser.get(f"{url}?export={wanted}").status_code == 200
    assert browser.get(f"{url}?year=2001").context["total"] == 0


def test_each_rate_of_an_invoice_is_booked_by_itself(stage, client_of):
    url = reverse("billing:journal", args=[stage.cycle.pk])
    browser = client_of("logistics")

    def lines():
        answer = browser.get(f"{url}?export=xlsx")
        rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]

    make_issued(stage.cycle, stage.own)
    (plain,) = lines()
    assert not any(name.startswith("davon") for name in plain)
    mixed = [fee_line(1, "1428.57"), taxed_line("99.99")]
    make_storno(make_issued(stage.cycle, stage.own, lines=mixed))
    plain, found, storno = lines()
    parts = ("davon netto steuerfrei", "davon netto 19 %", "davon Steuer 19 %")
    assert [plain[name] for name in parts] == [1000, None, None]
    assert [found[name] for name in parts] == [1428.57, 99.99, 19]
    assert [storno[name] for name in parts] == [-1428.57, -99.99, -19]
    assert round(sum(found[name] for name in parts), 2) == found["Betrag"]
    # The columns are those of the journal, not of what is filtered.
    assert "davon Steuer 19 %" in text_of(browser.get(f"{url}?q={plain['Nummer']}"))


def test_an_impossible_rate_or_code_is_refused_beside_its_field(stage, client_of):
    url = reverse("billing:settings", args=[stage.partner.pk])
    browser = client_of("logistics")
    data = {
        "way": "here",
        "number_prefix": "SI-",
        "payment_days": "14",
        "reminder_days": "10",
        "tax_category": "E",
        "exemption_reason": "§ 4 Nr. 22 UStG",
    }
    wrong = {"tax_rate": "119", "exemption_code": "quatsch"}
    errors = browser.post(url, {**data, **wrong}).context["form"].errors
    assert "höchstens 50 Prozent" in errors["tax_rate"][0]
    assert "VATEX-EU-132-1I" in errors["exemption_code"][0]
    assert (
        "höchstens 50 Prozent"
        in (browser.post(url, {**data, "tax_rate": "51"}).context["form"].errors["tax_rate"][0])
    )
    right = {**data, "tax_rate": "19", "exemption_code": " vatex-eu-132 "}
    assert browser.post(url, right).status_code == 302
    assert Issuer.objects.get(partner=stage.partner).exemption_code == "VATEX-EU-132"
    # One that was stored before is named once, by the run and here, and holds up everything.
    issuer = make_issuer(stage.cycle, exemption_code="quatsch")
    assert settings.missing_at(issuer) == [
        "Den Schlüssel „quatsch“ für die Steuerbefreiung gibt es nicht."
    ]


def test_a_service_that_ends_too_early_is_refused_at_its_end(stage, client_of):
    url = reverse("billing:fee", args=[stage.cycle.pk])
    data = {"cost_model": "fee", "service_from": "2026-02-01", "service_until": "2026-01-01"}
    errors = client_of("lead").post(url, data).context["form"].errors
    assert errors == {"service_until": ["Das Ende der Leistung liegt vor ihrem Beginn."]}


# --- What holds and keeps what --------------------------------------------------------------
def test_open_money_holds_the_closing(stage, cast):
    make_issuer(stage.cycle)
    check = must_be_finished.get("billing")
    assert check(stage.cycle) == []
    make_draft(stage.cycle, stage.own)
    make_issuing(stage.cycle, stage.own)
    issued = make_issued(stage.cycle, stage.own)
    assert check(stage.cycle) == [
        "Ein Rechnungsentwurf ist weder ausgestellt noch gelöscht.",
        "Eine Rechnung wird noch ausgestellt.",
        "Eine Rechnung ist noch nicht bezahlt.",
    ]
    make_storno(issued)
    assert "Eine Rechnung ist noch nicht bezahlt." not in check(stage.cycle)


def test_who_leaves_keeps_its_invoices(stage, cast):
    make_issued(stage.cycle, stage.own)
    make_draft(stage.cycle, stage.own)
    part = stage.cycle.participations.get(municipality=stage.own)
    leaving = house_leaves.get("billing")
    kept, draft = leaving.consequences(part, cast.user("lead"))
    assert "1.000,00 € bleibt gültig" in kept
    assert "bis der Logistikpartner ihn löscht" in draft
    assert leaving.consequences(part, cast.user("other_hr")) == []


def test_nobody_deletes_a_kommune_with_invoices(stage, cast):
    house = make.make_municipality("Dorf")
    make_draft(stage.cycle, fill_house(house))
    with pytest.raises(Refused, match="davon hängen noch ab: Rechnungen"):
        delete_municipality(house, by=cast.user("operator"))


def test_the_logistikpartner_stays_while_it_has_money_under_way(stage, cast, client_of):
    invoice = make_issued(stage.cycle, stage.own)
    page = reverse("cycles:programme_change", args=[stage.cycle.programme_id])
    browser = client_of("permanent")
    form = browser.get(page).context["form"]
    other = make.make_partner(name="Anderes Institut")
    data = {name: form[name].value() for name in form.fields}
    data = {**data, "fee_per_mentee": "500,00", "_version": form.version_token}
    answer = browser.post(page, {**data, "logistics_partner": other.pk})
    (said,) = answer.context["form"].errors["logistics_partner"]
    assert f"Durchgang Nr. {stage.cycle.number}" in said
    # Everything else may be changed meanwhile.
    assert browser.post(page, {**data, "name": "Neuer Name"}).status_code == 302
    programme = type(stage.cycle.programme).objects.get(pk=stage.cycle.programme_id)
    programme.logistics_partner = other
    admin = ProgrammeAdminForm(
        {**data, "fee_per_mentee": "500.00", "logistics_partner": other.pk}, instance=programme
    )
    assert list(admin.errors) == ["logistics_partner"]
    domain.settle(invoice, paid=True, by=cast.user("logistics"))
    save_programme(programme, by=cast.user("operator"))


def test_erasing_a_person_touches_no_invoice(stage, cast):
    by = make.make_logistics(stage.partner)
    invoice = make_issued(stage.cycle, stage.own)
    Invoice.objects.filter(pk=invoice.pk).update(issued_by=by.user)
    before = Invoice.objects.values("snapshot", "number", "gross", "pdf_sha256").get()
    erase(by, by=cast.user("operator"))
    assert Invoice.objects.values("snapshot", "number", "gross", "pdf_sha256").get() == before
    assert Invoice.objects.get().issued_by is None


def test_invoices_are_kept_eight_years_from_the_end_of_their_year(stage, monkeypatch):
    make_issuer(stage.cycle)
    invoice = make_issued(stage.cycle, stage.own)
    storno = make_storno(invoice)
    kept = make_issued(stage.cycle, stage.own)
    # What the payments hold of an invoice goes with it, or it could not.
    record(
        make_issued(stage.cycle, stage.own),
        received_on=timezone.localdate(),
        amount=Decimal(1000),
        by=None,
    )
    this_year = timezone.localdate().year
    monkeypatch.setattr(timezone, "localdate", lambda: date(this_year + 8, 12, 31))
    assert delete_old() == 0
    monkeypatch.setattr(timezone, "localdate", lambda: date(this_year + 9, 1, 1))
    # One that was cancelled only later goes together with its Storno.
    models_update(storno, issued_on=date(this_year + 1, 1, 5))
    models_update(kept, issued_on=date(this_year + 1, 1, 1))
    assert delete_old() == 1
    assert not Payment.objects.exists()
    models_update(storno, issued_on=date(this_year, 12, 31))
    assert delete_old() == 2
    assert [found.pk for found in Invoice.objects.all()] == [kept.pk]
    assert StoredFile.objects.filter(purpose=domain.PURPOSE).count() == 2


def test_a_mistyped_year_deletes_no_invoice(stage):
    invoice = make_issued(stage.cycle, stage.own)
    storno = make_storno(invoice)
    models_update(invoice, issued_on=date(2006, 9, 26))
    models_update(storno, issued_on=date(2006, 9, 27))
    assert delete_old() == 0
    # The Storno came only lately, so what it takes back stays with it.
    long_ago = timezone.now() - timedelta(days=20 * 366)
    models_update(invoice, created_at=long_ago)
    assert delete_old() == 0
    models_update(storno, created_at=long_ago)
    assert delete_old() == 2


def models_update(invoice, **values):
    """Past the guard that keeps issued invoices as they are."""
    QuerySet(Invoice).filter(pk=invoice.pk).update(**values)


# --- The start page -------------------------------------------------------------------------
def test_what_is_due_stands_on_the_start_page(stage, cast, client_of):
    make_issuer(stage.cycle)
    assert "Durchgang abrechnen" not in text_of(client_of("logistics").get("/"))
    stage.cycle.state = "running"
    stage.cycle.save()
    assert "Für einen Mentee gibt es noch keine Rechnung" in text_of(
        client_of("logistics").get("/")
    )
    invoice = make_issued(stage.cycle, stage.own, lines=[fee_line(1)])
    assert "gibt es noch keine Rechnung" not in text_of(client_of("logistics").get("/"))
    assert f"Rechnung {invoice.number} ist zu bezahlen" in text_of(client_of("hr").get("/"))
    for name in ("other_hr", "lead"):
        assert invoice.number not in text_of(client_of(name).get("/"))
    record(invoice, received_on=timezone.localdate(), amount=Decimal("100.50"), by=None)
    assert "Noch 399,50 € von 500,00 €" in text_of(client_of("hr").get("/")).replace("\xa0", " ")
    domain.settle(invoice, paid=True, by=cast.user("logistics"))
    assert invoice.number not in text_of(client_of("hr").get("/"))
    assert Invoice.objects.get().state == InvoiceState.PAID
    assert invoice.due_on == timezone.localdate() + timedelta(days=30)
