"""Many at the same moment: numbers 1 to n, none missing, none twice."""

import pytest
from django.db import connection

from programmes.billing import domain
from programmes.billing.domain import issuing
from programmes.billing.models import Invoice, InvoiceState, NumberSequence
from tests import factories as make
from tests.programmes.billing.makers import fill_house, make_draft, make_issued
from tests.programmes.cycles.test_at_once import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


class PowerCut(Exception):
    """Stands for whatever ends an issuing between its number and its end."""


def test_numbers_have_no_gap_however_many_issue_at_once(monkeypatch):
    # SQLite has one writer at a time; the crowd is for PostgreSQL.
    crowd = 50 if connection.vendor == "postgresql" else 8
    cycle, by = make.make_cycle(), make.make_user()
    house = fill_house(make.make_municipality("Ahausen"))
    drafts = [make_draft(cycle, house) for _ in range(crowd)]
    doomed = {draft.pk for draft in drafts[::5]}
    freeze = issuing.freeze

    def sometimes(draft, said, **fields):
        freeze(draft, said, **fields)
        if draft.pk in doomed:
            raise PowerCut

    monkeypatch.setattr(issuing, "freeze", sometimes)

    def press(draft):
        # Objects of one's own, as every request has.
        own = Invoice.objects.get(pk=draft.pk)
        try:
            return domain.issue(own, by=by).number
        except PowerCut:
            return None

    acts = [lambda draft=draft: press(draft) for draft in drafts]
    found = at_once(*acts)
    assert not [one for one in found if one and not one.startswith("CM-")]
    monkeypatch.undo()
    # Those whose issuing broke off are drafts as before, and are issued now.
    again = at_once(*[lambda pk=pk: press(Invoice(pk=pk)) for pk in doomed])
    assert not refusals([one for one in again if not one.startswith("CM-")])
    numbers = Invoice.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, crowd + 1))
    assert NumberSequence.objects.get().last == crowd


def test_two_issue_the_same_draft():
    draft, by = make_draft(make.make_cycle()), make.make_user()

    def press():
        return domain.issue(Invoice.objects.get(pk=draft.pk), by=by).number

    found = at_once(press, press, press)
    assert len([one for one in found if one.startswith("CM-")]) == 1
    assert NumberSequence.objects.get().last == 1


def test_two_cancel_the_same_invoice():
    invoice, by = make_issued(make.make_cycle()), make.make_user()

    def press():
        return domain.cancel(Invoice.objects.get(pk=invoice.pk), reason="Fehler", by=by)

    found = at_once(press, press)
    assert len(refusals(found)) == 1
    assert Invoice.objects.filter(kind="cancellation").count() == 1
    invoice.refresh_from_db()
    assert invoice.state == InvoiceState.CANCELLED


def test_two_processes_make_the_files_once():
    invoice = make_draft(make.make_cycle())
    domain.issue(invoice, by=make.make_user())
    found = at_once(*[lambda: domain.make_files(invoice.pk)] * 3)
    assert sorted(map(str, found)) == ["None", "None", "True"]
