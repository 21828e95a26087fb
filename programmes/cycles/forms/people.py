"""Choosing somebody who is known, or entering somebody new, in one form."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from mentoring.ui.forms import KernForm
from programmes.cycles.models import CouncilSeat, SeatFunction
from programmes.organisations.models import Municipality
from programmes.people.domain import create_person, invite
from programmes.people.models import Invitation, Person, Salutation

NEW = ("salutation", "title", "first_name", "last_name", "email", "phone")


def person_field(name: str) -> forms.Field:
    """The form field of a person's field, for somebody new, so never required."""
    field = Person._meta.get_field(name)
    made = field.formfield(required=False) if isinstance(field, models.Field) else None
    if made is None:
        raise LookupError(f"a person has no field {name!r} for a form")
    return made


class PersonForm(KernForm):
    """A known person or a new one, with or without an invitation to sign in."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label="Person",
        required=False,
        empty_label="neue Person, siehe unten",
    )
    salutation = forms.ChoiceField(label="Anrede", choices=Salutation.choices, required=False)
    title = person_field("title")
    first_name = person_field("first_name")
    last_name = person_field("last_name")
    email = person_field("email")
    phone = person_field("phone")
    invite = forms.BooleanField(
        label="Einladung zum Anmelden per E-Mail schicken",
        required=False,
        initial=True,
        help_text="Wer schon einen Zugang oder eine offene Einladung hat, bekommt keine.",
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a choice of models

    def new_person(self) -> Fieldset:
        """The part of the layout that describes somebody new."""
        return Fieldset(
            "Neue Person",
            Row("salutation", "title"),
            Row("first_name", "last_name"),
            Row("email", "phone"),
        )

    def clean(self) -> dict[str, Any]:
        """Either a choice or a full name, and an address if somebody is to be invited."""
        super().clean()
        data = self.cleaned_data
        chosen: Person | None = data.get("person")
        typed = [name for name in NEW if data.get(name)]
        if chosen is not None and typed:
            self.add_error(
                "person",
                "Sie haben eine Person gewählt und zugleich eine neue beschrieben. Wählen Sie "
                "„neue Person“ oder leeren Sie die Felder darunter.",
            )
        elif chosen is None and not typed and "person" not in self.errors:
            self.add_error("person", "Wählen Sie eine Person oder beschreiben Sie eine neue.")
        elif chosen is None and "person" not in self.errors:
            for name, label in (("first_name", "den Vornamen"), ("last_name", "den Nachnamen")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"Geben Sie {label} an.")
            if data.get("invite") and not data.get("email") and "email" not in self.errors:
                self.add_error("email", "Für eine Einladung braucht es eine E-Mail-Adresse.")
        elif data.get("invite") and chosen is not None and self._lacks_address(chosen):
            self.add_error(
                "invite",
                f"Für {chosen} ist keine E-Mail-Adresse eingetragen, deshalb kann keine Einladung "
                "verschickt werden.",
            )
        return data

    @staticmethod
    def _lacks_address(person: Person) -> bool:
        return not person.email and person.user_id is None

    def get_person(self, *, by: User, municipality: Municipality | None) -> Person:
        """The chosen person, or the new one, created for ``municipality``.

        Raises ``ValidationError`` by field.
        """
        chosen: Person | None = self.cleaned_data["person"]
        if chosen is not None:
            return chosen
        fields = {name: self.cleaned_data[name] for name in NEW}
        return create_person(by=by, municipality=municipality, **fields)

    def send_invitation(self, person: Person, *, role: str, by: User) -> bool:
        """Invite ``person`` where wished and needed; whether an invitation went out."""
        if not self.cleaned_data["invite"] or person.user_id is not None:
            return False
        if Invitation.objects.open().filter(person=person).exists():
            return False
        try:
            invite(person, role=role, by=by)
        except Refused as refusal:
            raise ValidationError({"invite": str(refusal)}) from None
        return True


class SeatForm(PersonForm):
    """A seat for somebody of one Kommune."""

    function = forms.ChoiceField(label="Funktion im Beirat", choices=SeatFunction.choices)
    lead = forms.BooleanField(
        label="leitet den Beirat als Treiber/in",
        required=False,
        help_text="Ein Durchgang hat eine oder zwei Treiber/innen.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = Layout("person", self.new_person(), "function", "lead", "invite")


class PermanentMemberForm(PersonForm):
    """A ständiges Mitglied, of any Kommune or none."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label="Kommune", required=False, empty_label="keine"
    )

    def __init__(self, *args: Any, municipalities: QuerySet[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]  # a choice of models
        described = self.new_person()
        described.fields.append("municipality")
        self.layout = Layout("person", described, "invite")


def people_for_seat(user: Any, municipality: Municipality, cycle_pk: int) -> QuerySet[Person]:
    """People of ``municipality`` whom ``user`` sees and who have no seat in the cycle."""
    seated = CouncilSeat.objects.held().filter(participation__cycle=cycle_pk)
    return (
        Person.objects.visible_to(user)
        .filter(municipality=municipality)
        .exclude(pk__in=seated.values("person"))
    )
