"""The form of an application's Profilbogen, and the forms of its steps."""

from typing import Any

import rules
from crispy_forms.layout import HTML
from django import forms

from mentoring.ui.forms import KernForm, ReasonForm
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications import domain
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.forms import DRAFT_HINT, SUBMIT_BUTTON, SheetForm, note
from tandems.profiles.questions import Question

NEW_PERSON = "new"
__all__ = ["SUBMIT_BUTTON", "ApplicationForm", "NewApplicationForm", "RankForm", "WithdrawForm"]


class ApplicationForm(SheetForm):
    """The Profilbogen of one application.

    For the person's own link: ``ApplicationForm(own=True, cycle=…, instance=…)``.
    """

    buttons = "applications/buttons.html"
    """The template of the row of buttons below the form; "" for none."""

    class Meta:
        model = Application
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        cycle: Cycle,
        user: Any = None,
        instance: Application | None = None,
        **kwargs: Any,
    ) -> None:
        instance = instance or Application(cycle=cycle)
        super().__init__(data, *args, user=user, instance=instance, **kwargs)

    def changeable(self, instance: Application) -> list[Question]:
        """As the state of the application says."""
        return domain.changeable(instance)

    def may_change_person(self, instance: Application) -> bool:
        """The contact data of somebody who moved on belong to the new Kommune's HR."""
        person = instance.person
        at_home = person.municipality_id == instance.municipality_id
        if self.own or not at_home:
            # Who acts in the programme too keeps those data by their own sign-in.
            return at_home and person.user_id is None
        return bool(rules.test_rule("people.change", self.user, person))

    @property
    def submits(self) -> bool:
        """Whether the button pressed, or the state reached, asks for a complete sheet."""
        return super().submits or (self.is_bound and bool(self.instance.submitted_at))

    def before(self) -> list[Any]:
        """What a draft needs."""
        if not self.instance._state.adding and self.instance.state != ApplicationState.DRAFT:
            return []
        return [note(DRAFT_HINT)]

    def after(self) -> list[Any]:
        """The row of buttons."""
        return [HTML(f'{{% include "{self.buttons}" %}}')] if self.buttons else []


class NewApplicationForm(ApplicationForm):
    """The Profilbogen of somebody new; asks whether a similar person is the same one."""

    def __init__(
        self, data: Any = None, *args: Any, municipalities: list[Municipality], **kwargs: Any
    ) -> None:
        self.municipalities = municipalities
        super().__init__(data, *args, **kwargs)
        if len(municipalities) > 1:
            self.fields["municipality"] = forms.ModelChoiceField(
                Municipality.objects.filter(pk__in=[house.pk for house in municipalities]),
                label="Kommune",
                empty_label="bitte wählen",
            )
        self.similar = self._similar() if self.is_bound else []
        if self.similar:
            self.fields["known_person"] = forms.ChoiceField(
                label="Ist eine dieser Personen gemeint?",
                help_text="Name oder E-Mail-Adresse stimmen überein. Wählen Sie eine vorhandene "
                "Person, gelten für sie künftig die Kontaktdaten, die Sie hier eintragen.",
                choices=[
                    *((str(person.pk), _described(person)) for person in self.similar),
                    (NEW_PERSON, "Nein, es ist jemand anderes: neu anlegen"),
                ],
                widget=forms.RadioSelect,
                error_messages={
                    "required": "In Ihrer Kommune gibt es schon jemanden mit diesem Namen oder "
                    "dieser E-Mail-Adresse: bitte wählen Sie."
                },
            )
        self.layout = self._make_layout()

    def before(self) -> list[Any]:
        """Kommune and the question for the person come first."""
        extra = [name for name in ("municipality", "known_person") if name in self.fields]
        return [*super().before(), *extra]

    @property
    def municipality(self) -> Municipality | None:
        """The Kommune chosen, or the only one."""
        if len(self.municipalities) == 1:
            return self.municipalities[0]
        wanted = self.data.get(self.add_prefix("municipality"), "")
        return next((house for house in self.municipalities if str(house.pk) == wanted), None)

    @property
    def person(self) -> Person | None:
        """The known person who was chosen."""
        chosen = self.cleaned_data.get("known_person", NEW_PERSON)
        return next((person for person in self.similar if str(person.pk) == chosen), None)

    def _similar(self) -> list[Person]:
        if self.municipality is None:
            return []
        typed = {
            name: str(self.data.get(self.add_prefix(name), "")).strip()[:254]
            for name in ("first_name", "last_name", "email")
        }
        if not typed["last_name"] and not typed["email"]:
            return []
        # Only the Personalstelle enters somebody new, never a person by their own link.
        by: Any = self.user
        found = domain.similar_people(self.municipality, by=by, **typed)
        return list(found.select_related("municipality")[:10])


class RankForm(KernForm):
    """The rank the Kommune gives its own applicant."""

    rank = forms.IntegerField(
        label="Rang der Kommune",
        min_value=1,
        max_value=99,
        help_text="1 ist der erste Rang. Mehrere Bewerbungen dürfen denselben Rang haben.",
    )


class WithdrawForm(ReasonForm):
    """Why an application ends."""

    reason = forms.CharField(
        label="Grund",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Den Grund lesen Ihre Personalstelle und, war die Bewerbung schon nominiert, "
        "der Beirat. Im Protokoll steht er nicht.",
    )


def _described(person: Person) -> str:
    details = [part for part in (person.position, person.email) if part]
    return f"{person.full_name} ({', '.join(details)})" if details else person.full_name
