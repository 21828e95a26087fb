"""The form of a Profilbogen, made from its definition: for the Kommune and for the person."""

from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset, Layout, Row
from django import forms
from django.utils import formats
from django.utils.html import format_html

from mentoring.ui.errors import Refused
from mentoring.ui.forms import VersionedModelForm
from tandems.profiles import kept
from tandems.profiles.domain import Naming
from tandems.profiles.domain.exclusions import check_named
from tandems.profiles.fields import EXCLUSION_ROWS, exclusion_fields, field_for, named_in
from tandems.profiles.questions import Kept, Kind, Needed, Question, Sheet

SUBMIT_BUTTON = "submit_now"
DRAFT_HINT = (
    "Für einen Entwurf genügen Vor- und Nachname. Alles, was nicht „optional“ heißt, brauchen Sie "
    "erst zum Einreichen."
)
BY_BUTTON = (Kind.CONSENT, Kind.EXCLUSIONS)
"""Kinds that are saved by the button alone, never by the way: each is an act of its own."""
BY_BUTTON_NOTE = (
    "Was Sie in diesem Abschnitt ankreuzen, nennen oder datieren, speichern erst die Knöpfe am "
    "Ende der Seite."
)
NAMES = ("first_name", "last_name")


class SheetForm(VersionedModelForm):
    """The Profilbogen of one record: its own answers and the person's contact data.

    Record and person are checked for a second editor together. A draft may leave
    everything open but the name; where ``submits`` the form asks for what is needed.

    With ``own`` the person fills in their own sheet: what only the Kommune answers is left
    out, a consent is a box to tick, and ``user`` is not asked for anything. A subclass
    names the model and says which questions may change (``changeable``).
    """

    class Meta:
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        user: Any = None,
        own: bool = False,
        instance: Any,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.user, self.own = (None if own else user), own
        self.sheet: Sheet = instance.sheet
        self.asked = [
            question for question in self.changeable(instance) if self._may_ask(question, instance)
        ]
        # An attribute of this object, so that the class keeps none: what is asked hangs on
        # the state of the record and on the cycle's Beirat.
        self.base_fields = self._make_fields(instance)  # type: ignore[misc]  # stubs call it a class variable
        stored = {} if instance._state.adding else self._initial_of(instance)
        super().__init__(
            data, *args, instance=instance, initial={**stored, **(initial or {})}, **kwargs
        )
        self.layout = self._make_layout()

    # --- What a subclass says ------------------------------------------------------------
    def changeable(self, instance: Any) -> list[Question]:
        """The questions whose answers may be changed in the record's state."""
        raise NotImplementedError

    @property
    def submits(self) -> bool:
        """Whether the button pressed asks for a complete sheet."""
        return self.is_bound and SUBMIT_BUTTON in self.data

    def may_change_person(self, instance: Any) -> bool:
        """Whether the contact data are asked for."""
        return True

    def before(self) -> list[Any]:
        """What stands before the sections."""
        return []

    def after(self) -> list[Any]:
        """What stands below the sections: the buttons."""
        return []

    # --- Fields and layout ---------------------------------------------------------------
    def _may_ask(self, question: Question, instance: Any) -> bool:
        if self.own and question.house_only:
            return False
        if question.kept == Kept.CONSENT and not instance._state.adding:
            # Once given it is withdrawn on a page of its own, which says what follows.
            return not question.has_answer(instance)
        if question.kept == Kept.PERSON and not instance._state.adding:
            return instance.person_id is not None and self.may_change_person(instance)
        return True

    def _make_fields(self, instance: Any) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for question in self.asked:
            if question.kind == Kind.EXCLUSIONS:
                fields.update(exclusion_fields(question, instance, self.user))
                if not instance._state.adding and question.has_answer(instance):
                    fields[f"{question.key}_clear"] = forms.BooleanField(
                        label="Alle hinterlegten Angaben löschen", required=False
                    )
            else:
                fields[question.key] = field_for(question, instance, self.user)
        return fields

    def _make_layout(self) -> Layout:
        """A fieldset for each section, with an id the navigation leads to."""
        parts = []
        for section in self.sheet:
            names = [part for q in section.questions for part in self._parts_of(q)]
            if any(q.key in self.base_fields or q in self.asked for q in section.questions):
                hint = [note(section.hint)] if section.hint else []
                if any(q.kind in BY_BUTTON and q in self.asked for q in section.questions):
                    names.append(note(BY_BUTTON_NOTE))
                parts.append(Fieldset(section.title, *hint, *names, css_id=f"teil-{section.key}"))
        return Layout(*self.before(), *parts, *self.after())

    def _parts_of(self, question: Question) -> list[Any]:
        if question.kind == Kind.CONSENT and question not in self.asked:
            return self._given(question)
        if question not in self.asked:
            return []
        if question.kind != Kind.EXCLUSIONS:
            return [question.key]
        key, parts = question.key, []
        if not self.instance._state.adding and kept.count_exclusions(self.instance):
            parts.append(note(kept.ARE_KEPT))
        parts += [name for name in (f"{key}_clear", key) if name in self.base_fields]
        for number in range(1, EXCLUSION_ROWS + 1):
            parts.append(
                Row(
                    f"{key}_name_{number}",
                    f"{key}_house_{number}",
                    f"{key}_department_{number}",
                    css_class="profile-exclusion",
                )
            )
        return [Div(*parts, css_class="profile-exclusions")]

    def _given(self, question: Question) -> list[Any]:
        """A consent that was given already, to read."""
        given = None if self.instance._state.adding else question.value(self.instance)
        if given is None:
            return []
        day = formats.date_format(given.given_on, "d.m.Y")
        return [note(f"{question.label}: gegeben am {day}.")]

    # --- Two records in one form ---------------------------------------------------------
    def _version_of(self, instance: Any) -> Any:
        return [instance.version, instance.person.version if instance.person_id else 0]

    def _compared(self) -> list[str]:
        return [question.key for question in self.asked if question.kind not in BY_BUTTON]

    def _initial_of(self, instance: Any) -> dict[str, Any]:
        asked = (question for question in self.asked if question.kind not in BY_BUTTON)
        return {question.key: _initial(question, instance) for question in asked}

    # --- Checking ------------------------------------------------------------------------
    def _clean_fields(self) -> None:
        # Shown as required, since they are needed in the end; a draft gets by without.
        waived = [
            self.fields[question.key]
            for question in self.asked
            if question.needed == Needed.TO_SUBMIT
            and not self.submits
            and question.key not in NAMES
            and question.key in self.fields
        ]
        for field in waived:
            field.required = False
        try:
            super()._clean_fields()
        finally:
            for field in waived:
                field.required = True

    def clean(self) -> dict[str, Any]:
        """Enough choices, and exclusions that mean somebody."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for question in self.asked:
            chosen = cleaned.get(question.key)
            few = question.kind == Kind.CHOICES and chosen and len(chosen) < question.least
            if few and self.submits:
                self.add_error(question.key, f"Bitte wählen Sie mindestens {question.least}.")
            if question.kind == Kind.EXCLUSIONS:
                self._check_exclusions(question.key)
        return cleaned

    def _check_exclusions(self, key: str) -> None:
        for number in range(1, EXCLUSION_ROWS + 1):
            name = f"{key}_name_{number}"
            row = {f"{key}_{part}_{number}" for part in ("name", "house", "department")}
            only = {field: self.cleaned_data.get(field) for field in row}
            for named in named_in(only, key):
                try:
                    check_named(named)
                except Refused as refusal:
                    self.add_error(name, str(refusal))

    def _post_clean(self) -> None:
        """Nothing: the instance stays as read, the room's ``domain`` writes the answers."""

    # --- Reading -------------------------------------------------------------------------
    def answers(self) -> dict[str, Any]:
        """The cleaned answers by the key of their question, for the door that saves them."""
        return {question.key: self._answer(question) for question in self.asked}

    def valid_answers(self) -> dict[str, Any]:
        """Those that may be saved by the way, while others are still being typed."""
        return {
            question.key: self._answer(question)
            for question in self.asked
            if question.kind not in BY_BUTTON and question.key in self.cleaned_data
        }

    def _answer(self, question: Question) -> Any:
        key = question.key
        if question.kind == Kind.EXCLUSIONS:
            clear = bool(self.cleaned_data.get(f"{key}_clear"))
            return Naming(named_in(self.cleaned_data, key), clear)
        value = self.cleaned_data[key]
        if question.kind == Kind.NUMBER and value is None and question.kept == Kept.COLUMN:
            return getattr(self.instance, key)
        return value


def note(text: str) -> HTML:
    """A small paragraph in a form."""
    return HTML(format_html('<p class="kern-body kern-body--small">{}</p>', text))


def _initial(question: Question, record: Any) -> Any:
    value = question.value(record)
    return (value.pk if value else None) if question.kind == Kind.SEAT_HOLDER else value
