"""What a mail with an invoice says: its placeholders, its usual texts, and how it is written.

Parsed, written and framed as a Rundmail is, so that it looks like one; only what stands in
the braces is an invoice's and not a person's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from mentoring.ui.tags import money
from programmes.billing.models import Invoice, InvoiceKind
from programmes.invoice_mails.models import InvoiceMailing, MailingKind
from programmes.outbox.messages import one_line
from programmes.rundmails.markdown import compile_line, compile_markdown
from programmes.rundmails.placeholders import Use, uses_in
from programmes.rundmails.render import SUBJECT_LENGTH, fill, framed, signed


@dataclass(frozen=True)
class Facts:
    """An invoice and what is open for it (euros) as the mail says it."""

    invoice: Invoice
    open: Decimal


@dataclass(frozen=True)
class Placeholder:
    """Something in braces: what it puts in, an example, and where its value comes from."""

    label: str
    sample: str
    value: Callable[[Facts], str]


@dataclass(frozen=True)
class Listed:
    """A placeholder as the list beside the text shows it."""

    written: str
    label: str
    sample: str
    confidential: bool = False
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Message:
    """The mail as one Kommune gets it; ``missing`` are placeholders without a value."""

    subject: str
    text: str
    html: str
    content: str
    missing: tuple[str, ...]


def _day(found: object) -> str:
    return f"{found:%d.%m.%Y}" if found else ""


PLACEHOLDERS: dict[str, Placeholder] = {
    "kommune": Placeholder(
        "amtlicher Name der Kommune", "Stadt Ahausen", lambda f: f.invoice.municipality.name
    ),
    "art": Placeholder(
        "Rechnung oder Stornorechnung", "Rechnung", lambda f: f.invoice.get_kind_display()
    ),
    "rechnungsnummer": Placeholder(
        "Nummer der Rechnung", "CM-2026-0001", lambda f: f.invoice.number or ""
    ),
    "rechnungsdatum": Placeholder(
        "Datum der Rechnung", "01.10.2026", lambda f: _day(f.invoice.issued_on)
    ),
    "betrag": Placeholder("Betrag der Rechnung", "1.500,00 €", lambda f: money(f.invoice.gross)),
    "faellig_am": Placeholder(
        "Tag, bis zu dem zu zahlen ist", "31.10.2026", lambda f: _day(f.invoice.due_on)
    ),
    "offen": Placeholder(
        "was noch zu zahlen ist", "500,00 €", lambda f: money(max(f.open, Decimal(0)))
    ),
    "durchgang": Placeholder(
        "der Durchgang", "Durchgang Nr. 11 (2026–2028)", lambda f: str(f.invoice.cycle)
    ),
    "programm": Placeholder(
        "das Programm", "Mentoring im Musterland", lambda f: str(f.invoice.cycle.programme)
    ),
    "logistikpartner": Placeholder(
        "wer die Rechnung stellt", "Studieninstitut", lambda f: f.invoice.issuer.partner.name
    ),
    "iban": Placeholder(
        "das Konto des Logistikpartners",
        "DE02 1203 0000 0000 2020 51",
        lambda f: _grouped(f.invoice.issuer.partner.iban),
    ),
    "kontakt": Placeholder(
        "Ansprechperson für Rückfragen",
        "Petra Probe",
        lambda f: f.invoice.issuer.partner.contact_name,
    ),
}

INVOICES_SUBJECT = "{art} {rechnungsnummer}: {programm}"
INVOICES_BODY = """Sehr geehrte Damen und Herren,

im Anhang finden Sie die {art} {rechnungsnummer} vom {rechnungsdatum} über {betrag} für {kommune} \
zu {programm}, {durchgang}.

Die Angaben zur Zahlung stehen auf der Rechnung. Ist eine XML-Datei angehängt, ist sie die \
elektronische Rechnung (XRechnung) für Ihre Buchhaltung; die PDF-Datei sagt dasselbe zum Lesen.

Mit freundlichen Grüßen
{logistikpartner}
"""
REMINDER_SUBJECT = "Zahlungserinnerung zur Rechnung {rechnungsnummer}"
REMINDER_BODY = """Sehr geehrte Damen und Herren,

zur Rechnung {rechnungsnummer} vom {rechnungsdatum} über {betrag}, fällig am {faellig_am}, sehen \
wir noch keinen vollständigen Zahlungseingang. Offen sind **{offen}**.

Bitte überweisen Sie den offenen Betrag unter Angabe der Rechnungsnummer auf unser Konto {iban}. \
Haben Sie inzwischen gezahlt, betrachten Sie diese Nachricht bitte als erledigt.

Die Rechnung hängt noch einmal an.

Mit freundlichen Grüßen
{logistikpartner}
"""


def usual_text(kind: str) -> tuple[str, str]:
    """Subject and text a new mailing of this kind begins with."""
    if kind == MailingKind.REMINDER:
        return REMINDER_SUBJECT, REMINDER_BODY
    return INVOICES_SUBJECT, INVOICES_BODY


def listed() -> list[Listed]:
    """The placeholders for the list beside the text."""
    return [Listed(Use(name).written, one.label, one.sample) for name, one in PLACEHOLDERS.items()]


def unknown_in(*sources: str) -> list[str]:
    """A German sentence for each placeholder there is not."""
    said = []
    for use in uses_in(*sources):
        if use.name in PLACEHOLDERS and not use.argument:
            continue
        close = get_close_matches(use.name, PLACEHOLDERS, n=1, cutoff=0.6)
        meant = f" Meinten Sie {{{close[0]}}}?" if close else ""
        said.append(f"Den Platzhalter {use.written} gibt es nicht.{meant}")
    return said


class Text:
    """The text of a mailing parsed once, to be filled for many invoices."""

    def __init__(self, mailing: InvoiceMailing) -> None:
        self._uses = uses_in(mailing.subject, mailing.body)
        self._subject = compile_line(mailing.subject)
        body = compile_markdown(mailing.body)
        self._html, self._text = body.html, body.text
        self._foot = f"{mailing.cycle.programme}, {mailing.cycle}"

    def message(self, facts: Facts) -> Message:
        """The mail about one invoice."""
        values = {use: self._value(use, facts) for use in self._uses}

        def said(use: Use) -> str:
            return values.get(use) or ""

        subject = one_line(fill(self._subject, said))[:SUBJECT_LENGTH]
        content = fill(self._html, said)
        return Message(
            subject,
            signed(fill(self._text, said), self._foot),
            framed(subject, content, self._foot),
            content,
            tuple(use.written for use, value in values.items() if not value),
        )

    @staticmethod
    def _value(use: Use, facts: Facts) -> str:
        placeholder = PLACEHOLDERS.get(use.name)
        return one_line(placeholder.value(facts)) if placeholder and not use.argument else ""


def described(invoice: Invoice) -> str:
    """An invoice as lists of this room name it."""
    kind = "Storno " if invoice.kind == InvoiceKind.CANCELLATION else ""
    return f"{kind}{invoice.number}, {invoice.municipality}: {money(invoice.gross)}"


def _grouped(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
