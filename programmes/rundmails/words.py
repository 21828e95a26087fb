"""An audience in words: "alle Mentees, Beirat ohne Treiber/innen des Beirats"."""

from collections.abc import Iterable
from typing import Any

from programmes.cycles.models import Cycle
from programmes.rundmails.domain.audience import may_choose
from programmes.rundmails.models import AudienceChoice
from programmes.rundmails.registries import audiences

PERSON = "person"
"""The audience of single persons: counted here, not named."""

NOBODY = "noch niemand"
UNKNOWN = "nicht mehr verfügbare Auswahl"


class AudienceWords:
    """The labels of the audiences of a cycle for a user, each audience asked for once."""

    def __init__(self, cycle: Cycle, user: Any) -> None:
        self.cycle, self.user = cycle, user
        self._labels: dict[str, dict[str, str]] = {}

    def of(self, choices: Iterable[AudienceChoice]) -> str:
        """All parts of a mail in one line."""
        chosen = list(choices)
        plus = self._parts([choice for choice in chosen if not choice.minus])
        minus = self._parts([choice for choice in chosen if choice.minus])
        if not plus:
            return NOBODY
        return ", ".join(plus) + (f" ohne {', '.join(minus)}" if minus else "")

    def _parts(self, choices: list[AudienceChoice]) -> list[str]:
        groups = [choice for choice in choices if choice.audience != PERSON]
        found = [self._label(choice.audience, choice.value) for choice in groups]
        people = len(choices) - len(groups)
        if people:
            found.append("1 einzelne Person" if people == 1 else f"{people} einzelne Personen")
        return found

    def _label(self, audience: str, value: str) -> str:
        if audience not in self._labels:
            known = audience in audiences and may_choose(
                audiences.get(audience), self.cycle, self.user
            )
            self._labels[audience] = (
                dict(audiences.get(audience).choices(self.cycle, self.user)) if known else {}
            )
        return self._labels[audience].get(value, UNKNOWN)
