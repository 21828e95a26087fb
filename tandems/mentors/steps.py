"""The steps of a mentor, each with its page that asks before it acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from mentoring.ui.forms import ConfirmForm
from mentoring.ui.views import ObjectActionPage
from programmes.cycles.models import ParticipationState
from programmes.organisations.models import Municipality
from tandems.mentors import domain
from tandems.mentors.forms import (
    AgreeForm,
    CapacityForm,
    ClaimForm,
    DayForm,
    HouseForm,
    PostponeForm,
)
from tandems.mentors.models import Mentor, MentorState
from tandems.mentors.pages import OnMentor
from tandems.mentors.registries import goes_with


@dataclass(frozen=True)
class Step:
    """A button on the page of a mentor: ``name`` is that of the route."""

    name: str
    label: str
    kind: str
    rule: str
    states: tuple[str, ...]
    icon: str = ""


IDEA, APPROACHED, AGREED = MentorState.IDEA, MentorState.APPROACHED, MentorState.AGREED
OVER = (MentorState.REFUSED, MentorState.PAUSED)
STEPS = (
    Step("claim", "Anfrage übernehmen", "primary", "mentors.approach", (IDEA,)),
    Step("agree", "Hat zugesagt", "primary", "mentors.answer", (APPROACHED,)),
    Step("refuse", "Hat abgesagt", "secondary", "mentors.answer", (APPROACHED,)),
    Step("postpone", "Ein andermal gern", "secondary", "mentors.answer", (APPROACHED,)),
    Step("sheet_edit", "Profilbogen ausfüllen", "primary", "mentors.keep_sheet", (AGREED,), "edit"),
    Step("profile", "Steckbrief", "secondary", "mentors.view", (AGREED,), "download"),
    Step("sheet", "Bogen als PDF", "tertiary", "mentors.view", (AGREED,), "download"),
    Step("release", "Doch nicht angefragt", "tertiary", "mentors.answer", (APPROACHED,)),
    Step("edit", "Bearbeiten", "secondary", "mentors.change_idea", (IDEA,), "edit"),
    Step("delete", "Löschen", "tertiary", "mentors.change_idea", (IDEA,), "delete"),
    Step("capacity", "Zahl der Mentees", "tertiary", "mentors.mentorship", (AGREED,)),
    Step("house", "Kommune gewechselt", "tertiary", "mentors.mentorship", (AGREED,)),
    Step("end", "Scheidet aus", "tertiary", "mentors.mentorship", (AGREED,)),
    Step("again", "Wieder als Anfrage öffnen", "secondary", "mentors.ask_again", OVER),
)


def open_steps(mentor: Mentor, allowed: Callable[[str, Any], bool]) -> list[Step]:
    """The steps that make sense now and that the user may take; the doors check it again."""
    if not mentor.cycle.is_open:
        return []
    answers: dict[str, bool] = {}
    found = []
    for step in STEPS:
        if mentor.state not in step.states:
            continue
        if step.rule not in answers:
            answers[step.rule] = allowed(step.rule, mentor)
        if answers[step.rule]:
            found.append(step)
    return found


class StepPage(OnMentor, ObjectActionPage):
    """A step; the page says whom it is about."""

    def get_question(self) -> str:
        """The question with the name or function."""
        return self.question.format(name=self.mentor.called)


class ClaimPage(StepPage):
    title = "Anfrage übernehmen"
    rule = "mentors.approach"
    question = "Möchten Sie {name} ansprechen?"
    button_label = "Ich frage an"
    success_message = (
        "Die Anfrage gehört jetzt Ihnen: kein anderes Mitglied fragt noch einmal. Tragen Sie die "
        "Antwort hier ein, sobald Sie sie haben."
    )

    def get_form_class(self) -> Any:
        """An idea from the pool knows its person, any other asks for the name."""
        return ConfirmForm if self.mentor.person_id else ClaimForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form needs to know similar people."""
        kwargs = super().get_form_kwargs()
        if self.mentor.person_id:
            return kwargs
        return {
            **kwargs,
            "mentor": self.mentor,
            "cycle": self.cycle,
            "user": self.request.user,
        }

    def consequences(self) -> list[str]:
        """What a claim means."""
        lines = [
            f"{self.mentor.municipality}: {self.mentor.position}",
            "Ab jetzt steht bei diesem Eintrag, dass Sie fragen und seit wann. Niemand sonst kann "
            "die Anfrage übernehmen.",
            "Nennen Sie im Gespräch keine Bewerberin und keinen Bewerber. Dafür gibt es hier auch "
            "kein Feld.",
        ]
        if not self.mentor.person_id:
            lines.append("Der Name, den Sie eintragen, ist dem Beirat und dem Haus bekannt.")
        return lines

    def perform(self) -> Any:
        """Claim."""
        if self.mentor.person_id:
            return domain.claim(self.mentor, by=self.request.user)
        return domain.claim(
            self.mentor, person=self.form.person, named=self.form.named, by=self.request.user
        )


