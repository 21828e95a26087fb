"""The form field for each kind of question."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.html import escape

from mentoring.ui.fields import RowsField
from programmes.cycles.models import CouncilSeat, ParticipationState
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.profiles.domain import Named
from tandems.profiles.questions import Kind, Needed, Question

FIRST_DAY = date(1950, 1, 1)
EXCLUSION_ROWS = 3
"""So many rows to type an exclusion in; after saving there are fresh ones."""


class LongTextField(forms.CharField):
    """Text of several paragraphs; a line end counts as one character, whatever is posted."""

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        return super().to_python(str(value).replace("\r\n", "\n") if value else value) or ""


class SeatHolderLabel:
    """Names a member of the Beirat together with the Kommune."""

    def label_from_instance(self, person: Person) -> str:
        """Name and Kommune."""
        return f"{person.full_name} ({person.municipality})" if person.municipality else str(person)


class SeatHolderField(SeatHolderLabel, forms.ModelChoiceField):
    """One member of the Beirat, or nobody."""


class SeatHoldersField(SeatHolderLabel, RowsField):
    """Any number of members of the Beirat."""


def field_for(question: Question, record: Any, user: Any) -> forms.Field:
    """The form field that asks ``question``; ``user`` is ``None`` for the person's own link."""
    field = _MAKERS[question.kind](question, record, user)
    field.label = field.label or question.label
    # Hints of own questions are typed by people, and the pack writes them as they are.
    field.help_text = escape(field.help_text or question.hint)
    field.required = question.needed == Needed.TO_SUBMIT
    # A browser cuts off what is longer without a word; the server says how long it was.
    field.widget.attrs.pop("maxlength", None)
    return field


def seat_holders(record: Any, user: Any) -> Any:
    """The members of the cycle's Beirat, and the superior named though the seat ended."""
    seats = CouncilSeat.objects.current().filter(participation__cycle=record.cycle_id)
    seen = Person.objects.visible_to(user).filter(pk__in=seats.values("person"))
    # The own Kommune named them. Left out because they are not seen any more, they would be
    # dropped unnoticed with the next change.
    named = Q(pk=getattr(record, "superior_id", None))
    return Person.objects.filter(Q(pk__in=seen.values("pk")) | named).select_related("municipality")


def exclusion_fields(question: Question, record: Any, user: Any) -> dict[str, forms.Field]:
    """The fields that add to the exclusions, by name; none shows what is kept."""
    key = question.key
    fields: dict[str, forms.Field] = {}
    if user is not None:
        fields[key] = SeatHoldersField(
            seat_holders(record, user),
            label="Mitglieder des Beirats",
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    houses = Municipality.objects.filter(pk__in=_houses(record))
    for number in range(1, EXCLUSION_ROWS + 1):
        fields[f"{key}_name_{number}"] = forms.CharField(
            label=f"{number}. Name", max_length=160, required=False
        )
        fields[f"{key}_house_{number}"] = forms.ModelChoiceField(
            houses, label=f"{number}. Kommune", required=False, empty_label="keine Angabe"
        )
        fields[f"{key}_department_{number}"] = forms.CharField(
            label=f"{number}. Fachbereich oder Amt", max_length=160, required=False
        )
    return fields


def named_in(cleaned: dict[str, Any], key: str) -> tuple[Named, ...]:
    """What the fields of ``exclusion_fields`` name."""
    chosen = [Named(person=person) for person in cleaned.get(key) or ()]
    typed = [
        Named(
            name=cleaned.get(f"{key}_name_{number}") or "",
            municipality=cleaned.get(f"{key}_house_{number}"),
            department=cleaned.get(f"{key}_department_{number}") or "",
        )
        for number in range(1, EXCLUSION_ROWS + 1)
    ]
    return (*chosen, *(one for one in typed if one != Named()))


def _houses(record: Any) -> Any:
    taking_part = record.cycle.participations.exclude(state=ParticipationState.DECLINED)
    return taking_part.values("municipality")


def _text(question: Question, record: Any, user: Any) -> forms.Field:
    return forms.CharField(max_length=question.most)


def _long_text(question: Question, record: Any, user: Any) -> forms.Field:
    return LongTextField(max_length=question.most, widget=forms.Textarea(attrs={"rows": 6}))


def _email(question: Question, record: Any, user: Any) -> forms.Field:
    return forms.EmailField(max_length=question.most)


def _date(question: Question, record: Any, user: Any) -> forms.Field:
    checks = [_not_long_ago, *([_not_in_future] if question.not_in_future else [])]
    return forms.DateField(validators=checks)


def _number(question: Question, record: Any, user: Any) -> forms.Field:
    most = timezone.localdate().year if question.not_in_future else question.most
    field = forms.IntegerField(min_value=question.least, max_value=most)
    if question.unit:
        field.label = f"{question.label} ({question.unit})"
    return field


def _yes_no(question: Question, record: Any, user: Any) -> forms.Field:
    return forms.ChoiceField(choices=[("", "bitte wählen"), *question.choices])


def _promise(question: Question, record: Any, user: Any) -> forms.Field:
    return forms.BooleanField()


def _choice(question: Question, record: Any, user: Any) -> forms.Field:
    return forms.ChoiceField(choices=[("", "bitte wählen"), *question.choices])


def _choices(question: Question, record: Any, user: Any) -> forms.Field:
    def not_too_many(chosen: list[str]) -> None:
        if len(chosen) > question.most:
            raise ValidationError(
                f"Bitte wählen Sie höchstens {question.most}, Sie haben {len(chosen)} gewählt."
            )

    return forms.MultipleChoiceField(
        choices=question.choices, widget=forms.CheckboxSelectMultiple, validators=[not_too_many]
    )


def _seat_holder(question: Question, record: Any, user: Any) -> forms.Field:
    return SeatHolderField(seat_holders(record, user), empty_label="niemand")


def _consent(question: Question, record: Any, user: Any) -> forms.Field:
    """The person ticks it, today; the Personalstelle notes the day on the signed sheet."""
    if user is None:
        return forms.BooleanField(label=f"{question.label}: {question.text}")
    return forms.DateField(
        label=f"{question.label}: gegeben am",
        help_text=f"Der Tag der Unterschrift. Wortlaut: {question.text}",
        validators=[_not_long_ago, _not_in_future],
    )


_MAKERS: dict[Kind, Callable[[Question, Any, Any], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.EMAIL: _email,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.PROMISE: _promise,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.SEAT_HOLDER: _seat_holder,
    Kind.CONSENT: _consent,
}


def _not_in_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError("Dieser Tag liegt in der Zukunft.", code="future")


def _not_long_ago(day: date) -> None:
    if day < FIRST_DAY:
        raise ValidationError("Bitte prüfen Sie das Jahr.", code="long_ago")
