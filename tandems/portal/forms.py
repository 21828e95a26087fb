"""The forms of mentee and mentor."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from mentoring.ui.forms import KernForm, VersionedModelForm
from tandems.meetings import domain
from tandems.meetings.domain.help import MOST
from tandems.meetings.domain.meetings import AHEAD, LONGEST, SHORTEST
from tandems.meetings.models import MeetingForm, TandemMeeting
from tandems.pairs.models import Tandem

LENGTHS = (45, 60, 90, 120, 180)
"""Usual lengths, in minutes: suggested beside the field."""
HOW_LONG = f"Bitte geben Sie die Dauer in Minuten an, von {SHORTEST} bis {LONGEST} (12 Stunden)."
NO_CONTENT = "Worüber Sie sprechen, gehört nicht hierher: das bleibt unter Ihnen beiden."


class EnterMeetingForm(VersionedModelForm):
    """Day, form and length of a meeting, past or planned; no field for what was said."""

    form = forms.ChoiceField(
        label="Wie treffen Sie sich?", choices=MeetingForm.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = TandemMeeting
        fields = ("met_on", "form", "minutes")

    def __init__(self, *args: Any, tandem: Tandem, **kwargs: Any) -> None:
        self.tandem = tandem
        super().__init__(*args, **kwargs)
        day, minutes = self.fields["met_on"], self.fields["minutes"]
        day.label = "Tag"
        day.help_text = "Liegt der Tag in der Zukunft, gilt das Treffen als geplant."
        for wrong in ("invalid", "min_value", "max_value"):
            minutes.error_messages[wrong] = HOW_LONG
        minutes.help_text = "Üblich sind 60, 90 oder 120 Minuten. Ungefähr genügt."
        minutes.widget.attrs["list"] = "treffen-dauer"
        if self.is_bound:
            self._ask_about_second()

    def _ask_about_second(self) -> None:
        """Two meetings on one day may be meant, but mostly both of the two entered the same."""
        try:
            day = date.fromisoformat(str(self.data.get(self.add_prefix("met_on"), "")))
        except ValueError:
            return
        own = self.instance if self.instance.pk else None
        if own is not None and own.met_on == day:
            return
        if domain.same_day(self.tandem, day, besides=own):
            self.fields["twice"] = forms.BooleanField(
                label="An diesem Tag haben wir uns zweimal getroffen",
                error_messages={
                    "required": f"Für den {day:%d.%m.%Y} steht schon ein Treffen in der Liste. "
                    "War es ein zweites, haken Sie das bitte an; sonst ist nichts zu tun."
                },
            )

    def clean_met_on(self) -> date:
        """Within the tandem's year, said beside the field."""
        day: date = self.cleaned_data["met_on"]
        first = domain.first_day(self.tandem)
        if day < first:
            raise forms.ValidationError(
                f"Ihr Tandem gibt es erst seit dem {first:%d.%m.%Y}. Bitte prüfen Sie das Datum."
            )
        if day > timezone.localdate() + AHEAD:
            raise forms.ValidationError(
                "Dieser Tag liegt mehr als ein Jahr in der Zukunft. Bitte prüfen Sie die "
                "Jahreszahl."
            )
        return day


class AgreementForm(VersionedModelForm):
    """When the two signed."""

    class Meta:
        model = Tandem
        fields = ("agreement_on",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["agreement_on"]
        day.label = "Unterschrieben am"
        day.help_text = "Leer lassen, wenn Sie noch nicht beide unterschrieben haben."

    def clean_agreement_on(self) -> date | None:
        """A day of the tandem up to today, said beside the field."""
        day: date | None = self.cleaned_data["agreement_on"]
        if day is None:
            return None
        if day > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        first = domain.first_day(self.instance)
        if day < first:
            raise forms.ValidationError(
                f"Ihr Tandem gibt es erst seit dem {first:%d.%m.%Y}. Bitte prüfen Sie das Datum."
            )
        return day


class HelpForm(KernForm):
    """A few words to the contact, or none."""

    words = forms.CharField(
        label="Was möchten Sie dazu sagen?",
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Zum Beispiel, wann man Sie am besten erreicht. Inhalte Ihrer Gespräche gehören "
        "nicht hierher, sie bleiben unter Ihnen beiden.",
    )
