"""Who registered on the public page: the list of Beirat and Logistikpartner."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mentoring.ui.lists import Badge, Column, ListFilterSet, ListPage, SearchFilter
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage
from programmes.cycles.models import Participation
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.events.models import EventState
from programmes.events.views.base import OfEvent
from programmes.organisations.models import Municipality
from programmes.registrations import domain as doors
from programmes.registrations.forms import InviteHouseForm
from programmes.registrations.links import CONFIRM_WITHIN
from programmes.registrations.models import Interest, InterestState
from programmes.registrations.retention import KEPT_FOR

BADGES = {
    InterestState.PENDING: "warning",
    InterestState.CONFIRMED: "success",
    InterestState.WITHDRAWN: "info",
}


class InterestFilter(ListFilterSet):
    """By words of name, Kommune and address, and by state."""

    q = SearchFilter()
    state = django_filters.ChoiceFilter(
        label="Stand", choices=InterestState.choices, empty_label="alle"
    )

    class Meta:
        model = Interest
        fields: tuple[str, ...] = ()


class OfRegistrations(OfEvent):
    """A page about who registered for an event."""

    def registrations(self, name: str, *args: int) -> str:
        """The address of another page about them."""
        return reverse(f"registrations:{name}", args=[self.cycle.pk, self.event.pk, *args])


class InterestList(OfRegistrations, ListPage):
    """State, name, Kommune, address, date; leads invite the Kommune."""

    list_name = "registrations.registrations"
    rule = "events.list"
    title = "Öffentliche Anmeldungen"
    filterset_class = InterestFilter
    default_sort = "created_at"
    intro = (
        "Wer sich auf der öffentlichen Seite angemeldet hat. Nicht bestätigte Anmeldungen "
        f"werden nach {CONFIRM_WITHIN.days} Tagen gelöscht, alle "
        f"{KEPT_FOR.days} Tage nach der Veranstaltung."
    )
    empty_title = "Noch keine Anmeldungen"
    empty_text = "Geben Sie die Adresse der öffentlichen Anmeldeseite weiter."

    def get_queryset(self) -> QuerySet[Interest]:
        """Those for this event."""
        return (
            Interest.objects.visible_to(self.request.user)
            .filter(event=self.event)
            .select_related("participation__municipality")
        )

    def get_columns(self) -> list[Column]:
        """Leads have a button, and see who is in the cycle already."""
        columns = [
            Column(
                "name", "Name", lambda row: f"{row.last_name}, {row.first_name}", sort="sort_key"
            ),
            Column("municipality", "Kommune", "municipality"),
            Column("email", "E-Mail", "email"),
            Column("state", "Stand", _state, sort=("state", "sort_key")),
            Column("created_at", "Angemeldet am", "created_at", sort="created_at"),
            Column("invited", "Eingeladen als", "participation.municipality.short_name"),
        ]
        if self.allowed("registrations.invite", self.cycle):
            columns.append(Column("invite", "Einladen", self._button, export=False))
        return columns

    def _button(self, row: Interest) -> SafeString | str:
        """One click: the Kommune is invited, or the page asks which one is meant."""
        if row.state != InterestState.CONFIRMED or row.participation_id is not None:
            return ""
        return format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" '
            'value="{}"><button class="kern-btn kern-btn--x-small kern-btn--secondary" '
            'type="submit"><span class="kern-label">{} einladen</span></button></form>',
            self.registrations("invite", row.pk),
            get_token(self.request),
            row.municipality,
        )

    def actions(self) -> list[Action]:
        """The public page while it is open; a mail to those who do not know of a change."""
        found = []
        if self.allowed("events.change", self.cycle) and doors.unaware(self.event).exists():
            label = (
                "Absage mitteilen"
                if self.event.state == EventState.CANCELLED
                else "Änderung mitteilen"
            )
            found.append(Action(label, self.registrations("tell"), "primary", "mail"))
        return [*found, *([self._public] if self._public else [])]

    def get_empty_action(self) -> Action | None:
        """The public page, whose address is to be passed on."""
        return self._public

    @cached_property
    def _public(self) -> Action | None:
        if not doors.open_events().filter(pk=self.event.pk).exists():
            return None
        url = reverse("registrations:public", args=[self.event.pk])
        return Action("Öffentliche Seite ansehen", url, icon="visibility")


class BelowInterests(OfRegistrations):
    """A page below the list."""

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the list."""
        return [
            *super().breadcrumbs(),
            Crumb(InterestList.title, self.registrations("registrations")),
        ]

    def get_success_url(self) -> str:
        """Back to the list."""
        return self.registrations("registrations")


