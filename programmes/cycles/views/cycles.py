"""Pages of a Durchgang itself: list, page, start, change."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, CreatePage, PageView, UpdatePage
from programmes.cycles import domain
from programmes.cycles.forms.records import CycleForm
from programmes.cycles.forms.start import PastCycleForm, StartCycleForm
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
)
from programmes.cycles.permissions import is_permanent_member
from programmes.cycles.registries import ended_actions, where_the_workshop_moves
from programmes.cycles.views.base import OfCycle, OfProgramme, acting_user
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of

BADGES = {
    CycleState.PLANNING: "info",
    CycleState.APPLICATION: "warning",
    CycleState.MATCHING: "warning",
    CycleState.RUNNING: "success",
    CycleState.CLOSED: "info",
    CycleState.CANCELLED: "danger",
}


def state_badge(cycle: Cycle) -> Badge:
    """The state as a badge."""
    return Badge(BADGES[CycleState(cycle.state)], cycle.get_state_display())


class CycleList(ListPage):
    """The cycles the user may open."""

    list_name = "cycles.cycles"
    rule = "cycles.list_cycles"
    title = "Durchgänge"
    default_sort = "-years"
    empty_title = "Noch kein Durchgang"
    empty_text = "Durchgänge beginnen die ständigen Mitglieder auf der Seite ihres Programms."
    columns = (
        Column(
            "number",
            "Durchgang",
            lambda row: f"Nr. {row.number}",
            sort="number",
            link=lambda row: row.get_absolute_url(),
        ),
        Column("title", "Titel", "title"),
        Column("programme", "Programm", "programme.name", sort=("programme__name", "-number")),
        Column("years", "Jahre", "years", sort=("start_year", "number")),
        Column("state", "Stand", state_badge, sort=("state", "-number")),
    )

    def get_queryset(self) -> QuerySet[Cycle]:
        """All the user may open."""
        return Cycle.objects.visible_to(self.request.user).select_related("programme")


class CyclePage(OfCycle, PageView):
    """A Durchgang: for an open one what this user has to do with it, else the figures."""

    rule = "cycles.view_cycle"

    def get_title(self) -> str:
        """Number and years."""
        return str(self.cycle)

    def breadcrumbs(self) -> list[Crumb]:
        """Below the programme."""
        return super().breadcrumbs()[:1]

    def get_template_names(self) -> list[str]:
        """A page of its own for a cycle that has ended."""
        return ["cycles/cycle.html" if self.cycle.is_open else "cycles/cycle_ended.html"]

    def actions(self) -> list[Action]:
        """For leads: the path and the data; of an ended cycle what is still to be seen to."""
        if not self.cycle.is_open:
            found = (offers(self.request.user, self.cycle) for offers in ended_actions)
            return [action for action in found if action is not None]
        actions = []
        if self.allowed("cycles.move_on", self.cycle):
            actions.append(Action("Stand des Durchgangs", self.url("path"), "primary"))
        if self.allowed("cycles.change_cycle", self.cycle):
            actions.append(Action("Bearbeiten", self.url("cycle_change"), icon="edit"))
        return actions

    def details(self) -> list[tuple[str, Any]]:
        """What everybody who may open the cycle knows of it."""
        cycle = self.cycle
        rows: list[tuple[str, Any]] = [
            ("Titel", cycle.title),
            ("Programm", cycle.programme.name),
            ("Stand", state_badge(cycle)),
        ]
        if cycle.state == CycleState.CANCELLED:
            # Who wrote it was told that the ständige Mitglieder read it, and nobody else.
            if is_permanent_member(self.request.user, cycle.programme):
                rows.append(("Grund der Absage", cycle.cancel_reason))
        elif cycle.state == CycleState.CLOSED:
            rows.append(("Tandems", cycle.published_tandems))
        else:
            rows += [("Plätze", cycle.places), ("Startworkshop", cycle.start_workshop_on)]
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures of a closed cycle, or parts of an open one."""
        if self.cycle.state == CycleState.CLOSED:
            houses = Participation.objects.filter(
                cycle=self.cycle, state=ParticipationState.CONFIRMED
            ).select_related("municipality")
            kwargs["houses"] = houses.order_by("municipality__sort_key")
        elif self.cycle.is_open:
            kwargs["parts"] = self.parts()
            kwargs["own"] = Participation.objects.filter(
                cycle=self.cycle, municipality__in=posts_of(self.request.user).municipalities
            ).select_related("municipality")
        return super().get_context_data(details=self.details(), **kwargs)

    def parts(self) -> list[tuple[str, str, str]]:
        """Label, address and a line of figures for each part the user may open."""
        cycle, found = self.cycle, []
        if self.allowed("cycles.view_participations", cycle):
            states = Participation.objects.filter(cycle=cycle).values_list("state", flat=True)
            confirmed = sum(state == ParticipationState.CONFIRMED for state in states)
            invited = sum(state == ParticipationState.INVITED for state in states)
            line = f"{confirmed} nehmen teil" + (f", {invited} ohne Antwort" if invited else "")
            found.append(("Kommunen", self.url("participations"), line))
        if self.allowed("cycles.view_council", cycle):
            seats = CouncilSeat.objects.held().filter(participation__cycle=cycle).count()
            line = f"{seats} Sitze" if seats != 1 else "1 Sitz"
            if cycle.council_confirmed_at is None:
                line += ", noch nicht bestätigt"
            found.append(("Beirat", self.url("council"), line))
        if self.allowed("cycles.view_participants", cycle):
            roles = list(
                Participant.objects.visible_to(self.request.user)
                .filter(cycle=cycle)
                .present()
                .values_list("role", flat=True)
            )
            counted = [
                f"{roles.count(role)} {label}"
                for role, label in (
                    (ParticipantRole.APPLICANT, "Bewerber/innen"),
                    (ParticipantRole.MENTEE, "Mentees"),
                    (ParticipantRole.MENTOR, "Mentor/innen"),
                )
                if role in roles
            ]
            line = ", ".join(counted) or "noch niemand"
            found.append(("Teilnehmer/innen", self.url("participants"), line))
        return found


