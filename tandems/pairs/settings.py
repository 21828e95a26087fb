"""What each hard rule does in a cycle: refuse, warn, or nothing.

A cycle keeps only where it differs from what is shipped (``MatchingFrame.rules``), so that
a better shipped setting reaches every cycle that never decided otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tandems.pairs.models import MatchingFrame, PairRule


class Severity(StrEnum):
    """How much a rule speaks against a pair."""

    REFUSE = "refuse"
    WARN = "warn"


OFF = "off"
"""The word for a rule that is not asked, in forms and in ``MatchingFrame.rules``."""

LABELS: dict[str, str] = {
    Severity.REFUSE: "verhindert das Paar",
    Severity.WARN: "warnt",
    OFF: "wird nicht geprüft",
}


@dataclass(frozen=True)
class RuleInWords:
    """A rule as the page of the rules explains it; ``choices`` are the settings it may have."""

    title: str
    text: str
    shipped: str
    choices: tuple[str, ...]


_ANY = (Severity.REFUSE, Severity.WARN, OFF)
_NEVER_OFF = (Severity.REFUSE, Severity.WARN)

RULES: dict[PairRule, RuleInWords] = {
    PairRule.SAME_EMPLOYER: RuleInWords(
        "Selbe Kommune",
        "Beide arbeiten bei derselben Kommune, auch wenn eine der beiden Personen erst später "
        "dorthin gewechselt ist. Das Programm lebt davon, dass beide aus verschiedenen Kommunen "
        "kommen; darum lässt sich diese Regel nicht abschalten.",
        Severity.REFUSE,
        _NEVER_OFF,
    ),
    PairRule.REPORTING_LINE: RuleInWords(
        "Führungskraft",
        "Die Mentorin oder der Mentor ist die Führungskraft der oder des Mentees, nach den Angaben "
        "im Profilbogen. Diese Regel lässt sich nicht abschalten.",
        Severity.REFUSE,
        _NEVER_OFF,
    ),
    PairRule.EXCLUDED: RuleInWords(
        "Ausgeschlossen",
        "Eine der beiden Personen möchte dieses Tandem nicht, oder es ginge um ein und dieselbe "
        "Person. Wer das gesagt hat, erfährt niemand. Der Wille der Beteiligten steht nicht zur "
        "Entscheidung: diese Regel verhindert das Paar immer.",
        Severity.REFUSE,
        (Severity.REFUSE,),
    ),
    PairRule.EARLIER_PAIR: RuleInWords(
        "Schon einmal ein Tandem",
        "Die beiden waren in diesem Programm schon einmal ein Tandem, gleich in welchem Durchgang "
        "und in welcher Rolle.",
        Severity.WARN,
        _ANY,
    ),
    PairRule.CAPACITY: RuleInWords(
        "Kein Platz mehr frei",
        "Die Mentorin oder der Mentor begleitet schon so viele Mentees, wie vereinbart sind. Wer "
        "mehr begleiten möchte, lässt die Zahl im eigenen Eintrag ändern. Diese Regel lässt sich "
        "nicht abschalten.",
        Severity.REFUSE,
        _NEVER_OFF,
    ),
    PairRule.NOT_AGREED: RuleInWords(
        "Noch keine Zusage",
        "Die Mentorin oder der Mentor hat für diesen Durchgang noch nicht zugesagt. Beschlossen "
        "wird ein Tandem ohnehin erst mit der Zusage.",
        Severity.WARN,
        _ANY,
    ),
    PairRule.TARGET_GROUP: RuleInWords(
        "Nicht in der Zielgruppe",
        "Die oder der Mentee ist keiner Zielgruppe des Programms zugeordnet, oder die Mentorin "
        "oder der Mentor hat in diesem Durchgang selbst einen Platz als Mentee.",
        Severity.WARN,
        _ANY,
    ),
    PairRule.NOT_FREE: RuleInWords(
        "Am Startworkshop verhindert",
        "Die Mentorin oder der Mentor hat im Profilbogen angegeben, am Tag des Startworkshops "
        "nicht frei zu sein. Ohne Angabe sagt diese Regel nichts.",
        Severity.WARN,
        _ANY,
    ),
}
"""Every rule in the order in which it is shown."""


def settings_of(frame: MatchingFrame | None) -> dict[PairRule, Severity | None]:
    """What each rule does; ``None`` for one that is not asked.

    Without a ``frame``, and for a stored word that the rule may not have, it is what is
    shipped: nothing typed into the database switches off what people said of themselves.
    """
    stored = frame.rules if frame is not None and isinstance(frame.rules, dict) else {}
    return {rule: _severity(rule, stored.get(rule.value)) for rule in RULES}


def _severity(rule: PairRule, word: object) -> Severity | None:
    known = RULES[rule]
    chosen = word if isinstance(word, str) and word in known.choices else known.shipped
    return None if chosen == OFF else Severity(chosen)


def differences(chosen: Mapping[PairRule, str]) -> dict[str, str]:
    """What of ``chosen`` differs from what is shipped, as ``MatchingFrame.rules`` keeps it."""
    return {rule.value: str(word) for rule, word in chosen.items() if word != RULES[rule].shipped}
