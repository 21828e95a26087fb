"""What the two enter about their year: meetings, and the day of their agreement."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from tandems.meetings.domain.locks import half, held_running, revealed_day
from tandems.meetings.models import MeetingForm, TandemMeeting
from tandems.pairs.models import Tandem, TandemState

AHEAD = timedelta(days=366)
"""So far ahead a meeting may be planned."""

TWICE = timedelta(minutes=1)
"""The very same meeting within this time is one that was sent twice."""

SHORTEST, LONGEST = 5, 720


def first_day(tandem: Tandem) -> date:
    """The first day on which the two may have met: the reveal, or the Startworkshop before it.

    A lead may press the button a day late; of a later match nobody knew before its reveal.
    """
    day = revealed_day(tandem)
    workshop = tandem.cycle.start_workshop_on
    return min(day, workshop) if workshop is not None and tandem.after_id is None else day


def same_day(tandem: Tandem, met_on: date, *, besides: TandemMeeting | None = None) -> bool:
    """Whether the two have a meeting on that day already, to ask before a second one."""
    found = TandemMeeting.objects.filter(tandem=tandem, met_on=met_on)
    if besides is not None:
        found = found.exclude(pk=besides.pk)
    return found.exists()


def enter_meeting(
    tandem: Tandem, *, met_on: date, form: MeetingForm | str, minutes: int, by: User
) -> TandemMeeting:
    """Enter that the two met, or will meet (``met_on`` ahead: planned, and not counted yet).

    ``minutes`` is 5 to 720. The first entry makes the tandem active. Sent twice within a
    minute it is one. Raises ``Refused`` before the reveal, after the end, for a day outside
    the tandem's year, and to anybody but the two.
    """
    with transaction.atomic(), acting(by):
        stored = held_running(tandem)
        person = half(stored, by)
        _check(stored, met_on, form, minutes)
        twin = TandemMeeting.objects.filter(
            tandem=stored,
            met_on=met_on,
            form=form,
            minutes=minutes,
            entered_by=person,
            entered_at__gte=timezone.now() - TWICE,
        ).first()
        if twin is not None:
            return twin
        meeting = TandemMeeting.objects.create(
            tandem=stored, met_on=met_on, form=form, minutes=minutes, entered_by=person
        )
        _begin(stored)
        return meeting


def change_meeting(
    meeting: TandemMeeting, *, met_on: date, form: MeetingForm | str, minutes: int, by: User
) -> TandemMeeting:
    """Change a meeting, whoever of the two entered it.

    ``meeting`` carries the version the change began with. Raises ``EditConflict`` if the
    other changed or deleted it meanwhile, ``Refused`` as ``enter_meeting``.
    """
    with transaction.atomic(), acting(by):
        tandem = held_running(meeting.tandem)
        half(tandem, by)
        stored = TandemMeeting.objects.select_for_update(of=("self",)).filter(pk=meeting.pk).first()
        if stored is None or stored.version != meeting.version:
            raise EditConflict(stored)
        _check(tandem, met_on, form, minutes)
        stored.met_on, stored.form, stored.minutes = met_on, form, minutes
        stored.save()
        return stored


def delete_meeting(meeting: TandemMeeting, *, by: User) -> None:
    """Delete a meeting, whoever of the two entered it; one that is gone already is no fault.

    Raises ``Refused`` after the end, and to anybody but the two.
    """
    with transaction.atomic(), acting(by):
        tandem = held_running(meeting.tandem)
        half(tandem, by)
        stored = TandemMeeting.objects.filter(pk=meeting.pk, tandem=tandem).first()
        if stored is not None:
            stored.delete()


def note_agreement(tandem: Tandem, on: date | None, *, by: User) -> Tandem:
    """Note the day of the Mentoringvereinbarung; ``None`` takes it back.

    ``tandem`` carries the version the change began with. Raises ``EditConflict``, and
    ``Refused`` for a day to come or before the tandem, and to anybody but the two.
    """
    with transaction.atomic(), acting(by):
        stored = held_running(tandem)
        half(stored, by)
        if stored.agreement_on == on:
            return stored
        if stored.version != tandem.version:
            raise EditConflict(stored)
        if on is not None:
            if on > timezone.localdate():
                raise Refused(
                    "Dieser Tag liegt in der Zukunft. Tragen Sie die Mentoringvereinbarung ein, "
                    "wenn Sie beide unterschrieben haben."
                )
            _check_not_before(stored, on)
        stored.agreement_on = on
        stored.save(update_fields=["agreement_on"])
        if on is not None:
            _begin(stored)
        return stored


def _begin(tandem: Tandem) -> None:
    """From the first thing the two enter their tandem is active."""
    if tandem.state == TandemState.REVEALED:
        tandem.state = TandemState.ACTIVE
        tandem.save(update_fields=["state"])


def _check(tandem: Tandem, met_on: date, form: str, minutes: int) -> None:
    _check_not_before(tandem, met_on)
    if met_on > timezone.localdate() + AHEAD:
        raise Refused(
            "Dieser Tag liegt mehr als ein Jahr in der Zukunft. Bitte prüfen Sie die Jahreszahl."
        )
    if form not in MeetingForm.values:
        raise Refused("Bitte wählen Sie, wie Sie sich getroffen haben.")
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused(
            f"Bitte geben Sie die Dauer in Minuten an, von {SHORTEST} bis {LONGEST} (12 Stunden)."
        )


def _check_not_before(tandem: Tandem, day: date) -> None:
    first = first_day(tandem)
    if day < first:
        raise Refused(
            f"Ihr Tandem gibt es erst seit dem {first:%d.%m.%Y}. Bitte prüfen Sie das Datum."
        )
