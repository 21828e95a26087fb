"""The reveal: a second look that lists who will see whom, and the button."""

import copy
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.errors import Refused
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, FormPage
from programmes.people.models import Person
from programmes.people.permissions import invitable_people
from tandems.applications.models import Application, ApplicationState
from tandems.pairs.domain import frame_of
from tandems.pairs.models import MatchingFrame, Tandem, TandemState
from tandems.pairs.permissions import decided_tandems
from tandems.pairs.readings import note_readings
from tandems.pairs.review import hidden_words, leaves_out, tandems
from tandems.pairs.standing import Standing
from tandems.pairs.views.base import OfMatching, OnTandem, acting_user
from tandems.reveal import domain
from tandems.reveal.forms import OrderForm, RevealForm, SeenForm
from tandems.reveal.plan import ALL, MENTORS, Plan, Ready, held_back, plan, seen_single
from tandems.reveal.workshop import Workshop, workshop_of


class OfReveal(OfMatching):
    """A page of this room, for leads who match."""

    rule: ClassVar[str | None] = "pairs.lead"

    def here(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"reveal:{name}", args=[self.cycle.pk, *args])

    @cached_property
    def frame(self) -> MatchingFrame:
        """How the cycle matches."""
        return frame_of(self.cycle)

    @cached_property
    def plan(self) -> Plan:
        """What would happen now, as the user may see it; that it was read is noted."""
        by = acting_user(self.request)
        found = plan(self.cycle, by)
        shown = [
            *(one.tandem for one in (*found.ready, *found.again)),
            *(one.tandem for one in (*found.held, *found.again_held)),
        ]
        note_readings(shown, by)
        return found

    @cached_property
    def leaves_out(self) -> bool:
        """Whether people are kept from the user, whose tandems would be revealed with the rest.

        Whether they have one is not said: the button is there for who may press it.
        """
        return leaves_out(self.cycle, self.request.user)

    @cached_property
    def workshop(self) -> Workshop:
        """The day the reveal belongs to."""
        return workshop_of(self.cycle)


class DryRunPage(OfReveal, ActionPage):
    """Reads the plan, shows it, and acts only on the plan that was read."""

    once: ClassVar[bool] = True
    step: ClassVar[str] = ALL
    template_name = "reveal/reveal.html"

    def shown(self) -> list[Ready]:
        """The tandems this step is about."""
        return self.plan.ready

    def confirm_label(self) -> str:
        """What the lead confirms."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """The words to confirm."""
        return {**super().get_form_kwargs(), "confirm_label": self.confirm_label()}

    def get_initial(self) -> dict[str, Any]:
        """The digest of what is shown."""
        return {"seen": self.plan.seen(self.step)}

    def perform(self) -> Any:
        """Act; refused, the page shows the list as it is by now."""
        try:
            return self.act()
        except Refused:
            del self.plan
            self.form.show_newest(self.plan.seen(self.step))
            raise

    def act(self) -> Any:
        """By way of the domain."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        """Back to the dry run: what was held back is still there."""
        return self.here("reveal")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list, who is left out, who has no sign-in."""
        shown = self.shown()
        return super().get_context_data(
            plan=self.plan,
            shown=shown,
            step=self.step,
            workshop=self.workshop,
            hidden_words=hidden_words(self.leaves_out),
            unmatched=self._unmatched(),
            without_sign_in=self._without_sign_in(shown),
            **kwargs,
        )

    def _unmatched(self) -> int:
        live = Tandem.objects.filter(
            decided_tandems(self.request.user), cycle=self.cycle, state__in=TandemState.live()
        )
        placed = Application.objects.visible_to(self.request.user).filter(
            cycle=self.cycle, state=ApplicationState.PLACED
        )
        return placed.exclude(pk__in=live.values("application")).count()

    def _without_sign_in(self, shown: list[Ready]) -> list[tuple[str, str]]:
        """Who could not look at it, and where to invite them if the user may."""
        people: dict[int, Person] = {}
        for one in shown:
            halves = [one.tandem.mentor.person]
            if self.step != MENTORS:
                halves.insert(0, one.tandem.application.person)
            for person in halves:
                if person is not None and person.user_id is None:
                    people[person.pk] = person
        found = invitable_people(self.request.user).filter(pk__in=people)
        invitable = set(found.values_list("pk", flat=True))
        return [
            (person.full_name, reverse("person_invite", args=[pk]) if pk in invitable else "")
            for pk, person in people.items()
        ]


