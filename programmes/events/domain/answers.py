"""Answering an invitation, and who came."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.events.domain.holding import begun, held_attendee, held_planned
from programmes.events.models import Answer, Attendee, Event
from programmes.events.registries import taken_places

FULL = (
    "Es sind leider schon alle Plätze vergeben. Sie können absagen, oder Sie fragen nach, ob noch "
    "jemand dazukommen kann."
)


def closed_reason(event: Event) -> str:
    """Why nobody can answer by themselves any more; "" while they can."""
    if event.state != "planned":
        return "Die Veranstaltung ist abgesagt."
    if begun(event):
        return "Die Veranstaltung hat schon begonnen."
    if event.answer_until is not None and timezone.localdate() > event.answer_until:
        return f"Antworten waren bis zum {event.answer_until:%d.%m.%Y} möglich."
    return ""


def answer(
    attendee: Attendee,
    *,
    answer: str,
    note: str = "",
    diet: str | None = "",
    access_needs: str | None = "",
    by: User | None = None,
    on_behalf: bool = False,
) -> Attendee:
    """Enter what somebody answers; ``None`` leaves a need as it is.

    ``on_behalf``: somebody who runs the event enters it, also after the last day for
    answers. Raises ``Refused`` when it is too late or all places are taken.
    """
    with transaction.atomic(), acting(by):
        event = held_planned(attendee.event)
        stored = held_attendee(attendee)
        late = begun(event) and "Die Veranstaltung hat schon begonnen."
        if reason := late if on_behalf else closed_reason(event):
            raise Refused(reason)
        if answer == Answer.YES and stored.answer != Answer.YES and places_left(event) == 0:
            raise Refused(FULL)
        stored.answer = Answer(answer)
        stored.answered_at = None if stored.answer == Answer.OPEN else timezone.now()
        stored.note = note
        if not event.asks_needs or stored.answer == Answer.NO:
            diet, access_needs = "", ""
        stored.diet = stored.diet if diet is None else diet
        stored.access_needs = stored.access_needs if access_needs is None else access_needs
        stored.save()
    return stored


def places_left(event: Event) -> int | None:
    """How many may still come; ``None`` where there is no limit."""
    if event.capacity is None:
        return None
    invited = Attendee.objects.filter(event=event, answer=Answer.YES).count()
    others = sum(taken(event) for taken in taken_places)
    return max(0, event.capacity - invited - others)


def mark_attendance(
    event: Event,
    came: Mapping[int, bool | None],
    *,
    by: User,
    seen: Mapping[int, bool | None] | None = None,
) -> list[Attendee]:
    """Enter who came, by primary key of the invitation.

    With ``seen`` (what the page had shown) an entry somebody else changed meanwhile stays;
    those are returned. Raises ``Refused`` before the day of the event.
    """
    with transaction.atomic(), acting(by):
        stored = held_planned(event)
        check_open_door(stored)
        kept = []
        rows = Attendee.objects.select_for_update(of=("self",)).select_related("person")
        for row in rows.filter(event=stored, pk__in=came):
            wanted = came[row.pk]
            if row.attended == wanted:
                continue
            if seen is not None and row.attended != seen.get(row.pk):
                kept.append(row)
                continue
            row.attended = wanted
            row.save(update_fields=["attended"])
    return kept


def check_open_door(event: Event) -> None:
    """Raise ``Refused`` before the day of the event."""
    if timezone.localdate() < timezone.localdate(event.starts_at):
        raise Refused("Die Anwesenheit lässt sich erst am Tag der Veranstaltung eintragen.")
