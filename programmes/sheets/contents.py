"""The sheets of an event: who stands on them, and what they count.

Nothing here knows of pairs: everybody stands in the order of their names, and what is read
are invitations, registrations and the event itself.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import rules
from django.db.models import BooleanField, ExpressionWrapper, Q

from mentoring.text import sort_key
from programmes.cycles.models import CouncilSeat, Participant, ParticipantRole
from programmes.events.calendar import place
from programmes.events.domain import keeps_needs
from programmes.events.models import AgendaItem, Answer, Attendee, Event
from programmes.events.wording import when
from programmes.organisations.models import Municipality
from programmes.registrations.models import Interest, InterestState

WHO = {
    "zugesagt": "wer zugesagt hat",
    "offen": "wer zugesagt oder noch nicht geantwortet hat",
    "alle": "alle Eingeladenen",
}
"""Who stands on a sheet."""

_ANSWERS = {
    "zugesagt": (Answer.YES,),
    "offen": (Answer.YES, Answer.OPEN),
    "alle": tuple(Answer),
}
_PARTICIPANTS = [str(label) for label in ParticipantRole.labels]
NO_WISH = "ohne Angabe"
GUEST = "Gast"
"""As what somebody comes who registered on the public page."""


@dataclass(frozen=True)
class Options:
    """What may be chosen for a sheet."""

    who: str = "zugesagt"
    roles: bool = False
    """Whether badges say as what somebody comes."""
    role: str = ""
    """Only who is invited as this; "" for everybody."""
    house: int | None = None
    """Only who is of this Kommune (primary key)."""

    def takes(self, answer: str, role: str, house: int | None) -> bool:
        """Whether somebody with this answer, role and Kommune stands on a sheet."""
        return (
            answer in _ANSWERS[self.who] and self.role in ("", role) and self.house in (None, house)
        )


@dataclass(frozen=True)
class Guest:
    """One name on a sheet."""

    first_name: str
    last_name: str
    house: str
    role: str
    title: str = ""

    @property
    def name(self) -> str:
        """As lists write it: "Muster, Dr. Erika"."""
        return (
            f"{self.last_name}, {' '.join(part for part in (self.title, self.first_name) if part)}"
        )


@dataclass(frozen=True)
class Needs:
    """Counted wishes, most frequent first, without a name; ``None`` for who may not know."""

    diet: list[tuple[str, int]] = field(default_factory=list)
    access: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Content:
    """Everything that stands on the sheets of an event, as far as one user may know it."""

    event: Event
    options: Options
    guests: list[Guest]
    answers: dict[str, int]
    needs: Needs | None
    contacts: list[tuple[str, str]]

    @property
    def expected(self) -> int:
        """How many have said yes."""
        return self.answers[Answer.YES]

    @property
    def agenda(self) -> list[AgendaItem]:
        """The points of the event."""
        return list(self.event.agenda.all())

    @property
    def narrowed(self) -> str:
        """Who alone stands on the sheet, "" if that is everybody of the choice."""
        house = next((g.house for g in self.guests if g.house), "") if self.options.house else ""
        return ", ".join(part for part in (self.options.role, house) if part)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the room is prepared by; only what is filled in."""
        event = self.event
        rows = [
            ("Veranstaltung", event.title),
            ("Wann", when(event)),
            ("Ort", place(event)),
            ("Online", event.online_url),
            ("Raum", event.room),
            ("Material und Technik", event.material),
            ("Catering", event.catering),
            ("Plätze", str(event.capacity or "")),
            ("Zugesagt", str(self.expected)),
            ("Noch ohne Antwort", str(self.answers[Answer.OPEN])),
        ]
        return [(label, value) for label, value in rows if value.strip()]


def read(event: Event, user: Any, options: Options) -> Content:
    """The content for ``user``, in few queries however many are invited."""
    attendees = [row for row in _attendees(event, user) if not row.left]
    interests = list(
        Interest.objects.visible_to(user).filter(event=event, state=InterestState.CONFIRMED)
    )
    counted = Counter(row.answer for row in attendees)
    answers = {str(answer): counted[answer] for answer in Answer}
    answers[str(Answer.YES)] += len(interests)
    guests = [
        _guest(row) for row in attendees if options.takes(row.answer, row.role, row.municipality_id)
    ] + [
        Guest(row.first_name, row.last_name, row.municipality, GUEST)
        for row in interests
        if options.takes(Answer.YES, GUEST, None)
    ]
    return Content(
        event=event,
        options=options,
        guests=sorted(guests, key=_in_order),
        answers=answers,
        needs=needs_of(event, user, attendees, len(interests)),
        contacts=_contacts(event),
    )


def number(event: Event, user: Any, options: Options) -> int:
    """How many names a sheet would have."""
    return sum(rows.count() for rows in _standing(event, user, options))


