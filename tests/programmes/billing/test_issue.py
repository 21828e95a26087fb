"""From a draft to an issued invoice, and what never happens to it afterwards."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.billing import domain
from programmes.billing.domain import files
from programmes.billing.invoice import Frozen
from programmes.billing.models import Invoice, InvoiceState, NumberSequence
from programmes.einvoices.snapshot import Snapshot
from tests import factories as make
from tests.programmes.billing.makers import (
    fee_line,
    make_draft,
    make_issued,
    make_issuing,
    taxed_line,
)

pytestmark = pytest.mark.django_db


def test_a_draft_gets_the_next_number_and_says_what_it_said_for_good(stage):
    by = make.make_user()
    first = domain.issue(
        make_draft(stage.cycle, lines=[fee_line(3), taxed_line("0.05", "3")]), by=by
    )
    second = domain.issue(make_draft(stage.cycle), by=by)
    year = timezone.localdate().year
    assert [first.number, second.number] == [f"CM-{year}-0001", f"CM-{year}-0002"]
    assert (first.net, first.tax, first.gross) == (
        Decimal("1500.15"),
        Decimal("0.03"),
        Decimal("1500.18"),
    )
    assert first.due_on == timezone.localdate() + timedelta(days=30)
    said = Snapshot.from_json(first.snapshot)
    assert said.number == first.number
    assert said.gross == first.gross
    assert said.buyer_reference == first.municipality.leitweg_id

    # What is renamed afterwards leaves the invoice as it was.
    first.municipality.name = "Stadt Umbenannt"
    first.municipality.save()
    assert domain.shown(Invoice.objects.get(pk=first.pk)).buyer.name != "Stadt Umbenannt"


def test_what_is_missing_is_said_and_no_number_is_taken(stage):
    draft = make_draft(stage.cycle)
    draft.municipality.street = ""
    draft.municipality.save()
    with pytest.raises(Refused, match="Straße"):
        domain.issue(draft, by=make.make_user())
    empty = make_draft(stage.cycle, lines=[])
    assert [one.field for one in domain.problems(empty)] == ["lines"]
    late = make_draft(stage.cycle, due_on=date(2020, 1, 1))
    assert [one.field for one in domain.problems(late)] == ["due_on"]
    assert not NumberSequence.objects.exists()


def test_what_cannot_be_made_takes_no_number(stage, monkeypatch):
    draft = make_draft(stage.cycle)

    def broken(said):
        raise ValueError("kaputt")

    monkeypatch.setattr("programmes.billing.domain.issuing.xml_of", broken)
    with pytest.raises(Refused, match="lässt sich nicht erzeugen"):
        domain.issue(draft, by=make.make_user())
    assert not NumberSequence.objects.exists()


def test_pressed_twice_it_is_issued_once(stage):
    draft = make_draft(stage.cycle)
    stale = Invoice.objects.get(pk=draft.pk)
    domain.issue(draft, by=make.make_user())
    with pytest.raises(Refused, match="inzwischen ausgestellt"):
        domain.issue(stale, by=make.make_user())
    assert NumberSequence.objects.get().last == 1


def test_a_number_given_by_hand_is_not_given_twice(stage):
    draft = make_draft(stage.cycle)
    taken = make_issued(stage.cycle)
    sequence = NumberSequence.objects.get()
    sequence.last = 0
    sequence.save()
    with pytest.raises(Refused, match="schon vergeben"):
        domain.issue(draft, by=make.make_user())
    assert NumberSequence.objects.get().last == 0
    assert taken.number


def test_a_clock_that_went_back_takes_no_number(stage, monkeypatch):
    first = make_issuing(stage.cycle)
    draft = make_draft(stage.cycle)
    yesterday = first.issued_on - timedelta(days=1)
    monkeypatch.setattr("programmes.billing.domain.issuing.timezone.localdate", lambda: yesterday)
    if yesterday.year == first.year:
        with pytest.raises(Refused, match="Uhr"):
            domain.issue(draft, by=make.make_user())


def test_an_issued_invoice_is_neither_changed_nor_deleted(stage):
    invoice = make_issued(stage.cycle)
    for name, value in (("gross", Decimal(1)), ("number", "X"), ("snapshot", {}), ("note", "x")):
        changed = Invoice.objects.get(pk=invoice.pk)
        setattr(changed, name, value)
        with pytest.raises(Frozen):
            changed.save()
        with pytest.raises(Frozen):
            Invoice.objects.filter(pk=invoice.pk).update(**{name: value})
    for name in ("pdf", "pdf_sha256"):
        with pytest.raises(Frozen):
            Invoice.objects.filter(pk=invoice.pk).update(**{name: None})
    for delete in (invoice.delete, Invoice.objects.all().delete):
        with pytest.raises(Frozen), transaction.atomic():
            delete()
    with pytest.raises(Refused):
        domain.set_lines(invoice, [fee_line()], by=make.make_user())
    with pytest.raises(Refused):
        domain.save_draft(invoice, by=make.make_user())
    with pytest.raises(Refused):
        domain.delete_draft(invoice, by=make.make_user())


def test_two_who_edit_a_draft_are_told(stage):
    draft, by = make_draft(stage.cycle), make.make_user()
    other = Invoice.objects.get(pk=draft.pk)
    domain.set_lines(draft, [fee_line(5)], by=by)
    assert draft.gross == Decimal("2500.00")
    with pytest.raises(EditConflict):
        domain.set_lines(other, [fee_line(1)], by=by)
    assert Invoice.objects.get(pk=draft.pk).gross == Decimal("2500.00")
    assert [line.quantity for line in draft.lines.all()] == [Decimal(5)]


# --- Files ----------------------------------------------------------------------------
def test_the_files_are_made_once(stage):
    invoice = make_issuing(stage.cycle)
    assert invoice.state == InvoiceState.ISSUING
    assert domain.make_files(invoice.pk) is True
    invoice.refresh_from_db()
    assert invoice.state == InvoiceState.ISSUED
    assert invoice.number.encode() in domain.whole(invoice.xml, invoice)
    assert domain.whole(invoice.pdf, invoice).startswith(b"%PDF")
    assert domain.make_files(invoice.pk) is None
    assert files.due().count() == 0


def test_a_claim_left_behind_is_taken_over_and_the_slow_one_writes_nothing(stage, monkeypatch):
    invoice = make_issuing(stage.cycle)
    real = files.xml_of

    def slow(said):
        # Meanwhile the claim grew old, and another process has made the files.
        monkeypatch.setattr(files, "xml_of", real)
        Invoice.objects.quietly(claimed_at=timezone.now() - timedelta(hours=1))
        assert domain.make_files(invoice.pk) is True
        return real(said)

    monkeypatch.setattr(files, "xml_of", slow)
    domain.make_files(invoice.pk)
    invoice.refresh_from_db()
    assert invoice.state == InvoiceState.ISSUED
    assert files.StoredFile.objects.filter(purpose=files.PURPOSE).count() == 2


def test_trouble_is_said_after_the_second_failure_and_it_is_tried_again(stage, monkeypatch):
    invoice = make_issuing(stage.cycle)

    def broken(said):
        raise OSError

    monkeypatch.setattr(files, "xml_of", broken)
    assert domain.make_files(invoice.pk) is False
    invoice.refresh_from_db()
    assert invoice.trouble == ""
    # It rests between the tries.
    assert not files.make_next()
    Invoice.objects.quietly(claimed_at=timezone.now() - timedelta(minutes=1))
    assert domain.make_files(invoice.pk) is False
    invoice.refresh_from_db()
    assert "konnten mehrfach nicht" in invoice.trouble
    monkeypatch.undo()
    Invoice.objects.quietly(claimed_at=timezone.now() - timedelta(minutes=4))
    assert not files.make_next()
    Invoice.objects.quietly(claimed_at=timezone.now() - timedelta(minutes=6))
    assert domain.make_files(invoice.pk) is True
    invoice.refresh_from_db()
    assert invoice.trouble == ""
    assert invoice.number


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(stage):
    invoice = make_issued(stage.cycle)
    with open(invoice.pdf.content.path, "ab") as content:
        content.write(b" ")
    assert domain.whole(invoice.pdf, invoice) is None
    assert domain.whole(invoice.xml, invoice)
