"""What is known of a mentee and of a mentor: the answers that are compared, nothing else.

Everything but ``key`` may be missing: an empty text or set, or ``None``. What is missing is
neither good nor bad. Keys of topics, kinds of administration, sizes, levels, target groups and
forms of meeting are those of the Profilbogen.
"""

from dataclasses import dataclass

from programmes.organisations.distance import Point


@dataclass(frozen=True)
class MenteeFacts:
    """What a mentee wants.

    ``words`` are expectations, helpful experience, goals and further wishes as one text,
    ``administration`` is the kind of the own Kommune, ``max_km`` how far they drive.
    """

    key: int
    topics: frozenset[str] = frozenset()
    words: str = ""
    wish_field: str = ""
    wish_administration: frozenset[str] = frozenset()
    wish_size: frozenset[str] = frozenset()
    administration: str = ""
    point: Point | None = None
    max_km: float | None = None
    meeting_form: str = ""
    style: str = ""
    target_group: str = ""
    name: str = ""


@dataclass(frozen=True)
class MentorFacts:
    """What a mentor offers; an idea has little more than ``topics``, ``field`` and a Kommune.

    ``words`` are career, motivation and experience as one text, ``field`` is department and
    position, ``size`` and ``administration`` belong to the own Kommune, ``places`` says how
    many mentees there is room for.
    """

    key: int
    topics: frozenset[str] = frozenset()
    words: str = ""
    field: str = ""
    administration: str = ""
    known_administrations: frozenset[str] = frozenset()
    size: str = ""
    point: Point | None = None
    max_km: float | None = None
    meeting_form: str = ""
    style: str = ""
    level: str = ""
    mentored_before: bool | None = None
    places: int = 1
    name: str = ""
