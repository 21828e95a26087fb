"""Forms of records that two people may edit at the same time.

The form carries the version it was filled from, signed. If the record has moved on, nothing
is saved: the user is shown both versions, field by field, and decides.
"""

import datetime
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import model_to_dict
from django.utils import formats, timezone
from django.utils.datastructures import MultiValueDict

from mentoring.ui.kernforms import KernModelForm

SALT = "mentoring.ui.versions"
FIELD = "_version"
TAKE = "_take-"
CONFLICT = (
    "Während Sie das Formular bearbeitet haben, hat jemand anderes diesen Datensatz geändert. "
    "Es wurde noch nichts überschrieben: wählen Sie unten zu jedem Feld, was gelten soll, und "
    "speichern Sie noch einmal."
)
AGAIN = (
    "Während Sie das Formular bearbeitet haben, hat jemand anderes diesen Datensatz geändert. "
    "Ihre Eingaben passen dazu: bitte speichern Sie noch einmal."
)
GONE = (
    "Dieser Datensatz wurde inzwischen von jemand anderem gelöscht. Ihre Eingaben stehen noch "
    "im Formular; kopieren Sie heraus, was Sie brauchen."
)
STALE = (
    "Das Formular stammt nicht von dieser Seite oder ist beschädigt. Laden Sie die Seite neu "
    "und geben Sie Ihre Änderungen noch einmal ein."
)


@dataclass(frozen=True)
class ConflictRow:
    """A field whose typed value differs from what is stored by now."""

    name: str
    label: str
    mine: str
    stored: str
    take_stored: bool
    """Proposed choice: the stored value, where the user had not touched the field."""


