"""Storno, invoices from elsewhere, settling, and many at once."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import JobState
from mentoring.ui.errors import Refused
from programmes.billing import domain, zips
from programmes.billing.domain import issuing
from programmes.billing.domain.elsewhere import add_pdf
from programmes.billing.jobs import ZIP_KIND
from programmes.billing.models import Invoice, InvoiceState, NumberSequence
from programmes.einvoices.snapshot import CREDIT_NOTE
from tests import factories as make
from tests.mentoring.files import samples
from tests.programmes.billing.makers import (
    fee_line,
    finish,
    make_draft,
    make_issued,
    make_issuer,
    make_storno,
    taxed_line,
)

pytestmark = pytest.mark.django_db


def test_a_storno_gives_back_what_the_invoice_said(stage):
    invoice = make_issued(stage.cycle, lines=[fee_line(1), taxed_line("99.99")])
    # Bills under other words by now: the Storno is about the invoice as it was.
    invoice.issuer.exemption_reason = "Neuer Grund"
    invoice.issuer.save()
    storno = domain.cancel(invoice, reason="Falsche\n Anzahl", by=make.make_user())
    said, before = domain.shown(storno), domain.shown(invoice)
    assert (said.kind, said.number) == (CREDIT_NOTE, f"CM-{storno.year}-0002")
    assert (said.preceding_number, said.preceding_on) == (invoice.number, invoice.issued_on)
    assert (said.lines, said.taxes, said.gross) == (before.lines, before.taxes, before.gross)
    assert said.gross == Decimal("618.99")
    assert "Grund: Falsche Anzahl" in said.introduction
    assert said.due_on is None
    assert (invoice.state, storno.state) == (InvoiceState.CANCELLED, InvoiceState.ISSUING)
    # The real files of it can be made.
    finish(storno, real=True)
    assert b"<ram:TypeCode>381</ram:TypeCode>" in domain.whole(storno.xml, storno)


def test_what_is_not_issued_or_is_a_storno_is_not_cancelled(stage):
    by = make.make_user()
    with pytest.raises(Refused, match="noch ein Entwurf"):
        domain.cancel(make_draft(stage.cycle), reason="x", by=by)
    invoice = make_issued(stage.cycle)
    with pytest.raises(Refused, match="Grund"):
        domain.cancel(invoice, reason="  ", by=by)
    storno = make_storno(invoice)
    with pytest.raises(Refused, match="lässt sich nicht stornieren"):
        domain.cancel(storno, reason="x", by=by)
    with pytest.raises(Refused, match="schon storniert"):
        domain.cancel(invoice, reason="x", by=by)
    with pytest.raises(Refused, match="Erst wenn"):
        domain.draft_again(make_issued(stage.cycle), by=by)
    assert NumberSequence.objects.get().last == 3


def test_an_invoice_is_written_anew_after_the_cycle_has_ended(stage):
    invoice = make_issued(stage.cycle)
    stage.cycle.state = "closed"
    stage.cycle.save()
    make_storno(invoice)
    again = domain.draft_again(invoice, by=make.make_user())
    assert (again.state, again.gross) == (InvoiceState.DRAFT, invoice.gross)
    with pytest.raises(Refused):
        domain.create_draft(stage.cycle, stage.own, [], by=make.make_user())


def test_paid_and_back(stage):
    invoice, by = make_issued(stage.cycle), make.make_user()
    assert domain.settle(invoice, paid=True, by=by)
    assert invoice.state == InvoiceState.PAID
    assert not domain.settle(invoice, paid=True, by=by)
    assert domain.settle(invoice, paid=False, by=by)
    storno = make_storno(invoice)
    assert not domain.settle(invoice, paid=True, by=by)
    assert not domain.settle(storno, paid=True, by=by)


def test_a_number_of_another_system_is_recorded_once(stage):
    make_issuer(stage.cycle, way="elsewhere")
    by, today = make.make_user(), timezone.localdate()
    draft, second = make_draft(stage.cycle), make_draft(stage.cycle)
    pdf = SimpleUploadedFile("Rechnung.pdf", samples.pdf())
    domain.record_elsewhere(draft, number="R 1", issued_on=today, pdf=pdf, by=by)
    assert domain.whole(draft.pdf, draft)
    for number in ("R  1", " "):
        with pytest.raises(ValidationError) as refused:
            domain.record_elsewhere(second, number=number, issued_on=today, by=by)
        assert list(refused.value.message_dict) == ["number"]
    with pytest.raises(Refused, match="im eigenen System"):
        domain.issue(second, by=by)
    domain.record_elsewhere(second, number="R 2", issued_on=today, by=by)
    add_pdf(second, pdf=SimpleUploadedFile("Rechnung.pdf", samples.pdf()), by=by)
    with pytest.raises(Refused, match="schon ein PDF"):
        add_pdf(second, pdf=SimpleUploadedFile("Rechnung.pdf", samples.pdf()), by=by)
    # Both PDFs are called alike, and both are in the ZIP.
    packed = zips.zip_of(zips.with_files(Invoice.objects.all()))
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert names == ["Rechnung.pdf", "Rechnung (2).pdf"]
    assert not NumberSequence.objects.exists()


def test_the_day_of_another_system_is_no_mistyped_year(stage):
    make_issuer(stage.cycle, way="elsewhere")
    by, today = make.make_user(), timezone.localdate()
    draft = make_draft(stage.cycle)
    for day, said in (
        (today + timedelta(days=1), "in der Zukunft"),
        (today - timedelta(days=401), "zu weit zurück"),
        (date(1926, 9, 26), "zu weit zurück"),
    ):
        with pytest.raises(ValidationError, match=said) as refused:
            domain.record_elsewhere(draft, number="R 1", issued_on=day, by=by)
        assert list(refused.value.message_dict) == ["issued_on"]
    before = today - timedelta(days=400)
    domain.record_elsewhere(draft, number="R 1", issued_on=before + timedelta(days=1), by=by)
    with pytest.raises(ValidationError, match="liegt vor dem der Rechnung"):
        domain.cancel(draft, reason="Doppelt", number="R 2", issued_on=before, by=by)


def test_an_old_day_makes_no_zip_fail(stage):
    invoice = make_issued(stage.cycle)
    QuerySet(Invoice).filter(pk=invoice.pk).update(issued_on=date(1926, 9, 26))
    packed = zips.zip_of(zips.with_files(Invoice.objects.all()))
    assert zipfile.ZipFile(io.BytesIO(packed)).infolist()[0].date_time[0] == 1980


def test_many_are_issued_as_a_job_and_what_one_misses_holds_up_no_other(stage, cast, monkeypatch):
    monkeypatch.setattr(issuing, "AT_ONCE", 2)
    by = cast.user("logistics")
    drafts = [make_draft(stage.cycle, stage.own) for _ in range(2)]
    drafts.append(make_draft(stage.cycle, stage.other, lines=[]))
    changed = make_draft(stage.cycle, stage.own)
    many = domain.issue_many([*drafts, changed], by=by)
    assert not many.issued
    domain.set_lines(changed, [fee_line(9)], by=by)
    run_claimed(*claim_next())
    many.job.refresh_from_db()
    assert many.job.state == JobState.DONE
    with many.job.result.content.open() as content:
        told = content.read().decode("utf-8-sig")
    assert "Ausgestellt: 2. Nicht ausgestellt: 2." in told
    assert "Übelheim: Die Rechnung hat noch keine Zeile." in told
    states = list(Invoice.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["issuing", "issuing", "draft", "draft"]
    assert f"{changed.municipality}: Seit diese Rechnung" in told
    # Few are issued while the user waits.
    again = domain.issue_many(drafts[1:], by=by)
    assert (again.job, len(again.issued), len(again.refused)) == (None, 0, 2)
    # And nobody issues for another Logistikpartner.
    ((_, why),) = domain.issue_many([changed], by=cast.user("lead")).refused
    assert why == issuing.NOT_YOURS


def test_many_files_are_packed_as_a_job_for_who_sees_the_invoices(
    stage, cast, client_of, monkeypatch
):
    monkeypatch.setattr(zips, "DIRECT", 1)
    for _ in range(2):
        make_issued(stage.cycle, stage.own)
    browser = client_of("hr")
    address = f"/durchgaenge/{stage.cycle.pk}/rechnungen/zip/"
    answer = browser.post(address)
    job, claim = claim_next()
    assert (answer["Location"], job.kind) == (job.get_absolute_url(), ZIP_KIND)
    run_claimed(job, claim)
    job.refresh_from_db()
    packed = browser.get(job.result.get_absolute_url()).getvalue()
    assert len(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == 4
    # Who leaves the Kommune reads its invoices no longer, packed or not.
    cast.hr.municipality_posts.update(until=timezone.localdate() - timedelta(days=1))
    assert client_of("hr").get(job.result.get_absolute_url()).status_code == 404