class ReleasePage(StepPage):
    title = "Doch nicht angefragt"
    rule = "mentors.answer"
    question = "{name}: die Anfrage zurückgeben?"
    button_label = "Zurückgeben"
    success_message = "Die Idee ist wieder frei."

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Die Idee steht wieder allen Mitgliedern offen.",
            "Der Name wird gelöscht, wenn die Person sonst nirgends eingetragen und nicht im Pool "
            "ist.",
            "Haben Sie schon gefragt, tragen Sie bitte die Antwort ein, statt zurückzugeben.",
        ]

    def perform(self) -> Any:
        """Release."""
        return domain.release(self.mentor, by=self.request.user)


class AgreePage(StepPage):
    title = "Zusage eintragen"
    rule = "mentors.answer"
    question = "{name} macht mit?"
    button_label = "Zusage eintragen"
    form_class = AgreeForm
    success_message = (
        "Die Zusage ist eingetragen. Als Nächstes kommt der Profilbogen: füllen Sie ihn am Telefon "
        "mit aus oder schicken Sie einen persönlichen Link."
    )

    def consequences(self) -> list[str]:
        """Who learns what."""
        return [
            "Die Person steht ab jetzt als Mentor/in in der Teilnehmerliste. Der Logistikpartner "
            "sieht dort Name, Kommune, E-Mail-Adresse und Telefon, sonst nichts.",
        ]

    def get_initial(self) -> dict[str, Any]:
        """What the pool says of the capacity."""
        return {"capacity": self.mentor.capacity}

    def perform(self) -> Any:
        """Record it."""
        values = self.form.cleaned_data
        return domain.agree(
            self.mentor, on=values["on"], capacity=values["capacity"], by=self.request.user
        )


class RefusePage(StepPage):
    title = "Absage eintragen"
    rule = "mentors.answer"
    question = "{name} sagt ab?"
    button_label = "Absage eintragen"
    form_class = DayForm
    success_message = "Die Absage ist eingetragen."

    def consequences(self) -> list[str]:
        """What is kept, and what is not."""
        return [
            "Ein Grund wird nicht gefragt und nicht gespeichert.",
            "Es bleibt nur, dass gefragt wurde: damit in diesem Durchgang niemand noch einmal "
            "fragt. Themen, Fachbereich und Kontaktdaten werden gelöscht, soweit die Person nicht "
            "anderswo im Programm eingetragen ist.",
            "Möchte sie später wieder gefragt werden, wählen Sie „Ein andermal gern“.",
        ]

    def perform(self) -> Any:
        """Record it."""
        return domain.refuse(self.mentor, on=self.form.cleaned_data["on"], by=self.request.user)


class PostponePage(StepPage):
    title = "Ein andermal gern"
    rule = "mentors.answer"
    question = "{name} möchte später wieder gefragt werden?"
    button_label = "In den Pool aufnehmen"
    form_class = PostponeForm
    success_message = "Die Pause ist eingetragen, die Person steht im Pool."

    def consequences(self) -> list[str]:
        """What rests on the consent."""
        return [
            "Dafür braucht es die Einwilligung der Person. Ohne sie tragen Sie bitte eine Absage "
            "ein.",
            "Bis zum Ende der Pause wird die Person nicht angeboten.",
        ]

    def perform(self) -> Any:
        """Record it."""
        return domain.postpone(self.mentor, **self.form.cleaned_data, by=self.request.user)


