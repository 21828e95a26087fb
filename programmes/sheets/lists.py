"""Lists over a whole Durchgang: who was where, what is to be cooked, whom to call."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import (
    CharField,
    Count,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property

from mentoring.ui.lists import Column, ListFilterSet, ListPage, SearchFilter
from programmes.cycles.models import CouncilSeat, Participation, ParticipationState
from programmes.cycles.views.participations import ParticipationFilter, state_badge
from programmes.events.calendar import place
from programmes.events.domain import keeps_needs, needs_kept_until
from programmes.events.models import Answer, Attendee, Event, EventKind
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from programmes.registrations.models import Interest
from programmes.sheets.contents import attendees_of, needs_of
from programmes.sheets.pages import OfLists

# --- Who was where ----------------------------------------------------------------------
ALL_EVENTS, AT_SOME, AT_NONE = "alle", "ja", "nein"
CAME = {True: "ja", False: "nein", None: "offen"}
"""What was entered of somebody who is invited; an empty cell is nobody's invitation."""


class AttendanceFilter(ListFilterSet):
    """Name, role, Kommune, whether at all; and of which events."""

    q = SearchFilter()
    role = django_filters.ChoiceFilter(label="eingeladen als", method="by_role")
    municipality = django_filters.ModelChoiceFilter(
        label="Kommune", queryset=Municipality.objects.none(), method="by_house"
    )
    kind = django_filters.ChoiceFilter(
        label="Art der Veranstaltung", choices=EventKind.choices, method="keep"
    )
    events = django_filters.ChoiceFilter(
        label="Veranstaltungen",
        choices=((ALL_EVENTS, "auch kommende"),),
        empty_label="die schon begonnen haben",
        method="keep",
    )
    came = django_filters.ChoiceFilter(
        label="War da",
        choices=((AT_SOME, "bei mindestens einer"), (AT_NONE, "bei keiner")),
        method="by_attendance",
    )
    attendees: Any = None
    """The invitations the list is about; its page sets them."""

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def keep(self, queryset: Any, name: str, value: str) -> Any:
        """Nothing here: the page chooses the events, and with them the people."""
        return queryset

    def by_role(self, queryset: Any, name: str, value: str) -> Any:
        """Who was invited as this at least once."""
        return queryset.filter(pk__in=self.attendees.filter(role=value).values("person"))

    def by_house(self, queryset: Any, name: str, value: Municipality) -> Any:
        """Who was invited for this Kommune at least once."""
        return queryset.filter(pk__in=self.attendees.filter(municipality=value).values("person"))

    def by_attendance(self, queryset: Any, name: str, value: str) -> Any:
        """Who came to one of the events, or to none of them."""
        came = Q(pk__in=self.attendees.filter(attended=True).values("person"))
        return queryset.filter(came if value == AT_SOME else ~came)


