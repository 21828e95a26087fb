"""The billing run: what each Kommune owes, drafts of it, and issuing what was confirmed."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from mentoring.ui.errors import Refused
from programmes.billing import domain
from programmes.billing.models import (
    Buyer,
    CostModel,
    CycleFee,
    Invoice,
    InvoiceState,
    Issuer,
    OrderNumber,
    Way,
)
from programmes.billing.run import draft_keys, fingerprint, issue_all, propose
from programmes.cycles.domain.participants import mark_left
from programmes.cycles.models import Participant, ParticipantRole, Participation
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tests import factories as make
from tests.programmes.billing.makers import (
    fee_line,
    fill_house,
    finish,
    make_draft,
    make_issued,
    make_issuer,
    make_storno,
    taxed_line,
)


@pytest.fixture
def billed(stage, cast):
    """The stage with an issuer and Kommunen that lack nothing; ``own`` has one mentee."""
    make_issuer(stage.cycle)
    fill_house(stage.own)
    fill_house(stage.other)
    stage.cycle.programme.refresh_from_db()
    stage.cycle.refresh_from_db()
    return stage


def place(stage, house, number=1):
    """So many more mentees of ``house``."""
    return [make.make_participant(stage.cycle, house) for _ in range(number)]


def row_of(stage, house):
    return next(row for row in propose(stage.cycle).rows if row.municipality == house)


def test_mentees_times_fee_less_what_was_billed(billed, cast):
    place(billed, billed.own, 2)
    row = row_of(billed, billed.own)
    assert (row.mentees, row.billed, row.to_bill, row.amount) == (3, 0, 3, Decimal("1500.00"))
    assert not row_of(billed, billed.other).has_work

    make_issued(billed.cycle, billed.own, lines=[fee_line(2), taxed_line("100.00")])
    row = row_of(billed, billed.own)
    assert (row.billed, row.to_bill, row.amount) == (2, 1, Decimal("500.00"))

    CycleFee.objects.create(cycle=billed.cycle, fee=Decimal("123.45"))
    assert row_of(billed, billed.own).amount == Decimal("123.45")


def test_a_cancelled_invoice_is_billed_anew(billed):
    storno = make_storno(make_issued(billed.cycle, billed.own, lines=[fee_line(1)]))
    assert storno.state == InvoiceState.ISSUED
    assert row_of(billed, billed.own).to_bill == 1


def test_who_leaves_after_billing_is_told_and_never_negative(billed, cast):
    (second,) = place(billed, billed.own)
    invoice = make_issued(billed.cycle, billed.own, lines=[fee_line(2)])
    mark_left(second, on=date.today(), by=cast.user("lead"))
    row = row_of(billed, billed.own)
    assert (row.mentees, row.to_bill, row.amount) == (1, 0, 0)
    assert "stornieren Sie die Rechnung" in row.warnings[0]
    assert [found.number for found in row.invoices] == [invoice.number]
    # A third one who comes is on the invoice that was paid for two.
    place(billed, billed.own)
    assert row_of(billed, billed.own).warnings == ()


def test_shared_costs_add_up_to_the_cent_and_say_what_differs(billed):
    CycleFee.objects.create(
        cycle=billed.cycle, cost_model=CostModel.SHARED, shared_costs=Decimal("1000.00")
    )
    third = make.make_municipality("Dorf")
    fill_house(third)
    make.make_participation(billed.cycle, third)
    for house in (billed.other, third):
        place(billed, house)
    run = propose(billed.cycle)
    assert [row.amount for row in run.rows] == [
        Decimal("333.34"),
        Decimal("333.33"),
        Decimal("333.33"),
    ]
    assert run.total == Decimal("1000.00")
    drafts = draft_keys(billed.cycle, [row.municipality.pk for row in run.rows], by=None)
    for draft in drafts:
        finish(domain.issue(draft, by=None))
    place(billed, third)
    rows = {row.municipality.short_name: row for row in propose(billed.cycle).rows}
    assert rows["Ahausen"].amount == 0
    assert "jetzt 250,00 €, berechnet sind 333,34 €" in rows["Ahausen"].warnings[0]
    assert rows["Dorf"].amount == Decimal("166.67")
    assert "Weiterer Anteil" in rows["Dorf"].line


def test_what_is_missing_is_named_with_the_place_to_mend_it(billed):
    for name in ("street", "postal_code", "city", "leitweg_id"):
        setattr(billed.own, name, "")
    billed.own.save()
    assert [gap.where for gap in row_of(billed, billed.own).gaps] == ["address", "buyer"]
    Buyer.objects.create(municipality=billed.own, plain_pdf=True)
    assert [gap.where for gap in row_of(billed, billed.own).gaps] == ["address"]
    Buyer.objects.update(plain_pdf=False, reference="KB 7")
    billed.own.street, billed.own.postal_code, billed.own.city = "Markt 1", "48001", "Ahausen"
    billed.own.email = ""
    billed.own.save()
    (gap,) = row_of(billed, billed.own).gaps
    assert "E-Mail-Adresse" in gap.text


def test_drafts_are_made_once_whoever_presses(billed, cast):
    OrderNumber.objects.create(
        participation=billed.cycle.participations.get(municipality=billed.own), number="B-77"
    )
    first = draft_keys(billed.cycle, [billed.own.pk], by=cast.user("logistics"))
    again = draft_keys(billed.cycle, [billed.own.pk], by=cast.user("logistics"))
    assert [draft.pk for draft in first] == [draft.pk for draft in again]
    (draft,) = Invoice.objects.all()
    assert (draft.gross, draft.order_number) == (Decimal("500.00"), "B-77")
    assert draft.lines.get().mentees == 1
    assert "Durchgang Nr. 11" in draft.lines.get().name

    place(billed, billed.own)
    (warning,) = row_of(billed, billed.own).warnings
    assert "Im Entwurf stehen 1 Mentee, abzurechnen wären jetzt 2 Mentees" in warning
    with pytest.raises(Refused, match="nichts mehr abzurechnen"):
        draft_keys(billed.cycle, [billed.own.pk, billed.other.pk], by=cast.user("logistics"))


def test_a_fee_typed_by_hand_is_not_proposed_again_unasked(billed, cast):
    draft = make_draft(billed.cycle, billed.own, lines=[taxed_line("500.00")])
    for said in ("Es gibt schon einen Entwurf ohne", "Es gibt schon die Rechnung CM-"):
        row = row_of(billed, billed.own)
        assert (row.amount, row.proposed) == (Decimal("500.00"), False)
        assert said in row.warnings[0]
        if draft.state == InvoiceState.DRAFT:
            finish(domain.issue(draft, by=None))
    make_issued(billed.cycle, billed.own, lines=[fee_line(1)])
    assert row_of(billed, billed.own).warnings == ()


def test_drafts_of_another_logistikpartner_are_not_issued(billed, cast):
    by = cast.user("logistics")
    (draft,) = draft_keys(billed.cycle, [billed.own.pk], by=by)
    issuer = Issuer.objects.create(partner=make.make_partner(name="Fremdes Institut"))
    Invoice.objects.filter(pk=draft.pk).update(issuer=issuer)
    row = row_of(billed, billed.own)
    assert (row.draft, row.proposed) == (None, False)
    (refused,) = domain.issue_many([Invoice.objects.get(pk=draft.pk)], by=by).refused
    assert "anderer Logistikpartner" in refused[1]


def test_only_what_was_seen_is_issued(billed, cast):
    by = cast.user("logistics")
    run = propose(billed.cycle)
    rows = run.of([billed.own.pk])
    seen = fingerprint(run, rows)
    place(billed, billed.own)
    with pytest.raises(Refused, match="Inzwischen hat sich etwas geändert"):
        issue_all(billed.cycle, [billed.own.pk], seen=seen, by=by)
    assert not Invoice.objects.exists()

    run = propose(billed.cycle)
    seen = fingerprint(run, run.of([billed.own.pk]))
    many = issue_all(billed.cycle, [billed.own.pk], seen=seen, by=by)
    (invoice,) = many.issued
    assert (invoice.state, invoice.gross) == (InvoiceState.ISSUING, Decimal("1000.00"))
    with pytest.raises(Refused, match="nichts mehr abzurechnen"):
        issue_all(billed.cycle, [billed.own.pk], seen=seen, by=by)

    run.issuer.refresh_from_db()
    run.issuer.way = Way.ELSEWHERE
    run.issuer.save()
    place(billed, billed.own)
    with pytest.raises(Refused, match="im System des Logistikpartners"):
        issue_all(billed.cycle, [billed.own.pk], seen=seen, by=by)


def test_pages_from_the_run_to_issued(billed, client_of):
    browser = client_of("logistics")
    url = reverse("billing:run", args=[billed.cycle.pk])
    page = browser.get(url).content.decode()
    assert f'id="kommune-{billed.own.pk}" checked' in page
    assert "checked" not in browser.get(f"{url}?auswahl=keine").content.decode()

    confirm = browser.post(f"{url}ausstellen/", {"kommune": [billed.own.pk]})
    assert "Eine Rechnung über zusammen 500,00 €" in confirm.content.decode()
    # A draft says how much in the same way as what is not yet one.
    make_draft(billed.cycle, billed.other, lines=[fee_line(1)])
    both = {"kommune": [billed.own.pk, billed.other.pk]}
    assert browser.post(f"{url}ausstellen/", both).content.decode().count(">1 × ") == 2
    Invoice.objects.all().delete()
    assert not Invoice.objects.exists()
    data = {
        "kommune": [billed.own.pk],
        "seen": confirm.context["seen"],
        "_form_id": confirm.context["once_id"],
    }
    for _ in range(2):
        answer = browser.post(f"{url}ausstellen/", data)
        assert answer.url == reverse("billing:invoices", args=[billed.cycle.pk])
    assert Invoice.objects.get().state == InvoiceState.ISSUING

    nothing = browser.post(url, {})
    assert "Wählen Sie mindestens eine Kommune aus" in nothing.content.decode()


@pytest.mark.parametrize("year", ["0", "10000", "2026.5", "9" * 5000])
def test_odd_years_filter_no_journal(billed, client_of, year):
    make_issued(billed.cycle, billed.own)
    url = reverse("billing:journal", args=[billed.cycle.pk])
    assert client_of("logistics").get(url, {"year": year}).status_code == 200


def test_endless_numbers_are_no_kommune(billed, client_of):
    url = reverse("billing:run_issue", args=[billed.cycle.pk])
    for data in ({}, {"seen": "x"}):
        answer = client_of("logistics").post(url, {**data, "kommune": "9" * 5000})
        assert "Nichts ausgewählt" in answer.content.decode()


def test_what_changed_meanwhile_is_shown_before_it_is_issued(billed, client_of):
    browser = client_of("logistics")
    url = reverse("billing:run_issue", args=[billed.cycle.pk])
    first = browser.get(url)
    place(billed, billed.own)
    data = {"kommune": [billed.own.pk], "seen": first.context["seen"]}
    second = browser.post(url, data)
    text = second.content.decode()
    assert "Inzwischen hat sich etwas geändert" in text
    assert "über zusammen 1.000,00 €" in text
    browser.post(url, {**data, "seen": second.context["seen"]})
    assert Invoice.objects.get().gross == Decimal("1000.00")


def test_the_run_as_a_list_for_another_system(billed, client_of):
    issuer = billed.partner.billing
    issuer.way = Way.ELSEWHERE
    issuer.save()
    billed.own.billing_name = "=Rechnungsstelle"
    billed.own.save()
    browser = client_of("logistics")
    url = reverse("billing:run", args=[billed.cycle.pk])
    assert "Anlegen und ausstellen" not in browser.get(url).content.decode()
    answer = browser.get(f"{url}?export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[2]][:2] == ["Ahausen", "'=Rechnungsstelle"]
    assert (sheet["G2"].value, sheet["K2"].value) == (1, 500)
    assert b"'=Rechnungsstelle" in browser.get(f"{url}?export=csv").content
    browser.post(url, {"kommune": [billed.own.pk]})
    assert Invoice.objects.get().way == Way.ELSEWHERE


@pytest.mark.parametrize("page", ["run", "run_issue", "invoices", "journal"])
def test_as_many_queries_for_twenty_kommunen_as_for_one(page, billed, client_of):
    browser = client_of("logistics")
    url = reverse(f"billing:{page}", args=[billed.cycle.pk])
    make_draft(billed.cycle, billed.other)
    make_issued(billed.cycle, billed.own)
    place(billed, billed.own, 2)
    browser.get(url)
    with CaptureQueriesContext(connection) as one:
        browser.get(url)
    for number in range(8):
        house = make.make_municipality(f"Dorf {number}")
        make.make_participation(billed.cycle, house)
        fill_house(house)
        place(billed, house, 2)
        (make_draft if number % 2 else make_issued)(billed.cycle, house)
        if number > 5:
            place(billed, house, 1)
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) == len(one), [query["sql"] for query in many.captured_queries]


def test_four_hundred_kommunen_are_proposed_with_the_same_queries(
    billed, django_assert_num_queries
):
    houses = Municipality.objects.bulk_create(
        Municipality(short_name=f"Ort {n:03}", name=f"Stadt Ort {n:03}", kind="city")
        for n in range(398)
    )
    Participation.objects.bulk_create(
        Participation(cycle=billed.cycle, municipality=house, state="confirmed") for house in houses
    )
    people = Person.objects.bulk_create(
        Person(first_name="A", last_name=f"B{n}", municipality=house)
        for n, house in enumerate(houses)
    )
    Participant.objects.bulk_create(
        Participant(
            cycle=billed.cycle,
            person=person,
            municipality=person.municipality,
            role=ParticipantRole.MENTEE,
        )
        for person in people
    )
    with django_assert_num_queries(8):
        run = propose(billed.cycle)
        assert (len(run.rows), run.total) == (400, Decimal("199500.00"))
        assert fingerprint(run, run.rows)