class InviteHouse(BelowInterests, ActionPage):
    """Invite the Kommune of a registration: at once where it is certain which one is meant."""

    rule = "registrations.invite"
    title = "Kommune einladen"
    form_class = InviteHouseForm
    button_label = "Als eingeladen eintragen"

    @cached_property
    def interest(self) -> Interest:
        """The registration of the address, if it is one for this event."""
        rows = Interest.objects.visible_to(self.request.user).filter(event=self.event)
        found: Interest = found_or_404(rows, self.kwargs["interest_pk"])
        found.event = self.event
        return found

    @cached_property
    def meant(self) -> Municipality | None:
        """The Kommune that is certainly meant."""
        return doors.matching(self.interest.municipality)

    def get_rule_object(self) -> Any:
        """The cycle, once the registration is found."""
        return self.interest.event.cycle

    def get_form_kwargs(self) -> dict[str, Any]:
        """The button of the list posts no choice: then the Kommune is the one that is meant."""
        kwargs = super().get_form_kwargs()
        if "data" in kwargs and "municipality" not in kwargs["data"] and self.meant is not None:
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["municipality"] = str(self.meant.pk)
        return {
            **kwargs,
            "municipalities": Municipality.objects.visible_to(self.request.user),
            "meant": self.meant,
        }

    def get_question(self) -> str:
        """What was typed."""
        return f"Welche Kommune ist mit „{self.interest.municipality}“ gemeint?"

    def consequences(self) -> list[str]:
        """What happens then, and what if it is none of them."""
        return [
            f"Die Kommune steht dann als eingeladen in {self.cycle}.",
            "Geschrieben wird ihr dadurch nicht: sagen Sie es ihr selbst.",
            "Fehlt die Kommune in der Auswahl? Bitten Sie Ihre Betreiber/innen, sie anzulegen.",
        ]

    def perform(self) -> Participation:
        """By way of the domain."""
        house = self.form.cleaned_data["municipality"]
        participation, new = doors.invite_house(
            self.interest, municipality=house, by=acting_user(self.request)
        )
        self.success_message = (
            f"{house} ist als eingeladen eingetragen."
            if new
            else f"{house} steht schon im Durchgang: {participation.get_state_display()}."
        )
        return participation


class TellChange(BelowInterests, ActionPage):
    """Write to the registered who do not know of the last change or cancellation."""

    rule = "events.change"
    button_label = "E-Mails senden"

    def get_title(self) -> str:
        """A change, or that it is called off."""
        cancelled = self.event.state == EventState.CANCELLED
        return "Absage mitteilen" if cancelled else "Änderung mitteilen"

    def get_question(self) -> str:
        """To how many."""
        count = doors.unaware(self.event).count()
        if count == 0:
            return "Alle Angemeldeten kennen den Stand von jetzt."
        whom = "an eine angemeldete Person" if count == 1 else f"an {count} angemeldete Personen"
        return f"Soll eine E-Mail mit dem Stand von jetzt {whom} gehen?"

    def consequences(self) -> list[str]:
        """To whom by name."""
        return [row.full_name for row in doors.unaware(self.event).order_by("sort_key", "pk")]

    def perform(self) -> None:
        """By way of the domain."""
        count = doors.tell_change(self.event, by=acting_user(self.request))
        mails = "Eine E-Mail ist" if count == 1 else f"{count} E-Mails sind"
        self.success_message = (
            f"{mails} unterwegs." if count else "Es war niemand mehr zu benachrichtigen."
        )


def _name(interest: Interest) -> str:
    return f"{interest.last_name}, {interest.first_name}"


def _state(interest: Interest) -> Badge:
    state = InterestState(interest.state)
    return Badge(BADGES[state], str(state.label))