class AttendanceOverview(OfLists, ListPage):
    """A row for everybody invited, a column for each event."""

    list_name = "sheets.attendance"
    rule = "events.list"
    title = "Anwesenheit bei allen Veranstaltungen"
    filterset_class = AttendanceFilter
    default_sort = "name"
    pdf_template = "sheets/attendance_overview_pdf.html"
    intro = (
        "„ja“: war da; „nein“: war nicht da; „offen“: noch nicht eingetragen; leer: nicht "
        "eingeladen. Eingetragen wird die Anwesenheit auf der Seite der Veranstaltung."
    )
    empty_title = "Noch keine Veranstaltung mit Eingeladenen"
    empty_text = (
        "Sobald eine Veranstaltung begonnen hat, zu der jemand eingeladen ist, steht hier, wer da "
        "war."
    )

    @cached_property
    def _mine(self) -> QuerySet[Attendee]:
        """Every invitation of the cycle the user sees, but to what was called off."""
        events = Event.objects.visible_to(self.request.user).filter(cycle=self.cycle).planned()
        return Attendee.objects.visible_to(self.request.user).filter(event__in=events)

    @cached_property
    def events(self) -> list[Event]:
        """The events of the columns, in the order of their days."""
        choice = self.filterset().form.cleaned_data
        found = Event.objects.visible_to(self.request.user).filter(cycle=self.cycle).planned()
        if choice.get("kind"):
            found = found.filter(kind=choice["kind"])
        if choice.get("events") != ALL_EVENTS:
            found = found.filter(starts_at__lte=timezone.now())
        return list(found.order_by("starts_at", "pk"))

    def filterset(self, queryset: Any = None) -> Any:
        """With the roles and Kommunen there are; of invitations to the chosen events alone."""
        fresh = not hasattr(self, "_filterset")
        found = super().filterset(Person.objects.none())
        if fresh:
            roles = self._mine.order_by("role").values_list("role", flat=True).distinct()
            found.filters["role"].extra["choices"] = [(role, role) for role in roles if role]
            found.filters["municipality"].queryset = Municipality.objects.filter(
                pk__in=self._mine.order_by().values("municipality")
            )
            found.is_valid()
            found.attendees = self._mine.filter(event__in=[event.pk for event in self.events])
            found.queryset = self._people(found.attendees)
        return found

    def get_queryset(self) -> QuerySet[Person]:
        """Everybody invited to one of the events, with what was entered of them."""
        found: QuerySet[Person] = self.filterset().queryset
        return found

    def _people(self, attendees: QuerySet[Attendee]) -> QuerySet[Person]:
        own = attendees.filter(person=OuterRef("pk")).order_by()
        came = own.filter(attended=True).values("person").annotate(n=Count("pk")).values("n")
        newest = own.order_by("-event__starts_at", "-pk")
        return (
            Person.objects.filter(pk__in=attendees.values("person"))
            .annotate(
                came=Coalesce(Subquery(came, output_field=IntegerField()), 0),
                house=_text_of(newest.values("municipality__short_name")),
                house_key=_text_of(newest.values("municipality__sort_key")),
                invited_as=_text_of(newest.values("role")),
            )
            .prefetch_related(Prefetch("attendances", queryset=attendees, to_attr="here"))
        )

    def get_columns(self) -> list[Column]:
        """Who, and a column for each event."""
        return [
            Column(
                "name",
                "Name",
                lambda row: f"{row.last_name}, {row.first_name}",
                sort="sort_key",
            ),
            Column("municipality", "Kommune", "house", sort=("house_key", "sort_key")),
            Column("role", "eingeladen als", "invited_as", sort=("invited_as", "sort_key")),
            Column("came", "war da", "came", sort=("came", "sort_key"), numeric=True),
            *(self._column(event) for event in self.events),
        ]

    def _column(self, event: Event) -> Column:
        day = timezone.localdate(event.starts_at)
        return Column(
            f"event{event.pk}",
            f"{day:%d.%m.%Y} {event.title}",
            lambda row: next(
                (CAME[one.attended] for one in row.here if one.event_id == event.pk), ""
            ),
        )


def _text_of(rows: Any) -> Any:
    return Coalesce(Subquery(rows[:1], output_field=CharField()), Value(""))


# --- Catering ---------------------------------------------------------------------------
class CateringFilter(ListFilterSet):
    """Those to come unless asked otherwise; kind, from a day until a day."""

    kind = django_filters.ChoiceFilter(label="Art", choices=EventKind.choices)
    since = django_filters.DateFilter(
        label="ab", field_name="starts_at", lookup_expr="date__gte", widget=forms.DateInput()
    )
    until = django_filters.DateFilter(
        label="bis", field_name="starts_at", lookup_expr="date__lte", widget=forms.DateInput()
    )
    past = django_filters.ChoiceFilter(
        label="Veranstaltungen",
        choices=((ALL_EVENTS, "auch vergangene"),),
        empty_label="kommende",
        method="keep",
    )

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()

    def keep(self, queryset: Any, name: str, value: str) -> Any:
        """Nothing here: the default counts too, see ``filter_queryset``."""
        return queryset

    def filter_queryset(self, queryset: Any) -> Any:
        """As django-filter's, with those that are not over unless asked otherwise."""
        found = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("past") == ALL_EVENTS:
            return found
        return found.filter(ends_at__gt=timezone.now())