def keys(event: Event, user: Any, options: Options) -> list[str]:
    """Whose names a sheet would have, to compare later: "attendee:12", "interest:5"."""
    return sorted(
        f"{rows.model._meta.model_name}:{pk}"
        for rows in _standing(event, user, options)
        for pk in rows.order_by().values_list("pk", flat=True)
    )


def still_seen(made: dict[str, Any], now: Collection[Any]) -> bool:
    """Whether everybody whom ``made`` remembers as "keys" is among those seen ``now``."""
    # A file from before keys were remembered is made anew.
    return "keys" in made and set(now).issuperset(made["keys"])


def _standing(event: Event, user: Any, options: Options) -> list[Any]:
    """The rows of everybody on a sheet: of the invited, and of who registered."""
    rows = _attendees(event, user).filter(left=False, answer__in=_ANSWERS[options.who])
    if options.role:
        rows = rows.filter(role=options.role)
    if options.house is not None:
        rows = rows.filter(municipality=options.house)
    if not options.takes(Answer.YES, GUEST, None):
        return [rows]
    registered = Interest.objects.visible_to(user).filter(
        event=event, state=InterestState.CONFIRMED
    )
    return [rows, registered]


def choices(event: Event, user: Any) -> tuple[list[str], list[tuple[int, str]]]:
    """As what people are invited to ``event``, and of which Kommunen: what to narrow by."""
    rows = _attendees(event, user).filter(left=False).order_by()
    roles = sorted({role for role in rows.values_list("role", flat=True).distinct() if role})
    houses = Municipality.objects.filter(pk__in=rows.values("municipality"))
    return roles, list(houses.order_by("sort_key", "pk").values_list("pk", "short_name"))


def attendees_of(cycle: int, user: Any) -> Any:
    """The invitations to events of a cycle (primary key), and who has left it since (``left``)."""
    mine = Participant.objects.filter(cycle=cycle)
    gone = mine.exclude(left_on=None).values("person")
    present = mine.present().values("person")
    has_left = Q(role__in=_PARTICIPANTS, person__in=gone) & ~Q(person__in=present)
    return (
        Attendee.objects.visible_to(user)
        .filter(event__cycle=cycle)
        .annotate(left=ExpressionWrapper(has_left, output_field=BooleanField()))
    )


def _attendees(event: Event, user: Any) -> Any:
    rows = attendees_of(event.cycle_id, user).filter(event=event)
    return rows.select_related("person", "municipality")


def _guest(row: Attendee) -> Guest:
    person = row.person
    house = row.municipality.short_name if row.municipality else ""
    return Guest(person.first_name, person.last_name, house, row.role, person.title)


def _in_order(guest: Guest) -> tuple[str, str]:
    return sort_key(f"{guest.last_name} {guest.first_name}"), sort_key(guest.house)


def needs_of(event: Event, user: Any, attendees: Iterable[Attendee], others: int) -> Needs | None:
    """What ``attendees`` wish, and that ``others`` were never asked; ``None`` without the right."""
    if not rules.test_rule("events.see_needs", user, event.cycle):
        return None
    if not keeps_needs(event):
        return Needs()
    coming = [row for row in attendees if row.answer == Answer.YES]
    diet = _counted(row.diet for row in coming)
    silent = sum(1 for row in coming if not row.diet.strip()) + others
    return Needs(
        diet=[*diet, (NO_WISH, silent)] if silent else diet,
        access=_counted(row.access_needs for row in coming),
    )


def _counted(wishes: Iterable[str]) -> list[tuple[str, int]]:
    """Equal wishes counted together, whatever their case; the first spelling stands."""
    numbers: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for wish in sorted(" ".join(wish.split()) for wish in wishes):
        if wish:
            key = wish.casefold().rstrip(".!")
            spelled.setdefault(key, wish)
            numbers[key] += 1
    return [(spelled[key], n) for key, n in sorted(numbers.items(), key=lambda x: (-x[1], x[0]))]


def _contacts(event: Event) -> list[tuple[str, str]]:
    """Whom to ask: the Logistikpartner and the leads of the Beirat."""
    found = []
    partner = event.cycle.programme.logistics_partner
    if partner is not None:
        parts = (partner.contact_name, partner.contact_phone, partner.contact_email)
        found.append((partner.name, ", ".join(part for part in parts if part)))
    seats = (
        CouncilSeat.objects.current()
        .filter(participation__cycle=event.cycle_id, lead=True)
        .select_related("person", "participation__municipality")
        .order_by("person__sort_key", "pk")
    )
    for seat in seats:
        person = seat.person
        ways = [part for part in (person.phone, person.email) if part]
        label = f"{person}, {seat.participation.municipality} (Treiber/in)"
        found.append((label, ", ".join(ways)))
    return found
