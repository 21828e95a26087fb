"""The invoices of the demo: the closed cycle's, the running one's in every state, shared costs.

Invoices are issued by the parts the doors are made of, on days of the past; their files are
made as every invoice's are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from mentoring.accounts.models import User
from programmes.billing import domain
from programmes.billing.domain.drafts import make_draft
from programmes.billing.domain.elsewhere import freeze_elsewhere
from programmes.billing.domain.issuing import check_words, freeze
from programmes.billing.domain.numbers import take_number
from programmes.billing.domain.words import snapshot_of, storno_snapshot
from programmes.billing.models import (
    Buyer,
    CostModel,
    CycleFee,
    Invoice,
    InvoiceKind,
    InvoiceState,
    Issuer,
    OrderNumber,
    TaxCategory,
)
from programmes.billing.run import Row, propose
from programmes.einvoices.snapshot import Snapshot
from programmes.payments.domain import import_statement, record
from tandems.demo import calendar
from tandems.demo.cycles import Cast
from tandems.demo.house import House

SHARED = Decimal("9800.00")
REFERENCE = "Kreditor 70012, Kämmerei"
WITH_REFERENCE, WITH_PLAIN_PDF = "Steinfurt", "Laer"
STAYS_DRAFT, CANCELLED, EXCURSION = "Ostbevern", "Emsdetten", "Rheine"
PAID_IN_PART, OVERDUE = "LWL", "Greven"
LATE = ("Ahlen", "Kreis Warendorf")
"""Billed three weeks ago; the second one's payment stands in a statement nobody confirmed."""

ORDER_NUMBERS = {"Münster": "4500017733", "Ahlen": "B-2214"}


@dataclass
class Books:
    """Who issues, for whom it is written down, and today."""

    issuer: Issuer
    by: User
    today: date


def build_money(
    today: date, house: House, closed: Cast, running: Cast, shared: Cast, *, by: User
) -> None:
    """Write all of it; the numbers of the running cycle rise with its days."""
    books = Books(_issuer(running), by, today)
    _buyers(house)
    _bill_closed(books, closed)
    _bill_running(books, running)
    CycleFee.objects.create(cycle=shared.cycle, cost_model=CostModel.SHARED, shared_costs=SHARED)


def _issuer(cast: Cast) -> Issuer:
    issuer = domain.issuer_of(cast.cycle)
    issuer.number_prefix = "DI-"
    issuer.seller_id = "70012"
    issuer.introduction = (
        "Für die Teilnahme Ihrer Mentees am gemeinsamen Programm der Kommunen berechnen wir "
        "Ihnen wie vereinbart:"
    )
    issuer.closing = "Bitte geben Sie bei der Überweisung die Rechnungsnummer an. Vielen Dank!"
    issuer.save()
    return issuer


def _buyers(house: House) -> None:
    """One Kommune has a reference instead of a Leitweg-ID, one takes plain PDF."""
    for name, fields in (
        (WITH_REFERENCE, {"reference": REFERENCE}),
        (WITH_PLAIN_PDF, {"plain_pdf": True}),
    ):
        municipality = house.municipalities[name]
        municipality.leitweg_id = ""
        municipality.save()
        Buyer.objects.create(municipality=municipality, **fields)


def _bill_closed(books: Books, cast: Cast) -> None:
    """Written in the institute's own system then, as recorded here; all are paid."""
    day = cast.dates.week(2)
    for sequence, row in enumerate(_rows(cast), start=1):
        invoice = _draft(books, cast, row)
        said = snapshot_of(invoice, number=f"{day.year}/{4100 + sequence}", issued_on=day)
        freeze_elsewhere(invoice, said, pdf=None, by=books.by)
        _dated(invoice)
        _pay(books, invoice, day + timedelta(days=10 + sequence))


def _bill_running(books: Books, cast: Cast) -> None:
    """Most paid; one in part, one overdue, one cancelled and anew, one with a taxed line."""
    for participation in cast.cycle.participations.select_related("municipality"):
        if number := ORDER_NUMBERS.get(participation.municipality.short_name):
            OrderNumber.objects.create(participation=participation, number=number)
    rows = {row.municipality.short_name: row for row in _rows(cast)}
    day, late = cast.dates.week(2), calendar.workday(books.today - timedelta(weeks=3))
    first = {
        name: _issue(books, _draft(books, cast, row, _lines(books, name, row)), day)
        for name, row in rows.items()
        if name not in (STAYS_DRAFT, *LATE)
    }
    again = day + timedelta(weeks=2)
    _storno(books, first[CANCELLED], again)
    first[CANCELLED] = _issue(books, _draft(books, cast, rows[CANCELLED]), again)
    for name in LATE:
        recent = _issue(books, _draft(books, cast, rows[name]), late)
    _draft(books, cast, rows[STAYS_DRAFT])
    for wait, (name, invoice) in enumerate(first.items()):
        paid_on = (invoice.issued_on or day) + timedelta(days=8 + wait)
        if name == PAID_IN_PART:
            _pay(books, invoice, paid_on, Decimal("1000.00"))
        elif name != OVERDUE:
            _pay(books, invoice, paid_on)
    _statement(books, recent)


