"""Which Kommunen take part in a Durchgang."""

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property

from mentoring.ui.lists import Badge, Column, ListFilterSet, ListPage
from mentoring.ui.views import Action, ActionPage, CreatePage, UpdatePage
from programmes.cycles import domain
from programmes.cycles.forms.records import InvitationForm, LeaveForm, ParticipationForm
from programmes.cycles.models import CouncilSeat, Cycle, Participation, ParticipationState
from programmes.cycles.permissions import roles_of
from programmes.cycles.views.base import OfCycle, acting_user, found_or_404
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of

BADGES = {
    ParticipationState.INVITED: "info",
    ParticipationState.CONFIRMED: "success",
    ParticipationState.DECLINED: "warning",
}


def state_badge(participation: Participation) -> Badge:
    """The answer as a badge."""
    state = ParticipationState(participation.state)
    return Badge(BADGES[state], state.label)


def _remark(participation: Participation) -> str:
    """The note, and why a Kommune left."""
    left = participation.left_reason
    return "; ".join(part for part in (participation.note, left and f"Grund: {left}") if part)


class ParticipationFilter(ListFilterSet):
    """By answer."""

    state = django_filters.ChoiceFilter(
        label="Stand", choices=ParticipationState.choices, empty_label="alle"
    )

    class Meta:
        model = Participation
        fields: tuple[str, ...] = ()


class ParticipationList(OfCycle, ListPage):
    """The Kommunen of a cycle; wishes and notes are for the Beirat."""

    list_name = "cycles.participations"
    rule = "cycles.view_participations"
    title = "Kommunen im Durchgang"
    filterset_class = ParticipationFilter
    default_sort = "municipality"
    empty_title = "Noch keine Kommune"
    empty_text = "Laden Sie die Kommunen ein, die an diesem Durchgang teilnehmen sollen."

    def get_queryset(self) -> QuerySet[Participation]:
        """Those of this cycle, with the number of seats."""
        seats = Count("seats", filter=Q(seats__until=None))
        return (
            Participation.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("municipality")
            .annotate(held_seats=seats)
        )

    def get_columns(self) -> list[Column]:
        """The Beirat sees more, and leads may change."""
        manages = self.allowed("cycles.manage_participations", self.cycle)
        columns = [
            Column(
                "municipality",
                "Kommune",
                "municipality.short_name",
                sort="municipality__sort_key",
                link=(lambda row: self.url("participation_change", row.pk)) if manages else None,
            ),
            Column("state", "Stand", state_badge, sort=("state", "municipality__sort_key")),
            Column("seats", "Sitze", "held_seats", sort="held_seats", numeric=True),
        ]
        if self.allowed("cycles.view_wishes", self.cycle):
            columns += [
                Column(
                    "places_wished",
                    "gewünschte Plätze",
                    "places_wished",
                    sort="places_wished",
                    numeric=True,
                ),
                Column("note", "Bemerkung", _remark),
            ]
        if self.allowed("cycles.manage_seats", self.cycle):
            columns.append(
                Column("appoint", "Beirat", self._offer, export=False, link=self._offer_url)
            )
        return columns

    @staticmethod
    def _offer(row: Any) -> str:
        free = row.state == ParticipationState.CONFIRMED and row.held_seats < 2
        return f"Sitz für {row.municipality} vergeben" if free else ""

    def _offer_url(self, row: Any) -> str | None:
        return self.url("seat_add", row.pk) if self._offer(row) else None

    def actions(self) -> list[Action]:
        """Leads invite."""
        return [action] if (action := self.get_empty_action()) else []

    def get_empty_action(self) -> Action | None:
        """The same for an empty list."""
        if not self.allowed("cycles.manage_participations", self.cycle):
            return None
        return Action("Kommune einladen", self.url("participation_add"), "primary", "add")


class OfParticipation(OfCycle):
    """A page of one Kommune in a cycle."""

    parents = (("Kommunen", "participations"),)

    @cached_property
    def participation(self) -> Participation:
        """The participation of the address, if it belongs to this cycle."""
        participations = (
            Participation.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("municipality", "cycle")
        )
        found: Participation = found_or_404(participations, self.kwargs["pk"])
        return found

    def get_rule_object(self) -> Cycle:
        """The cycle; the participation must be one of its."""
        return self.participation.cycle

    def get_success_url(self) -> str:
        """Back to the list."""
        return self.url("participations")


