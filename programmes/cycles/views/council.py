"""The Beirat of a Durchgang."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.lists import Column, ListPage
from mentoring.ui.views import Action, ActionPage, CreatePage, UpdatePage
from programmes.cycles import domain
from programmes.cycles.forms.people import SeatForm, people_for_seat
from programmes.cycles.forms.records import SeatChangeForm
from programmes.cycles.models import CouncilSeat, Cycle
from programmes.cycles.views.base import OfCycle, acting_user, found_or_404
from programmes.cycles.views.participations import OfParticipation


class CouncilList(OfCycle, ListPage):
    """Who sits in the Beirat."""

    list_name = "cycles.council"
    rule = "cycles.view_council"
    title = "Beirat"
    default_sort = "municipality"
    empty_title = "Der Beirat ist noch nicht gebildet"
    empty_text = (
        "Jede teilnehmende Kommune kann eine oder zwei Personen entsenden. Sitze vergeben Sie auf "
        "der Seite der Kommunen im Durchgang."
    )

    def get_columns(self) -> list[Column]:
        """Leads may change and end seats."""
        columns = [
            Column("name", "Name", "person.full_name", sort="person__sort_key"),
            Column(
                "municipality",
                "Kommune",
                "participation.municipality.short_name",
                sort=("participation__municipality__sort_key", "chair"),
            ),
            Column(
                "function",
                "Funktion",
                "get_function_display",
                sort=("function", "person__sort_key"),
            ),
            Column("lead", "Treiber/in", "lead", sort=("-lead", "person__sort_key")),
            Column("email", "E-Mail", "person.email"),
            Column("phone", "Telefon", "person.phone"),
        ]
        if self.allowed("cycles.manage_seats", self.cycle):
            columns += [
                Column(
                    "change",
                    "Ändern",
                    lambda row: f"Sitz von {row.person} ändern",
                    export=False,
                    link=lambda row: self.url("seat_change", row.pk),
                ),
                Column(
                    "end",
                    "Beenden",
                    lambda row: f"Sitz von {row.person} beenden",
                    export=False,
                    link=lambda row: self.url("seat_end", row.pk),
                ),
            ]
        return columns

    def get_queryset(self) -> QuerySet[CouncilSeat]:
        """Seats that are held."""
        return (
            CouncilSeat.objects.visible_to(self.request.user)
            .held()
            .filter(participation__cycle=self.cycle)
            .select_related("person", "participation__municipality")
        )

    def actions(self) -> list[Action]:
        """Seats are given where the Kommunen are."""
        return [action] if (action := self.get_empty_action()) else []

    def get_empty_action(self) -> Action | None:
        """The same for an empty list."""
        if not self.allowed("cycles.manage_seats", self.cycle):
            return None
        return Action("Sitze vergeben", self.url("participations"), "primary", "add")


class SeatCreate(OfParticipation, CreatePage):
    """Give somebody of a Kommune a seat."""

    form_class = SeatForm
    rule = "cycles.manage_seats"
    submit_label = "Sitz vergeben"

    def get_title(self) -> str:
        """For which Kommune."""
        return f"Sitz im Beirat für {self.participation.municipality}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """People of this Kommune."""
        house = self.participation.municipality
        people = people_for_seat(self.request.user, house, self.cycle.pk)
        return {**super().get_form_kwargs(), "people": people}

    def save(self, form: Any) -> CouncilSeat:
        """Person, seat and invitation."""
        user, house = acting_user(self.request), self.participation.municipality
        person = form.get_person(by=user, municipality=house)
        seat = domain.appoint(
            self.participation,
            person=person,
            function=form.cleaned_data["function"],
            lead=form.cleaned_data["lead"],
            by=user,
        )
        role = f"Mitglied des Beirats für {house}, {self.cycle}"
        invited = form.send_invitation(person, role=role, by=user)
        self.success_message = f"{person} hat jetzt einen Sitz im Beirat." + (
            " Die Einladung ist unterwegs." if invited else ""
        )
        return seat

    def get_success_url(self) -> str:
        """To the Beirat."""
        return self.url("council")


class OfSeat(OfCycle):
    """A page of one seat."""

    parents = (("Beirat", "council"),)

    @cached_property
    def seat(self) -> CouncilSeat:
        """The seat of the address, if it belongs to this cycle."""
        seats = (
            CouncilSeat.objects.visible_to(self.request.user)
            .held()
            .filter(participation__cycle=self.cycle)
            .select_related("person", "participation__municipality", "participation__cycle")
        )
        found: CouncilSeat = found_or_404(seats, self.kwargs["pk"])
        return found

    def get_rule_object(self) -> Cycle:
        """The cycle; the seat must be one of its."""
        return self.seat.participation.cycle

    def get_success_url(self) -> str:
        """To the Beirat."""
        return self.url("council")


class SeatChange(OfSeat, UpdatePage):
    """Change function and lead."""

    model = CouncilSeat
    form_class = SeatChangeForm
    rule = "cycles.manage_seats"

    def get_object(self) -> CouncilSeat:
        """The seat of the address."""
        return self.seat

    def get_title(self) -> str:
        """Whose."""
        return f"Sitz von {self.seat.person}"

    def save(self, form: Any) -> CouncilSeat:
        """By way of the domain."""
        data = form.cleaned_data
        return domain.change_seat(
            form.instance,
            function=data["function"],
            lead=data["lead"],
            by=acting_user(self.request),
        )


class SeatEnd(OfSeat, ActionPage):
    """End a seat."""

    rule = "cycles.manage_seats"
    title = "Sitz beenden"
    button_label = "Sitz beenden"
    danger = True
    success_message = "Der Sitz ist beendet."

    def get_question(self) -> str:
        """Whose."""
        return f"Soll der Sitz von {self.seat.person} beendet werden?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            f"{self.seat.person} sieht ab sofort nichts mehr von diesem Durchgang.",
            f"{self.seat.participation.municipality} kann den Sitz neu vergeben.",
        ]

    def perform(self) -> CouncilSeat:
        """By way of the domain."""
        return domain.end_seat(self.seat, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """The start page for who gave up their own seat: they may open nothing here."""
        if self.seat.person.user_id == self.request.user.pk:
            return reverse("start")
        return self.url("council")
