"""Sending: from the hour that has come to the last answer of the mail server.

The rows are the work. A released mail is claimed by conditional update, its messages are
frozen chunk by chunk (each chunk with the recipients' deliveries in one transaction, under
the mail's lock), and the outbox does the rest. Whoever is killed in between leaves
recipients without a delivery, and the sweep goes on with exactly those.
"""

import time
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.faults import Contained
from mentoring.jobs.waking import wake
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState
from programmes.outbox import domain as outbox
from programmes.outbox.messages import Attachment, Outgoing
from programmes.outbox.models import Delivery, DeliveryState
from programmes.people.models import Person
from programmes.rundmails.domain.audience import changes_since_release, resolve_audience
from programmes.rundmails.domain.checks import lost_content, missing_values
from programmes.rundmails.domain.content import (
    Unreadable,
    attachments_to_freeze,
    read_attachments,
    unfrozen,
)
from programmes.rundmails.domain.drafts import PURPOSE
from programmes.rundmails.domain.locks import check_state, held, held_alone
from programmes.rundmails.domain.release import FREEZE_TASK, REVIEW_BEFORE, take_over
from programmes.rundmails.models import (
    ConfirmReason,
    Recipient,
    RecipientState,
    Rundmail,
    RundmailState,
)
from programmes.rundmails.notices import ask
from programmes.rundmails.permissions import may_release
from programmes.rundmails.render import Letter, preview_for

TEST_PURPOSE = "rundmail.test"
CHUNK = 200
TURN_SECONDS = 20.0
"""How long one task freezes before it gives its process to others, such as the sweep."""

WAITS = "Bis dahin wird sie nicht versandt."
GOES_ANYWAY = (
    "Bestätigen Sie nicht, geht sie an die Liste von der Freigabe, ohne die, die nicht mehr "
    "dabei sind. Wer dazugekommen ist, bekommt sie dann erst, wenn Sie es auslösen."
)


# --- the hour has come --------------------------------------------------------------------
def start_due() -> int:
    """Begin to send the released mails whose time has come; returns how many."""
    due = (
        Rundmail.objects.filter(
            state=RundmailState.RELEASED,
            confirm_reason=ConfirmReason.NONE,
            send_at__lte=timezone.now(),
        )
        .exclude(cycle__state__in=CycleState.ended())
        .order_by("send_at", "pk")
    )
    started = 0
    for key in list(due.values_list("pk", flat=True)):
        # One mail that cannot begin must not keep the others from it.
        with Contained(f"start of rundmail {key}"):
            started += _start(key)
    return started


@transaction.atomic
def _start(key: int) -> int:
    mail = held_alone(
        key,
        state=RundmailState.RELEASED,
        confirm_reason=ConfirmReason.NONE,
        send_at__lte=timezone.now(),
    )
    if mail is None:
        return 0
    if mail.released_by is None or not may_release(mail.released_by, mail):
        hold(mail, ConfirmReason.RIGHTS)
        return 0
    take_over(mail, changes_since_release(mail, mail.released_by), RecipientState.ADDED)
    if lost_content(mail, mail.released_by):
        hold(mail, ConfirmReason.CONTENT)
        return 0
    Rundmail.objects.filter(pk=mail.pk).update(
        state=RundmailState.SENDING, started_at=timezone.now()
    )
    wake(FREEZE_TASK)
    return 1


def hold(mail: Rundmail, reason: ConfirmReason) -> None:
    """Have ``mail`` wait for a second look, and tell those who can give it."""
    changed = Rundmail.objects.filter(pk=mail.pk, confirm_reason=ConfirmReason.NONE).update(
        confirm_reason=reason, review_asked_at=timezone.now()
    )
    if changed:
        ask(mail, why=str(reason.label), then=WAITS)


# --- freezing -----------------------------------------------------------------------------
def to_freeze() -> QuerySet[Rundmail]:
    """Mails being sent whose messages are not all frozen, the longest waiting first."""
    lacking = Recipient.objects.filter(
        rundmail=OuterRef("pk"), state=RecipientState.FIXED, delivery=None
    )
    found: QuerySet[Rundmail] = Rundmail.objects.filter(
        Exists(lacking), state=RundmailState.SENDING, confirm_reason=ConfirmReason.NONE
    ).order_by("started_at", "pk")
    return found


def freeze_waiting() -> int:
    """Freeze what waits, for ``TURN_SECONDS`` at most; returns how many messages."""
    ends_at = time.monotonic() + TURN_SECONDS
    frozen = 0
    for mail in to_freeze().select_related("cycle__programme__logistics_partner", "event"):
        with Contained(f"freezing of rundmail {mail.pk}"):
            frozen += _freeze(mail, ends_at)
        if time.monotonic() > ends_at:
            break
    return frozen


