"""The billing run of a Durchgang: what each Kommune still owes, and the drafts for it."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from mentoring.ui.tags import money
from programmes.billing import domain
from programmes.billing.domain.words import buyer_of
from programmes.billing.gaps import Gap, gaps_of
from programmes.billing.models import (
    Buyer,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    Issuer,
    TaxCategory,
    Way,
)
from programmes.billing.settings import Terms, issuer_for, missing_at, terms_of
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import (
    Cycle,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
)
from programmes.einvoices.amounts import rounded, shares
from programmes.organisations.models import LogisticsPartner, Municipality

CHANGED = (
    "Inzwischen hat sich etwas geändert, das auf diesen Rechnungen stünde. Es wurde noch nichts "
    "ausgestellt: bitte prüfen Sie die Angaben unten und bestätigen Sie noch einmal."
)
NO_PARTNER = "Dieses Programm hat keinen Logistikpartner, der Rechnungen schreiben könnte."
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Row:
    """What one Kommune owes. Amounts are net, in euros; ``mentees`` and the like are numbers.

    ``billed`` and ``billed_amount`` come from fee lines of invoices that are owed or paid,
    ``drafted`` from those of drafts.
    """

    municipality: Municipality
    buyer: Buyer
    takes_part: bool
    order_number: str
    mentees: int
    billed: int
    billed_amount: Decimal
    invoices: tuple[Invoice, ...]
    draft: Invoice | None
    drafted: int
    to_bill: int
    amount: Decimal
    line: str
    price: Decimal
    quantity: int
    warnings: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def has_work(self) -> bool:
        """Whether there is a draft, or something to make one of."""
        return self.draft is not None or self.amount > 0

    @property
    def can_be_issued(self) -> bool:
        """Whether an invoice could go out now."""
        return self.has_work and not self.gaps

    @property
    def proposed(self) -> bool:
        """Whether its box is ticked unless somebody says otherwise."""
        return self.has_work and not self.warnings

    @property
    def shown_amount(self) -> Decimal:
        """Of the draft where there is one, otherwise of what is proposed."""
        return self.draft.net if self.draft is not None else self.amount


@dataclass(frozen=True)
class Run:
    """The proposal for a whole cycle."""

    cycle: Cycle
    issuer: Issuer
    terms: Terms
    rows: tuple[Row, ...]
    gaps: tuple[str, ...] = field(default=())
    """What the Logistikpartner itself must still say, in German."""

    @property
    def total(self) -> Decimal:
        """Net, of everything that is proposed or drafted."""
        return sum((row.shown_amount for row in self.rows), NOTHING)

    @property
    def is_here(self) -> bool:
        """Whether the invoices are made here."""
        return self.issuer.way == Way.HERE

    def of(self, municipalities: Collection[int]) -> list[Row]:
        """The rows of these Kommunen (primary keys) that have something to bill."""
        return [row for row in self.rows if row.municipality.pk in municipalities and row.has_work]

    def gross(self, row: Row) -> Decimal:
        """With tax: of the draft where there is one, otherwise as the issuer taxes fees."""
        return row.draft.gross if row.draft is not None else row.amount + self.tax(row)

    @property
    def tax_rate(self) -> Decimal:
        """In percent, as the issuer taxes fees."""
        exempt = self.issuer.tax_category == TaxCategory.EXEMPT
        return NOTHING if exempt else self.issuer.tax_rate

    def tax(self, row: Row) -> Decimal:
        """The tax on it, rounded as on the invoice."""
        if row.draft is not None:
            return row.draft.tax
        return rounded(row.amount * self.tax_rate / 100)


@dataclass
class _Known:
    """What is read of one Kommune before its row is made."""

    mentees: int = 0
    billed: int = 0
    billed_amount: Decimal = NOTHING
    invoices: dict[int, Invoice] = field(default_factory=dict)
    drafts: dict[int, Invoice] = field(default_factory=dict)
    drafted: int = 0
    drafted_amount: Decimal = NOTHING
    others: list[str] = field(default_factory=list)
    """Names of drafts and invoices that are about something else, as far as is known."""


def propose(cycle: Cycle) -> Run:
    """What is to be billed now, Kommune by Kommune; the same queries however many there are.

    Raises ``Refused`` if the programme has no Logistikpartner.
    """
    partner = cycle.programme.logistics_partner
    if partner is None:
        raise Refused(NO_PARTNER)
    issuer, terms = issuer_for(partner), terms_of(cycle)
    known = _known(cycle, partner)
    parts = [
        part
        for part in Participation.objects.filter(cycle=cycle)
        .select_related("municipality__buyer", "order_number")
        .order_by("municipality__sort_key", "municipality")
        if part.state == ParticipationState.CONFIRMED or part.municipality_id in known
    ]
    weights = [known.get(part.municipality_id, _Known()).mentees for part in parts]
    owed = shares(terms.shared_costs, weights) if any(weights) else [NOTHING] * len(parts)
    rows = tuple(
        _row(part, known.get(part.municipality_id, _Known()), terms, share, sum(weights), cycle)
        for part, share in zip(parts, owed, strict=True)
    )
    gaps = missing_at(issuer) if issuer.way == Way.HERE else []
    return Run(cycle, issuer, terms, rows, tuple(gaps))


def draft_keys(cycle: Cycle, municipalities: Collection[int], *, by: User) -> list[Invoice]:
    """Make the proposed drafts of these Kommunen (primary keys); one that is there is kept.

    Raises ``Refused`` if the cycle has ended, or nothing is left to bill to one of them:
    then no draft is made at all.
    """
    with transaction.atomic(), acting(by):
        # Holding the cycle, two who press at once come one after the other: the second finds
        # the drafts of the first.
        held = held_open(cycle)
        run = propose(held)
        return _drafts(run, _chosen(run, municipalities), by)


def fingerprint(run: Run, rows: Sequence[Row]) -> str:
    """What the invoices of ``rows`` would say, short: it changes when any of that changes."""
    issuer = run.issuer
    said = [
        repr((issuer.pk, issuer.version, issuer.partner.version, run.terms)),
        *(
            repr(
                (
                    row.municipality.pk,
                    row.municipality.version,
                    row.buyer.version,
                    row.order_number,
                    (row.line, row.quantity, row.price),
                    row.draft and (row.draft.pk, row.draft.version, row.draft.gross),
                )
            )
            for row in rows
        ),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def issue_all(cycle: Cycle, municipalities: Collection[int], *, seen: str, by: User) -> domain.Many:
    """Make what is missing of these Kommunen's drafts and issue them all.

    ``seen`` is the ``fingerprint`` of what was shown and confirmed. Raises ``Refused`` if that
    is no longer what would be issued, if something is missing, or if the cycle has ended; then
    nothing is made. What only a closer look at one invoice finds stays a draft and is named
    in the answer.
    """
    with transaction.atomic(), acting(by):
        held = held_open(cycle)
        run = propose(held)
        rows = _chosen(run, municipalities)
        if not run.is_here:
            raise Refused("Die Rechnungen werden im System des Logistikpartners geschrieben.")
        if fingerprint(run, rows) != seen:
            raise Refused(CHANGED)
        gaps = [f"{row.municipality}: {gap.text}" for row in rows for gap in row.gaps]
        if gaps or run.gaps:
            raise Refused(" ".join([*run.gaps, *gaps]))
        return domain.issue_many(_drafts(run, rows, by), by=by)


def _chosen(run: Run, municipalities: Collection[int]) -> list[Row]:
    rows = run.of(frozenset(municipalities))
    gone = set(municipalities) - {row.municipality.pk for row in rows}
    if gone:
        names = [str(row.municipality) for row in run.rows if row.municipality.pk in gone]
        raise Refused(
            f"Für {', '.join(names) or 'eine der Kommunen'} ist nichts mehr abzurechnen. "
            "Vielleicht war jemand anderes schneller: laden Sie die Seite neu."
        )
    if not rows:
        raise Refused("Wählen Sie mindestens eine Kommune aus.")
    return rows


def _drafts(run: Run, rows: Sequence[Row], by: User) -> list[Invoice]:
    issuer = domain.issuer_of(run.cycle)
    return [row.draft or _draft(run, row, issuer, by) for row in rows]


def _draft(run: Run, row: Row, issuer: Issuer, by: User) -> Invoice:
    line = domain.line_of(issuer, row.line, Decimal(row.quantity), row.price, row.to_bill)
    return domain.create_draft(
        run.cycle,
        row.municipality,
        [line],
        by=by,
        service_from=run.terms.service_from,
        service_until=run.terms.service_until,
        order_number=row.order_number,
    )


def _known(cycle: Cycle, partner: LogisticsPartner) -> dict[int, _Known]:
    found: dict[int, _Known] = {}
    counted = (
        Participant.objects.filter(cycle=cycle, role=ParticipantRole.MENTEE)
        .present()
        .order_by()
        .values_list("municipality")
        .annotate(number=Count("pk"))
    )
    for house, number in counted:
        found.setdefault(house, _Known()).mentees = number
    lines = (
        InvoiceLine.objects.filter(
            invoice__cycle=cycle, invoice__kind=InvoiceKind.INVOICE, mentees__isnull=False
        )
        # What another Logistikpartner billed before is owed; its drafts are not ours to issue.
        .filter(
            Q(invoice__state__in=InvoiceState.counted())
            | Q(invoice__state=InvoiceState.DRAFT, invoice__issuer__partner=partner)
        )
        .select_related(
            "invoice__issuer__partner",
            "invoice__municipality__buyer",
            "invoice__cycle__programme",
        )
        .prefetch_related("invoice__lines")
        .order_by("invoice", "position")
    )
    for line in lines:
        invoice, amount = line.invoice, rounded(line.quantity * line.price)
        known = found.setdefault(invoice.municipality_id, _Known())
        if invoice.state == InvoiceState.DRAFT:
            known.drafts[invoice.pk] = invoice
            known.drafted += line.mentees or 0
            known.drafted_amount += amount
        else:
            known.invoices[invoice.pk] = invoice
            known.billed += line.mentees or 0
            known.billed_amount += amount
    _others(cycle, found)
    return found


def _others(cycle: Cycle, found: dict[int, _Known]) -> None:
    """Add the invoices that tell of no mentees: the fee may stand there, typed by hand."""
    invoices = Invoice.objects.filter(
        cycle=cycle,
        kind=InvoiceKind.INVOICE,
        state__in=(*InvoiceState.counted(), InvoiceState.DRAFT),
    )
    for pk, house, number in invoices.order_by("pk").values_list("pk", "municipality", "number"):
        known = found.get(house)
        if known is not None and pk not in known.invoices and pk not in known.drafts:
            known.others.append(f"die Rechnung {number}" if number else "einen Entwurf")


def _row(
    part: Participation, known: _Known, terms: Terms, share: Decimal, of: int, cycle: Cycle
) -> Row:
    house = part.municipality
    buyer = buyer_of(house)
    order = getattr(part, "order_number", None)
    about = f"{cycle.programme}, {cycle}"
    left = max(0, known.mentees - known.billed)
    if terms.is_shared:
        amount = max(NOTHING, share - known.billed_amount)
        quantity, price = 1, amount
        which = "Weiterer Anteil" if known.invoices else "Anteil"
        number = "1 Mentee" if known.mentees == 1 else f"{known.mentees} Mentees"
        line = f"{which} an den gemeinsamen Kosten für {number} von {of}: {about}"
    else:
        quantity, price = left, terms.fee
        amount = rounded(left * terms.fee)
        line = f"Teilnahmegebühr je Mentee: {about}"
    draft = next(iter(known.drafts.values()), None)
    return Row(
        municipality=house,
        buyer=buyer,
        takes_part=part.state == ParticipationState.CONFIRMED,
        order_number=order.number if order is not None else "",
        mentees=known.mentees,
        billed=known.billed,
        billed_amount=known.billed_amount,
        invoices=tuple(known.invoices.values()),
        draft=draft,
        drafted=known.drafted,
        to_bill=left,
        amount=NOTHING if draft is not None else amount,
        line=line[:200],
        price=price,
        quantity=quantity,
        warnings=tuple(_warnings(part, known, terms, share, amount)),
        gaps=tuple(gaps_of(house, buyer)),
    )


def _warnings(
    part: Participation, known: _Known, terms: Terms, share: Decimal, amount: Decimal
) -> list[str]:
    lines = []
    mend = (
        "Eine ausgestellte Rechnung ändert sich nicht: Soll die Kommune weniger zahlen, "
        "stornieren Sie die Rechnung und stellen Sie eine neue aus."
    )
    if terms.is_shared:
        if known.billed_amount > share:
            lines.append(
                f"Ihr Anteil beträgt jetzt {money(share)}, berechnet sind "
                f"{money(known.billed_amount)}. {mend}"
            )
        elif known.billed_amount and amount:
            lines.append(
                f"Ihr Anteil beträgt jetzt {money(share)}, berechnet sind "
                f"{money(known.billed_amount)}. Vorgeschlagen ist der Unterschied."
            )
        if known.drafts and known.drafted_amount != amount:
            lines.append(_outdated(money(known.drafted_amount), money(amount)))
    else:
        if known.billed > known.mentees:
            lines.append(
                f"{_mentees(known.billed)} berechnet, jetzt {_verb(known.mentees)} dabei. {mend}"
            )
        left = max(0, known.mentees - known.billed)
        if known.drafts and known.drafted != left:
            lines.append(_outdated(_mentees(known.drafted), _mentees(left)))
    if known.others and (known.drafts or amount):
        lines.append(
            f"Es gibt schon {', '.join(known.others)} ohne Angabe, für wie viele Mentees. Prüfen "
            "Sie, ob die Teilnahme dort schon berechnet ist."
        )
    if len(known.drafts) > 1:
        lines.append(f"Es gibt {len(known.drafts)} Entwürfe über die Teilnahme.")
    if part.state != ParticipationState.CONFIRMED:
        lines.append("Die Kommune nimmt nicht mehr teil.")
    return lines


def _outdated(drafted: str, now: str) -> str:
    return (
        f"Im Entwurf stehen {drafted}, abzurechnen wären jetzt {now}. Ändern Sie den Entwurf, "
        "oder löschen Sie ihn und legen Sie ihn neu an."
    )


def _mentees(number: int) -> str:
    return f"{number} Mentee" if number == 1 else f"{number} Mentees"


def _verb(number: int) -> str:
    return f"ist {number}" if number == 1 else f"sind {number}"
