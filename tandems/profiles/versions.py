"""Which sheet a cycle uses: the shipped one with the changes of the cycle's version.

``ProfileVersion.changes`` has for each ``SheetKind`` the keys of questions that are ``off``,
those switched ``on``, those that are ``voluntary``, and ``own`` questions.
"""

from dataclasses import replace
from typing import Any

from programmes.cycles.models import Cycle
from tandems.profiles.applicant_sheet import APPLICANT_SHEET
from tandems.profiles.mentor_sheet import MENTOR_SHEET
from tandems.profiles.models import CycleProfile, ProfileVersion, SheetKind
from tandems.profiles.questions import (
    YES_OR_NO,
    Kept,
    Kind,
    Needed,
    Question,
    Section,
    Sheet,
)

SHIPPED: dict[SheetKind, Sheet] = {
    SheetKind.APPLICANT: APPLICANT_SHEET,
    SheetKind.MENTOR: MENTOR_SHEET,
}
OWN_KINDS = {
    Kind.TEXT: "kurzer Text",
    Kind.LONG_TEXT: "längerer Text",
    Kind.CHOICE: "eine Auswahl",
    Kind.NUMBER: "Zahl",
    Kind.YES_NO: "Ja oder Nein",
}
"""What a question of one's own may ask for."""
OWN_MOST = 10
"""So many questions of one's own for each sheet."""
_LENGTHS = {Kind.TEXT: 160, Kind.LONG_TEXT: 2000, Kind.NUMBER: 1_000_000}


def version_of(cycle: Cycle) -> ProfileVersion | None:
    """The version ``cycle`` uses, read once per cycle object; ``None`` is the shipped one.

    ``select_related("cycle__profile__profile")`` spares the query.
    """
    if not hasattr(cycle, "_profile_version"):
        chosen: CycleProfile | None = getattr(cycle, "profile", None)
        cycle._profile_version = chosen.profile if chosen else None  # type: ignore[attr-defined]  # our own cache
    found: ProfileVersion | None = cycle._profile_version  # type: ignore[attr-defined]  # likewise
    return found


def sheet_of(cycle: Cycle, kind: SheetKind) -> Sheet:
    """The sections of ``kind`` in the version that ``cycle`` uses, made once per cycle object."""
    made: dict[SheetKind, Sheet] | None = getattr(cycle, "_sheets", None)
    if made is None:
        made = {}
        cycle._sheets = made  # type: ignore[attr-defined]  # our own cache
    if kind not in made:
        version = version_of(cycle)
        made[kind] = changed(kind, version.changes if version else {})
    return made[kind]


def forget_version(cycle: Cycle) -> None:
    """Have the version of this cycle object read anew."""
    for name in ("_profile_version", "_sheets"):
        cycle.__dict__.pop(name, None)
    cycle._state.fields_cache.pop("profile", None)


def changed(kind: SheetKind, changes: dict[str, Any]) -> Sheet:
    """The shipped sheet of ``kind`` with the ``changes`` of a version."""
    part = changes.get(kind, {})
    off, on = set(part.get("off", ())), set(part.get("on", ()))
    voluntary = set(part.get("voluntary", ()))
    sections = []
    for section in SHIPPED[kind]:
        asked = tuple(
            replace(question, needed=Needed.NEVER)
            if question.key in voluntary and not question.fixed
            else question
            for question in section.questions
            if question.fixed or (question.key in on if question.off else question.key not in off)
        )
        if asked:
            sections.append(replace(section, questions=asked))
    own = tuple(own_question(entry) for entry in part.get("own", ()))
    if own:
        # Before the consents, which close a sheet.
        place = next(i for i, s in enumerate(sections) if s.key == "commitment")
        sections.insert(place, Section("own", "Weitere Fragen", own))
    return tuple(sections)


def own_question(entry: dict[str, Any]) -> Question:
    """A question of one's own from how a version keeps it."""
    kind = Kind(entry["kind"])
    # The label is the value: what was answered stays readable if the choices change later.
    choices = tuple((label, label) for label in entry.get("choices", ()))
    return Question(
        entry["key"],
        entry["label"],
        kind,
        entry.get("hint", ""),
        needed=Needed.TO_SUBMIT if entry.get("needed") else Needed.NEVER,
        kept=Kept.ANSWERS,
        most=_LENGTHS.get(kind, 160),
        choices=YES_OR_NO if kind == Kind.YES_NO else choices,
    )
