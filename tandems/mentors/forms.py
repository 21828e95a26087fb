"""The forms of this room, but for the Profilbogen."""

from typing import Any, ClassVar

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.html import format_html

from mentoring.ui.forms import KernForm, VersionedModelForm
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.mentors import domain
from tandems.mentors.models import Mentor, PoolEntry
from tandems.profiles.models import Topic

NEW_PERSON = "new"
NO_NAME = (
    "Eine Idee nennt keinen Namen, nur Funktion und Haus: die Person weiß noch nichts davon. "
    "Benannt wird sie erst, wenn jemand die Anfrage übernimmt."
)


def topics_field(**more: Any) -> forms.MultipleChoiceField:
    """The list of topics to tick."""
    return forms.MultipleChoiceField(
        choices=Topic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **{"label": "Themen", **more},
    )


class IdeaForm(VersionedModelForm):
    """An idea; a new one asks for the Kommune, and whether a similar one is another."""

    topics = topics_field(
        label="Themen, bei denen sie oder er helfen kann",
    )

    class Meta:
        model = Mentor
        fields = ("position", "department", "topics")

    def __init__(
        self,
        *args: Any,
        cycle: Cycle,
        user: Any,
        municipalities: list[Municipality] | None = None,
        **kwargs: Any,
    ) -> None:
        self.cycle, self.user = cycle, user
        super().__init__(*args, **kwargs)
        self.fields["position"].help_text = "Zum Beispiel „Leitung Jugendamt“. Kein Name."
        self.similar: list[Mentor] = []
        first: list[Any] = []
        if municipalities is not None:
            first = self._ask_for_house(municipalities)
        self.layout = Layout(_hint(NO_NAME), *first, "position", "department", "topics")

    def _ask_for_house(self, municipalities: list[Municipality]) -> list[Any]:
        self.fields["municipality"] = forms.ModelChoiceField(
            Municipality.objects.filter(pk__in=[house.pk for house in municipalities]),
            label="Kommune",
            empty_label="bitte wählen",
            initial=municipalities[0].pk if len(municipalities) == 1 else None,
        )
        house = self._chosen(municipalities) if self.is_bound else None
        typed = str(self.data.get(self.add_prefix("position"), ""))[:160]
        if house is not None:
            self.similar = domain.similar(self.cycle, house, typed, by=self.user)
        if not self.similar:
            return ["municipality"]
        self.fields["anyway"] = forms.BooleanField(
            label="Es ist jemand anderes: trotzdem eintragen",
            error_messages={
                "required": "Aus dieser Kommune gibt es schon einen ähnlichen Eintrag. Ist jemand "
                "anderes gemeint, haken Sie das bitte an."
            },
        )
        # By a template: what others typed must not become one (crispy renders its HTML).
        return ["municipality", HTML('{% include "mentors/parts/similar.html" %}'), "anyway"]

    @property
    def similar_lines(self) -> list[str]:
        """The similar entries, one line each."""
        return [described(mentor) for mentor in self.similar]

    def _chosen(self, municipalities: list[Municipality]) -> Municipality | None:
        wanted = str(self.data.get(self.add_prefix("municipality"), ""))
        return next((house for house in municipalities if str(house.pk) == wanted), None)


class NamingForm(KernForm):
    """Name somebody; if a similar person is known, say whether it is the same one.

    ``self.person`` is who was known, otherwise ``self.named`` holds who is new.
    """

    title = forms.CharField(label="Titel", max_length=40, required=False)
    first_name = forms.CharField(label="Vorname", max_length=80)
    last_name = forms.CharField(label="Nachname", max_length=80)
    email = forms.EmailField(label="Dienstliche E-Mail-Adresse", max_length=254, required=False)
    phone = forms.CharField(label="Dienstliches Telefon", max_length=40, required=False)
    naming = ("title", "first_name", "last_name", "email", "phone")

    def __init__(self, *args: Any, cycle: Cycle, user: Any, **kwargs: Any) -> None:
        self.cycle, self.user = cycle, user
        super().__init__(*args, **kwargs)
        self.candidates = self._candidates() if self.is_bound else []
        if self.candidates:
            self.fields["known_person"] = forms.ChoiceField(
                label="Ist eine dieser Personen gemeint?",
                help_text="Name oder E-Mail-Adresse stimmen überein.",
                choices=[
                    *((str(person.pk), _introduced(person)) for person in self.candidates),
                    (NEW_PERSON, "Nein, es ist jemand anderes: neu anlegen"),
                ],
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Eine Person mit diesem Namen oder dieser Adresse ist schon "
                    "bekannt: bitte wählen Sie."
                },
            )
        self.layout = self.make_layout()

    def house(self) -> Municipality | None:
        """The Kommune of who is named."""
        raise NotImplementedError

    def make_layout(self) -> Layout:
        """The fields in their order."""
        return Layout(*self.asked_first(), *self.naming)

    def asked_first(self) -> list[str]:
        """The question for a known person, if there is one."""
        return ["known_person"] if "known_person" in self.fields else []

    def _candidates(self) -> list[Person]:
        house = self.house()
        typed = {
            name: str(self.data.get(self.add_prefix(name), "")).strip()[:254]
            for name in ("first_name", "last_name", "email")
        }
        if house is None or not (typed["last_name"] or typed["email"]):
            return []
        found = domain.namesakes(self.cycle, house, domain.Named(**typed), by=self.user)
        return list(found.select_related("municipality")[:10])

    @property
    def person(self) -> Person | None:
        """The known person who was chosen."""
        chosen = self.cleaned_data.get("known_person", NEW_PERSON)
        return next((person for person in self.candidates if str(person.pk) == chosen), None)

    @property
    def named(self) -> domain.Named:
        """Who was typed."""
        return domain.Named(**{name: self.cleaned_data[name] for name in self.naming})