class CateringList(OfLists, ListPage):
    """How many come to each event and what they eat, without a name."""

    list_name = "sheets.catering"
    rule = "events.list"
    title = "Catering"
    filterset_class = CateringFilter
    default_sort = "starts"
    empty_title = "Keine kommende Veranstaltung"
    empty_text = "Sobald eine Veranstaltung geplant ist, steht hier, wie viele kommen."

    def get_queryset(self) -> QuerySet[Event]:
        """The events that take place, with who comes."""
        user = self.request.user
        coming = attendees_of(self.cycle.pk, user).exclude(answer=Answer.NO).filter(left=False)
        registered = Interest.objects.visible_to(user).confirmed().filter(event=OuterRef("pk"))
        others = registered.order_by().values("event").annotate(n=Count("pk")).values("n")
        return (
            Event.objects.visible_to(user)
            .filter(cycle=self.cycle)
            .planned()
            .select_related("cycle")
            .annotate(others=Coalesce(Subquery(others, output_field=IntegerField()), 0))
            .prefetch_related(Prefetch("attendees", queryset=coming, to_attr="coming"))
        )

    def get_columns(self) -> list[Column]:
        """What they eat only for who may read needs."""
        columns = [
            Column("starts", "Beginn", "starts_at", sort="starts_at"),
            Column(
                "title",
                "Veranstaltung",
                "title",
                sort="sort_key",
                link=lambda row: row.get_absolute_url(),
            ),
            Column("venue", "Ort", place),
            Column("yes", "zugesagt", lambda row: _answered(row, Answer.YES), numeric=True),
            Column("open", "ohne Antwort", lambda row: _answered(row, Answer.OPEN), numeric=True),
            Column("catering", "Bestellt", "catering"),
        ]
        if self.allowed("events.see_needs", self.cycle):
            columns.append(Column("diet", "Essen", self._diet))
        return columns

    def _diet(self, row: Any) -> str:
        if not row.asks_needs:
            return "nicht gefragt"
        needs = needs_of(row, self.request.user, row.coming, row.others)
        return "; ".join(f"{wish}: {count}" for wish, count in needs.diet) if needs else ""

    def export_until(self) -> datetime | None:
        """With needs no longer than the first of them are kept."""
        if not self.allowed("events.see_needs", self.cycle):
            return None
        ends = [needs_kept_until(event) for event in self.filtered() if keeps_needs(event)]
        return min(ends, default=None)


def _answered(event: Any, answer: Answer) -> int:
    number = sum(1 for row in event.coming if row.answer == answer)
    return number + event.others if answer == Answer.YES else number


# --- Whom to call -----------------------------------------------------------------------
class ContactList(OfLists, ListPage):
    """The Kommunen of the cycle: where they are, their Personalstelle, their Beirat."""

    list_name = "sheets.contacts"
    rule = "sheets.contacts"
    title = "Kontakte der Kommunen"
    filterset_class = ParticipationFilter
    default_sort = "municipality"
    pdf_template = "sheets/contacts_pdf.html"
    empty_title = "Noch keine Kommune"
    empty_text = "Sobald Kommunen zu diesem Durchgang eingeladen sind, stehen sie hier."
    columns = (
        Column("municipality", "Kommune", "municipality.short_name", sort="municipality__sort_key"),
        Column("name", "amtlicher Name", "municipality.name"),
        Column("state", "Stand", state_badge, sort=("state", "municipality__sort_key")),
        Column("street", "Straße und Hausnummer", "municipality.street"),
        Column("postal_code", "Postleitzahl", "municipality.postal_code"),
        Column("city", "Ort", "municipality.city"),
        Column("email", "E-Mail der Personalstelle", "municipality.email"),
        Column("phone", "Telefon der Personalstelle", "municipality.phone"),
        Column("council", "Beirat", lambda row: ";\n".join(map(_reached, row.held))),
    )

    def get_queryset(self) -> QuerySet[Participation]:
        """Those that did not decline, with the seats the user sees."""
        seats = CouncilSeat.objects.visible_to(self.request.user).held().select_related("person")
        return (
            Participation.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .exclude(state=ParticipationState.DECLINED)
            .select_related("municipality")
            .prefetch_related(
                Prefetch("seats", queryset=seats.order_by("chair", "pk"), to_attr="held")
            )
        )


def _reached(seat: CouncilSeat) -> str:
    """Name and how to reach them."""
    ways = [part for part in (seat.person.email, seat.person.phone) if part]
    name = f"{seat.person} (Treiber/in)" if seat.lead else str(seat.person)
    return f"{name}, {', '.join(ways)}" if ways else name