class CycleChange(OfCycle, UpdatePage):
    """Change the data of an open cycle."""

    model = Cycle
    pk_url_kwarg = "cycle_pk"
    form_class = CycleForm
    rule = "cycles.change_cycle"
    title = "Durchgang bearbeiten"
    template_name = "cycles/change_cycle.html"

    def get_object(self) -> Cycle:
        """The cycle of the address."""
        return self.cycle

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where the Startworkshop is moved, once that is no field of this form."""
        url = where_the_workshop_moves(self.cycle)
        return super().get_context_data(workshop_url=url, **kwargs)

    def save(self, form: Any) -> Cycle:
        """By way of the domain."""
        return domain.save_cycle(form.instance, by=acting_user(self.request))


class CycleStart(OfProgramme, CreatePage):
    """Start a cycle from the last one, or the first one of a programme."""

    model = Cycle
    form_class = StartCycleForm
    rule = "cycles.start_cycle"
    title = "Neuen Durchgang beginnen"
    submit_label = "Durchgang beginnen"
    template_name = "cycles/start_cycle.html"
    success_message = (
        "Der Durchgang ist angelegt. Bis der Beirat bestätigt ist, leiten ihn die ständigen "
        "Mitglieder."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the last cycle had."""
        self.last = domain.last_cycle(self.programme)
        participations = Participation.objects.none()
        seats = CouncilSeat.objects.none()
        if self.last is not None:
            participations = (
                Participation.objects.filter(cycle=self.last)
                .select_related("municipality")
                .order_by("municipality__sort_key")
            )
            seats = (
                CouncilSeat.objects.held()
                .filter(participation__cycle=self.last)
                .select_related("person__user", "participation__municipality")
            )
        others = Municipality.objects.visible_to(self.request.user).exclude(
            pk__in=participations.values("municipality")
        )
        return {
            **super().get_form_kwargs(),
            "programme": self.programme,
            "participations": participations,
            "seats": seats,
            "others": others,
            "from_last": self.last is not None,
        }

    def get_initial(self) -> dict[str, Any]:
        """The next number and the years after the last cycle's start."""
        last = domain.last_cycle(self.programme)
        number = domain.next_number(self.programme)
        first = last.end_year if last is not None else timezone.localdate().year
        return {
            "number": number,
            "title": f"Durchgang {number}",
            "start_year": first,
            "end_year": first + (last.end_year - last.start_year if last is not None else 2),
            "places": last.places if last is not None else 24,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The last cycle, named above the form."""
        context = super().get_context_data(**kwargs)
        return {**context, "last": self.last}

    def save(self, form: Any) -> Cycle:
        """By way of the domain."""
        return domain.start_cycle(
            self.programme,
            data=form.data_of_cycle(),
            municipalities=form.going_on(),
            seats=form.kept_seats(),
            copied=form.copied(),
            by=acting_user(self.request),
        )


class PastCycleCreate(OfProgramme, CreatePage):
    """Enter a cycle from before the installation."""

    model = Cycle
    form_class = PastCycleForm
    rule = "cycles.start_cycle"
    title = "Früheren Durchgang nachtragen"
    success_message = "Der Durchgang steht jetzt in der Geschichte des Programms."

    def breadcrumbs(self) -> list[Crumb]:
        """Below the history."""
        url = reverse("cycles:programme_history", args=[self.programme.pk])
        return [*super().breadcrumbs(), Crumb("Geschichte", url)]

    def get_form_kwargs(self) -> dict[str, Any]:
        """All Kommunen."""
        houses = Municipality.objects.visible_to(self.request.user)
        return {
            **super().get_form_kwargs(),
            "programme": self.programme,
            "municipalities": houses,
        }

    def save(self, form: Any) -> Cycle:
        """By way of the domain."""
        data = form.cleaned_data
        return domain.record_past_cycle(
            self.programme,
            number=data["number"],
            title=data["title"],
            start_year=data["start_year"],
            end_year=data["end_year"],
            tandems=data["tandems"],
            houses=form.houses(),
            by=acting_user(self.request),
        )