class ClaimForm(NamingForm):
    """Whom the approach is for."""

    def __init__(self, *args: Any, mentor: Mentor, **kwargs: Any) -> None:
        self.mentor = mentor
        super().__init__(*args, **kwargs)

    def house(self) -> Municipality | None:
        """The idea's."""
        return self.mentor.municipality


class DayForm(KernForm):
    """The day of an answer."""

    on = forms.DateField(label="Antwort vom", initial=timezone.localdate)


class AgreeForm(DayForm):
    """A yes, and for how many mentees."""

    capacity = forms.IntegerField(
        label="So viele Mentees",
        min_value=1,
        max_value=5,
        initial=1,
        help_text="In der Regel eine oder einer.",
    )


class PostponeForm(DayForm):
    """Another time: only with the consent to be asked again."""

    until = forms.DateField(
        label="Pause bis", help_text="Bis zu diesem Tag wird die Person niemandem angeboten."
    )
    consent_on = forms.DateField(label="Einwilligung vom", initial=timezone.localdate)
    consent_text = forms.CharField(
        label="Worin hat die Person eingewilligt?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        initial="Ich bin damit einverstanden, dass das Programm meinen Namen und meine "
        "dienstlichen Kontaktdaten behält und mich später wieder als Mentorin oder Mentor anfragt. "
        "Ich kann das jederzeit widerrufen.",
    )


class CapacityForm(KernForm):
    """For how many mentees."""

    capacity = forms.IntegerField(label="So viele Mentees", min_value=1, max_value=5)


class HouseForm(KernForm):
    """The new Kommune of a mentor."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label="Neue Kommune", empty_label="bitte wählen"
    )

    def __init__(self, *args: Any, municipalities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]  # a model choice


class PauseForm(KernForm):
    """Until when somebody is let be."""

    until = forms.DateField(
        label="Pause bis", required=False, help_text="Leer lassen, um die Pause zu beenden."
    )


class PoolForm(VersionedModelForm):
    """An entry of the pool."""

    topics = topics_field()

    class Meta:
        model = PoolEntry
        fields = ("topics", "capacity", "paused_until", "origin", "consent_on", "consent_text")
        labels: ClassVar = {"consent_text": "Worin hat die Person eingewilligt?"}
        widgets: ClassVar = {"consent_text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent_text"].required = True
        self.layout = Layout(
            Fieldset("Angebot", "topics", "capacity", "paused_until", "origin"),
            Fieldset("Einwilligung", "consent_on", "consent_text"),
        )


class NewEntryForm(NamingForm):
    """Somebody for the pool, with the consent they gave."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label="Kommune", empty_label="bitte wählen"
    )
    topics = topics_field()
    capacity = forms.IntegerField(label="So viele Mentees", min_value=1, max_value=5, initial=1)
    paused_until = forms.DateField(label="pausiert bis", required=False)
    origin = forms.CharField(
        label="kommt aus",
        max_length=160,
        required=False,
        help_text="Zum Beispiel „Mentee in Durchgang Nr. 8“.",
    )
    consent_on = forms.DateField(label="Einwilligung vom", initial=timezone.localdate)
    consent_text = forms.CharField(
        label="Worin hat die Person eingewilligt?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._houses = kwargs.pop("municipalities")
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = self._houses  # type: ignore[attr-defined]  # a model choice

    def house(self) -> Municipality | None:
        """The one chosen."""
        wanted = str(self.data.get(self.add_prefix("municipality"), ""))
        return next((house for house in self._houses if str(house.pk) == wanted), None)

    def make_layout(self) -> Layout:
        """Person, offer, consent."""
        return Layout(
            Fieldset("Person", "municipality", *self.asked_first(), *self.naming),
            Fieldset("Angebot", "topics", "capacity", "paused_until", "origin"),
            Fieldset("Einwilligung", "consent_on", "consent_text"),
        )

    def kept(self) -> domain.Kept:
        """What is kept of the person."""
        values = self.cleaned_data
        return domain.Kept(
            consent_on=values["consent_on"],
            consent_text=values["consent_text"],
            capacity=values["capacity"],
            topics=tuple(values["topics"]),
            paused_until=values["paused_until"],
            origin=values["origin"],
        )


def described(mentor: Mentor) -> str:
    """An entry in one line: function, state, whose idea."""
    department = f", {mentor.department}" if mentor.department else ""
    had = f", Idee von {mentor.had_by}" if mentor.had_by else ""
    return f"{mentor.position}{department} ({mentor.get_state_display()}{had})"


def _introduced(person: Person) -> str:
    details = [str(part) for part in (person.municipality, person.position, person.email) if part]
    return f"{person.full_name} ({', '.join(details)})" if details else person.full_name


def _hint(text: str) -> HTML:
    return HTML(format_html('<p class="kern-body kern-body--small">{}</p>', text))
