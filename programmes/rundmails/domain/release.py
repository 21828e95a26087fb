"""Releasing: the one act after which a mail goes out, and how to take it back."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.waking import wake
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.permissions import roles_of
from programmes.people.models import Person
from programmes.rundmails.domain.audience import (
    Changes,
    changes_since_release,
    resolve_audience,
)
from programmes.rundmails.domain.checks import (
    NOT_RELEASED_BY_YOU,
    RELEASED_BY_LEADS,
    check,
    lost_content,
)
from programmes.rundmails.domain.locks import check_state, held
from programmes.rundmails.domain.timing import planned_send_at
from programmes.rundmails.models import (
    ConfirmReason,
    Recipient,
    RecipientState,
    Rundmail,
    RundmailState,
)
from programmes.rundmails.permissions import may_release

FREEZE_TASK = "programmes.rundmails.tasks.freeze"
START_TASK = "programmes.rundmails.tasks.start"
REVIEW_BEFORE = timedelta(days=2)
"""So long before a later sending those who released are shown who came or went."""

CHANGED = (
    "Die Rundmail oder ihr Empfängerkreis hat sich geändert, seit Sie die Vorschau geöffnet "
    "haben. Es wurde nichts freigegeben. Sehen Sie sich die Liste noch einmal an."
)
SECOND_PERSON = (
    "Dieser Durchgang verlangt vier Augen: Eine zweite Person aus dem Beirat muss genau dieser "
    "Fassung zuerst zustimmen."
)
NOT_BOTH = "Wer zugestimmt hat, kann nicht auch freigeben: Dafür braucht es eine zweite Person."


def needs_second_person(mail: Rundmail) -> bool:
    """Whether somebody else of the Beirat has yet to approve this version (four eyes)."""
    if not (mail.confidential and mail.cycle.four_eyes):
        return False
    approver = mail.approved_by
    return (
        approver is None
        or mail.approved_version != mail.version
        or mail.cycle_id not in roles_of(approver).inside
    )


def approve(mail: Rundmail, *, version: int, by: User) -> None:
    """Say as the second person that ``mail`` may go out as it stands in ``version``.

    Raises ``Refused`` if it was changed since, is no confidential draft, or its cycle does
    not want four eyes.
    """
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.DRAFT)
        if not (stored.confidential and stored.cycle.four_eyes):
            raise Refused("Diese Rundmail braucht keine Zustimmung einer zweiten Person.")
        if stored.version != version:
            raise Refused(
                "Die Rundmail wurde inzwischen geändert. Lesen Sie sie noch einmal und stimmen "
                "Sie dann zu."
            )
        # The version stays: what is approved is exactly this one.
        Rundmail.objects.filter(pk=stored.pk).update(
            approved_by=by, approved_version=version, version=F("version")
        )


def release(mail: Rundmail, *, seen: str, by: User) -> Rundmail:
    """Release ``mail`` to exactly the list that ``seen`` (``Resolution.seen``) stands for.

    Fixes the recipients and sets when it goes out. Of two who release at once one succeeds.
    Raises ``Refused`` with everything that is in the way.
    """
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.DRAFT)
        _check_rights(stored, by)
        resolution = resolve_audience(stored, by)
        if resolution.seen != seen:
            raise Refused(CHANGED)
        if problems := check(stored, by, resolution=resolution):
            raise Refused(" ".join(str(problem) for problem in problems))
        if needs_second_person(stored):
            raise Refused(SECOND_PERSON)
        _fix(stored, resolution.people)
        now = timezone.now()
        still_draft = Rundmail.objects.filter(pk=stored.pk, state=RundmailState.DRAFT)
        if not still_draft.update(
            state=RundmailState.RELEASED,
            released_at=now,
            released_by=by,
            send_at=planned_send_at(stored) or now,
            confirm_reason=ConfirmReason.NONE,
            review_asked_at=None,
        ):
            raise Refused("Diese Rundmail ist inzwischen freigegeben.")
        wake(START_TASK)
        stored.refresh_from_db()
    return stored


def _check_rights(mail: Rundmail, by: User) -> None:
    if not may_release(by, mail):
        raise Refused(RELEASED_BY_LEADS if mail.confidential else NOT_RELEASED_BY_YOU)
    if mail.confidential and mail.cycle.four_eyes and mail.approved_by_id == by.pk:
        raise Refused(NOT_BOTH)


def _fix(
    mail: Rundmail, people: Iterable[Person], state: RecipientState = RecipientState.FIXED
) -> None:
    """Put ``people`` on the list, with name and address as they are now."""
    Recipient.objects.bulk_create(
        (
            Recipient(
                rundmail=mail,
                person=person,
                name=person.full_name,
                email=person.email,
                state=state,
                sort_key=person.sort_key,
                search_key=person.search_key,
            )
            for person in people
        ),
        batch_size=500,
    )


def withdraw_release(mail: Rundmail, *, by: User) -> Rundmail:
    """Make a released mail a draft again, as long as its sending has not begun."""
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.RELEASED)
        # At once is no time that could be kept for the next release.
        at_once = stored.send_at is not None and stored.send_at == stored.released_at
        Rundmail.objects.filter(pk=stored.pk).update(
            state=RundmailState.DRAFT,
            released_at=None,
            released_by=None,
            send_at=None if at_once else stored.send_at,
            confirm_reason=ConfirmReason.NONE,
            review_asked_at=None,
        )
        stored.recipients.all().delete()
        stored.refresh_from_db()
    return stored


def confirm(mail: Rundmail, *, seen: str, by: User) -> Rundmail:
    """Confirm a released mail that waits for it, with the list as shown (``Changes.seen``).

    Those who came get it too, those who went do not; ``by`` answers for it from now on. A
    mail held while being sent (an attachment was missing) goes on.
    """
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.RELEASED, RundmailState.SENDING)
        _check_rights(stored, by)
        if stored.state == RundmailState.SENDING:
            _go_on(stored, by)
            return stored
        changes = changes_since_release(stored, by)
        if changes.seen != seen:
            raise Refused(CHANGED.replace("freigegeben", "bestätigt"))
        if problems := check(stored, by, on_time=False):
            raise Refused(" ".join(str(problem) for problem in problems))
        take_over(stored, changes, RecipientState.FIXED)
        now = timezone.now()
        assert stored.send_at is not None
        Rundmail.objects.filter(pk=stored.pk).update(
            confirm_reason=ConfirmReason.NONE,
            released_by=by,
            # Asked for the last time, unless the sending is still far off.
            review_asked_at=now if stored.send_at <= now + REVIEW_BEFORE else None,
        )
        wake(START_TASK)
        stored.refresh_from_db()
    return stored


def take_over(mail: Rundmail, changes: Changes, added_as: RecipientState) -> None:
    """Take off the list who went and put on it who came, as ``added_as``."""
    gone = [row.pk for row in (*changes.gone, *changes.unseen)]
    mail.recipients.filter(pk__in=gone).update(state=RecipientState.WITHDRAWN)
    # Who waits is found anew; whoever left and came back has a row already.
    mail.recipients.filter(state=RecipientState.ADDED).delete()
    mail.recipients.filter(person__in=[person.pk for person in changes.added]).delete()
    # The address may belong to somebody who went and shares the mailbox.
    addresses = [person.email for person in changes.added]
    mail.recipients.filter(state=RecipientState.WITHDRAWN, email__in=addresses).update(email="")
    _fix(mail, changes.added, added_as)


def _go_on(mail: Rundmail, by: User) -> None:
    if not mail.confirm_reason:
        raise Refused("Diese Rundmail wird gerade versandt; es gibt nichts zu bestätigen.")
    if problems := lost_content(mail, by):
        said = " ".join(str(problem) for problem in problems)
        raise Refused(f"{said} So geht der Versand nicht weiter; Sie können ihn anhalten.")
    Rundmail.objects.filter(pk=mail.pk).update(confirm_reason=ConfirmReason.NONE)
    mail.refresh_from_db()
    wake(FREEZE_TASK)
