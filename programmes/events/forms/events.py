"""Forms of an event, its agenda, its documents and who is invited."""

import zlib
from collections.abc import Iterable
from datetime import time
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from mentoring.ui.fields import RowsField
from mentoring.ui.forms import KernForm, ReasonForm, VersionedModelForm
from programmes.cycles.models import Cycle, ParticipationState
from programmes.documents.models import Document
from programmes.events.domain import AgendaPoint
from programmes.events.fields import LocalDateTimeField
from programmes.events.guests import ROLES
from programmes.events.models import AgendaItem, Attendee, Event, EventKind
from programmes.organisations.models import Municipality
from programmes.roadmap.models import Milestone

SPARE_ROWS = 3
MORE_ROWS = 5
MOST_ROWS = 60


class EventForm(VersionedModelForm):
    """An event: what it is, when and where, what has to be prepared."""

    online_url = forms.URLField(
        label="Link zur Teilnahme online", max_length=500, required=False, assume_scheme="https"
    )

    class Meta:
        model = Event
        fields = (
            "kind",
            "title",
            "milestone",
            "starts_at",
            "ends_at",
            "venue",
            "address",
            "online_url",
            "description",
            "room",
            "material",
            "catering",
            "capacity",
            "answer_until",
            "asks_needs",
            "public_registration",
        )
        field_classes: ClassVar = {"starts_at": LocalDateTimeField, "ends_at": LocalDateTimeField}
        widgets: ClassVar = {
            "address": forms.Textarea(attrs={"rows": 2}),
            "description": forms.Textarea(attrs={"rows": 5}),
            "material": forms.Textarea(attrs={"rows": 3}),
            "catering": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "milestone": "Wird der Meilenstein verschoben, geht die Veranstaltung mit.",
            "answer_until": "Bis zu diesem Tag können alle selbst zu- oder absagen. Leer: bis die "
            "Veranstaltung beginnt.",
        }

    layout = Layout(
        "kind",
        "title",
        "milestone",
        Row("starts_at", "ends_at"),
        Fieldset("Ort", "venue", "address", "online_url"),
        "description",
        Fieldset("Vorbereitung", "room", "material", "catering"),
        Fieldset("Anmeldung", Row("capacity", "answer_until"), "asks_needs", "public_registration"),
    )

    def __init__(self, *args: Any, milestones: QuerySet[Milestone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["milestone"]
        chosen.queryset = milestones
        chosen.empty_label = "keiner"
        chosen.label_from_instance = lambda row: f"{row.starts_on:%d.%m.%Y} {row.title}"

    def clean(self) -> dict[str, Any]:
        """The last day for answers is in time, and the public page has a reason."""
        super().clean()
        data = self.cleaned_data
        until, starts = data.get("answer_until"), data.get("starts_at")
        if until and starts and until > timezone.localdate(starts):
            self.add_error("answer_until", "Dieser Tag liegt nach der Veranstaltung.")
        if data.get("public_registration") and data.get("kind") != EventKind.INFORMATION:
            self.add_error(
                "public_registration",
                "Eine öffentliche Anmeldeseite gibt es nur für Informationsveranstaltungen.",
            )
        return data


class CancelForm(ReasonForm):
    """Why an event is called off."""

    reason = forms.CharField(
        label="Grund der Absage",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Den Grund lesen alle, die eingeladen sind.",
    )


class MinutesForm(VersionedModelForm):
    """The minutes, for the Beirat alone."""

    class Meta:
        model = Event
        fields = ("minutes",)
        widgets: ClassVar = {"minutes": forms.Textarea(attrs={"rows": 20})}
        help_texts: ClassVar = {
            "minutes": "Das Protokoll liest nur der Beirat dieses Durchgangs, nicht der "
            "Logistikpartner."
        }


class AgendaForm(KernForm):
    """The agenda, a row for each point and some to spare.

    ``state`` is a check sum of the agenda that was shown: who saves over somebody else's
    change is told first.
    """

    rows = forms.IntegerField(min_value=1, max_value=MOST_ROWS, widget=forms.HiddenInput)
    state = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        items: list[AgendaItem],
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.items = items
        count = _rows(data, len(items) + SPARE_ROWS)
        self.numbers = range(count)
        initial = {**(initial or {}), "rows": count, "state": agenda_state(items)}
        for number, item in enumerate(items):
            initial |= {
                f"at_{number}": item.at,
                f"topic_{number}": item.topic,
                f"speaker_{number}": item.speaker,
            }
        own = dict(type(self).base_fields)
        parts: list[Any] = ["rows", "state"]
        for number in self.numbers:
            names = [f"{name}_{number}" for name in ("at", "topic", "speaker")]
            own |= {
                names[0]: forms.TimeField(label="Uhrzeit", required=False),
                names[1]: forms.CharField(label="Thema", max_length=200, required=False),
                names[2]: forms.CharField(label="Referent/in", max_length=160, required=False),
            }
            parts.append(Fieldset(f"Punkt {number + 1}", Row(*names, css_class="app-agenda-row")))
        parts.append(HTML('{% include "events/parts/more_rows.html" %}'))
        self.layout = Layout(*parts)
        # An attribute of this object, so that the class keeps none of the rows.
        self.base_fields = own  # type: ignore[misc]  # stubs call it a class variable
        super().__init__(data, *args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        """A time or a name needs its topic; nobody else's change is overwritten unseen."""
        super().clean()
        data = self.cleaned_data
        for number in self.numbers:
            if data.get(f"topic_{number}") or f"topic_{number}" in self.errors:
                continue
            if data.get(f"at_{number}") or data.get(f"speaker_{number}"):
                self.add_error(f"topic_{number}", "Nennen Sie das Thema dieses Punktes.")
        stored = agenda_state(self.items)
        if "state" in data and data["state"] != stored:
            self.add_error(
                None,
                "Inzwischen hat jemand anderes die Tagesordnung geändert. Unten steht, was Sie "
                "eingegeben haben, darüber die gespeicherte Fassung. Speichern Sie noch einmal, "
                "dann gilt Ihre.",
            )
            self.overtaken = True
            # From here on the user has seen it.
            self.data = {**self.data.dict(), "state": str(stored)}  # type: ignore[attr-defined]  # posted data
        return data

    overtaken = False

    def points(self) -> list[AgendaPoint]:
        """The points: by time where each has one, otherwise as typed."""
        data = self.cleaned_data
        points = [
            AgendaPoint(data[f"topic_{n}"], data[f"at_{n}"], data[f"speaker_{n}"])
            for n in self.numbers
            if data[f"topic_{n}"]
        ]
        if all(point.at for point in points):
            points.sort(key=lambda point: point.at or time())
        return points


def agenda_state(items: Iterable[AgendaItem]) -> int:
    """A check sum of an agenda."""
    return zlib.crc32(repr([(i.at, i.topic, i.speaker) for i in items]).encode())


def _rows(data: Any, least: int) -> int:
    """How many rows there are: as posted, within reason, and never fewer than needed."""
    try:
        posted = int(data.get("rows", 0)) if data else 0
    except ValueError:
        posted = 0
    if data and "more" in data:
        posted += MORE_ROWS
    return min(MOST_ROWS, max(posted, least))


class DocumentsForm(KernForm):
    """Which documents of the cycle belong to the event."""

    documents = RowsField(
        Document.objects.none(),
        label="Unterlagen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Wer eine Unterlage lesen darf, steht bei ihr selbst: daran ändert sich hier "
        "nichts.",
    )

    def __init__(self, *args: Any, documents: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["documents"].queryset = documents  # type: ignore[attr-defined]  # a choice of models


class InviteForm(KernForm):
    """Whom to invite: roles, narrowed down to Kommunen or Regionalgruppen."""

    roles = forms.MultipleChoiceField(
        label="Wen möchten Sie einladen?",
        choices=[(key, role.plural) for key, role in ROLES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Wählen Sie mindestens eine Gruppe."},
    )
    regional_groups = forms.MultipleChoiceField(
        label="Nur aus diesen Regionalgruppen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    municipalities = RowsField(
        Municipality.objects.none(),
        label="Nur aus diesen Kommunen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ohne Auswahl gilt: aus allen.",
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        houses = Municipality.objects.filter(
            participations__cycle=cycle, participations__state=ParticipationState.CONFIRMED
        )
        groups = houses.exclude(regional_group="").order_by("regional_group")
        names = list(groups.values_list("regional_group", flat=True).distinct())
        self.fields["municipalities"].queryset = houses  # type: ignore[attr-defined]  # a choice of models
        self.fields["regional_groups"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]  # a choice
        if not names:
            del self.fields["regional_groups"]


class RecipientsForm(KernForm):
    """Who gets a mail: all that are shown unless somebody is left out."""

    attendees = RowsField(
        Attendee.objects.none(),
        label="Empfänger/innen",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Wählen Sie mindestens eine Person."},
    )

    def __init__(
        self,
        *args: Any,
        offered: list[Attendee],
        known: QuerySet[Attendee],
        describe: Any,
        **kwargs: Any,
    ) -> None:
        """``known`` are all a post may name: who got the mail meanwhile is no mistake."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["attendees"]
        field.queryset = known
        field.widget.choices = [(row.pk, describe(row)) for row in offered]
        field.initial = [row.pk for row in offered]
