"""The filter bar of the wall. It offers only what the reader sees anyway."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from mentoring.text import search_key
from mentoring.ui.lists import ListFilterForm
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications.models import Application
from tandems.matching.board import Wall
from tandems.mentors.models import Mentor, MentorState

WITHOUT, SEVERAL, DECIDED = "ohne", "mehrere", "entschieden"
FREE, UNUSED, AGREED = "frei", "unbenutzt", "zugesagt"


class WallFilter(ListFilterForm):
    """Search in both halves, the stand of mentees, their Kommune, and which mentors."""

    search = forms.CharField(
        label="Name oder Funktion",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    stand = forms.ChoiceField(
        label="Mentees",
        required=False,
        choices=(
            ("", "alle"),
            (WITHOUT, "ohne Idee"),
            (SEVERAL, "mit mehreren Ideen"),
            (DECIDED, "entschieden"),
        ),
    )
    municipality = forms.ModelChoiceField(
        label="Kommune der Mentees",
        required=False,
        queryset=Municipality.objects.none(),
        empty_label="alle",
    )
    mentors = forms.ChoiceField(
        label="Mentor/innen",
        required=False,
        choices=(
            ("", "alle"),
            (FREE, "mit freiem Platz"),
            (UNUSED, "in keiner Idee"),
            (AGREED, "haben zugesagt"),
        ),
    )

    def __init__(self, data: Any, *, wall: Wall) -> None:
        super().__init__(data)
        self.wall = wall
        houses: Any = self.fields["municipality"]
        seen = Application.objects.filter(pk__in=wall.mentee_keys)
        houses.queryset = Municipality.objects.filter(pk__in=seen.values("municipality")).order_by(
            "sort_key"
        )
        self.values = self.cleaned_data if self.is_valid() else {}

    @property
    def in_use(self) -> bool:
        """Whether anything is filtered."""
        return any(self.values.values())

    def mentee_keys(self) -> list[int]:
        """The keys of the mentees wanted, in the order of the wall."""
        wall, values = self.wall, self.values
        keys = wall.mentee_keys
        rows = wall.mentees()
        if values.get("search"):
            rows = rows.filter(named(values["search"]))
        if values.get("municipality"):
            rows = rows.filter(municipality=values["municipality"])
        if values.get("search") or values.get("municipality"):
            keys = list(rows.values_list("pk", flat=True))
        match values.get("stand"):
            case "ohne":
                return [key for key in keys if wall.is_open(key)]
            case "mehrere":
                return [key for key in keys if wall.ideas_of_mentee[key] > 1]
            case "entschieden":
                return [key for key in keys if wall.is_decided(key)]
        return keys

    def mentor_keys(self) -> list[int]:
        """The keys of the mentors wanted, in the order of the wall."""
        wall, values = self.wall, self.values
        keys = list(wall.capacities)
        if values.get("search"):
            rows = wall.mentors().filter(named(values["search"]))
            keys = list(rows.values_list("pk", flat=True))
        match values.get("mentors"):
            case "frei":
                return [key for key in keys if wall.places_left(key)]
            case "unbenutzt":
                return [key for key in keys if not wall.ideas_with_mentor[key]]
            case "zugesagt":
                return [key for key in keys if wall.capacities[key][0] == MentorState.AGREED]
        return keys


def named(text: str) -> Q:
    """Rows whose person's name, or whose function, contains every word of ``text``."""
    people: Any = Person.objects.search(text)
    words, alike = Q(), Q()
    for word in text.split():
        words &= Q(position__icontains=word)
    # The function has no stored key; umlauts in another spelling are tried as well.
    for key in search_key(text).split():
        alike &= Q(position__icontains=key)
    return Q(person__in=people.values("pk")) | words | alike


def matching_mentors(wall: Wall, text: str, most: int) -> tuple[QuerySet[Mentor], bool]:
    """The first ``most`` visible mentors that fit ``text``, and whether there are more."""
    rows = wall.mentors()
    return _some(rows.filter(named(text)) if text.strip() else rows, most)


def matching_mentees(wall: Wall, text: str, most: int) -> tuple[QuerySet[Application], bool]:
    """The first ``most`` visible mentees that fit ``text``, and whether there are more."""
    rows = wall.mentees()
    return _some(rows.filter(named(text)) if text.strip() else rows, most)


def _some(rows: Any, most: int) -> tuple[Any, bool]:
    found = list(rows[: most + 1])
    return found[:most], len(found) > most
