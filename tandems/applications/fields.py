"""The form field for each kind of question."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from programmes.cycles.models import CouncilSeat
from programmes.people.models import Person
from tandems.applications.models import Application
from tandems.applications.profile import Kind, Needed, Question

FIRST_DAY = date(1950, 1, 1)


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


class SeatHoldersField(SeatHolderLabel, forms.ModelMultipleChoiceField):
    """Any number of members of the Beirat."""

    def clean(self, value: Any) -> Any:
        """The people chosen; a number beyond the column's range is an unknown person."""
        try:
            return super().clean(value)
        except OverflowError as error:
            raise ValidationError("Bitte wählen Sie nur aus der Liste.", code="invalid") from error


def field_for(question: Question, application: Application, user: Any) -> forms.Field:
    """The form field that asks ``question`` of the user who edits ``application``."""
    field = _MAKERS[question.kind](question, application, user)
    field.label, field.help_text = question.label, question.hint
    field.required = question.needed == Needed.TO_SUBMIT
    # A browser cuts off what is longer without a word; the server says how long it was.
    field.widget.attrs.pop("maxlength", None)
    return field


def seat_holders(application: Application, user: Any) -> Any:
    """The members of the cycle's Beirat, and who is named already though the seat ended."""
    seats = CouncilSeat.objects.current().filter(participation__cycle=application.cycle_id)
    seen = Person.objects.visible_to(user).filter(pk__in=seats.values("person"))
    wanted = Q(pk__in=seen.values("pk"))
    if not application._state.adding:
        # The own Kommune named them. Left out because they are not seen any more, they would
        # be dropped unnoticed with the next change, and not excluded when they come back.
        named = Application.excluded.through.objects.filter(application=application.pk)
        wanted |= Q(pk__in=named.values("person")) | Q(pk=application.superior_id)
    return Person.objects.filter(wanted).select_related("municipality")


def _text(question: Question, application: Application, user: Any) -> forms.Field:
    return forms.CharField(max_length=question.most)


def _long_text(question: Question, application: Application, user: Any) -> forms.Field:
    return LongTextField(max_length=question.most, widget=forms.Textarea(attrs={"rows": 6}))


def _email(question: Question, application: Application, user: Any) -> forms.Field:
    return forms.EmailField(max_length=question.most)


def _date(question: Question, application: Application, user: Any) -> forms.Field:
    checks = [_not_long_ago, *([_not_in_future] if question.not_in_future else [])]
    return forms.DateField(validators=checks)


def _choice(question: Question, application: Application, user: Any) -> forms.Field:
    return forms.ChoiceField(choices=[("", "bitte wählen"), *question.choices])


def _choices(question: Question, application: Application, user: Any) -> forms.Field:
    def not_too_many(chosen: list[str]) -> None:
        if len(chosen) > question.most:
            raise ValidationError(
                f"Bitte wählen Sie höchstens {question.most}, Sie haben {len(chosen)} gewählt."
            )

    return forms.MultipleChoiceField(
        choices=question.choices, widget=forms.CheckboxSelectMultiple, validators=[not_too_many]
    )


def _seat_holder(question: Question, application: Application, user: Any) -> forms.Field:
    return SeatHolderField(seat_holders(application, user), empty_label="niemand")


def _seat_holders(question: Question, application: Application, user: Any) -> forms.Field:
    return SeatHoldersField(seat_holders(application, user), widget=forms.CheckboxSelectMultiple)


_MAKERS: dict[Kind, Callable[[Question, Application, Any], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.EMAIL: _email,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.SEAT_HOLDER: _seat_holder,
    Kind.SEAT_HOLDERS: _seat_holders,
}


def _not_in_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError("Dieser Tag liegt in der Zukunft.", code="future")


def _not_long_ago(day: date) -> None:
    if day < FIRST_DAY:
        raise ValidationError("Bitte prüfen Sie das Jahr.", code="long_ago")
