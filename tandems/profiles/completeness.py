"""How far a Profilbogen is: for each section what is answered and what is missing."""

from dataclasses import dataclass
from typing import Any

from tandems.profiles.questions import Needed, Question, Sheet


@dataclass(frozen=True)
class Progress:
    """A section of the navigation. ``missing`` names what submitting or nominating needs."""

    key: str
    title: str
    answered: int
    asked: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing that is needed is missing."""
        return not self.missing


def progress(
    record: Any, sheet: Sheet, *, own: bool = False, needed: Needed = Needed.TO_NOMINATE
) -> list[Progress]:
    """The sections of ``sheet`` as ``record`` has answered them.

    With ``own`` without what only the Kommune answers; such a section is left out.
    """
    rows = []
    for section in sheet:
        asked = [question for question in section.questions if not (own and question.house_only)]
        if asked:
            answered = [question for question in asked if question.is_answered(record)]
            rows.append(
                Progress(
                    section.key,
                    section.title,
                    len(answered),
                    len(asked),
                    tuple(
                        q.label.rstrip(".")
                        for q in asked
                        if q not in answered and _counts(q, needed)
                    ),
                )
            )
    return rows


def _counts(question: Question, needed: Needed) -> bool:
    return question.needed.value >= needed.value
