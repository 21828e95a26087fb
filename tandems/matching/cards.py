"""Cards of mentees and mentors as PDF, to cut out and lay on a table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, QuerySet

from mentoring.ui.pdf import house_pdf
from programmes.cycles.models import Cycle
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import decided_tandems
from tandems.profiles.questions import Question, Sheet, questions
from tandems.selection.contents import on_profile_sheet, photo_of

PHOTO, POSITION, TOPICS, WORDS, LINES = "photo", "position", "topics", "words", "lines"
PARTS = (
    (POSITION, "Funktion und Fachbereich"),
    (TOPICS, "Themen"),
    (WORDS, "Wunsch oder Angebot in wenigen Worten"),
    (PHOTO, "Foto, wo die Einwilligung vorliegt"),
    (LINES, "leere Zeilen zum Schreiben"),
)
"""What may stand on a card besides name, Kommune, number of the cycle and "vertraulich"."""

WISH_KEYS = ("expectations", "helpful_experience", "goals", "motivation")
OFFER_KEYS = ("motivation", "experience", "career")
"""Of these answers the first that is there stands on the card."""

MEETS = (MentorState.AGREED,)
POSSIBLE = (MentorState.IDEA, MentorState.APPROACHED, MentorState.AGREED)


@dataclass(frozen=True)
class Room:
    """How much fits on a card of a size, in characters (tried with wide letters)."""

    long_name: int
    name: int
    position: int
    topics: int
    words: int
    words_by_photo: int
    lines: int


ROOMS = {
    4: Room(20, 130, 90, 130, 300, 240, 4),
    8: Room(20, 90, 52, 84, 84, 48, 1),
}


@dataclass(frozen=True)
class Card:
    """What stands on one card; empty texts are left out."""

    name: str
    house: str
    position: str = ""
    topics: str = ""
    words: str = ""
    photo: str = ""
    state: str = ""
    places: int = 0
    """Boxes to tick, one for each mentee somebody accompanies; 0 for a mentee."""

    @property
    def boxes(self) -> range:
        """One for each place."""
        return range(self.places)

    @property
    def size(self) -> str:
        """The class of the name: a long one needs smaller letters, and is not cut."""
        long = ROOMS[4].long_name
        if len(self.name) > long * 2:
            return "longest"
        longest = max((len(part) for part in self.name.split()), default=0)
        return "long" if len(self.name) > long or longest > long - 6 else ""


@dataclass(frozen=True)
class Wanted:
    """Which cards, and what stands on them; ``houses`` are keys of Kommunen, none for all."""

    mentees: bool = True
    mentors: bool = True
    houses: tuple[int, ...] = ()
    only_free: bool = False
    agreed_only: bool = False
    parts: frozenset[str] = frozenset(key for key, _ in PARTS)
    per_page: int = 4


def mentees_for(user: Any, cycle: Cycle, wanted: Wanted) -> list[Application]:
    """The mentees with a card, as ``user`` sees them, by Kommune and name."""
    if not wanted.mentees:
        return []
    rows = Application.objects.visible_to(user).filter(cycle=cycle, state=ApplicationState.PLACED)
    if wanted.only_free:
        rows = rows.exclude(pk__in=_seen_tandems(user, cycle).values("application"))
    return _read(rows, cycle, wanted, "photo")


def mentors_for(user: Any, cycle: Cycle, wanted: Wanted) -> list[Mentor]:
    """The mentors with a card, as ``user`` sees them, by Kommune and name or function."""
    if not wanted.mentors:
        return []
    states = MEETS if wanted.agreed_only else POSSIBLE
    rows = Mentor.objects.visible_to(user).filter(cycle=cycle, state__in=states)
    found = _read(rows, cycle, wanted)
    if not wanted.only_free:
        return found
    counted = _seen_tandems(user, cycle).values_list("mentor").annotate(taken=Count("pk"))
    taken: dict[int, int] = dict(counted.order_by())
    return [one for one in found if taken.get(one.pk, 0) < one.capacity]


def _seen_tandems(user: Any, cycle: Cycle) -> QuerySet[Tandem]:
    # Those with a hidden half count for nothing: a missing card would give them away.
    return Tandem.objects.filter(decided_tandems(user), cycle=cycle, state__in=TandemState.live())


def _read(rows: Any, cycle: Cycle, wanted: Wanted, *further: str) -> list[Any]:
    if wanted.houses:
        rows = rows.filter(municipality__in=wanted.houses)
    rows = rows.select_related("person", "municipality", *further)
    found = list(rows.order_by("municipality__sort_key", "person__sort_key", "position", "pk"))
    for one in found:
        one.cycle = cycle  # one object, which reads its sheet once
    return found


def mentee_card(application: Application, wanted: Wanted, *, with_photo: bool) -> Card:
    """The card of a mentee; ``with_photo`` where there is a valid consent."""
    room = ROOMS[wanted.per_page]
    answers = _Answers(application, application.sheet)
    photo = photo_of(application.photo) if with_photo and PHOTO in wanted.parts else ""
    return _card(
        Card(
            name=_short(application.person.full_name, room.name),
            house=application.municipality.short_name,
            position=answers.joined("position", "department"),
            topics=answers.joined("topics"),
            words=_short(answers.first(WISH_KEYS), room.words_by_photo if photo else room.words),
            photo=photo,
        ),
        wanted,
    )


def mentor_card(mentor: Mentor, wanted: Wanted) -> Card:
    """The card of a mentor; an idea without a name stands under its function."""
    room = ROOMS[wanted.per_page]
    answers = _Answers(mentor, mentor.sheet)
    named = ("position", "department") if mentor.person is not None else ("department",)
    return _card(
        Card(
            name=_short(mentor.called, room.name),
            house=mentor.municipality.short_name,
            position=answers.joined(*named),
            topics=answers.joined("topics"),
            words=_short(answers.first(OFFER_KEYS), room.words),
            state="" if mentor.state == MentorState.AGREED else mentor.get_state_display(),
            places=mentor.capacity,
        ),
        wanted,
    )


def _card(card: Card, wanted: Wanted) -> Card:
    room = ROOMS[wanted.per_page]
    return replace(
        card,
        position=_short(card.position, room.position) if POSITION in wanted.parts else "",
        topics=_short(card.topics, room.topics) if TOPICS in wanted.parts else "",
        words=card.words if WORDS in wanted.parts else "",
    )


class _Answers:
    """What of a sheet may stand on a card: what its Steckbrief shows."""

    def __init__(self, record: Any, sheet: Sheet) -> None:
        self.record = record
        self.shown: dict[str, Question] = {
            question.key: question for question in questions(sheet) if on_profile_sheet(question)
        }

    def joined(self, *keys: str) -> str:
        """The answers to ``keys`` in one line."""
        return ", ".join(text for text in (self._text(key) for key in keys) if text)

    def first(self, keys: Iterable[str]) -> str:
        """The answer to the first of ``keys`` that has one."""
        return next((text for text in (self._text(key) for key in keys) if text), "")

    def _text(self, key: str) -> str:
        question = self.shown.get(key)
        if question is None:
            return ""
        joint = " " if question.key in {*WISH_KEYS, *OFFER_KEYS} else ", "
        return " ".join(joint.join(question.lines(self.record)).split())


def _short(text: str, most: int) -> str:
    """``text`` of at most ``most`` characters, cut at a word."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > most // 2 else cut).rstrip(" ,;.") + "…"


