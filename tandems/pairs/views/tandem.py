"""A tandem while it is decided: proposed, spoken on, closed, opened again, dissolved."""

from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.errors import Refused
from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, FormPage, PageView
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor
from tandems.pairs import domain
from tandems.pairs.deciding_forms import ProposeForm, VoicesForm, WhyForm
from tandems.pairs.hindrances import Hindrances
from tandems.pairs.models import PairRule, Tandem, TandemState, TandemVoice
from tandems.pairs.standing import Standing, VoiceRow
from tandems.pairs.views.base import OfMatching, OnTandem, acting_user, found_or_404


class ProposePage(OfMatching, ActionPage):
    """Propose a pair as a tandem."""

    title = "Als Tandem vorschlagen"
    button_label = "Vorschlagen"
    form_class = ProposeForm
    success_message = "Vorgeschlagen. Jetzt sagen beide Kommunen, was sie davon halten."

    @cached_property
    def pair(self) -> tuple[Application, Mentor]:
        """Both halves of the address; 404 for one the user must not know of."""
        user = self.request.user
        applications = Application.objects.visible_to(user).filter(
            cycle=self.cycle, state=ApplicationState.PLACED
        )
        mentors = Mentor.objects.visible_to(user).filter(cycle=self.cycle)
        with_people = ("person", "municipality")
        application = found_or_404(
            applications.select_related(*with_people), self.kwargs["application_pk"]
        )
        mentor = found_or_404(mentors.select_related(*with_people), self.kwargs["mentor_pk"])
        application.cycle = mentor.cycle = self.cycle
        return application, mentor

    def get_rule_object(self) -> Any:
        """The cycle; both halves must be visible."""
        cycle = super().get_rule_object()
        if self.allowed("pairs.match", cycle):
            _ = self.pair
        return cycle

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the pair."""
        application, mentor = self.pair
        return [
            *super().breadcrumbs(),
            Crumb("Paar", self.page("pair", application.pk, mentor.pk)),
        ]

    def get_question(self) -> str:
        """Whom."""
        application, mentor = self.pair
        return (
            f"Sollen {application.person.full_name} ({application.municipality.short_name}) und "
            f"{mentor.called} ({mentor.municipality.short_name}) ein Tandem werden?"
        )

    def consequences(self) -> list[str]:
        """What is in the way, and what follows."""
        against = Hindrances(self.cycle, self.request.user).of(*self.pair)
        lines = [f"Steht noch im Weg: {one.sentence}" for one in against if self._blocks(one)]
        lines += [
            f"{one.sentence} Beschlossen werden kann das Tandem erst mit der Zusage."
            for one in against
            if one.rule == PairRule.NOT_AGREED and not one.refuses
        ]
        return [
            *lines,
            "Beide Kommunen werden nach ihrer Stimme gefragt; stimmen sie zu, beschließt eine "
            "Leitung des Beirats.",
            "Außerhalb des Beirats erfährt niemand davon, auch die beiden nicht.",
        ]

    @staticmethod
    def _blocks(one: Any) -> bool:
        return bool(one.stands) and (one.refuses or one.rule != PairRule.NOT_AGREED)

    def perform(self) -> Tandem:
        """By way of the domain."""
        return domain.propose(
            *self.pair, reason=self.form.cleaned_data["reason"], by=acting_user(self.request)
        )


class TandemPage(OnTandem, PageView):
    """All about a tandem while it is decided."""

    template_name = "pairs/tandem.html"

    def get_title(self) -> str:
        """Who with whom."""
        return f"{self.tandem.application.person.full_name} und {self.tandem.mentor.called}"

    def breadcrumbs(self) -> list[Crumb]:
        """The wall and the whole set."""
        return [
            *super().breadcrumbs()[:-1],
            Crumb("Prüfen und versiegeln", self.page("review")),
        ]

    @cached_property
    def standing(self) -> Standing:
        """What is in the way in this cycle, as far as the user may know."""
        return Standing(self.cycle, self.request.user)

    @cached_property
    def voices(self) -> list[VoiceRow]:
        """A row for each Kommune concerned."""
        given = TandemVoice.objects.filter(tandem=self.tandem).select_related("recorded_by__person")
        return self.standing.voices(self.tandem, list(given))

    def actions(self) -> list[Action]:
        """What this user may do with it now."""
        found, tandem, by = [], self.tandem, acting_user(self.request)
        state, told = tandem.state, tandem.mentor_told_at is not None
        pk = tandem.pk
        if state == TandemState.PROPOSED:
            due = any(row.missing for row in self.voices)
            keys = {row.participation.pk for row in self.voices}
            if domain.spoken_for(by, self.cycle.pk, keys):
                kind = "primary" if due else "secondary"
                found.append(Action("Stimmen eintragen", self.page("voice", pk), kind))
            if self.leads:
                kind = "secondary" if due else "primary"
                found.append(Action("Beschließen", self.page("agree", pk), kind))
        if state in (TandemState.AGREED, TandemState.SEALED) and self.leads and not told:
            found.append(Action("Wieder öffnen", self.page("reopen", pk), "secondary"))
        if state in TandemState.secret() and domain.may_dissolve(tandem, by):
            found.append(Action("Auflösen", self.page("dissolve", pk), "tertiary"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Voices, what is in the way, where it stands."""
        tandem, secret = self.tandem, not self.tandem.is_known
        return super().get_context_data(
            secret=secret,
            state=Badge("info" if secret else "success", tandem.get_state_display()),
            voices=self.voices if secret else [],
            speaking=tandem.state == TandemState.PROPOSED,
            in_the_way=self.standing.in_the_way(tandem) if secret else [],
            overruled=self.standing.overruled(tandem) if secret else [],
            without_voice=self.standing.without_voice(tandem),
            **kwargs,
        )