class ParticipationCreate(OfCycle, CreatePage):
    """Invite a Kommune."""

    form_class = InvitationForm
    rule = "cycles.manage_participations"
    title = "Kommune einladen"
    submit_label = "Als eingeladen eintragen"
    parents = (("Kommunen", "participations"),)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those that are not in the cycle yet."""
        entered = Participation.objects.filter(cycle=self.cycle)
        houses = Municipality.objects.visible_to(self.request.user).exclude(
            pk__in=entered.values("municipality")
        )
        return {**super().get_form_kwargs(), "municipalities": houses}

    def save(self, form: Any) -> Participation:
        """By way of the domain."""
        data = form.cleaned_data
        self.success_message = f"{data['municipality']} ist als eingeladen eingetragen."
        return domain.invite_municipality(
            self.cycle,
            municipality=data["municipality"],
            places_wished=data["places_wished"],
            note=data["note"],
            by=acting_user(self.request),
        )

    def get_success_url(self) -> str:
        """Back to the list."""
        return self.url("participations")


class ParticipationChange(OfParticipation, UpdatePage):
    """Record what a Kommune answered."""

    model = Participation
    form_class = ParticipationForm
    rule = "cycles.manage_participations"

    def get_object(self) -> Participation:
        """The participation of the address."""
        return self.participation

    def get_title(self) -> str:
        """Which Kommune."""
        return f"{self.participation.municipality} im Durchgang"

    def actions(self) -> list[Action]:
        """Take out what was entered by mistake; seats for who takes part."""
        row = self.participation
        if row.state != ParticipationState.CONFIRMED:
            url = self.url("participation_remove", row.pk)
            return [Action("Herausnehmen", url, icon="delete")]
        leave = Action("Scheidet aus", self.url("participation_leave", row.pk), "tertiary")
        if row.seats.held().count() < 2:
            return [Action("Sitz vergeben", self.url("seat_add", row.pk), icon="add"), leave]
        return [leave]

    def save(self, form: Any) -> Participation:
        """First the data, whose version was checked; then the answer, which raises it.

        Where the Kommune would leave, the page that shows what that means comes in between.
        """
        self.leaves = form.leaves
        saved = domain.save_participation(form.instance, by=acting_user(self.request))
        if self.leaves:
            self.success_message = (
                "Wünsche und Bemerkung sind gespeichert. Noch nimmt die Kommune teil."
            )
            return saved
        return domain.answer_invitation(
            saved, state=form.cleaned_data["answer"], by=acting_user(self.request)
        )

    def get_success_url(self) -> str:
        """Back to the list, or on to what leaving means."""
        if self.leaves:
            return self.url("participation_leave", self.participation.pk)
        return super().get_success_url()


class ParticipationLeave(OfParticipation, ActionPage):
    """A Kommune that takes part leaves: shows all that ends with it, and asks why."""

    rule = "cycles.manage_participations"
    button_label = "Kommune scheidet aus"
    danger = True
    form_class = LeaveForm
    reason_field = "required"

    def get_title(self) -> str:
        """Which Kommune."""
        return f"{self.participation.municipality} scheidet aus"

    def get_question(self) -> str:
        """What is asked, or that it is answered."""
        row = self.participation
        if row.state != ParticipationState.CONFIRMED:
            return f"{row.municipality} nimmt nicht (mehr) teil."
        return f"Soll {row.municipality} aus {self.cycle} ausscheiden?"

    def consequences(self) -> list[str]:
        """All of them, as far as the user may know."""
        if self.participation.state != ParticipationState.CONFIRMED:
            return []
        user = acting_user(self.request)
        return [
            *domain.consequences_of_leaving(self.participation, user=user),
            "Das lässt sich nicht rückgängig machen. Nimmt die Kommune später doch wieder teil, "
            "beginnt sie neu.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        domain.answer_invitation(
            self.participation,
            state=ParticipationState.DECLINED,
            reason=self.reason,
            by=acting_user(self.request),
        )
        self.success_message = f"{self.participation.municipality} nimmt nicht mehr teil."

    def get_success_url(self) -> str:
        """Back to the list; to the start page for a lead whose own seat has ended."""
        seats = CouncilSeat.objects.current().filter(participation__cycle=self.cycle)
        person = posts_of(self.request.user).person
        acts = self.cycle.pk in roles_of(self.request.user).acting
        still = acts or seats.filter(person=person).exists()
        return super().get_success_url() if still else "/"


class ParticipationRemove(OfParticipation, ActionPage):
    """Take a Kommune out that was entered by mistake."""

    rule = "cycles.manage_participations"
    title = "Kommune herausnehmen"
    button_label = "Herausnehmen"
    danger = True

    def get_question(self) -> str:
        """Which one."""
        return f"Soll {self.participation.municipality} aus dem Durchgang herausgenommen werden?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return ["Gewünschte Plätze und Bemerkung werden gelöscht. Einladen können Sie sie wieder."]

    def perform(self) -> None:
        """By way of the domain."""
        domain.remove_participation(self.participation, by=acting_user(self.request))
