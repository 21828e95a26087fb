"""One tandem in its year, as the Beirat follows it."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, PageView
from programmes.cycles.models import Participant, ParticipantRole
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.meetings.counts import wanted_meetings, weeks_silent
from tandems.meetings.domain import contact_of
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.meetings.views.base import OfTandem
from tandems.meetings.views.overview import state_badge, who_has_left
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.models import Tandem, TandemState


class TandemPage(OfTandem, PageView):
    """Who the two are, when they met, who accompanies them; nothing of what they spoke."""

    template_name = "meetings/tandem.html"

    def get_title(self) -> str:
        """Both halves."""
        return self.names

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its tandems."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """What the user may do now."""
        tandem, found = self.tandem, []
        own = tandem.accompanied_by_id == posts_of(self.request.user).person
        leads = self.allowed("pairs.follow_lead", self.cycle)
        if tandem.state in TandemState.running():
            if own:
                found.append(Action("Begleitung abgeben", self._url("hand_back"), "tertiary"))
            elif tandem.accompanied_by_id is None:
                found.append(Action("Ich begleite", self._url("mine"), "primary"))
            if leads:
                found += [
                    Action("Begleitung festlegen", self._url("companion")),
                    Action("Abschließen", self._url("complete"), "tertiary"),
                    Action("Vorzeitig beenden", self._url("end"), "tertiary"),
                ]
        return found

    def _url(self, name: str) -> str:
        return self.page(name, self.tandem.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Days alone are read of the meetings: form and length stay with the two (rule 7)."""
        tandem, today = self.tandem, timezone.localdate()
        days = list(
            TandemMeeting.objects.filter(tandem=tandem)
            .order_by("met_on", "pk")
            .values_list("met_on", flat=True)
        )
        return super().get_context_data(
            tandem=tandem,
            state=state_badge(tandem),
            left=who_has_left(tandem),
            past=[day for day in days if day <= today],
            planned=[day for day in days if day > today],
            wanted=wanted_meetings(self.cycle.programme),
            weeks=weeks_silent(tandem),
            running=tandem.state in TandemState.running(),
            contacts=self.contacts(),
            calls=list(HelpCall.objects.visible_to(self.request.user).filter(tandem=tandem)),
            left_over=self.left_over(),
            **kwargs,
        )

    def contacts(self) -> list[tuple[str, Any, Any]]:
        """Each half with its contact in the Beirat, while the year runs."""
        tandem = self.tandem
        if tandem.state not in TandemState.running():
            return []
        halves = (tandem.mentee_person, tandem.mentor_person)
        return [(half.full_name, half, contact_of(tandem, half)) for half in halves]

    def left_over(self) -> list[Action]:
        """The way to the wall for who is left after an early end, for whom it is open.

        Whether a new match is being thought about is not to be seen from this: only one
        that is known takes the button away.
        """
        tandem, user = self.tandem, self.request.user
        if tandem.state != TandemState.ENDED_EARLY or not self.allowed("pairs.match", self.cycle):
            return []
        found = []
        anew = Tandem.objects.filter(
            application=tandem.application_id, cycle=self.cycle, state__in=TandemState.running()
        ).filter(Q(revealed_at__isnull=False))
        mentee = Application.objects.visible_to(user).filter(
            pk=tandem.application_id, state=ApplicationState.PLACED
        )
        present = Participant.objects.filter(
            cycle=self.cycle, person=tandem.mentee_person, role=ParticipantRole.MENTEE
        ).present()
        if mentee.exists() and present.exists() and not anew.exists():
            found.append(
                Action(
                    f"Neues Match für {tandem.mentee_person.full_name}",
                    reverse("matching:mentee", args=[self.cycle.pk, tandem.application_id]),
                )
            )
        mentor = Mentor.objects.visible_to(user).filter(
            pk=tandem.mentor_id, state=MentorState.AGREED
        )
        if mentor.exists():
            found.append(
                Action(
                    f"{tandem.mentor_person.full_name} hat wieder Platz",
                    reverse("matching:mentor", args=[self.cycle.pk, tandem.mentor_id]),
                    "tertiary",
                )
            )
        return found
