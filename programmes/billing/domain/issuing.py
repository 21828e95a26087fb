"""Issuing: a draft gets its number and is frozen; its files are made afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.domain import start_job
from mentoring.jobs.models import Job
from mentoring.jobs.waking import wake
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.billing.domain.drafts import held_draft
from programmes.billing.domain.numbers import take_number
from programmes.billing.domain.words import seen_of, snapshot_of
from programmes.billing.invoice import Invoice, InvoiceState
from programmes.billing.issuer import Way
from programmes.billing.permissions import issues
from programmes.einvoices.checks import Missing, missing
from programmes.einvoices.cii import xml_of
from programmes.einvoices.snapshot import DRAFT_NUMBER, Snapshot

FILES_TASK = "programmes.billing.tasks.make_files"
ISSUE_KIND = "billing.issue"
AT_ONCE = 20
"""So many are issued while the user waits; more become a job."""

ELSEWHERE = (
    "Dieser Logistikpartner schreibt seine Rechnungen im eigenen System. Tragen Sie hier Nummer "
    "und Datum der Rechnung ein."
)

CHANGED = (
    "Seit diese Rechnung zum Ausstellen gezeigt wurde, hat sich etwas geändert, das auf ihr "
    "steht. Sie ist noch nicht ausgestellt: bitte prüfen Sie die Angaben und bestätigen Sie dann "
    "noch einmal."
)
NOT_YOURS = "Diese Rechnung stellt ein anderer Logistikpartner aus."


@dataclass
class Many:
    """What became of issuing many: those with a number now, why others not, or a job."""

    issued: list[Invoice] = field(default_factory=list)
    refused: list[tuple[Invoice, str]] = field(default_factory=list)
    job: Job | None = None


def problems(invoice: Invoice) -> list[Missing]:
    """What stands in the way of issuing a draft today; none if it may be issued.

    The XML is made once for trial: what cannot be made must be known before there is a
    number, for a number is never given back.
    """
    said = snapshot_of(invoice, number=DRAFT_NUMBER, issued_on=timezone.localdate())
    found = _own_problems(invoice, said)
    # Where the invoice itself is not right, what the standard misses would only repeat it.
    return found or check_words(said)


def check_words(said: Snapshot) -> list[Missing]:
    """What the standard misses in ``said``, and whether its XML can be made at all."""
    found = list(missing(said))
    if not found and not said.plain_pdf:
        try:
            xml_of(said)
        except Exception as fault:  # noqa: BLE001  # whatever it is, no number must be taken for it
            text = f"Die elektronische Rechnung lässt sich nicht erzeugen ({type(fault).__name__})."
            found.append(Missing("xml", f"{text} Bitte wenden Sie sich an die Betreuung."))
    return found


def _own_problems(invoice: Invoice, said: Snapshot) -> list[Missing]:
    found = []
    if invoice.issuer.way == Way.ELSEWHERE:
        found.append(Missing("way", ELSEWHERE))
    if not said.lines:
        found.append(Missing("lines", "Die Rechnung hat noch keine Zeile."))
    elif said.gross <= 0:
        found.append(Missing("lines", "Der Betrag der Rechnung ist 0,00 €."))
    if said.due_on is not None and said.due_on < said.issued_on:
        found.append(
            Missing("due_on", f"Das Fälligkeitsdatum {said.due_on:%d.%m.%Y} ist schon vorbei.")
        )
    return found


def issue(invoice: Invoice, *, seen: str | None = None, by: User) -> Invoice:
    """Give a draft its number and freeze what it says; its files are made soon after.

    All in one transaction, the number last: a process that dies in the middle leaves the
    draft as it was. Pressed twice, or by two people, the second is refused. ``seen`` is the
    ``seen_of`` of what was shown and confirmed, ``None`` where nobody was asked. Raises
    ``Refused`` if that is no longer what it says, or with everything that is missing.
    """
    with transaction.atomic(), acting(by):
        draft = held_draft(invoice)
        if seen is not None and seen != seen_of(draft):
            raise Refused(CHANGED)
        found = problems(draft)
        if found:
            raise Refused(" ".join(one.text for one in found))
        today = timezone.localdate()
        number, sequence = take_number(draft.issuer, today)
        said = snapshot_of(draft, number=number, issued_on=today)
        freeze(draft, said, sequence=sequence, by=by)
        wake(FILES_TASK)
    # The caller's own object must not go on as if it were a draft.
    invoice.refresh_from_db()
    return invoice


def freeze(draft: Invoice, said: Snapshot, *, sequence: int, by: User) -> None:
    """Write number and snapshot into a held draft: from here on it never changes."""
    draft.state = InvoiceState.ISSUING
    draft.way = Way.HERE
    draft.number, draft.year, draft.sequence = said.number, said.issued_on.year, sequence
    draft.issued_on, draft.due_on = said.issued_on, said.due_on
    draft.net, draft.tax, draft.gross = said.net, said.tax, said.gross
    draft.snapshot = said.as_json()
    draft.issued_by, draft.issued_at = by, timezone.now()
    # save() writes only over the version that was read under the lock.
    draft.save()


def issue_many(invoices: Sequence[Invoice], *, by: User) -> Many:
    """Issue drafts of one run, each for itself: what one misses holds up no other.

    Each as ``invoices`` has it: one that was changed since, in the database, is refused.
    Up to ``AT_ONCE`` at once, more as a job of ``by``, whose progress is on its page and
    whose result lists what was refused. Raises ``Refused`` if ``by`` has too many jobs.
    """
    seen = {str(invoice.pk): seen_of(invoice) for invoice in invoices}
    if len(invoices) <= AT_ONCE:
        return issue_each(invoices, seen=seen, by=by)
    params = {"invoices": [invoice.pk for invoice in invoices], "seen": seen}
    title = f"{len(invoices)} Rechnungen ausstellen"
    return Many(job=start_job(ISSUE_KIND, by=by, params=params, title=title))


def issue_each(
    invoices: Iterable[Invoice],
    *,
    seen: Mapping[str, str],
    by: User,
    done: Any = lambda count: None,
) -> Many:
    """Issue one after another what ``by`` may issue and what is as it was ``seen``.

    ``seen`` holds their ``seen_of`` by primary key, as text; ``done`` is told after each how
    many are through.
    """
    found = Many()
    for count, invoice in enumerate(invoices, start=1):
        try:
            if not issues(by, invoice):
                raise Refused(NOT_YOURS)
            found.issued.append(issue(invoice, seen=seen.get(str(invoice.pk), ""), by=by))
        except Refused as refusal:
            found.refused.append((invoice, str(refusal)))
        done(count)
    return found
