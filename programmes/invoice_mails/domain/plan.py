"""What a draft would send if it were released now: shown in the preview, held at release."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.files.models import StoredFile
from programmes.billing.domain import whole
from programmes.billing.models import Invoice, InvoiceKind, InvoiceState
from programmes.einvoices.amounts import rounded
from programmes.invoice_mails.domain.candidates import SENDABLE, last_sent
from programmes.invoice_mails.models import InvoiceLetter, InvoiceMailing, MailingKind
from programmes.invoice_mails.texts import Facts, Message, Text, unknown_in
from programmes.outbox.messages import Attachment, check_address
from programmes.payments.domain import with_paid

NOBODY = "Es ist noch keine Rechnung ausgewählt. Ohne Auswahl geht die Mail an niemanden."


@dataclass(frozen=True)
class Planned:
    """One letter as it would go out; ``problems`` are German sentences."""

    letter: InvoiceLetter
    invoice: Invoice
    email: str
    open: Decimal
    message: Message
    files: tuple[StoredFile, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A letter that would not go out after all, and why."""

    letter: InvoiceLetter
    invoice: Invoice
    why: str


@dataclass(frozen=True)
class Plan:
    """What would happen. ``again`` are invoices reminded of too short a time ago."""

    going: tuple[Planned, ...]
    left_out: tuple[LeftOut, ...]
    again: tuple[tuple[Invoice, datetime], ...]
    problems: tuple[str, ...]
    seen: str = field(default="")

    @property
    def all_problems(self) -> list[str]:
        """Those of the mail as such, and those of its letters with their Kommune."""
        return [
            *self.problems,
            *(
                f"{one.invoice.municipality} ({one.invoice.number}): {problem}"
                for one in self.going
                for problem in one.problems
            ),
        ]


def plan_of(mailing: InvoiceMailing) -> Plan:
    """What releasing ``mailing`` now would do; a fixed number of queries."""
    letters = {letter.invoice_id: letter for letter in mailing.letters.order_by("pk")}
    invoices = list(
        with_paid(Invoice.objects.filter(pk__in=letters))
        .select_related("municipality", "issuer__partner", "cycle__programme", "pdf", "xml")
        .order_by("municipality__sort_key", "issued_on", "pk")
    )
    earlier = last_sent(letters, mailing.kind)
    text = Text(mailing)
    going, left_out, again = [], [], []
    for invoice in invoices:
        letter = letters[invoice.pk]
        if why := _why_not(mailing, invoice, earlier.get(invoice.pk)):
            left_out.append(LeftOut(letter, invoice, why))
            continue
        going.append(_planned(letter, invoice, text))
        if mailing.kind == MailingKind.REMINDER and _is_soon(invoice, earlier.get(invoice.pk)):
            again.append((invoice, earlier[invoice.pk]))
    problems = [*_of_mail(mailing), *([] if letters else [NOBODY])]
    return Plan(
        tuple(going),
        tuple(left_out),
        tuple(again),
        tuple(problems),
        _seen(mailing, going, left_out),
    )


def facts_of(letter: InvoiceLetter) -> Facts:
    """What a released letter says: what was open then."""
    return Facts(letter.invoice, letter.open_amount or Decimal("0.00"))


def files_of(invoice: Invoice) -> tuple[StoredFile, ...]:
    """What goes with a letter: the PDF, and the XML file where there is one."""
    return tuple(file for file in (invoice.pdf, invoice.xml) if file is not None)


def attachments_of(invoice: Invoice) -> list[Attachment] | None:
    """The files of ``invoice`` as they were made; ``None`` if one of them is not so any more."""
    found: list[Attachment] = []
    for stored in files_of(invoice):
        data = whole(stored, invoice)
        if data is None:
            return None
        found.append((stored.name, data, stored.content_type))
    return found


def _planned(letter: InvoiceLetter, invoice: Invoice, text: Text) -> Planned:
    left = rounded(invoice.open)  # type: ignore[attr-defined]  # annotated by with_paid
    email = invoice.municipality.billing_email.strip()
    message = text.message(Facts(invoice, left))
    problems = []
    if not email:
        problems.append("Es fehlt die E-Mail für Rechnungen. Tragen Sie sie bei der Kommune ein.")
    else:
        try:
            check_address(email)
        except ValidationError:
            problems.append("Die E-Mail für Rechnungen ist keine gültige Adresse.")
    files = files_of(invoice)
    if invoice.pdf is None and letter.mailing.kind == MailingKind.INVOICES:
        problems.append("Zu dieser Rechnung gibt es keine Datei, die versandt werden könnte.")
    if message.missing:
        problems.append(f"Ohne Wert: {', '.join(message.missing)}.")
    return Planned(letter, invoice, email, left, message, files, tuple(problems))


def _why_not(mailing: InvoiceMailing, invoice: Invoice, earlier: datetime | None) -> str:
    if invoice.state == InvoiceState.CANCELLED:
        return "inzwischen storniert"
    if invoice.state not in SENDABLE:
        return "nicht ausgestellt"
    if mailing.kind == MailingKind.INVOICES:
        if earlier is None:
            return ""
        return f"schon mit einem anderen Versand am {timezone.localtime(earlier):%d.%m.%Y} versandt"
    paid = invoice.open <= 0  # type: ignore[attr-defined]  # annotated by with_paid
    if paid or invoice.kind == InvoiceKind.CANCELLATION or invoice.state == InvoiceState.PAID:
        return "inzwischen bezahlt"
    return ""


def _is_soon(invoice: Invoice, earlier: datetime | None) -> bool:
    if earlier is None:
        return False
    return earlier > timezone.now() - timedelta(days=invoice.issuer.reminder_days)


def _of_mail(mailing: InvoiceMailing) -> list[str]:
    found = unknown_in(mailing.subject, mailing.body)
    if not mailing.subject.strip():
        found.append("Der Betreff fehlt.")
    if not mailing.body.strip():
        found.append("Der Text fehlt.")
    return found


def _seen(mailing: InvoiceMailing, going: list[Planned], left_out: list[LeftOut]) -> str:
    """What stands for all that was shown: text, letters with address and amount, who is out."""
    shown = [
        mailing.version,
        [
            (one.invoice.pk, one.email, str(one.open), one.message.subject, one.message.text)
            for one in going
        ],
        [(one.invoice.pk, one.why) for one in left_out],
    ]
    return sha256(repr(shown).encode()).hexdigest()
