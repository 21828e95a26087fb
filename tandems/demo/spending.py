"""What the running cycle of the demo spends: plan, commissions, and invoices in every state."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from mentoring.accounts.models import User
from programmes.budget import domain as budget
from programmes.budget.models import BudgetLine
from programmes.einvoices.amounts import rounded, tax_groups
from programmes.einvoices.cii import xml_of
from programmes.einvoices.document import pdf_of
from programmes.einvoices.reading import read
from programmes.einvoices.snapshot import EXEMPT, INVOICE, STANDARD, Line, Party, Snapshot
from programmes.events.models import Event, EventKind
from programmes.suppliers.domain import commissions, invoices, speakers
from programmes.suppliers.models import Category, Commission, Speaker, SupplierInvoice
from tandems.demo.cycles import Cast

KITCHEN, HOUSE, PRINTER = (
    "Übungsküche Beispiel GmbH",
    "Tagungshaus Probeheide",
    "Papier & Probe OHG",
)
IBAN = "DE02120300000000202051"
PLAN = (
    # Kind of event, what for, category, euros.
    (EventKind.START, "Mittagessen und Kaffee", Category.CATERING, "1400.00"),
    (EventKind.START, "Großer Saal mit Technik", Category.ROOM, "600.00"),
    (EventKind.START, "Trainerin für zwei Tage", Category.SPEAKER, "2400.00"),
    (EventKind.INTERIM, "Mittagessen und Kaffee", Category.CATERING, "1300.00"),
    (EventKind.INTERIM, "Impuls und Moderation", Category.SPEAKER, "1200.00"),
    (None, "Druck der Leitfäden", Category.MATERIAL, "350.00"),
    (None, "Abschlussveranstaltung", Category.OTHER, "2500.00"),
)


def build_spending(today: date, cast: Cast, *, lead: User, member: User, logistics: User) -> None:
    """Plan, order and pay for ``cast``'s cycle.

    The Startworkshop is paid, but for a late invoice that was sent back; its catering was
    dearer than planned. For the Zwischenbilanz all is agreed, and one invoice is checked.
    """
    cycle = cast.cycle
    events = {event.kind: event for event in Event.objects.filter(cycle=cycle).order_by("-pk")}
    start, interim = events[EventKind.START], events[EventKind.INTERIM]
    for kind, label, category, planned in PLAN:
        line = BudgetLine(
            cycle=cycle,
            event=events[kind] if kind else None,
            category=category,
            label=label,
            planned=Decimal(planned),
        )
        budget.create(line, by=lead)
    almut = _speaker(cast, "Dipl.-Päd. Almut Vorbildsen", "Münster", "Führung, Veränderung", lead)
    bodo = _speaker(cast, "Bodo Beispielhuber", "Osnabrück", "Moderation großer Gruppen", lead)

    def order(
        what: str, event: Event | None, fee: str, *, agreed: bool = True, **fields: Any
    ) -> Commission:
        row = Commission(cycle=cycle, event=event, topic=what, fee=Decimal(fee), **fields)
        return commissions.create(row, agreed=agreed, by=logistics)

    talk = order(
        "Rollenklärung: vom Kollegen zur Führungskraft",
        start,
        "2200.00",
        category=Category.SPEAKER,
        speaker=almut,
        travel_costs=Decimal("120.00"),
    )
    lunch = order(
        "Verpflegung für 52 Personen",
        start,
        "1400.00",
        category=Category.CATERING,
        supplier=KITCHEN,
    )
    room = order("Großer Saal", start, "580.00", category=Category.ROOM, supplier=HOUSE)
    order(
        "Führen in Veränderungen",
        interim,
        "1100.00",
        category=Category.SPEAKER,
        speaker=almut,
        travel_costs=Decimal("80.00"),
    )
    order(
        "Verpflegung für 50 Personen",
        interim,
        "1250.00",
        category=Category.CATERING,
        supplier=KITCHEN,
    )
    asked: dict[str, Any] = {"category": Category.SPEAKER, "speaker": bodo, "agreed": False}
    order("Moderation der Abschlussveranstaltung", None, "900.00", **asked)
    gone = order(
        "Theaterstück zum Auftakt",
        start,
        "700.00",
        category=Category.OTHER,
        supplier="Bühne Musterstück",
    )
    commissions.cancel(gone, reason="Terminkonflikt des Ensembles", by=logistics)

    held = cast.dates.start
    bill = _Post(cast, today, logistics)
    for supplier, number, amount, commission, days in (
        ("Dipl.-Päd. Almut Vorbildsen", "2026/41", "2284.60", talk, 6),
        (KITCHEN, "R-10388", "1512.50", lunch, 4),
        (HOUSE, "TP 7731", "571.20", room, 9),
    ):
        row = bill.electronic(supplier, number, amount, held + timedelta(days=days), commission)
        row = invoices.check(row, seen=row.version, by=member)
        row = invoices.approve(row, seen=row.version, by=lead)
        invoices.pay(
            row, paid_on=row.invoiced_on + timedelta(days=21), seen=row.version, by=logistics
        )
    late = bill.plain(HOUSE, "TP 7790", "95.00", held + timedelta(days=30), start, Category.ROOM)
    why = "Die Nachreinigung war im Preis enthalten. Bitte stornieren."
    invoices.reject(late, reason=why, seen=late.version, by=member)
    recent = today - timedelta(days=12)
    paper = bill.plain(PRINTER, "55-2201", "318.92", recent, None, Category.MATERIAL)
    paper = invoices.check(paper, seen=paper.version, by=member)
    invoices.approve(paper, seen=paper.version, by=lead)
    stands = bill.plain(
        PRINTER, "55-2219", "64.26", today - timedelta(days=5), None, Category.MATERIAL
    )
    invoices.check(stands, seen=stands.version, by=member)
    bill.electronic(HOUSE, "TP 8004", "240.00", today - timedelta(days=2), None, interim)


class _Post:
    """Enters what came by mail."""

    def __init__(self, cast: Cast, today: date, by: User) -> None:
        self.cycle, self.today, self.by = cast.cycle, today, by

    def electronic(
        self,
        supplier: str,
        number: str,
        amount: str,
        on: date,
        commission: Commission | None,
        event: Event | None = None,
    ) -> SupplierInvoice:
        """A ZUGFeRD invoice, entered as its file says."""
        what = commission.topic if commission else "Gruppenraum für die Zwischenbilanz"
        taxed = commission is None or commission.speaker is None
        said = _said(supplier, number, what, Decimal(amount), min(on, self.today), taxed=taxed)
        data = pdf_of(said, xml_of(said))
        upload = ContentFile(data, name=f"Rechnung {number.replace('/', '-')}.pdf")
        found = read(data)
        row = SupplierInvoice(
            cycle=self.cycle,
            supplier=found.supplier,
            number=found.number,
            invoiced_on=found.invoiced_on,
            due_on=found.due_on,
            amount=found.amount,
            iban=found.iban,
            commission=commission,
            category=Category.ROOM,
            event=event,
            note=found.text,
        )
        return invoices.enter(row, file=invoices.keep_upload(upload, by=self.by), by=self.by)

    def plain(
        self, supplier: str, number: str, amount: str, on: date, event: Event | None, category: str
    ) -> SupplierInvoice:
        """One on paper."""
        day = min(on, self.today)
        row = SupplierInvoice(
            cycle=self.cycle,
            supplier=supplier,
            number=number,
            invoiced_on=day,
            due_on=day + timedelta(days=14),
            amount=Decimal(amount),
            iban=IBAN,
            event=event,
            category=category,
        )
        return invoices.enter(row, by=self.by)


def _speaker(cast: Cast, name: str, city: str, topics: str, by: User) -> Speaker:
    mailbox = name.rsplit(" ", 1)[-1].lower()
    speaker = Speaker(
        programme=cast.cycle.programme,
        name=name,
        email=f"{mailbox}@referenten.example",
        phone="0251 5550 144",
        city=city,
        topics=topics,
    )
    return speakers.create(speaker, by=by)


def _said(
    supplier: str, number: str, what: str, gross: Decimal, on: date, *, taxed: bool
) -> Snapshot:
    """What such an invoice says: 19 % VAT, or none for a trainer (§ 4 Nr. 21 UStG)."""
    rate = Decimal("19.00") if taxed else Decimal(0)
    net = rounded(gross / (1 + rate / 100))
    line = Line(what, Decimal(1), net, net, STANDARD if taxed else EXEMPT, rate)
    reason = "Umsatzsteuerfrei nach § 4 Nr. 21 UStG"
    taxes = tax_groups((line,), reason=reason, code="VATEX-EU-132-1I")
    tax = sum((group.tax for group in taxes), Decimal(0))
    due = on + timedelta(days=21)
    return Snapshot(
        kind=INVOICE,
        number=number,
        issued_on=on,
        due_on=due,
        service_from=on - timedelta(days=4),
        service_until=on - timedelta(days=4),
        seller=Party(
            name=supplier,
            street="Übungsweg 12",
            postal_code="48000",
            city="Münster",
            tax_number="337/5900/0000",
            seller_id="demo",
            contact_name=supplier,
            contact_phone="0251 5550 100",
            contact_email="rechnung@lieferant.example",
            electronic_address="rechnung@lieferant.example",
        ),
        buyer=Party(
            name="Demo-Institut",
            street="Übungsplatz 1",
            postal_code="48000",
            city="Münster",
            electronic_address="rechnung@demo-institut.example",
        ),
        buyer_reference="Mentoring",
        order_number="",
        iban=IBAN,
        bic="BYLADEM1001",
        account_holder=supplier,
        title=f"Rechnung {number}",
        introduction="für unsere Leistung berechnen wir:",
        terms=f"Zahlbar ohne Abzug bis zum {due:%d.%m.%Y}.",
        closing="",
        lines=(line,),
        taxes=taxes,
        net=net,
        tax=tax,
        gross=net + tax,
    )