class VersionedModelForm(KernModelForm):
    """A ``ModelForm`` of a ``Versioned`` model that notices a second editor."""

    conflict: list[ConflictRow]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict = []
        self._shown_current = False
        self._stored: models.Model | None = None
        if not self.instance._state.adding:
            self._opened = self._token(self.instance, self.initial)

    @property
    def version_token(self) -> str:
        """The signed version for the hidden field; "" for a record that is being made.

        After a conflict it is the version whose values the user was shown, be it that of a
        record somebody else made meanwhile in the place of the new one.
        """
        if self.instance._state.adding and not self._shown_current:
            return ""
        if self.is_bound and not self._shown_current:
            # Refilled as typed: the version stays the one the typing began with.
            return self.data.get(FIELD) or self._opened
        return self._opened

    def _clean_fields(self) -> None:
        if not self.instance._state.adding:
            # A copy of our own, for _post_clean() writes the typed values into instance.
            self._stored = type(self.instance)._base_manager.filter(pk=self.instance.pk).first()
            if self._stored is not None:
                self._take_chosen(self._initial_of(self._stored))
        super()._clean_fields()

    def _take_chosen(self, stored: dict[str, Any]) -> None:
        """Put the stored value in place of the typed one, where the user chose so.

        Done in the posted data, so that a form shown again for another error keeps the
        choice. Widgets of several inputs are left out: their field keeps what was typed.
        """
        chosen = [name for name in self._compared() if self.data.get(TAKE + name) == "stored"]
        if not chosen:
            return
        data = MultiValueDict(dict(self.data.lists()))  # type: ignore[attr-defined]  # posted data
        for name in chosen:
            field, html_name = self.fields[name], self.add_prefix(name)
            value = field.prepare_value(stored.get(name))
            if isinstance(field.widget, forms.CheckboxInput):
                data.pop(html_name, None)
                if value:
                    data[html_name] = "on"
                continue
            shown = field.widget.format_value(value)
            parts = shown if isinstance(shown, list | tuple) else [shown]
            data.setlist(html_name, ["" if part is None else str(part) for part in parts])
        self.data = data

    def _clean_form(self) -> None:
        super()._clean_form()  # type: ignore[misc]  # the stubs leave it out
        if self.instance._state.adding:
            return
        if self._stored is None:
            self.add_error(None, ValidationError(GONE, code="gone"))
            return
        try:
            label, pk, version, opened = signing.loads(self.data.get(FIELD, ""), salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            self.add_error(None, ValidationError(STALE, code="stale"))
            return
        if [label, pk] != [self.instance._meta.label_lower, self.instance.pk]:
            self.add_error(None, ValidationError(STALE, code="stale"))
        elif version != self._version_of(self._stored):
            # Where nothing contradicts, there is nothing to decide: our instance was read
            # just now and holds what the other one changed in fields that are not here.
            rows = self._contradictions(self._stored, opened)
            if rows:
                self._ask(self._stored, rows)

    def show_conflict(self, current: models.Model | None) -> None:
        """Refuse to save and prepare both versions for display.

        ``current`` is the record as stored by now, ``None`` if it is gone. To be called when
        a write raised ``EditConflict``.
        """
        if current is None:
            self.add_error(None, ValidationError(GONE, code="gone"))
        else:
            self._ask(current, self._contradictions(current, {}))

    def _ask(self, current: models.Model, rows: list[ConflictRow]) -> None:
        self.conflict = rows
        self._shown_current = True
        stored = self._initial_of(current)
        self._opened = self._token(current, stored)
        self.add_error(None, ValidationError(CONFLICT if rows else AGAIN, code="conflict"))

    def _contradictions(self, current: models.Model, opened: dict[str, int]) -> list[ConflictRow]:
        """The fields whose typed value differs from the stored one.

        ``opened`` holds check sums of the values the typing began with.
        """
        stored, rows = self._initial_of(current), []
        for name in self._compared():
            typed = self._typed(name)
            if self._sum(name, typed) == self._sum(name, stored.get(name)):
                continue
            rows.append(
                ConflictRow(
                    name,
                    str(self[name].label),
                    self._shown(name, typed),
                    self._shown(name, stored.get(name)),
                    take_stored=opened.get(name) == self._sum(name, typed),
                )
            )
        return rows

    # --- Comparing --------------------------------------------------------------------
    def _compared(self) -> list[str]:
        meta = self.instance._meta
        known = {field.name for field in (*meta.fields, *meta.many_to_many)}
        return [
            name
            for name, field in self.fields.items()
            if name in known
            and not field.disabled
            and not isinstance(field, forms.FileField)
            and not isinstance(field.widget, forms.MultiWidget)
        ]

    def _initial_of(self, instance: models.Model) -> dict[str, Any]:
        return model_to_dict(instance, self._compared())

    def _typed(self, name: str) -> Any:
        field = self.fields[name]
        return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def _version_of(self, instance: models.Model) -> Any:
        """What must not have moved on; a form of two records gives a list of both."""
        return instance.version  # type: ignore[attr-defined]  # it is Versioned

    def _token(self, shown: models.Model, initial: Mapping[str, Any]) -> str:
        """What the form was filled from: ``shown`` is the record, or the one met in its place."""
        sums = {name: self._sum(name, initial.get(name)) for name in self._compared()}
        return signing.dumps(
            [shown._meta.label_lower, shown.pk, self._version_of(shown), sums], salt=SALT
        )

    def _sum(self, name: str, value: Any) -> int:
        """A check sum that is the same for a value and for how a browser posts it back."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            text = str(bool(field.to_python(value)))
        elif isinstance(value, list | tuple | set | models.QuerySet):
            text = ",".join(sorted(str(field.prepare_value(item)) for item in value))
        else:
            shown = field.widget.format_value(field.prepare_value(value))
            if isinstance(shown, list | tuple):
                shown = ",".join(str(part) for part in shown if part is not None)
            text = str(shown or "").replace("\r\n", "\n").strip()
        return zlib.crc32(text.encode())

    def _shown(self, name: str, value: Any) -> str:
        """``value`` as a person reads it; "–" if there is none."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "Ja" if field.to_python(value) else "Nein"
        try:
            value = field.clean(field.prepare_value(value)) if value not in (None, "") else value
        except ValidationError:
            return str(value)
        if isinstance(value, datetime.datetime):
            return formats.date_format(timezone.localtime(value), "d.m.Y H:i")
        if isinstance(value, datetime.date):
            return formats.date_format(value, "d.m.Y")
        labels = {str(key): label for key, label in _flat(getattr(field, "choices", ()))}
        if isinstance(value, list | tuple | set | models.QuerySet):
            return ", ".join(str(labels.get(str(item), item)) for item in value) or "–"
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            value = labels.get(str(value), value)
        if isinstance(value, Decimal | float):
            return str(formats.localize(value))
        return str(value) if value not in (None, "") else "–"


def _flat(choices: Iterable[Any]) -> list[tuple[Any, Any]]:
    """``choices`` without groups; empty for model choices, which name themselves."""
    if isinstance(choices, forms.models.ModelChoiceIterator):
        return []
    flat: list[tuple[Any, Any]] = []
    for value, label in choices:
        flat.extend(label if isinstance(label, list | tuple) else [(value, label)])
    return flat
