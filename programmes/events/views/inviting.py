"""Inviting to an event: groups of the cycle, or one person."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from mentoring.ui.errors import Refused
from mentoring.ui.views import PageView
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.events import domain
from programmes.events.forms.events import InviteForm
from programmes.events.guests import Guest, chosen_guests
from programmes.events.views.base import OfEvent
from programmes.organisations.models import Municipality
from programmes.people.models import Person

MOST_FOUND = 30
NOT_SENT = "Eine E-Mail geht erst hinaus, wenn Sie die Einladungen versenden."


class InvitePage(OfEvent, PageView):
    """Choose groups, see by name whom that means, confirm.

    The choice stands in the address; the confirmation names the people that were shown.
    """

    rule = "events.change"
    template_name = "events/invite.html"

    def get_title(self) -> str:
        """To which event."""
        return f"Einladen: {self.event.title}"

    @cached_property
    def form(self) -> InviteForm:
        """The choice, if there is one yet."""
        data = self.request.GET if self.request.GET else None
        return InviteForm(data, cycle=self.cycle)

    @cached_property
    def guests(self) -> dict[int, Guest]:
        """By person whom the choice means and who is not invited yet."""
        if not self.form.is_bound or not self.form.is_valid():
            return {}
        chosen = self.form.cleaned_data
        found = chosen_guests(
            self.cycle,
            self.request.user,
            chosen["roles"],
            municipalities=[house.pk for house in chosen["municipalities"]],
            regional_groups=chosen.get("regional_groups", ()),
        )
        invited = set(self.attendees().values_list("person", flat=True))
        self.already = len(invited & set(found))
        return {pk: guest for pk, guest in found.items() if pk not in invited}

    already = 0

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Invite those who were shown and not left out."""
        confirmed = set(request.POST.getlist("person"))
        chosen = {pk: guest for pk, guest in self.guests.items() if str(pk) in confirmed}
        people = Person.objects.visible_to(request.user).filter(pk__in=chosen)
        if not confirmed:
            messages.warning(request, "Es war niemand ausgewählt. Niemand wurde eingeladen.")
            return HttpResponseRedirect(request.get_full_path())
        try:
            made = domain.invite(self.event, people, guests=chosen, by=acting_user(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                f"{_people(len(made))} eingeladen. {NOT_SENT}",
            )
        return HttpResponseRedirect(self.event_page("event"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and whom the choice means by name."""
        guests = self.guests
        people = Person.objects.visible_to(self.request.user).filter(pk__in=guests)
        houses = Municipality.objects.in_bulk({g.municipality for g in guests.values()} - {None})
        rows = [
            (person, guests[person.pk].role, houses.get(guests[person.pk].municipality))
            for person in people.order_by("sort_key", "pk")
        ]
        return super().get_context_data(
            form=self.form,
            chosen=self.form.is_bound and self.form.is_valid(),
            rows=rows,
            already=self.already,
            without_address=[person for person, _, _ in rows if not person.email],
            places=domain.places_left(self.event),
            **kwargs,
        )


class PersonSearch(OfEvent, PageView):
    """Find one person the user sees and act on them; base of two pages."""

    rule = "events.change"
    template_name = "events/person.html"
    button = ""

    @property
    def words(self) -> str:
        """What is looked for."""
        return str(self.request.GET.get("q", "")).replace("\0", "")[:200].strip()

    def enter(self, person: Person) -> str:
        """Do it, by way of the domain, and say what was done."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act on the person whose button was pressed."""
        chosen = request.POST.get("person", "")
        # Longer than any key: no number for the database.
        if not chosen.isdecimal() or len(chosen) > 18:
            raise Http404
        person = found_or_404(Person.objects.visible_to(request.user), chosen)
        try:
            messages.success(request, self.enter(person))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who fits the words, and whether they are invited."""
        found: list[Person] = []
        if self.words:
            people = Person.objects.visible_to(self.request.user).search(self.words)
            found = list(
                people.select_related("municipality").order_by("sort_key", "pk")[: MOST_FOUND + 1]
            )
        invited = set(
            self.attendees()
            .filter(person__in=[person.pk for person in found])
            .values_list("person", flat=True)
        )
        return super().get_context_data(
            words=self.words,
            rows=[(person, person.pk in invited) for person in found[:MOST_FOUND]],
            more=len(found) > MOST_FOUND,
            button_label=self.button,
            again=self.again,
            **kwargs,
        )

    again = False
    """Whether it makes sense for who is invited already."""


class InvitePerson(PersonSearch):
    """Invite one person."""

    button = "Einladen"

    def get_title(self) -> str:
        """To which event."""
        return f"Einzelne Person einladen: {self.event.title}"

    def enter(self, person: Person) -> str:
        """Invite."""
        made = domain.invite(self.event, [person], by=acting_user(self.request))
        if not made:
            return f"{person} war schon eingeladen."
        return f"{person} ist eingeladen. {NOT_SENT}"


def _people(count: int) -> str:
    return "1 Person ist" if count == 1 else f"{count} Personen sind"