def _rows(cast: Cast) -> Iterator[Row]:
    return (row for row in propose(cast.cycle).rows if row.amount)


def _lines(books: Books, name: str, row: Row) -> list[domain.LineData]:
    """What is billed, with the mistake that is mended later and the joint excursion."""
    mentees = row.to_bill + (1 if name == CANCELLED else 0)
    lines = [domain.line_of(books.issuer, row.line, Decimal(mentees), row.price, mentees)]
    if name == EXCURSION:
        lines.append(
            domain.LineData(
                "Gemeinsame Fahrt nach Düsseldorf, je Person",
                Decimal(row.to_bill),
                Decimal("38.50"),
                TaxCategory.STANDARD,
                Decimal("19.00"),
            )
        )
    return lines


def _draft(
    books: Books, cast: Cast, row: Row, lines: list[domain.LineData] | None = None
) -> Invoice:
    return make_draft(
        books.issuer,
        cast.cycle,
        row.municipality,
        _lines(books, "", row) if lines is None else lines,
        service_from=cast.dates.start,
        service_until=cast.dates.week(calendar.CLOSING_EVENT),
        order_number=row.order_number,
    )


def _issue(books: Books, draft: Invoice, day: date) -> Invoice:
    number, sequence = take_number(books.issuer, day)
    said = snapshot_of(draft, number=number, issued_on=day)
    return _made(books, draft, said, sequence)


def _storno(books: Books, invoice: Invoice, day: date) -> Invoice:
    reason = "Eine Mentee war doppelt gezählt."
    number, sequence = take_number(books.issuer, day)
    said = storno_snapshot(invoice, number=number, issued_on=day, reason=reason)
    storno = Invoice(
        issuer=books.issuer,
        cycle=invoice.cycle,
        municipality=invoice.municipality,
        kind=InvoiceKind.CANCELLATION,
        cancels=invoice,
        reason=reason,
        service_from=invoice.service_from,
        service_until=invoice.service_until,
        order_number=invoice.order_number,
    )
    made = _made(books, storno, said, sequence)
    Invoice.objects.filter(pk=invoice.pk).update(state=InvoiceState.CANCELLED)
    return made


def _made(books: Books, invoice: Invoice, said: Snapshot, sequence: int) -> Invoice:
    """Freeze it and make its files; raises ``RuntimeError`` if something is missing."""
    if found := check_words(said):
        raise RuntimeError(" ".join(one.text for one in found))
    freeze(invoice, said, sequence=sequence, by=books.by)
    _dated(invoice)
    if not domain.make_files(invoice.pk):
        raise RuntimeError(f"no files for {invoice}")
    invoice.refresh_from_db()
    return invoice


def _dated(invoice: Invoice) -> None:
    """As if it had been issued on its day, past the guard of issued invoices."""
    day = invoice.issued_on
    assert day is not None
    QuerySet(Invoice).filter(pk=invoice.pk).update(issued_at=calendar.moment(day, 11))
    invoice.refresh_from_db()


def _pay(books: Books, invoice: Invoice, day: date, amount: Decimal | None = None) -> None:
    record(
        invoice,
        received_on=min(day, books.today),
        amount=invoice.gross if amount is None else amount,
        by=books.by,
    )


def _statement(books: Books, invoice: Invoice) -> None:
    """A statement of last week: a payment that names its invoice, and one that is a riddle."""
    day = calendar.workday(books.today - timedelta(days=4))
    entries = (
        (invoice.gross, str(invoice.municipality), f"RE {invoice.number} v. {invoice.issued_on}"),
        (Decimal("120.00"), "Blumenhaus Demo", "Erstattung, Vorgang 88"),
    )
    body = "".join(
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><BkTxCd/>"
        "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f"<RltdPties><Dbtr><Nm>{escape(payer)}</Nm></Dbtr></RltdPties>"
        f"<RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for amount, payer, text in entries
    )
    data = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>DEMO</MsgId><CreDtTm>{day}T06:00:00+01:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>DEMO-{day:%Y%m%d}</Id><CreDtTm>{day}T06:00:00+01:00</CreDtTm>"
        f"<Acct><Id><IBAN>{books.issuer.partner.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{body}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
    upload = ContentFile(data, name=f"Auszug-{day:%Y-%m-%d}.xml")
    import_statement(upload, books.issuer, by=books.by)
