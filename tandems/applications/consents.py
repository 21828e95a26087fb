"""The Personalstelle notes and withdraws consents; what follows from a withdrawal."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from mentoring.ui.forms import ConfirmForm, KernForm
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import DetailPage, ObjectActionPage
from tandems.applications import domain
from tandems.applications.models import Application, ApplicationState
from tandems.applications.pages import OnApplication
from tandems.profiles.domain import correct_consent, give_consent, withdraw_consent
from tandems.profiles.fields import FIRST_DAY
from tandems.profiles.models import Consent, ConsentKind
from tandems.profiles.questions import Question, questions

WITHDRAWN = "Die Einwilligung zur Weitergabe an den Beirat wurde widerrufen."


def follow_withdrawn_consent(consent: Consent, by: User | None) -> None:
    """Without the consent to be handed on an application ends, and the Beirat loses it."""
    if consent.kind != ConsentKind.FORWARD:
        return
    rows = Application.objects.filter(cycle=consent.cycle_id, person=consent.person_id)
    ended = rows.filter(state=ApplicationState.WITHDRAWN, nominated_at__isnull=False)
    ended.update(nominated_at=None, rank=None)
    application = rows.exclude(state=ApplicationState.WITHDRAWN).first()
    if application is not None and consent.cycle.is_open:
        domain.withdraw(application, reason=WITHDRAWN, by=by, consent_withdrawn=True)


@dataclass(frozen=True)
class ConsentRow:
    """One consent of the sheet, how it stands, and what may be done."""

    question: Question
    given: Consent | None
    withdrawn: list[Consent]
    give_url: str
    correct_url: str
    withdraw_url: str


class ConsentDayForm(KernForm):
    """The day on the signed sheet."""

    on = forms.DateField(
        label="Gegeben am", help_text="Der Tag, an dem die Person unterschrieben hat."
    )

    def clean_on(self) -> Any:
        """A day that has been, and not in the last century by a slip."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        if day < FIRST_DAY:
            raise forms.ValidationError("Bitte prüfen Sie das Jahr.")
        return day


class ConsentsPage(OnApplication, DetailPage):
    """All consents of an application, each apart."""

    rule = "applications.handle"
    template_name = "applications/consents.html"

    def get_title(self) -> str:
        """What is listed."""
        return "Einwilligungen"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each consent the sheet asks for, and those it asked for in another version."""
        application = self.application
        kept: dict[str, list[Consent]] = {}
        rows = Consent.objects.filter(cycle=application.cycle, person=application.person)
        for consent in rows.order_by("given_on", "pk"):
            kept.setdefault(consent.kind, []).append(consent)
        asked = [question for question in questions(application.sheet) if question.consent]
        return super().get_context_data(
            consents=[
                self._row(question, kept.get(str(question.consent), [])) for question in asked
            ],
            **kwargs,
        )

    def _row(self, question: Question, kept: list[Consent]) -> ConsentRow:
        given = next((consent for consent in kept if consent.withdrawn_on is None), None)
        day = self._address("consent_day", question)
        return ConsentRow(
            question,
            given,
            [consent for consent in kept if consent.withdrawn_on is not None],
            give_url="" if given else day,
            correct_url=day if given and given.recorded_by_id else "",
            withdraw_url=self._address("consent_withdraw", question) if given else "",
        )

    def _address(self, name: str, question: Question) -> str:
        args = [self.cycle.pk, self.application.pk, question.consent]
        return reverse(f"applications:{name}", args=args)


class OnConsent(OnApplication):
    """A page about one consent of an application."""

    rule: ClassVar[str | None] = "applications.handle"
    kwargs: dict[str, Any]

    @property
    def kind(self) -> ConsentKind:
        """Which one; raises ``Http404`` for what the sheet does not ask."""
        for question in questions(self.application.sheet):
            if question.consent == self.kwargs["kind"]:
                return ConsentKind(self.kwargs["kind"])
        raise Http404

    @property
    def given(self) -> Consent | None:
        """The valid consent."""
        application = self.application
        rows = Consent.objects.valid().filter(cycle=application.cycle, person=application.person)
        return rows.filter(kind=self.kind).first()

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the consents."""
        address = self.page("consents", self.application.pk)
        return [*super().breadcrumbs(), Crumb("Einwilligungen", address)]

    def get_success_url(self) -> str:
        """Back to all of them."""
        return self.page("consents", self.application.pk)


class ConsentDay(OnConsent, ObjectActionPage):
    """Note a consent of the signed sheet, or put its day right."""

    form_class = ConsentDayForm
    button_label = "Eintragen"
    success_message = "Die Einwilligung ist eingetragen."

    def get_title(self) -> str:
        """Which one."""
        return f"Einwilligung: {self.kind.label}"

    def get_question(self) -> str:
        """The words that were signed."""
        asked = questions(self.application.sheet)
        return next(question.text for question in asked if question.consent == self.kind)

    def get_initial(self) -> dict[str, Any]:
        """The day noted so far."""
        given = self.given
        return {"on": given.given_on} if given else {}

    def perform(self) -> Any:
        """Give, or correct."""
        given, on = self.given, self.form.cleaned_data["on"]
        if given is not None:
            return correct_consent(given, on=on, by=self.request.user)
        return give_consent(
            cycle=self.cycle,
            person=self.application.person,
            kind=self.kind,
            on=on,
            by=self.request.user,
        )


class ConsentWithdraw(OnConsent, ObjectActionPage):
    """Note that a consent is withdrawn, after saying what follows."""

    form_class = ConfirmForm
    button_label = "Widerruf eintragen"
    danger = True
    success_message = "Der Widerruf ist eingetragen."

    def get_title(self) -> str:
        """Which one."""
        return f"Widerruf: {self.kind.label}"

    def get_question(self) -> str:
        """What is asked."""
        return "Hat die Person diese Einwilligung widerrufen?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        lines = {
            ConsentKind.FORWARD: [
                "Die Bewerbung ist damit zurückgezogen; das lässt sich nicht rückgängig machen.",
                "Der Beirat sieht sie ab sofort nicht mehr. Ihre Personalstelle kann sie noch "
                "lesen, bis ihre Frist abläuft.",
            ],
            ConsentKind.PHOTO: ["Das Foto wird gelöscht, und kein Steckbrief zeigt es mehr."],
            ConsentKind.ALUMNI: [
                "Nach dem Durchgang wird die Person nicht mehr angeschrieben und nicht mehr als "
                "Mentorin oder Mentor angefragt."
            ],
        }
        return [*lines.get(self.kind, []), "Im Programm steht der Widerruf mit dem Tag von heute."]

    def perform(self) -> Any:
        """Withdraw."""
        given = self.given
        if given is None:
            raise Refused("Diese Einwilligung ist nicht (mehr) eingetragen.")
        return withdraw_consent(given, by=self.request.user)
