"""The criteria a cycle can weigh, and what each of them compares."""

from collections.abc import Mapping
from dataclasses import dataclass

HIGHEST_WEIGHT = 5


@dataclass(frozen=True)
class Criterion:
    """One thing two sheets are compared by; the weight goes from 0 (not at all) to 5."""

    key: str
    label: str
    question: str
    default_weight: int


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "topics",
        "Themen",
        "Bietet die Mentorin oder der Mentor die Themen an, die sich die oder der Mentee wünscht?",
        5,
    ),
    Criterion(
        "experience",
        "Erwartungen und Erfahrung",
        "Kommen Wörter aus den Erwartungen und Zielen der oder des Mentee im Werdegang und in der "
        "Motivation der Mentorin oder des Mentors vor?",
        4,
    ),
    Criterion(
        "administration",
        "Art der Verwaltung",
        "Arbeitet die Mentorin oder der Mentor in einer Verwaltung der gewünschten Art, oder "
        "kennt sie oder er eine? Ohne Wunsch zählt eine andere Art als die eigene etwas mehr, "
        "weil sie den Blick weitet.",
        2,
    ),
    Criterion(
        "distance",
        "Entfernung",
        "Wie weit liegen die beiden Kommunen auseinander, gemessen daran, wie weit beide fahren? "
        "Wer sich online trifft, wird danach nicht verglichen.",
        3,
    ),
    Criterion(
        "style",
        "Arbeitsweise",
        "Passen die Form der Treffen und der Arbeitsstil zueinander?",
        2,
    ),
    Criterion(
        "wishes",
        "Wünsche",
        "Passen Fachgebiet und Größe der Verwaltung zu den Wünschen der oder des Mentee?",
        3,
    ),
    Criterion(
        "former_role",
        "Eigener Weg",
        "Kennt die Mentorin oder der Mentor die Rolle, in die die oder der Mentee hineinwächst, "
        "und war sie oder er schon einmal dabei?",
        1,
    ),
)
"""In the order in which pages show them; equal reasons stand in this order too."""

BY_KEY: Mapping[str, Criterion] = {one.key: one for one in CRITERIA}


def default_weights() -> dict[str, int]:
    """The shipped weight of each criterion."""
    return {one.key: one.default_weight for one in CRITERIA}


def checked_weights(weights: Mapping[str, int]) -> dict[str, int]:
    """``weights`` of all criteria; one not named has its shipped weight, others are left out.

    Raises ``ValueError`` for a weight that is no whole number from 0 to 5.
    """
    found = default_weights() | {key: weights[key] for key in weights if key in BY_KEY}
    for key, weight in found.items():
        if not isinstance(weight, int) or not 0 <= weight <= HIGHEST_WEIGHT:
            raise ValueError(f"weight of {key} is not a whole number from 0 to {HIGHEST_WEIGHT}")
    return found