class RevealPage(DryRunPage):
    """Reveal everything that is sealed and in order."""

    title = "Bekanntgabe"
    form_class = RevealForm

    @property
    def button_label(self) -> str:  # type: ignore[override]  # names the number
        """With the number."""
        return f"{tandems(len(self.plan.ready))} jetzt bekannt geben"

    @property
    def mentors_first(self) -> bool:
        """Whether a step for the mentors is due before."""
        return self.frame.mentors_first and bool(self.plan.untold)

    @property
    def asks_reason(self) -> bool:
        """Whether today needs a reason: the day has not come, or there is none."""
        return not (self.workshop.is_today or self.workshop.has_been)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether a reason is due."""
        return {**super().get_form_kwargs(), "asks_reason": self.asks_reason}

    def confirm_label(self) -> str:
        """Everybody who will see something."""
        number = len(self.plan.ready)
        return (
            f"Ich habe die Liste gelesen: {2 * number} Personen und ihre Personalstellen sehen "
            "jetzt, wer zu wem gehört. Zurücknehmen lässt sich das nicht."
        )

    def get_question(self) -> str:
        """How many."""
        number = len(self.plan.ready)
        return f"{'Soll' if number == 1 else 'Sollen'} {tandems(number)} bekannt gegeben werden?"

    def actions(self) -> list[Action]:
        """The mentors' step first where the cycle wants it; the order."""
        found = []
        if self.mentors_first:
            found.append(Action("Zuerst den Mentor/innen zeigen", self.here("mentors"), "primary"))
        found.append(Action("Prüfen und versiegeln", self.page("review"), "secondary"))
        found.append(Action("Reihenfolge", self.here("order"), "tertiary"))
        return found

    def act(self) -> Any:
        """By way of the domain."""
        data = self.form.cleaned_data
        done = domain.reveal(
            self.cycle,
            seen=data["seen"],
            off_day_reason=data.get("reason", ""),
            by=acting_user(self.request),
        )
        verb = "ist" if done.number == 1 else "sind"
        self.success_message = f"{tandems(done.number)} {verb} jetzt bekannt gegeben."
        return done

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the button stands here now."""
        possible = bool(self.plan.ready or self.leaves_out) and not self.mentors_first
        return super().get_context_data(
            possible=possible, mentors_first=self.mentors_first, **kwargs
        )


class MentorsPage(DryRunPage):
    """Show the mentors their match, before anybody else."""

    title = "Den Mentor/innen zeigen"
    step = MENTORS
    form_class = SeenForm

    def get_rule_object(self) -> Any:
        """The cycle, if it shows mentors first."""
        cycle = super().get_rule_object()
        if self.allowed("pairs.lead", cycle) and not self.frame.mentors_first:
            raise Http404
        return cycle

    @property
    def button_label(self) -> str:  # type: ignore[override]  # names the number
        """With the number."""
        return f"{tandems(len(self.plan.untold))} den Mentor/innen zeigen"

    def shown(self) -> list[Ready]:
        """Those whose mentor does not know yet."""
        return self.plan.untold

    def breadcrumbs(self) -> list[Crumb]:
        """Below the reveal."""
        return [*super().breadcrumbs(), Crumb("Bekanntgabe", self.here("reveal"))]

    def confirm_label(self) -> str:
        """Only the mentors."""
        return (
            "Ich habe die Liste gelesen: diese Mentor/innen sehen jetzt, wen sie begleiten. "
            "Mentees und Personalstellen sehen noch nichts. Zurücknehmen lässt sich das nicht."
        )

    def get_question(self) -> str:
        """Whom."""
        return "Sollen die Mentor/innen jetzt erfahren, wen sie begleiten?"

    def act(self) -> Any:
        """By way of the domain."""
        seen = self.form.cleaned_data["seen"]
        done = domain.tell_mentors(self.cycle, seen=seen, by=acting_user(self.request))
        number = "1 Match steht" if done.number == 1 else f"{done.number} Matches stehen"
        self.success_message = f"{number} jetzt auf der Seite der Mentorin oder des Mentors."
        return done

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the button stands here now."""
        return super().get_context_data(
            possible=bool(self.plan.untold or self.leaves_out), **kwargs
        )


