"""The form that starts a Durchgang from the last one, and the one for earlier cycles."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Fieldset, Layout, Row
from django import forms

from mentoring.ui.fields import RowsField
from mentoring.ui.forms import KernForm
from programmes.cycles.domain import CycleData, KeptSeat, PastHouse, number_taken
from programmes.cycles.forms.records import check_years
from programmes.cycles.models import CouncilSeat, Participation, ParticipationState, Programme
from programmes.cycles.registries import copied_on_new_cycle
from programmes.organisations.models import Municipality


class CycleBasics(KernForm):
    """Number, title and years, as every cycle has them."""

    number = forms.IntegerField(label="Nummer", min_value=1, max_value=999)
    title = forms.CharField(label="Titel", max_length=120)
    start_year = forms.IntegerField(label="Beginn (Jahr)", min_value=1990, max_value=2100)
    end_year = forms.IntegerField(label="Ende (Jahr)", min_value=1990, max_value=2100)

    basics = (Row("number", "title"), Row("start_year", "end_year"))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        self.programme = programme
        super().__init__(*args, **kwargs)

    def clean_number(self) -> int:
        """A number is given once; who was faster meanwhile is met by the domain."""
        number: int = self.cleaned_data["number"]
        if number_taken(self.programme, number):
            raise forms.ValidationError(f"Den Durchgang Nr. {number} gibt es schon.")
        return number

    def clean(self) -> dict[str, Any]:
        """The years are in order."""
        super().clean()
        check_years(self, self.cleaned_data)
        return self.cleaned_data


class StartCycleForm(CycleBasics):
    """A new cycle, and what it takes over from the last one.

    ``participations`` and ``seats`` are those of the last cycle, ``others`` the Kommunen
    that were not in it.
    """

    places = forms.IntegerField(label="Plätze", min_value=1, max_value=500)
    others = RowsField(
        Municipality.objects.none(),
        label="Außerdem einladen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        participations: Iterable[Participation],
        seats: Iterable[CouncilSeat],
        others: Any,
        from_last: bool,
        **kwargs: Any,
    ) -> None:
        self.participations = list(participations)
        self.seats = list(seats)
        super().__init__(*args, **kwargs)
        self.fields["others"].queryset = others  # type: ignore[attr-defined]  # a choice of models
        houses = [self._add_house(participation) for participation in self.participations]
        self.copiers = [
            (f"copy_{name}", name) for name in (copied_on_new_cycle.names() if from_last else [])
        ]
        for key, name in self.copiers:
            copier = copied_on_new_cycle.get(name)
            self.fields[key] = forms.BooleanField(
                label=copier.label,
                help_text=copier.help_text,
                required=False,
                initial=copier.chosen,
            )
        parts: list[Any] = [*self.basics, "places", *houses]
        if others.exists():
            parts.append("others")
        else:
            del self.fields["others"]
        if self.copiers:
            parts.append(Fieldset("Was übernommen wird", *[key for key, _ in self.copiers]))
        self.layout = Layout(*parts)

    def _add_house(self, participation: Participation) -> Fieldset:
        house = f"house_{participation.municipality_id}"
        # Who never answered may wish to this time; who declined is asked only on purpose, and
        # its seats wait with it: they cannot go on alone.
        goes_on = participation.state != ParticipationState.DECLINED
        self.fields[house] = forms.BooleanField(
            label="zum neuen Durchgang einladen",
            required=False,
            initial=goes_on,
        )
        names: list[Any] = [house]
        for seat in self.seats:
            if seat.participation_id == participation.pk:
                self.fields[f"seat_{seat.pk}"] = forms.BooleanField(
                    label=f"{seat.person} behält den Sitz ({seat.get_function_display()})",
                    required=False,
                    initial=goes_on,
                )
                self.fields[f"lead_{seat.pk}"] = forms.BooleanField(
                    label=f"{seat.person} leitet den Beirat als Treiber/in",
                    required=False,
                    initial=goes_on and seat.lead,
                )
                names += [f"seat_{seat.pk}", f"lead_{seat.pk}"]
        return Fieldset(str(participation.municipality), *names)

    def clean(self) -> dict[str, Any]:
        """A seat goes on only with its Kommune, a lead only with its seat."""
        data = super().clean()
        for seat in self.seats:
            kept, lead = data.get(f"seat_{seat.pk}"), data.get(f"lead_{seat.pk}")
            house = seat.participation.municipality
            if kept and not data.get(f"house_{house.pk}"):
                self.add_error(
                    f"seat_{seat.pk}",
                    f"{seat.person} kann den Sitz nur behalten, wenn auch {house} eingeladen wird.",
                )
            if lead and not kept:
                self.add_error(
                    f"lead_{seat.pk}", "Nur wer den Sitz behält, kann den Beirat leiten."
                )
        if sum(bool(data.get(f"lead_{seat.pk}")) for seat in self.seats) > 2:
            self.add_error(None, "Ein Durchgang hat eine oder zwei Treiber/innen.")
        return data

    def data_of_cycle(self) -> CycleData:
        """What was typed about the cycle itself."""
        data = self.cleaned_data
        return CycleData(
            number=data["number"],
            title=data["title"],
            start_year=data["start_year"],
            end_year=data["end_year"],
            places=data["places"],
        )

    def going_on(self) -> list[Municipality]:
        """The Kommunen that are invited."""
        kept = [
            participation.municipality
            for participation in self.participations
            if self.cleaned_data[f"house_{participation.municipality_id}"]
        ]
        return [*kept, *self.cleaned_data.get("others", [])]

    def kept_seats(self) -> list[KeptSeat]:
        """The seats whose holders go on."""
        return [
            KeptSeat(seat, lead=self.cleaned_data[f"lead_{seat.pk}"])
            for seat in self.seats
            if self.cleaned_data[f"seat_{seat.pk}"]
        ]

    def copied(self) -> list[str]:
        """Names of what is copied."""
        return [name for key, name in self.copiers if self.cleaned_data[key]]


class PastCycleForm(CycleBasics):
    """A cycle from before the installation: figures per Kommune, and nothing else."""

    tandems = forms.IntegerField(label="Tandems", required=False, min_value=0, max_value=500)

    def __init__(self, *args: Any, municipalities: Iterable[Municipality], **kwargs: Any) -> None:
        self.municipalities = list(municipalities)
        super().__init__(*args, **kwargs)
        houses = []
        for municipality in self.municipalities:
            key = municipality.pk
            self.fields[f"took_{key}"] = forms.BooleanField(label="war dabei", required=False)
            for name, label in (("mentees", "Mentees"), ("mentors", "Mentor/innen")):
                self.fields[f"{name}_{key}"] = forms.IntegerField(
                    label=label, required=False, min_value=0, max_value=500
                )
            houses.append(
                Fieldset(
                    str(municipality),
                    f"took_{key}",
                    Row(f"mentees_{key}", f"mentors_{key}"),
                )
            )
        self.layout = Layout(*self.basics, "tandems", *houses)

    def clean(self) -> dict[str, Any]:
        """Figures only for who was there."""
        data = super().clean()
        for municipality in self.municipalities:
            key = municipality.pk
            typed = [data.get(f"{name}_{key}") for name in ("mentees", "mentors")]
            if any(number is not None for number in typed) and not data.get(f"took_{key}"):
                self.add_error(
                    f"took_{key}",
                    f"Für {municipality} stehen hier Zahlen. Kreuzen Sie an, dass die Kommune "
                    "dabei war, oder löschen Sie die Zahlen.",
                )
        return data

    def houses(self) -> list[PastHouse]:
        """The Kommunen that took part."""
        data = self.cleaned_data
        return [
            PastHouse(house, data[f"mentees_{house.pk}"], data[f"mentors_{house.pk}"])
            for house in self.municipalities
            if data[f"took_{house.pk}"]
        ]