class VoicePage(OnTandem, FormPage):
    """The voices of the Kommunen concerned, as far as this user records them."""

    title = "Stimmen der Kommunen"
    form_class = VoicesForm
    template_name = "pairs/voices.html"
    submit_label = "Stimmen speichern"

    @cached_property
    def rows(self) -> list[VoiceRow]:
        """Of the Kommunen this user speaks for; 404 where there is none."""
        given = list(TandemVoice.objects.filter(tandem=self.tandem))
        rows = Standing(self.cycle).voices(self.tandem, given)
        own = domain.spoken_for(
            acting_user(self.request), self.cycle.pk, {row.participation.pk for row in rows}
        )
        return [row for row in rows if row.participation.pk in own]

    def get_rule_object(self) -> Any:
        """The cycle; the user must speak for one of the two Kommunen."""
        cycle = super().get_rule_object()
        if self.allowed("pairs.match", cycle) and not self.rows:
            raise Http404
        return cycle

    def get_form_kwargs(self) -> dict[str, Any]:
        """The Kommunen, and whether the form may close too."""
        return {
            **super().get_form_kwargs(),
            "tandem": self.tandem,
            "rows": self.rows,
            "may_close": self.leads,
        }

    def save(self, form: VoicesForm) -> Any:
        """By way of the domain; all voices or none. Who was second may save again."""
        try:
            return self._save(form)
        except Refused:
            form.show_newest()
            raise

    def _save(self, form: VoicesForm) -> Any:
        by, said = acting_user(self.request), form.said
        for one in said:
            domain.speak(
                self.tandem,
                one.row.participation,
                one.stance,
                one.text,
                version=one.version,
                by=by,
            )
        if form.cleaned_data.get("close"):
            domain.agree(self.tandem, by=by)
            self.success_message = "Das Tandem ist beschlossen. Es bleibt geheim."
        elif said:
            self.success_message = "Gespeichert."
        else:
            self.success_message = "An den Stimmen war nichts geändert."
        return self.tandem


