"""The rows in which an audience is put together: a group each, added or taken off."""

from collections.abc import Sequence
from typing import Any

from django import forms

from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.rundmails.audiences import people_of
from programmes.rundmails.domain import Choice
from programmes.rundmails.domain.audience import may_choose
from programmes.rundmails.registries import audiences
from programmes.rundmails.words import PERSON

SPARE_ROWS = 3
MAX_ROWS = 60
SHOWN_PEOPLE = 20
_BETWEEN = "|"
PLUS, MINUS = "plus", "minus"


def written(choice: Choice) -> str:
    """A choice as the value of an option."""
    return f"{choice.audience}{_BETWEEN}{choice.value}"


def read(value: str, sign: str) -> Choice:
    """The choice a row stands for."""
    audience, _, chosen = value.partition(_BETWEEN)
    return Choice(audience, chosen, minus=sign == MINUS)


def options(cycle: Cycle, user: Any, stored: Sequence[tuple[Choice, str]]) -> list[Any]:
    """What a row offers, grouped by audience; what is stored stays even if no longer offered.

    Single persons are not listed, but searched for.
    """
    found: list[Any] = [("", "– bitte wählen –")]
    known: set[str] = set()
    for name in audiences.names():
        audience = audiences.get(name)
        if name == PERSON or not may_choose(audience, cycle, user):
            continue
        pairs = [
            (written(Choice(name, value)), label) for value, label in audience.choices(cycle, user)
        ]
        known.update(value for value, _ in pairs)
        if len(pairs) == 1:
            found += pairs
        elif pairs:
            found.append((audience.label, pairs))
    kept = [(written(choice), label) for choice, label in stored if written(choice) not in known]
    return [*found, ("Schon gewählt", kept)] if kept else found


def add_rows(fields: dict[str, forms.Field], count: int, shown: list[Any]) -> list[tuple[str, str]]:
    """Add ``count`` rows to ``fields``; returns the names of their two fields."""
    names = []
    for number in range(count):
        part, sign = f"part_{number}", f"sign_{number}"
        fields[part] = forms.ChoiceField(
            label=f"Gruppe {number + 1}", choices=shown, required=False
        )
        fields[sign] = forms.ChoiceField(
            label=f"Gruppe {number + 1}: dazu oder ohne?",
            choices=((PLUS, "dazu"), (MINUS, "ohne diese")),
            required=False,
            initial=PLUS,
        )
        names.append((part, sign))
    return names


def person_fields(cycle: Cycle, user: Any, searched: str, data: Any) -> dict[str, forms.Field]:
    """The search for a single person, and those it found or who were ticked before."""
    visible: Any = people_of(cycle, user).select_related("municipality")
    ticked = [value for value in data.getlist("people") if value.isdecimal()] if data else []
    if ticked:
        found = list(visible.filter(pk__in=[int(value[:18]) for value in ticked[:SHOWN_PEOPLE]]))
    else:
        found = list(visible.search(searched)[:SHOWN_PEOPLE]) if searched.strip() else []
    people = forms.MultipleChoiceField(
        label="Gefundene Personen",
        required=False,
        choices=[(str(person.pk), _named(person)) for person in found],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Diese Person können Sie nicht auswählen."},
    )
    return {
        "person_name": forms.CharField(
            label="Einzelne Person suchen",
            required=False,
            max_length=200,
            initial=searched,
            widget=forms.TextInput(attrs={"type": "search"}),
        ),
        "people": people,
    }


def _named(person: Person) -> str:
    return f"{person} ({person.municipality})" if person.municipality else str(person)
