"""The form of the Profilbogen, made from its definition, and the forms of its steps."""

from typing import Any

import rules
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils.html import format_html

from mentoring.ui.forms import KernForm, ReasonForm, VersionedModelForm
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications import domain
from tandems.applications.fields import field_for
from tandems.applications.models import Application, ApplicationState
from tandems.applications.profile import Kept, Kind, Needed, Question, sections

NEW_PERSON = "new"
SUBMIT_BUTTON = "submit_now"
DRAFT_HINT = (
    "Für einen Entwurf genügen Vor- und Nachname. Alles, was nicht „optional“ heißt, brauchen Sie "
    "erst zum Einreichen."
)


class ApplicationForm(VersionedModelForm):
    """The Profilbogen of one application: its own answers and the person's contact data.

    The record and the person are checked for a second editor together. A draft may leave
    everything open but the name; with the button "Speichern und einreichen" the form asks
    for what a submission needs.
    """

    class Meta:
        model = Application
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        cycle: Cycle,
        user: Any,
        instance: Application | None = None,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.cycle, self.user = cycle, user
        instance = instance or Application(cycle=cycle)
        self.asked = [q for q in domain.changeable(instance) if self._may_change(q, instance)]
        # An attribute of this object, so that the class keeps none: what is asked hangs on
        # the state of the application and on the cycle's Beirat.
        self.base_fields = {  # type: ignore[misc]  # stubs call it a class variable
            q.key: field_for(q, instance, user) for q in self.asked
        }
        stored = {} if instance._state.adding else self._initial_of(instance)
        super().__init__(
            data, *args, instance=instance, initial={**stored, **(initial or {})}, **kwargs
        )
        self.layout = self._make_layout()

    def _may_change(self, question: Question, instance: Application) -> bool:
        """The contact data of somebody who moved on belong to the new Kommune's HR."""
        if question.kept != Kept.PERSON or instance._state.adding:
            return True
        person = instance.person
        return person.municipality_id == instance.municipality_id and bool(
            rules.test_rule("people.change", self.user, person)
        )

    @property
    def submits(self) -> bool:
        """Whether the button pressed, or the state reached, asks for a complete sheet."""
        if not self.is_bound:
            return False
        return SUBMIT_BUTTON in self.data or bool(self.instance.submitted_at)

    def _make_layout(self) -> Layout:
        """A fieldset for each section."""
        parts = []
        for section in sections():
            names = [q.key for q in section.questions if q.key in self.fields]
            if names:
                hint = [_hint(section.hint)] if section.hint else []
                parts.append(Fieldset(section.title, *hint, *names))
        return Layout(*self._before(), *parts, HTML('{% include "applications/buttons.html" %}'))

    def _before(self) -> list[Any]:
        """What stands before the sections."""
        if not self.instance._state.adding and self.instance.state != ApplicationState.DRAFT:
            return []
        return [_hint(DRAFT_HINT)]

    # --- Two records in one form -------------------------------------------------------
    def _version_of(self, instance: Any) -> list[int]:
        return [instance.version, instance.person.version]

    def _compared(self) -> list[str]:
        return [question.key for question in self.asked]

    def _initial_of(self, instance: Any) -> dict[str, Any]:
        return {question.key: _initial(question, instance) for question in self.asked}

    # --- Checking -----------------------------------------------------------------------
    def _clean_fields(self) -> None:
        # Shown as required, since the submission needs them; a draft gets by without.
        waived = [
            self.fields[question.key]
            for question in self.asked
            if question.needed == Needed.TO_SUBMIT
            and not self.submits
            and question.key not in ("first_name", "last_name")
        ]
        for field in waived:
            field.required = False
        try:
            super()._clean_fields()
        finally:
            for field in waived:
                field.required = True

    def _post_clean(self) -> None:
        """Nothing: the instance stays as read, ``domain`` writes the answers."""

    def answers(self) -> dict[str, Any]:
        """The cleaned answers by the key of their question."""
        return {question.key: self.cleaned_data[question.key] for question in self.asked}


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

    def _before(self) -> list[Any]:
        """Kommune and the question for the person come first."""
        extra = [name for name in ("municipality", "known_person") if name in self.fields]
        return [*super()._before(), *extra]

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
        found = domain.similar_people(self.municipality, by=self.user, **typed)
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


def _hint(text: str) -> HTML:
    return HTML(format_html('<p class="kern-body kern-body--small">{}</p>', text))


def _initial(question: Question, application: Application) -> Any:
    value = question.value(application)
    if question.kind == Kind.SEAT_HOLDERS:
        return [person.pk for person in value]
    if question.kind == Kind.SEAT_HOLDER:
        return value.pk if value else None
    return value


def _described(person: Person) -> str:
    details = [part for part in (person.position, person.email) if part]
    return f"{person.full_name} ({', '.join(details)})" if details else person.full_name
