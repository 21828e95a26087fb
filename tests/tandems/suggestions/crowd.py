"""Facts of a made-up cycle, by a seed: full sheets, and ideas with five fields."""

import random
from typing import Any

import numpy as np

from tandems.suggestions.engine import Assignment, MenteeFacts, MentorFacts, Scores, assign
from tandems.suggestions.engine.labels import LEVELS, SIZES, TOPICS

KINDS = ("district", "city", "community", "association")
FORMS = ("presence", "online", "both", "")
GROUPS = ("leadership", "staff_position", "specialist", "")
FIELDS = ("Planung", "Personal", "Soziales", "Jugend", "Finanzen", "Recht", "Bauen", "IT", "Kultur")
_STEMS = (
    "Konflikt Team Rat Kreistag Haushalt Bürger Akte Prozess Sitzung Gespräch Führung Wechsel "
    "Projekt Verwaltung Nachwuchs Ehrenamt Schule Kita Umwelt Klima Verkehr Vergabe Strategie "
    "Beteiligung Presse Netzwerk Delegation Vertrauen Kritik Rolle Stab Dezernat Fusion Reform"
)
_ENDS = "kultur wandel arbeit planung recht lage ordnung pflege kreis stelle modell runde"
_FILLING = "ich möchte und mit der in einem neuen für das wie auch gerne mehr über"
NOUNS = tuple(_STEMS.split()) + tuple(
    stem + end for stem in _STEMS.split() for end in f"{_ENDS} {_STEMS.casefold()}".split()
)
FILLERS = tuple(_FILLING.split())


def prose(chance: random.Random, length: int) -> str:
    """So many words, half of them filling; some nouns stand in many texts, most in few."""
    words = []
    for _ in range(length // 2):
        words.append(chance.choice(FILLERS))
        words.append(NOUNS[int(len(NOUNS) * chance.random() ** 2)])
    return " ".join(words)


def some_mentees(count: int, seed: int = 1, length: int = 80) -> list[MenteeFacts]:
    """Mentees with most questions answered; ``length`` is the number of words of their texts."""
    chance = random.Random(seed)
    return [
        MenteeFacts(
            key=1000 + number,
            topics=frozenset(chance.sample(sorted(TOPICS), chance.randint(1, 5))),
            words=prose(chance, length),
            wish_field=chance.choice(("", *FIELDS)),
            wish_administration=frozenset(chance.sample(KINDS, chance.choice((0, 0, 1, 2)))),
            wish_size=frozenset(chance.sample(sorted(SIZES), chance.choice((0, 0, 1, 2)))),
            administration=chance.choice(KINDS),
            point=place(chance),
            max_km=chance.choice((None, 20.0, 30.0, 50.0)),
            meeting_form=chance.choice(FORMS),
            style=prose(chance, length // 4),
            target_group=chance.choice(GROUPS),
            name=f"Mentee {number}",
        )
        for number in range(count)
    ]


def some_mentors(count: int, seed: int = 2, length: int = 80) -> list[MentorFacts]:
    """Mentors, each third of them an idea of which five fields are known."""
    chance = random.Random(seed)
    return [
        an_idea(chance, number) if number % 3 == 2 else a_mentor(chance, number, length)
        for number in range(count)
    ]


def an_idea(chance: random.Random, number: int) -> MentorFacts:
    """Function, house and topics."""
    return MentorFacts(
        key=5000 + number,
        topics=frozenset(chance.sample(sorted(TOPICS), chance.randint(1, 5))),
        field=f"Amt für {chance.choice(FIELDS)} Leitung",
        administration=chance.choice(KINDS),
        point=place(chance),
        name=f"Mentor {number}",
    )


def a_mentor(chance: random.Random, number: int, length: int) -> MentorFacts:
    """A sheet that was handed in."""
    return MentorFacts(
        key=5000 + number,
        topics=frozenset(chance.sample(sorted(TOPICS), chance.randint(3, 5))),
        words=prose(chance, length),
        field=f"Amt für {chance.choice(FIELDS)} Leitung",
        administration=chance.choice(KINDS),
        known_administrations=frozenset(chance.sample(KINDS, chance.randint(0, 2))),
        size=chance.choice(("", *SIZES)),
        point=place(chance),
        max_km=chance.choice((None, 20.0, 30.0, 50.0)),
        meeting_form=chance.choice(FORMS),
        style=prose(chance, length // 4),
        level=chance.choice(("", *LEVELS)),
        mentored_before=chance.choice((None, True, False)),
        places=chance.choice((1, 1, 1, 2)),
        name=f"Mentor {number}",
    )


def place(chance: random.Random) -> tuple[float, float] | None:
    """One of fifty Kommunen of the Münsterland, or not known."""
    number = chance.randrange(52)
    return None if number >= 50 else (51.6 + number % 10 * 0.07, 6.7 + number // 10 * 0.3)


def some_forbidden(rows: int, columns: int, seed: int = 3, share: float = 0.1) -> np.ndarray:
    """Pairs that may not be."""
    return np.random.default_rng(seed).random((rows, columns)) < share


def assigned(scores: Scores, forbidden: np.ndarray, **more: Any) -> Assignment:
    """The assignment of ``scores`` with the keys and places of those it is about."""
    return assign(
        scores.total,
        forbidden=forbidden,
        places=[one.places for one in scores.mentors],
        mentee_keys=scores.mentee_keys,
        mentor_keys=scores.mentor_keys,
        **more,
    )