@dataclass(frozen=True)
class _Sheet:
    """One page: cards of one kind. ``kind`` and ``word`` tell them apart without colour."""

    kind: str
    word: str
    said: str
    cards: Sequence[Card]


def cards_pdf(
    cycle: Cycle,
    mentees: Sequence[Application],
    mentors: Sequence[Mentor],
    wanted: Wanted,
    *,
    photos: frozenset[int],
    progress: Callable[[int], None] = lambda done: None,
) -> bytes:
    """All cards, four or eight a page; mentors begin on a page of their own.

    ``photos`` are the primary keys of the applications whose photo may be shown.
    ``progress`` is told how many are prepared, and may raise to stop.
    """
    ours: list[Card] = []
    for application in mentees:
        progress(len(ours))
        ours.append(mentee_card(application, wanted, with_photo=application.pk in photos))
    theirs: list[Card] = []
    for mentor in mentors:
        progress(len(ours) + len(theirs))
        theirs.append(mentor_card(mentor, wanted))
    pages = [
        *_pages("mentee", "Mentee", "Sucht", ours, wanted.per_page),
        *_pages("mentor", "Mentor/in", "Bietet", theirs, wanted.per_page),
    ]
    room = ROOMS[wanted.per_page]
    context = {
        "title": f"Karten zum Matching, Durchgang Nr. {cycle.number}",
        "cycle": cycle,
        "pages": pages,
        "per_page": wanted.per_page,
        "lines": range(room.lines) if LINES in wanted.parts else range(0),
    }
    return house_pdf("matching/cards_pdf.html", context)


def _pages(kind: str, word: str, said: str, cards: Sequence[Card], size: int) -> list[_Sheet]:
    return [
        _Sheet(kind, word, said, cards[start : start + size])
        for start in range(0, len(cards), size)
    ]
