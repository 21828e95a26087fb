"""The Ausschreibung as it is read: its text with the dates in it, and the table of dates."""

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

from programmes.calls.models import Call
from programmes.calls.placeholders import Facts, dates_missing, facts_of, said_days, value_of
from programmes.organisations.models import Municipality
from programmes.roadmap.models import Track
from programmes.rundmails.markdown import Slot, Where, compile_markdown

_HEADING = re.compile(r"<(/?)h([1-6])>")
FOR_APPLICANTS = (Track.HOUSES, Track.MENTEES, Track.ALL, Track.TANDEMS)
"""The lanes of the Fahrplan that concern who applies."""


@dataclass(frozen=True)
class DateRow:
    """A row of the table of dates."""

    title: str
    when: str
    where: str


@dataclass(frozen=True)
class Written:
    """The Ausschreibung of a cycle as one Kommune publishes it."""

    call: Call
    facts: Facts

    @property
    def title(self) -> str:
        """Its heading."""
        return f"Ausschreibung: {self.facts.cycle.programme}"

    @property
    def subtitle(self) -> str:
        """For which cycle, and in which house."""
        house = self.facts.house
        return f"{self.facts.cycle}, {house.name}" if house else str(self.facts.cycle)

    @property
    def is_draft(self) -> bool:
        """Whether the Beirat has not agreed on it yet."""
        return self.call.agreed_on is None

    @cached_property
    def missing(self) -> list[str]:
        """The dates it names that the Fahrplan does not hold."""
        return dates_missing((self.call.text, self.call.conditions), self.facts)

    def dates(self) -> list[DateRow]:
        """The dates of the Fahrplan that concern applicants, in their order."""
        return [
            DateRow(row.title, said_days(row), row.venue)
            for row in self.facts.milestones.values()
            if row.track in FOR_APPLICANTS
        ]

    def text_html(self, top: int = 3) -> SafeString:
        """The text as sanitised HTML whose highest heading is ``top``."""
        return self._html(self.call.text, top)

    def conditions_html(self, top: int = 3) -> SafeString:
        """The conditions likewise."""
        return self._html(self.call.conditions, top)

    def _html(self, source: str, top: int) -> SafeString:
        parts = [
            self._filled(part) if isinstance(part, Slot) else part
            for part in compile_markdown(source).html
        ]
        html = _with_headings_from("".join(parts), top)
        return mark_safe(html)  # noqa: S308  # sanitised by the compiler, since then escaped

    def _filled(self, slot: Slot) -> str:
        value = value_of(slot.use, self.facts)
        return quote(value, safe="@") if slot.where is Where.HREF else escape(value)


def written(call: Call, house: Municipality | None = None) -> Written:
    """``call`` as ``house`` publishes it, or without one as the Beirat reads it."""
    return Written(call, facts_of(call.cycle, house))


def _with_headings_from(html: str, top: int) -> str:
    """``html`` with its headings moved so that no level is left out above them."""
    levels = sorted({int(level) for _, level in _HEADING.findall(html)})
    moved = {level: min(6, top + position) for position, level in enumerate(levels)}
    return _HEADING.sub(lambda found: f"<{found[1]}h{moved[int(found[2])]}>", html)