def _freeze(mail: Rundmail, ends_at: float) -> int:
    """Freeze one mail's messages until all are, or the turn is over."""
    letter = Letter(mail)
    try:
        attachments = attachments_to_freeze(mail)
    except Unreadable:
        hold(mail, ConfirmReason.CONTENT)
        return 0
    frozen = 0
    while time.monotonic() <= ends_at:
        number = _freeze_chunk(mail, letter, attachments)
        frozen += number
        if not number:
            break
    return frozen


@transaction.atomic
def _freeze_chunk(mail: Rundmail, letter: Letter, attachments: Sequence[Attachment]) -> int:
    """Freeze up to ``CHUNK`` messages; 0 if there are none, or the mail was stopped or held."""
    locked = held_alone(mail.pk, state=RundmailState.SENDING, confirm_reason=ConfirmReason.NONE)
    if locked is None:
        return 0
    rows = list(unfrozen(mail).select_related("person__municipality")[:CHUNK])
    known = [row for row in rows if row.person is not None]
    messages = list(letter.messages([row.person for row in known if row.person is not None]))
    if any(message.missing for message in messages):
        hold(locked, ConfirmReason.CONTENT)
        return 0
    # Whoever was erased meanwhile gets nothing.
    erased = [row.pk for row in rows if row.person is None]
    Recipient.objects.filter(pk__in=erased).update(state=RecipientState.WITHDRAWN)
    deliveries = outbox.queue_batch(
        [
            Outgoing(
                to_email=row.email,
                to_name=row.name,
                subject=message.subject,
                text=message.text,
                html=message.html,
                person=message.person,
            )
            for row, message in zip(known, messages, strict=True)
        ],
        batch=mail.batch,
        purpose=PURPOSE,
        confidential=mail.confidential,
        reply_to=mail.reply_to,
        attachments=attachments,
        by=locked.released_by,
    )
    for row, delivery in zip(known, deliveries, strict=True):
        row.delivery = delivery
    Recipient.objects.bulk_update(known, ["delivery"])
    return len(rows)


def finish_sent() -> int:
    """End the mails of which nothing waits any more; returns how many."""
    sending = Rundmail.objects.filter(
        state=RundmailState.SENDING, confirm_reason=ConfirmReason.NONE
    )
    return sum(_finish(key) for key in list(sending.values_list("pk", flat=True)))


@transaction.atomic
def _finish(key: int) -> int:
    # Asked again under the lock: somebody may just have added a recipient.
    mail = held_alone(key, state=RundmailState.SENDING, confirm_reason=ConfirmReason.NONE)
    if mail is None or unfrozen(mail).exists():
        return 0
    on_its_way = (DeliveryState.QUEUED, DeliveryState.SENDING)
    if Delivery.objects.filter(batch=mail.batch, state__in=on_its_way).exists():
        return 0
    return Rundmail.objects.filter(pk=mail.pk).update(
        state=RundmailState.SENT, ended_at=timezone.now()
    )


# --- two days before ----------------------------------------------------------------------
def review_coming() -> int:
    """Show those who released who came or went since, two days before; returns how many."""
    soon = Rundmail.objects.filter(
        state=RundmailState.RELEASED,
        review_asked_at=None,
        send_at__lte=timezone.now() + REVIEW_BEFORE,
    ).exclude(cycle__state__in=CycleState.ended())
    asked = 0
    for key in list(soon.values_list("pk", flat=True)):
        with Contained(f"review of rundmail {key}"):
            asked += _review(key)
    return asked


@transaction.atomic
def _review(key: int) -> int:
    mail = held_alone(key, state=RundmailState.RELEASED, review_asked_at=None)
    if mail is None or mail.send_at is None or mail.released_at is None:
        return 0
    if mail.confirm_reason:
        why, then = ConfirmReason(mail.confirm_reason).label, WAITS
    elif mail.released_at > mail.send_at - REVIEW_BEFORE:
        return 0
    elif mail.released_by is None or not may_release(mail.released_by, mail):
        hold(mail, ConfirmReason.RIGHTS)
        return 1
    elif changes := changes_since_release(mail, mail.released_by):
        why = (
            f"Seit der Freigabe sind {len(changes.added)} Personen dazugekommen, "
            f"{len(changes.gone)} sind nicht mehr dabei."
        )
        then = GOES_ANYWAY
    else:
        return 0
    Rundmail.objects.filter(pk=mail.pk).update(review_asked_at=timezone.now())
    ask(mail, why=str(why), then=then)
    return 1


