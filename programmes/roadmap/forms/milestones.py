"""Forms of a single milestone and of its move."""

from datetime import date, timedelta
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.core import signing
from django.db.models import Q

from mentoring.ui.errors import Refused
from mentoring.ui.forms import KernForm, VersionedModelForm
from programmes.cycles.models import CouncilSeat, Cycle, ParticipationState
from programmes.documents.models import Document
from programmes.organisations.models import Municipality
from programmes.roadmap import calendar
from programmes.roadmap.domain.milestones import MOST_DAYS_APART, days_after
from programmes.roadmap.domain.workshop import check_year_of_workshop
from programmes.roadmap.forms.fields import DayField, SeatsField
from programmes.roadmap.models import Milestone, MilestoneState

_SEEN = "programmes.roadmap.move"


class MilestoneForm(VersionedModelForm):
    """A milestone of a cycle, new or changed.

    The date may be typed, or follow from a distance to another milestone: whichever of the
    two was changed decides.
    """

    starts_on = DayField(
        label="am oder ab",
        required=False,
        help_text="Leer lassen, wenn es sich aus dem Abstand unten ergibt.",
    )
    ends_on = DayField(
        label="bis",
        required=False,
        help_text="Nur nötig, wenn der Meilenstein länger als einen Tag dauert.",
    )
    anchor_days = forms.IntegerField(
        label="Abstand in Tagen",
        required=False,
        min_value=-MOST_DAYS_APART,
        max_value=MOST_DAYS_APART,
        help_text="Minus heißt davor: -14 sind zwei Wochen vorher.",
    )
    seats = SeatsField(CouncilSeat.objects.none(), label="zuständig im Beirat", required=False)

    class Meta:
        model = Milestone
        fields = (
            "title",
            "track",
            "kind",
            "starts_on",
            "ends_on",
            "fixed",
            "anchor",
            "anchor_days",
            "venue",
            "description",
            "municipality",
            "seats",
            "documents",
            "notes",
        )
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "notes": forms.Textarea(attrs={"rows": 4}),
            "documents": forms.CheckboxSelectMultiple,
        }
        help_texts: ClassVar = {
            "anchor": "Verschiebt sich dieser Meilenstein, geht der hier mit.",
            "notes": "Nur der Beirat sieht sie.",
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cycle, own = self.instance.cycle, self.instance
        fields: Any = self.fields
        fields["municipality"].queryset = Municipality.objects.filter(
            participations__cycle=cycle, participations__state=ParticipationState.CONFIRMED
        ).order_by("sort_key")
        fields["municipality"].empty_label = "keine bestimmte"
        chosen = Q(milestones=own) if own.pk else Q(pk__in=[])
        fields["seats"].queryset = (
            CouncilSeat.objects.filter(participation__cycle=cycle)
            .filter(Q(until=None) | chosen)
            .select_related("person", "participation__municipality")
            .order_by("participation__municipality__sort_key", "chair")
            .distinct()
        )
        fields["documents"].queryset = Document.objects.visible_to(user).filter(cycle=cycle)
        fields["documents"].required = False
        fields["anchor"].queryset = (
            Milestone.objects.filter(cycle=cycle)
            .filter(Q(state=MilestoneState.PLANNED) | Q(pk=own.anchor_id))
            .exclude(pk=own.pk)
        )
        fields["anchor"].empty_label = "nichts: steht für sich"
        when: list[Any] = [Row("starts_on", "ends_on")]
        if own.is_start:
            for name in ("fixed", "anchor", "anchor_days", "kind"):
                del fields[name]
            fields["starts_on"].required = True
            fields["starts_on"].help_text = ""
        else:
            self.initial["anchor_days"] = days_after(own, own.anchor) if own.pk else None
            when += [Row("anchor", "anchor_days"), "fixed"]
        who = ["municipality", *(["seats"] if fields["seats"].queryset else [])]
        more = ["documents"] if fields["documents"].queryset else []
        for name in ("seats", "documents"):
            if name not in (*who, *more):
                del fields[name]
        self.layout = Layout(
            "title",
            Row("track", *([] if own.is_start else ["kind"])),
            Fieldset("Wann", *when),
            Fieldset("Wer", *who),
            Fieldset("Näheres", "venue", "description", *more, "notes"),
        )

    def clean(self) -> dict[str, Any]:
        """Bring date and distance together."""
        super().clean()
        data = self.cleaned_data
        if self.errors.keys() & {"starts_on", "ends_on", "anchor", "anchor_days"}:
            return data
        if not self.instance.is_start:
            self._count_from_anchor(data)
        if data.get("starts_on") is None:
            if "starts_on" not in self.errors and "anchor_days" not in self.errors:
                self.add_error("starts_on", "Bitte geben Sie ein Datum an.")
            return data
        old_start, old_end = self.initial.get("starts_on"), self.initial.get("ends_on")
        one_day_as_before = old_start == old_end == data["ends_on"]
        if data["ends_on"] is None or one_day_as_before:
            data["ends_on"] = data["starts_on"]
        if self.instance.is_start and "starts_on" in self.changed_data:
            _check_year(self, "starts_on", self.instance.cycle, data["starts_on"])
        return data

    def _count_from_anchor(self, data: dict[str, Any]) -> None:
        anchor, days, starts_on = data.get("anchor"), data["anchor_days"], data["starts_on"]
        if anchor is None:
            data["anchor_days"] = None
            return
        if starts_on is not None and days == (starts_on - anchor.starts_on).days:
            return
        counted = days is not None and days != self.initial.get("anchor_days")
        typed = starts_on is not None and starts_on != self.initial.get("starts_on")
        if counted and typed:
            self.add_error(
                "anchor_days",
                f"Das passt nicht zum Datum oben: der {starts_on:%d.%m.%Y} liegt "
                f"{(starts_on - anchor.starts_on).days} Tage nach „{anchor}“. Leeren Sie eines "
                "der beiden Felder.",
            )
        elif counted or (starts_on is None and days is not None):
            wanted = anchor.starts_on + timedelta(days=days)
            if not calendar.in_range(wanted):
                self.add_error("anchor_days", "Damit läge das Datum zu weit entfernt.")
                return
            if data["ends_on"] is not None and starts_on is not None:
                data["ends_on"] += wanted - starts_on
            data["starts_on"] = wanted
        elif starts_on is not None:
            data["anchor_days"] = (starts_on - anchor.starts_on).days


def _check_year(form: forms.BaseForm, name: str, cycle: Cycle, day: date | None) -> None:
    """Say beside the field ``name`` if the Startworkshop of ``cycle`` cannot be on ``day``."""
    if day is None or not calendar.in_range(day):
        return  # said otherwise
    try:
        check_year_of_workshop(cycle, day)
    except Refused as refusal:
        form.add_error(name, str(refusal))


class MoveDatesForm(KernForm):
    """To when a milestone is moved; shows a preview, changes nothing."""

    ab = DayField(label="neues Datum")
    bis = DayField(
        label="bis",
        required=False,
        help_text="Leer lassen, wenn der Meilenstein so lange dauert wie bisher.",
    )
    layout = Layout(Row("ab", "bis"))

    def __init__(self, *args: Any, milestone: Milestone, **kwargs: Any) -> None:
        self.milestone = milestone
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The end does not lie before the beginning; the Startworkshop stays near its years."""
        data = super().clean() or {}
        first, last = data.get("ab"), data.get("bis")
        if first is not None and last is not None and last < first:
            self.add_error("bis", "Das Ende liegt vor dem Beginn.")
        if self.milestone.is_start:
            _check_year(self, "ab", self.milestone.cycle, first)
        return data


class MoveForm(KernForm):
    """Confirms a preview: the new dates, and which preview was seen."""

    starts_on = DayField(widget=forms.HiddenInput)
    ends_on = DayField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=500)

    def clean_seen(self) -> str:
        """The fingerprint of the preview; one not made by us fits no preview."""
        try:
            fingerprint: str = signing.loads(self.cleaned_data["seen"], salt=_SEEN)
        except (signing.BadSignature, ValueError, TypeError):
            fingerprint = ""
        return fingerprint

    @staticmethod
    def token(fingerprint: str) -> str:
        """``fingerprint``, signed for the hidden field."""
        return signing.dumps(fingerprint, salt=_SEEN)


class WorkshopDateForm(KernForm):
    """The date all others are counted from; shows a preview, changes nothing."""

    datum = DayField(label="Datum des Startworkshops")

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        self.cycle = cycle
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """It lies near the years of the cycle."""
        data = super().clean() or {}
        _check_year(self, "datum", self.cycle, data.get("datum"))
        return data


class PlanForm(KernForm):
    """Confirms the preview of a new Fahrplan."""

    start_on = DayField(widget=forms.HiddenInput)
