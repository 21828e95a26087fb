"""What the suggestions compare of an application and of a mentor: answers the Beirat reads.

A question that the cycle's version of the Profilbogen does not ask says nothing, even where
an answer is left from before.
"""

import re
from typing import Any

from programmes.organisations.models import Municipality, MunicipalityKind
from tandems.applications.models import Application
from tandems.mentors.models import Mentor
from tandems.profiles.questions import Kind, Reader, questions
from tandems.suggestions.engine import MenteeFacts, MentorFacts

ADMINISTRATIONS = {
    MunicipalityKind.CITY: "city",
    MunicipalityKind.COMMUNITY: "community",
    MunicipalityKind.DISTRICT: "district",
    MunicipalityKind.REGIONAL_ASSOCIATION: "association",
}
"""The kinds of Kommunen as the Profilbogen calls them."""

_NO_EXPERIENCE = re.compile(r"\W*(nein|kein\w*|noch (nicht|nie|kein\w*)|bisher (nicht|kein\w*))\b")
"""How an answer begins that tells of no earlier part in the programme."""


def mentee_facts(application: Application) -> MenteeFacts:
    """What a mentee wants. Comes with ``select_related("person", "municipality", "cycle")``."""
    said = _Said(application)
    return MenteeFacts(
        key=application.pk,
        topics=frozenset(application.topics),
        words=said.text("expectations", "helpful_experience", "goals", "wish_other"),
        wish_field=said.text("wish_field"),
        wish_administration=said.several("wish_administration"),
        wish_size=said.several("wish_size"),
        administration=_administration(application.municipality),
        point=_point(application.municipality),
        max_km=said.number("distance_km"),
        meeting_form=said.text("meeting_form"),
        style=said.text("work_style"),
        target_group=application.target_group,
        name=application.person.full_name,
    )


def mentor_facts(mentor: Mentor, places: int = 1) -> MentorFacts:
    """What a mentor offers; ``places`` are free. ``select_related`` as for ``mentee_facts``."""
    said = _Said(mentor)
    return MentorFacts(
        key=mentor.pk,
        topics=frozenset(mentor.topics),
        words=said.text("career", "motivation", "experience"),
        field=f"{mentor.department} {mentor.position}".strip(),
        administration=_administration(mentor.municipality),
        known_administrations=said.several("known_administrations"),
        point=_point(mentor.municipality),
        max_km=said.number("distance_km"),
        meeting_form=said.text("meeting_form"),
        style=said.text("work_style"),
        level=said.text("level"),
        mentored_before=_took_part(said.text("experience")),
        places=places,
        name=mentor.called,
    )


class _Said:
    """The answers of a record to what its sheet asks and the Beirat may read."""

    def __init__(self, record: Any) -> None:
        self._record = record
        self._asked = _asked(record)

    def text(self, *keys: str) -> str:
        """The answers to ``keys`` as one text."""
        found = (self._value(key) for key in keys)
        return "\n".join(one for one in found if isinstance(one, str) and one.strip())

    def several(self, key: str) -> frozenset[str]:
        """The choices."""
        value = self._value(key)
        return frozenset(map(str, value)) if isinstance(value, list | tuple) else frozenset()

    def number(self, key: str) -> float | None:
        """The number, if one was given."""
        try:
            return float(self._value(key))
        except (TypeError, ValueError):
            return None

    def _value(self, key: str) -> Any:
        question = self._asked.get(key)
        return question.value(self._record) if question is not None else None


_TOLD = (Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.CHOICE, Kind.CHOICES)


def _asked(record: Any) -> dict[str, Any]:
    """The questions of the record's sheet by key, made once for each sheet of a cycle object."""
    made: dict[type, dict[str, Any]] = record.cycle.__dict__.setdefault("_compared", {})
    kind = type(record)
    if kind not in made:
        made[kind] = {
            one.key: one
            for one in questions(record.sheet)
            if one.kind in _TOLD and one.seen_by & Reader.COUNCIL and not one.house_only
        }
    return made[kind]


def _administration(municipality: Municipality) -> str:
    return ADMINISTRATIONS.get(MunicipalityKind(municipality.kind), "")


def _point(municipality: Municipality) -> tuple[float, float] | None:
    if municipality.latitude is None or municipality.longitude is None:
        return None
    return float(municipality.latitude), float(municipality.longitude)


def _took_part(experience: str) -> bool | None:
    """Whether somebody was a mentor or mentee before, by their own words; ``None``: not said."""
    if not experience.strip():
        return None
    return _NO_EXPERIENCE.match(experience.casefold()) is None
