"""The sheet to print and sign: what was answered, the words of each consent, and lines."""

from dataclasses import dataclass
from typing import Any

from tandems.profiles.kept import consents_of
from tandems.profiles.questions import Kind, ReadLine, ReadSection, questions


@dataclass(frozen=True)
class PrintedConsent:
    """A consent to tick on paper; ``given`` if it was given already."""

    label: str
    text: str
    given: bool


def signing_context(record: Any) -> dict[str, Any]:
    """What ``profiles/signing_pdf.html`` needs: the person's own answers and no others.

    What only the Kommune answers is not on it, nor who is out of the question: paper goes
    round, and the person signs what is theirs.
    """
    sections = []
    for section in record.sheet:
        rows = [
            ReadLine(question.label, question.lines(record))
            for question in section.questions
            if not (question.house_only and question.key != "email")
            and not question.off_paper
            and question.kind != Kind.CONSENT
        ]
        if rows:
            sections.append(ReadSection(section.title, rows))
    given = consents_of(record)
    consents = [
        PrintedConsent(question.label, question.text, str(question.consent) in given)
        for question in questions(record.sheet)
        if question.kind == Kind.CONSENT
    ]
    return {
        "record": record,
        "person": record.person,
        "municipality": record.municipality,
        "cycle": record.cycle,
        "sections": sections,
        "consents": consents,
    }
