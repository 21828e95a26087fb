"""Forms that change one record: programme, cycle, participation, seat."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout, Row
from django import forms
from django.db.models import QuerySet

from mentoring.ui.forms import KernForm, ReasonForm, VersionedModelForm
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participation,
    ParticipationState,
    Programme,
)
from programmes.cycles.registries import where_the_workshop_moves
from programmes.organisations.models import Municipality


class ProgrammeMeta:
    """Fields of a programme as every form shows them."""

    model = Programme
    fields = (
        "name",
        "kind",
        "logistics_partner",
        "fee_per_mentee",
        "tandem_months",
        "meetings_min",
        "meetings_max",
    )
    help_texts: ClassVar = {
        "name": "Zum Beispiel „Mentoring im Münsterland“.",
        "logistics_partner": "Wer Räume stellt, Rundmails verschickt und Rechnungen schreibt. "
        "Deren Personal sieht die Teilnehmerlisten aller offenen Durchgänge.",
        "fee_per_mentee": "Zum Beispiel 500,00.",
    }
    error_messages: ClassVar = {"name": {"unique": "Ein Programm mit diesem Namen gibt es schon."}}


class ProgrammeForm(VersionedModelForm):
    """A programme."""

    Meta = ProgrammeMeta
    layout = Layout(
        "name",
        "kind",
        "logistics_partner",
        "fee_per_mentee",
        "tandem_months",
        Row("meetings_min", "meetings_max"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["logistics_partner"].empty_label = "noch keiner"  # type: ignore[attr-defined]  # a choice of models
        self.fields["fee_per_mentee"].localize = True
        self.fields["fee_per_mentee"].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        self.fields["fee_per_mentee"].widget.is_localized = True

    def clean(self) -> dict[str, Any]:
        """The range of meetings is in order."""
        super().clean()
        low, high = self.cleaned_data.get("meetings_min"), self.cleaned_data.get("meetings_max")
        if low is not None and high is not None and high < low:
            self.add_error("meetings_max", "Die Höchstzahl ist kleiner als die Mindestzahl.")
        return self.cleaned_data


class CycleForm(VersionedModelForm):
    """What may change about a cycle while it is open."""

    class Meta:
        model = Cycle
        fields = (
            "title",
            "start_year",
            "end_year",
            "places",
            "start_workshop_on",
            "reveal_at",
            "four_eyes",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if where_the_workshop_moves(self.instance):
            del self.fields["start_workshop_on"]
        others = ("places", "start_workshop_on", "reveal_at", "four_eyes")
        self.layout = Layout(
            "title",
            Row("start_year", "end_year"),
            *(name for name in others if name in self.fields),
        )

    def clean(self) -> dict[str, Any]:
        """The years are in order, and a reveal does not precede its workshop."""
        super().clean()
        check_years(self, self.cleaned_data)
        planned = "start_workshop_on" not in self.fields
        workshop = (
            self.instance.start_workshop_on
            if planned
            else self.cleaned_data.get("start_workshop_on")
        )
        reveal = self.cleaned_data.get("reveal_at")
        if reveal is not None and workshop is None and "start_workshop_on" not in self.errors:
            self.add_error("reveal_at", "Tragen Sie zuerst das Datum des Startworkshops ein.")
        elif reveal is not None and workshop is not None and reveal.date() < workshop:
            self.add_error(
                "reveal_at", "Das Matching darf nicht vor dem Startworkshop bekannt werden."
            )
        return self.cleaned_data


def check_years(form: forms.BaseForm, data: dict[str, Any]) -> None:
    """Give the second year an error if it lies before the first."""
    first, last = data.get("start_year"), data.get("end_year")
    if first is not None and last is not None and last < first:
        form.add_error("end_year", "Das Ende liegt vor dem Beginn.")


class InvitationForm(KernForm):
    """Invite a Kommune into a cycle."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label="Kommune", empty_label="bitte wählen"
    )
    places_wished = forms.IntegerField(
        label="gewünschte Plätze", required=False, min_value=0, max_value=50
    )
    note = forms.CharField(
        label="Bemerkung",
        max_length=300,
        required=False,
        help_text="Nur der Beirat sieht sie.",
    )

    def __init__(self, *args: Any, municipalities: QuerySet[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]  # a choice of models


class ParticipationForm(VersionedModelForm):
    """What a Kommune answered, how many places it wishes."""

    answer = forms.ChoiceField(label="Antwort der Kommune", choices=ParticipationState.choices)

    class Meta:
        model = Participation
        fields = ("places_wished", "note")
        help_texts: ClassVar = {"note": "Nur der Beirat sieht sie."}

    layout = Layout("answer", "places_wished", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["answer"] = self.instance.state
        if self.instance.state == ParticipationState.CONFIRMED:
            self.fields["answer"].help_text = (
                "Nimmt die Kommune doch nicht teil, zeigt die nächste Seite, was alles endet, und "
                "fragt nach dem Grund. Bis dahin ändert sich nichts."
            )

    @property
    def leaves(self) -> bool:
        """Whether a Kommune that takes part is to answer otherwise."""
        takes_part: bool = self.instance.state == ParticipationState.CONFIRMED
        return takes_part and self.cleaned_data["answer"] != ParticipationState.CONFIRMED


class LeaveForm(ReasonForm):
    """Why a Kommune leaves a Durchgang."""

    reason = forms.CharField(
        label="Grund",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Den Grund liest der Beirat bei der Kommune und bei ihren Bewerbungen.",
    )


class SeatChangeForm(VersionedModelForm):
    """Function and lead of a seat."""

    class Meta:
        model = CouncilSeat
        fields = ("function", "lead")