class AskAgainPage(StepPage):
    title = "Wieder als Anfrage öffnen"
    rule = "mentors.ask_again"
    question = "Soll {name} wieder als offene Anfrage gelten?"
    button_label = "Anfrage öffnen"
    success_message = "Die Anfrage ist wieder offen, auf Ihren Namen."

    def consequences(self) -> list[str]:
        """When this is right."""
        return [
            "Richtig, wenn eine Antwort aus Versehen falsch eingetragen wurde oder die Person sich "
            "von selbst noch einmal gemeldet hat.",
            "Sonst gilt: wer abgesagt hat, wird in diesem Durchgang nicht noch einmal gefragt.",
        ]

    def perform(self) -> Any:
        """Open it."""
        return domain.ask_again(self.mentor, by=self.request.user)


class DeletePage(StepPage):
    title = "Idee löschen"
    rule = "mentors.change_idea"
    question = "Soll „{name}“ gelöscht werden?"
    button_label = "Endgültig löschen"
    danger: ClassVar[bool] = True
    success_message = "Die Idee ist gelöscht."

    def consequences(self) -> list[str]:
        """What goes with it."""
        number = self.mentor.approaches.count()
        lines = ["Das lässt sich nicht rückgängig machen."]
        if number:
            lines.append("Auch der Verlauf der zurückgegebenen Anfragen wird gelöscht.")
        if self.mentor.person_id:
            lines.append("Im Pool bleibt die Person stehen.")
        for further in goes_with:
            lines += further(self.request.user, self.mentor)
        return lines

    def perform(self) -> Any:
        """Delete."""
        domain.delete_idea(self.mentor, by=self.request.user)

    def get_success_url(self) -> str:
        """The list: the idea is gone."""
        return self.page("list")


class CapacityPage(StepPage):
    title = "Zahl der Mentees ändern"
    rule = "mentors.mentorship"
    question = "Wie viele Mentees begleitet {name}?"
    button_label = "Speichern"
    form_class = CapacityForm
    success_message = "Die Zahl ist gespeichert."

    def get_initial(self) -> dict[str, Any]:
        """The present one."""
        return {"capacity": self.mentor.capacity}

    def perform(self) -> Any:
        """Save it."""
        return domain.change_capacity(
            self.mentor, capacity=self.form.cleaned_data["capacity"], by=self.request.user
        )


class HousePage(StepPage):
    title = "Kommune gewechselt"
    rule = "mentors.mentorship"
    question = "{name} arbeitet jetzt in einer anderen Kommune?"
    button_label = "Wechsel eintragen"
    form_class = HouseForm
    success_message = "Der Wechsel ist eingetragen."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The Kommunen of the cycle."""
        taking_part = self.cycle.participations.filter(state=ParticipationState.CONFIRMED)
        houses = Municipality.objects.filter(pk__in=taking_part.values("municipality"))
        return {
            **super().get_form_kwargs(),
            "municipalities": houses.exclude(pk=self.mentor.municipality_id),
        }

    def consequences(self) -> list[str]:
        """Who looks after the entry from then on."""
        return [
            f"Die Personalstelle von {self.mentor.municipality} sieht Eintrag und Profilbogen dann "
            "nicht mehr, die der neuen Kommune schon.",
            "Nimmt die neue Kommune nicht am Durchgang teil, wählen Sie stattdessen „Scheidet "
            "aus“ oder lassen Sie den Eintrag, wie er ist.",
        ]

    def perform(self) -> Any:
        """Save it."""
        return domain.change_house(
            self.mentor,
            municipality=self.form.cleaned_data["municipality"],
            by=self.request.user,
        )


class EndPage(StepPage):
    title = "Mentor/in scheidet aus"
    rule = "mentors.mentorship"
    question = "{name} ist in diesem Durchgang nicht mehr dabei?"
    button_label = "Ausscheiden eintragen"
    danger: ClassVar[bool] = True
    success_message = "Das Ausscheiden ist eingetragen."

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Der Profilbogen wird gelöscht.",
            "In der Teilnehmerliste steht die Person ab heute als ausgeschieden.",
            "Der Eintrag bleibt im Stand „pausiert“; ein Grund wird nicht gespeichert.",
        ]

    def perform(self) -> Any:
        """Save it."""
        return domain.end(self.mentor, by=self.request.user)
