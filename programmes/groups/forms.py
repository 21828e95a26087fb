"""Forms around the groups of a Vernetzungstreffen."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http.request import QueryDict

from mentoring.ui.forms import KernForm
from programmes.cycles.models import Participant
from programmes.groups.board import DISTANCE, REGION, Board, GroupRow
from programmes.groups.domain import State
from programmes.groups.grouping import Proposed
from programmes.groups.models import Group

_STALE = (
    "Das Formular stammt nicht von dieser Seite oder ist beschädigt. Laden Sie die Seite neu "
    "und geben Sie Ihre Änderungen noch einmal ein."
)
NOWHERE = "0"
"""The choice "in no group"."""


class ProposalForm(KernForm):
    """How the groups are to be proposed."""

    nach = forms.ChoiceField(
        label="Gruppen bilden nach",
        choices=((REGION, "Regionalgruppen"), (DISTANCE, "Entfernung")),
        initial=REGION,
    )
    gruppen = forms.IntegerField(label="Anzahl der Gruppen", min_value=1)

    def __init__(self, *args: Any, mentees: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gruppen"]
        field.max_value = max(1, mentees)  # type: ignore[attr-defined]  # an IntegerField
        field.validators.append(self._no_more_than(mentees))
        field.widget.attrs["max"] = max(1, mentees)

    @staticmethod
    def _no_more_than(mentees: int) -> Any:
        def check(value: int) -> None:
            if value > mentees:
                raise ValidationError(f"Es gibt nur {mentees} Mentees.")

        return check


class TakeOverForm(KernForm):
    """The proposal as it was shown, signed: exactly that is taken over."""

    SALT = "programmes.groups.proposal"

    proposal = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def token(cls, milestone_pk: int, rows: Sequence[GroupRow]) -> str:
        """The proposal for the hidden field."""
        groups = [[row.name, [member.pk for member in row.members]] for row in rows]
        return signing.dumps([milestone_pk, groups], salt=cls.SALT, compress=True)

    def __init__(self, *args: Any, milestone_pk: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._milestone_pk = milestone_pk

    def clean_proposal(self) -> list[Proposed]:
        """The groups that were shown."""
        try:
            milestone, groups = signing.loads(self.cleaned_data["proposal"], salt=self.SALT)
        except (signing.BadSignature, ValueError, TypeError):
            raise ValidationError(_STALE) from None
        if milestone != self._milestone_pk:
            raise ValidationError(_STALE)
        return [Proposed(name, tuple(members)) for name, members in groups]


class GroupsForm(KernForm):
    """All groups at once: their names, and a choice of group for each mentee.

    ``opened`` carries, signed, what the form had shown, so that only what the user changed
    is saved and a second editor is noticed.
    """

    SALT = "programmes.groups.groups"

    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        milestone_pk: int,
        board: Board,
        mentees: Sequence[Participant],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._milestone_pk = milestone_pk
        self._groups = [row.group for row in board.rows if row.group is not None]
        self._mentees = mentees
        self._opened: State | None = None
        self.clash: State | None = None
        places = {
            member.pk: row.group.pk for row in board.rows if row.group for member in row.members
        }
        self.stored = State({group.pk: group.name for group in self._groups}, places)
        self.token = self._token(self.stored)
        self._add_fields()

    def _add_fields(self) -> None:
        choices = [(NOWHERE, "noch ohne Gruppe"), *((str(g.pk), g.name) for g in self._groups)]
        for group in self._groups:
            self.fields[name_field(group)] = forms.CharField(
                label=f"Name der Gruppe „{group.name}“", max_length=80, initial=group.name
            )
        for mentee in self._mentees:
            place = self.stored.places.get(mentee.pk)
            self.fields[place_field(mentee)] = forms.ChoiceField(
                label=f"Gruppe für {mentee.person}",
                choices=choices,
                initial=str(place) if place else NOWHERE,
                required=False,
            )

    def clean_opened(self) -> str:
        """Reads what the form had shown."""
        token = self.cleaned_data["opened"]
        try:
            milestone, names, places = signing.loads(token, salt=self.SALT)
        except (signing.BadSignature, ValueError, TypeError):
            raise ValidationError(_STALE) from None
        if milestone != self._milestone_pk:
            raise ValidationError(_STALE)
        self._opened = State(dict(names), dict(places))
        self.token = token
        return str(token)

    @property
    def opened_state(self) -> State:
        """What the form had shown."""
        assert self._opened is not None
        return self._opened

    @property
    def wanted(self) -> State:
        """What the user wants; a mentee whose choice was not posted stays."""
        data = self.cleaned_data
        names = {g.pk: data[name_field(g)] for g in self._groups if data.get(name_field(g))}
        places: dict[int, int | None] = {}
        for mentee in self._mentees:
            if chosen := data.get(place_field(mentee)):
                places[mentee.pk] = None if chosen == NOWHERE else int(chosen)
        return State(names, places)

    def show_clash(self, stored: State) -> None:
        """Show what the user typed beside what is ``stored`` by now; then it may be saved.

        What the user had not touched takes the stored value.
        """
        opened, wanted = self.opened_state, self.wanted
        data = QueryDict(mutable=True)
        data.update(self.data)
        for pk, name in wanted.names.items():
            if name == opened.names.get(pk) and pk in stored.names:
                data[f"name-{pk}"] = stored.names[pk]
        for participant, place in wanted.places.items():
            if place == opened.places.get(participant):
                data[f"platz-{participant}"] = str(stored.places.get(participant) or NOWHERE)
        self.data = data
        self.clash = stored
        self.token = self._token(stored)

    def name_of(self, group: Group) -> Any:
        """The field of a group's name."""
        return self[name_field(group)]

    def place_of(self, mentee: Participant) -> Any:
        """The field of a mentee's group."""
        return self[place_field(mentee)]

    def meanwhile(self, mentee: Participant) -> str:
        """The group another editor has put the mentee in, where the user wants another."""
        if self.clash is None:
            return ""
        stored = str(self.clash.places.get(mentee.pk) or NOWHERE)
        if stored == self.data.get(place_field(mentee), stored):
            return ""
        return self.clash.names.get(int(stored), "noch ohne Gruppe")

    def named_meanwhile(self, group: Group) -> str:
        """The name another editor gave the group, where the user wants another."""
        if self.clash is None:
            return ""
        stored = self.clash.names.get(group.pk, group.name)
        return "" if stored == self.data.get(name_field(group)) else stored

    def _token(self, state: State) -> str:
        content = [self._milestone_pk, list(state.names.items()), list(state.places.items())]
        return signing.dumps(content, salt=self.SALT, compress=True)


def name_field(group: Group) -> str:
    """The name of the field for a group's name."""
    return f"name-{group.pk}"


def place_field(mentee: Participant) -> str:
    """The name of the field for a mentee's group."""
    return f"platz-{mentee.pk}"


class NewGroupForm(KernForm):
    """A further group."""

    name = forms.CharField(label="Name der Gruppe", max_length=80)


class EventsForm(KernForm):
    """When the groups meet."""

    begins = forms.TimeField(label="Beginn", initial=time(10))
    ends = forms.TimeField(label="Ende", initial=time(12))

    def clean(self) -> dict[str, Any]:
        """The end comes after the beginning."""
        data = super().clean() or self.cleaned_data
        begins, ends = data.get("begins"), data.get("ends")
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("ends", "Das Ende liegt nicht nach dem Beginn.")
        return data
