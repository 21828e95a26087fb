"""What the engine found, in words: never a per cent of truth."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tandems.suggestions.engine.labels import listed

if TYPE_CHECKING:
    from tandems.suggestions.engine.assignment import Unmatched
    from tandems.suggestions.engine.facts import MentorFacts

STEPS = (
    "kaum Gemeinsames",
    "wenig Gemeinsames",
    "manches Gemeinsame",
    "einiges Gemeinsame",
    "viel Gemeinsames",
    "sehr viel Gemeinsames",
)
"""Words for each length of the bar."""

LITTLE_KNOWN = "wenig bekannt"
_LITTLE = 0.25
_NAMES = 5


class Reason(NamedTuple):
    """What one criterion says of a pair: its key, its score from 0 to 1, a German sentence."""

    criterion: str
    score: float
    sentence: str


def bar(score: float) -> int:
    """``score`` as 0 to 5 steps of a bar."""
    return min(5, max(0, int(score * 5 + 0.5)))


def in_words(score: float, known: float = 1.0) -> str:
    """``score`` in words; ``known`` is the share of the weight of which something was known."""
    return LITTLE_KNOWN if known < _LITTLE else STEPS[bar(score)]


def given_up_in_words(gives_up: float) -> str:
    """What a pair gives up against the mentee's own best, in words."""
    if gives_up <= 0:
        return "nichts Besseres möglich"
    if gives_up < 0.05:
        return "fast so gut wie das Beste"
    if gives_up < 0.15:
        return "etwas weniger als das Beste"
    return "deutlich weniger als das Beste"


def why_unmatched(
    unmatched: "Unmatched", rules: Mapping[str, str], mentors: Sequence["MentorFacts"]
) -> list[str]:
    """What stands in the way, in German sentences.

    ``rules`` are the labels of the rules, ``mentors`` the columns: their ``name`` is shown, so
    leave it empty for whom the reader may not see.
    """
    found = unmatched.blocking
    if not found.mentors:
        return ["Es gibt noch keine Mentorinnen und Mentoren. Tragen Sie Ideen ein."]
    said = []
    if found.taken:
        one = len(found.taken) == 1
        said.append(
            f"In Frage {'käme' if one else 'kämen'} {_names(found.taken, mentors)}; dort ist schon "
            "alles an andere Mentees vergeben."
        )
    if found.reached:
        said.append(
            "Auch Tauschen hilft nicht: Wer dort Platz machen könnte, käme sonst nur unter bei "
            f"{_names(found.reached, mentors)}, und auch da ist alles vergeben."
        )
    if found.closed:
        has = "hat" if len(found.closed) == 1 else "haben"
        said.append(f"Keinen Platz mehr {has} {_names(found.closed, mentors)}.")
    if not found.taken and not found.closed:
        said.append("Zurzeit kommt niemand in Frage.")
    if found.rules:
        kept = listed(f"{number} wegen „{rules.get(rule, rule)}“" for rule, number in found.rules)
        said.append(f"Durch Regeln fallen weg (von {found.mentors} Mentor/innen): {kept}.")
    if found.banned:
        said.append(f"Für diesen Vorschlag ausgeschlossen: {found.banned}.")
    said += [
        f"Bei {'einer Person' if number == 1 else f'{number} Personen'} spricht nur "
        f"„{rules.get(rule, rule)}“ dagegen."
        for rule, number in found.only[:1]
    ]
    return said


def _names(columns: Sequence[int], mentors: Sequence["MentorFacts"]) -> str:
    """A few names; the others, and those without a name, are counted."""
    named = [mentors[column].name for column in columns if mentors[column].name]
    shown = named if len(named) <= _NAMES else named[: _NAMES - 1]
    others = len(columns) - len(shown)
    if not shown:
        return "eine Person" if others == 1 else f"{others} Personen"
    more = ["eine weitere Person" if others == 1 else f"{others} weitere"] if others else []
    return listed([*shown, *more])
