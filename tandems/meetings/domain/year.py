"""What the Beirat does in a tandem's year: accompany, end, complete."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.permissions import roles_of
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from tandems.applications.domain import withdraw
from tandems.applications.models import ApplicationState
from tandems.meetings.domain.contact import can_accompany
from tandems.meetings.domain.locks import check_follows, held, held_running, revealed_day
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.mentors import domain as mentors
from tandems.mentors.models import MentorState
from tandems.pairs.domain import touch
from tandems.pairs.models import EndReason, Tandem, TandemState

MENTEE, MENTOR = "mentee", "mentor"
LEFT = "Hat das Programm nach Beginn des Tandems verlassen."
TAKEN = "Dieses Tandem wird schon begleitet. Den Wechsel trägt die Beiratsleitung ein."


def accompany(tandem: Tandem, person: Person | None, *, by: User) -> Tandem:
    """Set who of the Beirat accompanies the tandem; ``None`` for nobody.

    A lead sets anybody with a seat, everybody else themselves, or nobody in their own
    place. ``tandem`` carries the version the change began with. Raises ``EditConflict`` or
    ``Refused``.
    """
    with transaction.atomic(), acting(by):
        stored = held(tandem)
        check_follows(stored, by)
        key = person.pk if person is not None else None
        if stored.accompanied_by_id == key:
            return stored
        if stored.version != tandem.version:
            raise EditConflict(stored)
        own = posts_of(by).person
        if stored.cycle_id not in roles_of(by).lead:
            if key is None and stored.accompanied_by_id != own:
                raise Refused("Eine Begleitung, die nicht Sie sind, beendet die Beiratsleitung.")
            if key is not None and key != own:
                raise Refused("Andere als Begleitung eintragen kann nur die Beiratsleitung.")
            if key is not None and stored.accompanied_by_id is not None:
                raise Refused(TAKEN)
        if person is not None and person not in can_accompany(stored):
            raise Refused(
                f"{person.full_name} kann dieses Tandem nicht begleiten. Wählen Sie bitte ein "
                "anderes Mitglied des Beirats."
            )
        stored.accompanied_by = person
        stored.save(update_fields=["accompanied_by"])
        return stored


def accompany_oneself(tandem: Tandem, *, by: User) -> Tandem:
    """Accompany a tandem that nobody else accompanies. Raises as ``accompany``."""
    with transaction.atomic(), acting(by):
        stored = held(tandem)
        own = Person.objects.filter(pk=posts_of(by).person or 0).first()
        if own is None:
            raise Refused("Ihr Zugang gehört zu keiner Person des Programms.")
        if stored.accompanied_by_id not in (None, own.pk):
            raise Refused(TAKEN)
        return accompany(stored, own, by=by)


def end_early(
    tandem: Tandem,
    *,
    on: date,
    reason: EndReason | str,
    leavers: Collection[str] = (),
    by: User,
) -> Tandem:
    """End a running tandem early, with a class of reason and never a story.

    ``leavers`` says who of "mentee" and "mentor" leaves the programme with it: their entry
    as a participant ends today, a mentee's application is withdrawn, a mentor's Profilbogen
    goes. The others may be matched anew.
    Planned meetings after ``on`` go. Raises ``Refused`` for a day to come or before the
    tandem, for one before a meeting that took place, and where a leaving mentor still
    accompanies somebody else.
    """
    with transaction.atomic(), acting(by):
        stored = held_running(tandem)
        check_follows(stored, by)
        if reason not in EndReason.values:
            raise Refused("Bitte wählen Sie, warum das Tandem endet.")
        end_now(stored, TandemState.ENDED_EARLY, on, reason)
        if MENTEE in leavers:
            _mentee_leaves(stored, by)
        if MENTOR in leavers and stored.mentor.state == MentorState.AGREED:
            mentors.end(stored.mentor, by=by)
        return stored


def complete(tandem: Tandem, *, on: date, by: User) -> Tandem:
    """Note that a tandem has come to its end as planned. Raises as ``end_early``."""
    with transaction.atomic(), acting(by):
        stored = held_running(tandem)
        check_follows(stored, by)
        end_now(stored, TandemState.COMPLETED, on)
        return stored


def complete_all(tandems: Iterable[Tandem], *, on: date, by: User) -> int:
    """Complete those of ``tandems`` that still run, all or none; returns how many.

    Raises ``Refused`` as ``complete``, naming the tandem.
    """
    count = 0
    with transaction.atomic(), acting(by):
        for tandem in tandems:
            stored = held(tandem)
            if stored.state not in TandemState.running():
                continue
            try:
                complete(stored, on=on, by=by)
            except Refused as refused:
                names = f"{stored.mentee_person.full_name} und {stored.mentor_person.full_name}"
                raise Refused(f"{names}: {refused}") from refused
            count += 1
    return count


def end_now(tandem: Tandem, state: TandemState, on: date, reason: str = "") -> None:
    """End ``tandem``, whose cycle is held, with the ``state`` given; raises as ``end_early``."""
    today = timezone.localdate()
    if on > today:
        raise Refused(
            "Dieser Tag liegt in der Zukunft. Tragen Sie das Ende ein, wenn es so weit ist."
        )
    first = revealed_day(tandem)
    if on < first:
        raise Refused(f"Dieses Tandem gibt es erst seit dem {first:%d.%m.%Y}.")
    meetings = TandemMeeting.objects.filter(tandem=tandem, met_on__gt=on)
    later = meetings.filter(met_on__lte=today).order_by("-met_on").first()
    if later is not None:
        raise Refused(
            f"Die beiden haben sich am {later.met_on:%d.%m.%Y} noch getroffen. Wählen Sie diesen "
            "oder einen späteren Tag."
        )
    for planned in meetings:
        planned.delete()
    for call in HelpCall.objects.filter(tandem=tandem, settled_on=None):
        call.settled_on = today
        call.save(update_fields=["settled_on"])
    tandem.state, tandem.ended_on, tandem.end_reason = state, on, reason
    tandem.save(update_fields=["state", "ended_on", "end_reason"])
    # The wall shows who is left over.
    touch(tandem.cycle)


def _mentee_leaves(tandem: Tandem, by: User) -> None:
    """The application counts as withdrawn: then no page looks for a match any more."""
    if tandem.application.state == ApplicationState.PLACED:
        withdraw(tandem.application, reason=LEFT, by=by)