# --- by hand ------------------------------------------------------------------------------
def stop(mail: Rundmail, *, by: User) -> Rundmail:
    """Stop a released mail or one that is being sent; what is out stays counted."""
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.RELEASED, RundmailState.SENDING)
        Rundmail.objects.filter(pk=stored.pk).update(
            state=RundmailState.STOPPED,
            stopped_by=by,
            ended_at=timezone.now(),
            confirm_reason=ConfirmReason.NONE,
        )
        outbox.stop_batch(stored.batch, by=by)
        stored.refresh_from_db()
    return stored


def send_added(mail: Rundmail, *, by: User) -> int:
    """Send a mail to those who came later and waited; returns to how many."""
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.SENDING, RundmailState.SENT)
        if not may_release(by, stored):
            raise Refused("Sie dürfen diese Rundmail nicht freigeben.")
        meant = resolve_audience(stored, by).meant
        waiting = Recipient.objects.visible_to(by).filter(
            rundmail=stored, state=RecipientState.ADDED
        )
        still = [row.pk for row in waiting if row.person_id in meant]
        if not still:
            raise Refused("Es wartet niemand, der später dazugekommen ist.")
        people = Person.objects.filter(pk__in=waiting.filter(pk__in=still).values("person"))
        if problems := missing_values(stored, list(people.select_related("municipality"))):
            raise Refused(" ".join(str(problem) for problem in problems))
        Recipient.objects.filter(pk__in=still).update(state=RecipientState.FIXED)
        _send_on(stored)
        wake(FREEZE_TASK)
    return len(still)


def _send_on(mail: Rundmail) -> None:
    """Something of a sent mail is under way again."""
    Rundmail.objects.filter(pk=mail.pk, state=RundmailState.SENT).update(
        state=RundmailState.SENDING, ended_at=None
    )


def retry(recipient: Recipient, *, by: User) -> None:
    """Send a message that failed again; raises ``Refused`` if it has not or was stopped."""
    with transaction.atomic(), acting(by):
        stored = held(recipient.rundmail)
        check_state(stored, RundmailState.SENDING, RundmailState.SENT)
        outbox.retry_failed(_delivery(recipient), by=by)
        _send_on(stored)


def retry_all_failed(mail: Rundmail, *, by: User) -> int:
    """Send all messages of ``mail`` that failed again; returns how many."""
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.SENDING, RundmailState.SENT)
        failed = Delivery.objects.filter(
            recipient__in=Recipient.objects.visible_to(by).filter(rundmail=stored),
            state=DeliveryState.FAILED,
        )
        number = outbox.retry_all_failed(failed, by=by)
        if not number:
            raise Refused("Es ist keine Sendung fehlgeschlagen.")
        _send_on(stored)
    return number


def resolve_unclear(recipient: Recipient, *, sent: bool, by: User) -> None:
    """Decide about a message nobody knows the fate of: it arrived, or is to be sent again."""
    with transaction.atomic(), acting(by):
        stored = held(recipient.rundmail)
        if not sent:
            check_state(stored, RundmailState.SENDING, RundmailState.SENT)
        outbox.resolve_unclear(_delivery(recipient), by=by, sent=sent)
        if not sent:
            _send_on(stored)


def _delivery(recipient: Recipient) -> Delivery:
    found = Delivery.objects.filter(recipient=recipient).first()
    if found is None:
        raise Refused("An diese Person ist noch nichts versandt worden.")
    return found


def send_test(mail: Rundmail, *, by: User) -> Delivery:
    """Send ``mail`` as it stands to ``by`` alone; placeholders without a value get their sample.

    Raises ``Refused`` if an attachment is missing.
    """
    person: Person | None = Person.objects.filter(user=by).select_related("municipality").first()
    if person is None:
        raise Refused("Zu Ihrem Zugang gibt es keine Person, an die eine Probe gehen könnte.")
    try:
        attachments = read_attachments(mail)
    except Unreadable as fault:
        raise Refused(f"Der Anhang „{fault}“ ist nicht mehr vorhanden.") from fault
    message = preview_for(mail, person)
    return outbox.queue_mail(
        # The sign-in's address: whoever writes gets it, whatever stands in the person's record.
        to_email=by.email,
        to_name=person.full_name,
        subject=f"Probe: {message.subject}",
        text=message.text,
        html=message.html,
        reply_to=mail.reply_to,
        purpose=TEST_PURPOSE,
        person=person,
        confidential=mail.confidential,
        attachments=attachments,
        by=by,
    )
