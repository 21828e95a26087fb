"""The doors of this room: the words of the certificates, and noting who made some.

Whether ``by`` may open them is asked by the rule of the page.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, record_accesses
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.certificates.models import CertificateKind, CertificateText
from programmes.certificates.placeholders import facts_of, names_holder, problems_in
from programmes.certificates.texts import EVENTS_AT_LEAST, HEADINGS, TEXTS
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import CouncilSeat, Cycle, Participant

NO_NAME = "Im Text fehlt {name}: Ohne ihn sagt das Blatt nicht, für wen es ist."


def text_of(cycle: Cycle, kind: CertificateKind) -> CertificateText:
    """The words of ``cycle``, or those it begins with, which nobody has saved yet."""
    found: CertificateText | None = CertificateText.objects.filter(cycle=cycle, kind=kind).first()
    if found is None:
        return proposed_text(cycle, kind)
    found.cycle = cycle
    return found


def texts_of(cycle: Cycle) -> dict[CertificateKind, CertificateText]:
    """Both of them, as ``text_of``."""
    stored = {row.kind: row for row in CertificateText.objects.filter(cycle=cycle)}
    for row in stored.values():
        row.cycle = cycle
    return {kind: stored.get(kind) or proposed_text(cycle, kind) for kind in CertificateKind}


def events_at_least(cycle: Cycle) -> dict[CertificateKind, int]:
    """How many events each kind asks for; one query."""
    rows = CertificateText.objects.filter(cycle=cycle)
    stored = dict(rows.values_list("kind", "events_at_least"))
    return {kind: stored.get(kind, EVENTS_AT_LEAST[kind]) for kind in CertificateKind}


def proposed_text(cycle: Cycle, kind: CertificateKind) -> CertificateText:
    """What ``cycle`` begins with: our words, the closing event's day, the leads' signatures."""
    leads = CouncilSeat.objects.held().filter(participation__cycle=cycle, lead=True)
    names = [seat.person.full_name for seat in leads.select_related("person")]
    return CertificateText(
        cycle=cycle,
        kind=kind,
        heading=HEADINGS[kind],
        text=TEXTS[kind],
        events_at_least=EVENTS_AT_LEAST[kind],
        dated_on=facts_of(cycle).ends,
        signatures="\n".join(f"{name}, Leitung des Beirats" for name in names),
    )


def save_text(text: CertificateText, *, by: User) -> CertificateText:
    """Save the words of one kind.

    Raises ``Refused`` in a cycle that has ended, for a placeholder that does not exist and for
    a text that names nobody; ``EditConflict`` if somebody else was faster, with the first
    save too.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(text.cycle)
        if problems := problems_in(f"{text.heading}\n{text.text}"):
            raise Refused(" ".join(problems))
        if not names_holder([text.heading, text.text]):
            raise Refused(NO_NAME)
        if text._state.adding:
            first = CertificateText.objects.filter(cycle=cycle, kind=text.kind).first()
            if first is not None:
                raise EditConflict(first)
        text.save()
        return text


def release(cycle: Cycle, kind: CertificateKind, *, by: User) -> CertificateText:
    """Let who fulfils it fetch their own. Raises ``Refused`` if they may already."""
    with transaction.atomic(), acting(by):
        text = text_of(held_open(cycle), kind)
        if text.released_at is not None:
            raise Refused(f"{text} ist schon freigegeben.")
        text.released_at = timezone.now()
        text.save()
        return text


def withdraw(cycle: Cycle, kind: CertificateKind, *, by: User) -> CertificateText:
    """End the release. Raises ``Refused`` if there is none."""
    with transaction.atomic(), acting(by):
        text = text_of(held_open(cycle), kind)
        if text.released_at is None:
            raise Refused(f"{text} ist nicht freigegeben.")
        text.released_at = None
        text.save()
        return text


def note_made(people: Iterable[Participant], *, by: User) -> None:
    """Enter in the log that ``by`` made the certificates of ``people``."""
    keys = [row.pk for row in people]
    record_accesses(Participant.objects.filter(pk__in=keys).select_related("cycle"), by=by)


def copy_to_new_cycle(old: Cycle, new: Cycle, by: User) -> None:
    """Take the words over into ``new``; day, signatures and release are those of the old one."""
    kept = ("kind", "heading", "text", "events_at_least", "lists_events", "place", "with_logos")
    for text in CertificateText.objects.filter(cycle=old):
        CertificateText.objects.create(cycle=new, **{name: getattr(text, name) for name in kept})