class SinglePage(OnTandem, OfReveal, ActionPage):
    """Reveal one match anew, by itself."""

    title = "Neues Match bekannt geben"
    button_label = "Dieses Tandem jetzt bekannt geben"
    form_class = SeenForm
    once: ClassVar[bool] = True
    success_message = "Das Tandem ist bekannt gegeben."

    def get_rule_object(self) -> Any:
        """The cycle; only for a match anew that is not known yet."""
        cycle = super().get_rule_object()
        if self.allowed("pairs.lead", cycle) and self.tandem.after_id is None:
            raise Http404
        return cycle

    def get_question(self) -> str:
        """Whom."""
        person, mentor = self.tandem.application.person, self.tandem.mentor
        return f"Sollen {person.full_name} und {mentor.called} jetzt voneinander erfahren?"

    def consequences(self) -> list[str]:
        """Who will see whom, or why nobody will."""
        tandem = self.tandem
        if tandem.is_known:
            return ["Dieses Tandem ist schon bekannt gegeben."]
        if why := held_back(tandem, Standing(self.cycle)):
            return [f"Geht noch nicht: {line}" for line in why]
        application, mentor = tandem.application, tandem.mentor
        mentee_house = application.municipality.short_name
        mentor_house = mentor.municipality.short_name
        return [
            f"{application.person.full_name} sieht {mentor.called}, und umgekehrt.",
            f"Die Personalstelle von {mentee_house} sieht {mentor.called}.",
            f"Die Personalstelle von {mentor_house} sieht {application.person.full_name}.",
            "Zurücknehmen lässt sich das nicht.",
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The words to confirm."""
        label = "Ich habe gelesen, wer jetzt wen sieht."
        return {**super().get_form_kwargs(), "confirm_label": label}

    def get_initial(self) -> dict[str, Any]:
        """The digest of what is shown."""
        return {"seen": seen_single(self.tandem)}

    def perform(self) -> Any:
        """By way of the domain; refused, the page shows the tandem as it is by now."""
        seen = self.form.cleaned_data["seen"]
        try:
            return domain.reveal_single(self.tandem, seen=seen, by=acting_user(self.request))
        except Refused:
            del self.tandem
            self.form.show_newest(seen_single(self.tandem))
            raise


class OrderPage(OfReveal, FormPage):
    """Whether the mentors learn of it first."""

    title = "Reihenfolge der Bekanntgabe"
    form_class = OrderForm
    success_message = "Gespeichert."

    def breadcrumbs(self) -> list[Crumb]:
        """Below the reveal."""
        return [*super().breadcrumbs(), Crumb("Bekanntgabe", self.here("reveal"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        """A copy: a form writes into its instance."""
        return {**super().get_form_kwargs(), "instance": copy.copy(self.frame)}

    def save(self, form: OrderForm) -> Any:
        """By way of the domain."""
        return domain.choose_order(form.instance, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Back to the reveal."""
        return self.here("reveal")
