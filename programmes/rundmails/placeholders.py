"""What stands in braces: reading it from the text, its values, and the list beside the text.

``{name}`` or ``{name:argument}``; ``{{`` and ``}}`` stand for the braces themselves.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.outbox.messages import one_line
from programmes.people.models import Person
from programmes.rundmails.models import Rundmail
from programmes.rundmails.registries import Placeholder, placeholders

_BRACES = re.compile(r"(\{\{|\}\}|\{[^{}\n]*\})")


@dataclass(frozen=True)
class Use:
    """A placeholder as it stands in a text: ``{name:argument}``."""

    name: str
    argument: str = ""

    @property
    def written(self) -> str:
        """As it is typed, braces included."""
        return "{" + self.name + (f":{self.argument}" if self.argument else "") + "}"

    @property
    def placeholder(self) -> Placeholder | None:
        """What is registered under the name."""
        return placeholders.get(self.name) if self.name in placeholders else None


Piece = str | Use
Values = Mapping[Use, Mapping[int, str]]
"""For each placeholder used, its text per person (primary key)."""


@dataclass(frozen=True)
class Listed:
    """A placeholder as the list beside the text shows it: ``written`` is "{vorname}"."""

    written: str
    label: str
    sample: str
    confidential: bool
    arguments: list[tuple[str, str]]
    """Complete placeholders with an argument ("{termin:start}") and their labels."""


def parse(source: str) -> list[Piece]:
    """``source`` cut at its placeholders; a brace that stands alone is itself."""
    pieces: list[Piece] = []
    for number, part in enumerate(_BRACES.split(source)):
        if number % 2 == 0:
            pieces += [part] if part else []
        elif part in ("{{", "}}"):
            pieces.append(part[0])
        else:
            pieces.append(_use(part[1:-1]))
    return pieces


def _use(inside: str) -> Use:
    """What stands between two braces."""
    name, _, argument = inside.partition(":")
    return Use(name.strip().lower(), argument.strip())


def uses_in(*sources: str) -> list[Use]:
    """The placeholders of the texts, each once, in the order they are met."""
    found = (piece for source in sources for piece in parse(source) if isinstance(piece, Use))
    return list(dict.fromkeys(found))


def doubled_in(source: str) -> list[Use]:
    """What stands in double braces with nothing else, each once: "{{vorname}}" says "{vorname}"."""
    parts = _BRACES.split(source)
    found = [
        _use(parts[number + 1])
        for number in range(1, len(parts) - 2, 2)
        if parts[number] == "{{" and parts[number + 2] == "}}"
    ]
    return list(dict.fromkeys(found))


def uses_of(mail: Rundmail) -> list[Use]:
    """The placeholders of a mail's subject and text."""
    return uses_in(mail.subject, mail.body)


def may_use(placeholder: Placeholder, cycle: Cycle, user: Any) -> bool:
    """Whether ``user`` may use it in ``cycle``: confidential ones inside the Beirat."""
    return not placeholder.confidential or cycle.pk in roles_of(user).inside


def listed_placeholders(cycle: Cycle, user: Any) -> list[Listed]:
    """The placeholders ``user`` may use in ``cycle``; confidential ones for the Beirat alone."""
    listed = []
    for name in placeholders.names():
        entry = placeholders.get(name)
        if not may_use(entry, cycle, user):
            continue
        arguments = entry.arguments(cycle) if entry.arguments else []
        listed.append(
            Listed(
                Use(name, entry.argument).written,
                entry.label,
                entry.sample,
                entry.confidential,
                [(Use(name, argument).written, label) for argument, label in arguments],
            )
        )
    return listed


def problem_of(use: Use, mail: Rundmail, user: Any) -> str:
    """Why ``use`` cannot stand in ``mail`` at all, in German, or ""."""
    entry = use.placeholder
    if entry is None or not may_use(entry, mail.cycle, user):
        return f"Den Platzhalter {use.written} gibt es nicht.{_meant(use.name, mail.cycle, user)}"
    if use.argument and not entry.argument:
        return (
            f"Der Platzhalter {{{use.name}}} steht ohne Zusatz: Lassen Sie „:{use.argument}“ weg."
        )
    if entry.argument and not use.argument:
        return (
            f"Dem Platzhalter {use.written} fehlt ein Zusatz: Schreiben Sie "
            f"{Use(use.name, entry.argument).written}."
        )
    return entry.problem(mail, use.argument)


def problem_of_doubled(use: Use, mail: Rundmail, user: Any) -> str:
    """Why ``use`` should not stand in double braces, in German; "" if it may be no placeholder."""
    entry = use.placeholder
    if entry is None or not may_use(entry, mail.cycle, user):
        return ""
    return (
        f"In doppelten Klammern wird {{{use.written}}} nicht ausgefüllt. Meinten Sie {use.written}?"
    )


def _meant(name: str, cycle: Cycle, user: Any) -> str:
    known = [key for key in placeholders.names() if may_use(placeholders.get(key), cycle, user)]
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f" Meinten Sie {{{close[0]}}}?" if close else ""


def values_of(mail: Rundmail, people: Sequence[Person], uses: Iterable[Use]) -> Values:
    """What each of ``uses`` says to each of ``people``, on one line; few queries for all."""
    found: dict[Use, Mapping[int, str]] = {}
    for use in uses:
        entry = use.placeholder
        texts = {} if entry is None else entry.values(mail, people, use.argument)
        found[use] = {key: line for key, text in texts.items() if (line := one_line(text))}
    return found


def missing_in(values: Values, people: Iterable[Person]) -> dict[Use, list[Person]]:
    """For each placeholder the people it says nothing to."""
    people = list(people)
    lacking = {
        use: [person for person in people if person.pk not in texts]
        for use, texts in values.items()
    }
    return {use: concerned for use, concerned in lacking.items() if concerned}


def fill_common(source: str, mail: Rundmail) -> str:
    """``source`` with what is the same for everybody; the rest stays in its braces.

    With ``cycle__programme``, ``cycle__milestones`` and ``event`` at hand it asks nothing more.
    """
    said = (
        piece if isinstance(piece, str) else _common_value(piece, mail) or piece.written
        for piece in parse(source)
    )
    return "".join(said)


def _common_value(use: Use, mail: Rundmail) -> str:
    entry = use.placeholder
    if entry is None or not entry.common:
        return ""
    anybody = Person(pk=0)
    return one_line(entry.values(mail, [anybody], use.argument).get(0, ""))


def without_personal(text: str) -> str:
    """``text`` of a message with everything made useless that is for its recipient alone."""
    for entry in placeholders:
        if entry.conceal is not None:
            text = entry.conceal(text)
    return text
