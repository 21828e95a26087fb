"""What the Beirat does about a tandem, each with its page that asks first."""

import copy
from typing import Any

from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ActionPage, FormPage
from programmes.cycles.views.base import found_or_404
from tandems.meetings import domain
from tandems.meetings.forms import CompanionForm, CompleteAllForm, DayForm, EndForm
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.meetings.views.base import OfTandem, OfYear, acting_user
from tandems.pairs.models import Tandem, TandemState


class MinePage(OfTandem, ActionPage):
    """Accompany a tandem oneself."""

    title = "Ich begleite"
    button_label = "Ich begleite"
    success_message = "Sie begleiten dieses Tandem jetzt."

    def get_question(self) -> str:
        """Whom."""
        return f"Möchten Sie {self.names} begleiten?"

    def consequences(self) -> list[str]:
        """What it means."""
        return [
            "Die beiden sehen Sie auf ihrer Seite als Ansprechperson im Beirat, mit E-Mail-Adresse "
            "und Telefon.",
            "Bitten sie um Hilfe, geht die Mail an Sie.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.accompany_oneself(self.tandem, by=acting_user(self.request))


class HandBackPage(OfTandem, ActionPage):
    """Accompany a tandem no longer."""

    title = "Begleitung abgeben"
    button_label = "Abgeben"
    success_message = "Sie begleiten dieses Tandem nicht mehr."

    def get_question(self) -> str:
        """Whom."""
        return f"Möchten Sie die Begleitung von {self.names} abgeben?"

    def consequences(self) -> list[str]:
        """What it means."""
        return [
            "Die beiden wenden sich dann an das Beiratsmitglied ihrer eigenen Kommune, sonst an "
            "eine Leitung."
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.accompany(self.tandem, None, by=acting_user(self.request))


class CompanionPage(OfTandem, FormPage):
    """A lead sets who accompanies a tandem."""

    rule = "pairs.follow_lead"
    title = "Begleitung festlegen"
    form_class = CompanionForm
    success_message = "Die Begleitung ist gespeichert."

    def get_form_kwargs(self) -> dict[str, Any]:
        """A copy of the tandem, and who may accompany it."""
        return {
            **super().get_form_kwargs(),
            "instance": copy.copy(self.tandem),
            "people": domain.can_accompany(self.tandem),
        }

    def save(self, form: Any) -> Any:
        """By way of the domain."""
        return domain.accompany(
            form.instance, form.cleaned_data["accompanied_by"], by=acting_user(self.request)
        )


class _Ending(OfTandem, ActionPage):
    """A page that ends a tandem, which must still run."""

    rule = "pairs.follow_lead"

    def planned(self) -> list[str]:
        """That planned meetings go."""
        if TandemMeeting.objects.filter(tandem=self.tandem).exists():
            return ["Treffen, die nach diesem Tag geplant sind, entfallen."]
        return []


class CompletePage(_Ending):
    """The year has come to its end."""

    title = "Tandem abschließen"
    form_class = DayForm
    button_label = "Abschließen"
    success_message = "Das Tandem ist abgeschlossen."

    def get_question(self) -> str:
        """Whom."""
        return f"Ist das Jahr von {self.names} zu Ende?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Die beiden tragen keine Treffen mehr ein; was eingetragen ist, sehen sie weiter.",
            *self.planned(),
            "Zurücknehmen lässt sich das nicht.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        on = self.form.cleaned_data["on"]
        return domain.complete(self.tandem, on=on, by=acting_user(self.request))


class EndPage(_Ending):
    """A tandem ends before its time."""

    title = "Vorzeitig beenden"
    form_class = EndForm
    button_label = "Tandem beenden"
    danger = True
    success_message = "Das Tandem ist beendet. Wer weiter dabei ist, steht wieder an der Wand."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The tandem, for the names."""
        return {**super().get_form_kwargs(), "tandem": self.tandem}

    def get_question(self) -> str:
        """Whom."""
        return f"Soll das Tandem von {self.names} vorzeitig enden?"

    def consequences(self) -> list[str]:
        """What follows for either."""
        tandem = self.tandem
        mentee, mentor = tandem.mentee_person.full_name, tandem.mentor_person.full_name
        return [
            f"{mentee} ist ohne Match und kann ein neues bekommen. {mentor} hat wieder einen Platz "
            "frei. Ein neues Match ist so geheim wie das erste und wird für sich bekannt gegeben.",
            "Verlässt eine der beiden Personen damit das Programm, kreuzen Sie das unten an: dann "
            "endet die Teilnahme heute. Die Bewerbung gilt dann als zurückgezogen, der Profilbogen "
            "einer Mentorin oder eines Mentors wird gelöscht.",
            *self.planned(),
            "Offene Bitten um Hilfe gelten als erledigt.",
            "Zurücknehmen lässt sich das nicht.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        data = self.form.cleaned_data
        return domain.end_early(
            self.tandem,
            on=data["on"],
            reason=data["reason"],
            leavers=data["leavers"],
            by=acting_user(self.request),
        )


class CompleteAllPage(OfYear, ActionPage):
    """After the closing event: complete all that still run."""

    rule = "pairs.follow_lead"
    title = "Alle Tandems abschließen"
    form_class = CompleteAllForm
    button_label = "Alle abschließen"

    @cached_property
    def running(self) -> list[Tandem]:
        """Those the user follows."""
        return list(
            self.followed()
            .filter(state__in=TandemState.running())
            .order_by("mentee_person__sort_key", "pk")
        )

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its tandems."""
        return [*super().breadcrumbs(), Crumb("Tandems", self.get_success_url())]

    def get_question(self) -> str:
        """How many."""
        number = len(self.running)
        if number == 1:
            return "Soll das eine Tandem, das noch läuft, abgeschlossen werden?"
        return f"Sollen alle {number} Tandems, die noch laufen, abgeschlossen werden?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Danach trägt niemand mehr Treffen ein. Was eingetragen ist, bleibt zu sehen.",
            "Treffen, die nach diesem Tag geplant sind, entfallen.",
            "Ein Tandem, das vorzeitig geendet hat, beenden Sie vorher auf seiner Seite: mit dem "
            "Grund.",
            "Zurücknehmen lässt sich das nicht.",
        ]

    def perform(self) -> Any:
        """By way of the domain."""
        self.number = domain.complete_all(
            self.running, on=self.form.cleaned_data["on"], by=acting_user(self.request)
        )
        return None

    def get_success_message(self) -> str:
        """How many."""
        number = self.number
        return (
            "1 Tandem ist abgeschlossen."
            if number == 1
            else f"{number} Tandems sind abgeschlossen."
        )

    def get_success_url(self) -> str:
        """Back to the overview."""
        return self.page("overview")


class SettlePage(OfTandem, ActionPage):
    """Somebody has seen to a call for help."""

    title = "Bitte um Hilfe erledigt"
    question = "Haben Sie sich um diese Bitte gekümmert?"
    button_label = "Erledigt"
    success_message = "Die Bitte um Hilfe ist erledigt."

    @cached_property
    def call(self) -> HelpCall:
        """The call of the address; raises ``Http404`` unless it is for the user."""
        calls = HelpCall.objects.visible_to(self.request.user).filter(tandem=self.tandem)
        found: HelpCall = found_or_404(calls, self.kwargs["call_pk"])
        return found

    def get_rule_object(self) -> Any:
        """The cycle, for a call that the user may know of."""
        cycle = super().get_rule_object()
        if self.allowed("pairs.follow", cycle):
            _ = self.call
        return cycle

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.settle_help(self.call, by=acting_user(self.request))