class AgreePage(OnTandem, ActionPage):
    """Close a tandem both Kommunen agree to."""

    rule: ClassVar[str | None] = "pairs.lead"
    title = "Tandem beschließen"
    button_label = "Beschließen"
    success_message = "Das Tandem ist beschlossen. Es bleibt geheim."

    def get_question(self) -> str:
        """Whom."""
        person, mentor = self.tandem.application.person, self.tandem.mentor
        return f"Soll das Tandem {person.full_name} und {mentor.called} beschlossen werden?"

    def consequences(self) -> list[str]:
        """What is missing, and what follows."""
        standing, tandem = Standing(self.cycle, self.request.user), self.tandem
        lines = [
            *domain.missing_agreement(tandem, standing),
            *(f"Steht noch im Weg: {line}" for line in standing.in_the_way(tandem)),
        ]
        if house := standing.without_voice(tandem):
            lines.append(
                f"{house} nimmt an diesem Durchgang nicht (oder noch nicht bestätigt) teil und hat "
                "keine Stimme: hier zählt nur die der anderen Kommune."
            )
        return [
            *lines,
            "Bis zur Bekanntgabe lässt es sich mit Begründung wieder öffnen.",
            "Mitgeteilt wird niemandem etwas.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.agree(self.tandem, by=acting_user(self.request))


class ReopenPage(OnTandem, ActionPage):
    """Open a decided or sealed tandem again."""

    rule: ClassVar[str | None] = "pairs.lead"
    title = "Tandem wieder öffnen"
    question = "Soll über dieses Tandem neu entschieden werden?"
    button_label = "Wieder öffnen"
    form_class = WhyForm
    reason_field = "required"
    success_message = "Das Tandem ist wieder ein Vorschlag. Beide Kommunen stimmen neu ab."

    def consequences(self) -> list[str]:
        """What goes with it."""
        sealed = self.tandem.state == TandemState.SEALED
        return [
            *(["Das Siegel gilt für dieses Tandem nicht mehr."] if sealed else []),
            "Die Stimmen von vorher bleiben zu lesen und müssen neu gegeben werden.",
            "Niemand außerhalb des Beirats erfährt davon.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.reopen(self.tandem, reason=self.reason, by=acting_user(self.request))


class DissolvePage(OnTandem, ActionPage):
    """Take a tandem back before it is known."""

    title = "Tandem auflösen"
    question = "Soll dieses Tandem aufgelöst werden?"
    button_label = "Auflösen"
    danger: ClassVar[bool] = True
    form_class = WhyForm
    success_message = "Das Tandem ist aufgelöst. Beide sind wieder frei."

    @property
    def reason_field(self) -> str:  # type: ignore[override]  # hangs on who has spoken
        """Due once others have spoken or decided."""
        needed = domain.needs_reason(self.tandem, acting_user(self.request))
        return "required" if needed else "optional"

    def consequences(self) -> list[str]:
        """What goes with it."""
        tandem = self.tandem
        number = TandemVoice.objects.filter(tandem=tandem).count()
        voices = "1 Stimme" if number == 1 else f"{number} Stimmen"
        lines = ["Gelöscht werden der Vorschlag mit seiner Begründung"]
        lines[0] += f" und {voices} der Kommunen." if number else "."
        if tandem.mentor_told_at is not None:
            lines.append(
                f"{tandem.mentor.called} weiß schon von diesem Tandem: bitte sagen Sie es ihr oder "
                "ihm selbst. Auf der eigenen Seite steht es danach nicht mehr."
            )
        return [
            *lines,
            "Mögliche Matches an der Wand bleiben, auch die zweite Wahl. Die Begründung steht "
            "danach bei der oder dem Mentee.",
            "Mentee und Mentor/in sind danach wieder frei für ein anderes Tandem.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.dissolve(self.tandem, reason=self.reason, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """The whole set: the tandem is gone."""
        return reverse("pairs:review", args=[self.cycle.pk])
