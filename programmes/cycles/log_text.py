"""Log entries in German, for one reader."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from mentoring.log.domain import CONCEALED, policies
from mentoring.log.models import DataClass, LogEntry
from programmes.people.models import Person

ACTIONS = (
    (LogEntry.Action.CREATE, "angelegt"),
    (LogEntry.Action.UPDATE, "geändert"),
    (LogEntry.Action.DELETE, "gelöscht"),
    (LogEntry.Action.ACCESS, "gelesen"),
)
NOTHING = "–"
UNKNOWN = "nicht einsehbar"
LONGEST = 200
_EMPTY = ("None", "", "[]")


class LogText:
    """Writes entries for ``reader``: records they may not see are not named."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self._names: dict[type[models.Model], dict[str, str]] = defaultdict(dict)
        self._actors: dict[int, str] = {}

    # --- Names, many at a time --------------------------------------------------------
    def load(self, entries: Iterable[LogEntry]) -> None:
        """Read the names that ``entries`` need: one query per kind of record."""
        wanted: dict[type[models.Model], set[str]] = defaultdict(set)
        actors: set[int] = set()
        for entry in entries:
            if entry.actor_id is not None:
                actors.add(entry.actor_id)
            for field, values in self._fields(entry):
                if field.is_relation and field.related_model is not None:
                    wanted[field.related_model].update(v for v in values if v.isdecimal())
        self._load_actors(actors)
        for model, keys in wanted.items():
            self._load_names(model, keys)

    def _load_actors(self, users: set[int]) -> None:
        unread = users - self._actors.keys()
        if not unread:
            return
        for person in Person.objects.visible_to(self.reader).filter(user__in=unread):
            if person.user_id is not None:
                self._actors[person.user_id] = person.full_name
        for user in unread:
            self._actors.setdefault(user, "")

    def _load_names(self, model: type[models.Model], keys: set[str]) -> None:
        known = self._names[model]
        unread = {key for key in keys if key not in known}
        if not unread:
            return
        manager = model._default_manager
        # A model without a rule of its own is not named: the log must not know more than
        # the pages do.
        if hasattr(manager, "visible_to"):
            # Names are made of related records, such as "Ahausen in Durchgang Nr. 11".
            for row in manager.visible_to(self.reader).filter(pk__in=unread).select_related():
                known[str(row.pk)] = str(row)
        for key in unread:
            known.setdefault(key, UNKNOWN)

    # --- Columns ----------------------------------------------------------------------
    def actor(self, entry: LogEntry) -> str:
        """Who it was: by name if the reader knows them, else by address."""
        if entry.actor_id is None:
            return entry.actor_email or "automatisch"
        self._load_actors({entry.actor_id})
        return self._actors[entry.actor_id] or entry.actor_email or str(entry.actor)

    def subject(self, entry: LogEntry) -> str:
        """What kind of record, and which."""
        model = entry.content_type.model_class()
        kind = str(model._meta.verbose_name) if model is not None else entry.content_type.model
        name = entry.object_repr
        return name if name.startswith(kind) else f"{kind}: {name}"

    def action(self, entry: LogEntry) -> str:
        """What was done."""
        return dict(ACTIONS).get(entry.action, "")

    def changes(self, entry: LogEntry) -> str:
        """The fields: with old and new values, or for a confidential record names alone."""
        secret = self._secret(entry)
        if secret and entry.action != LogEntry.Action.UPDATE:
            return ""  # all of its fields, which tells nothing
        lines = []
        for field, (old, new) in self._fields(entry):
            label = _label(field)
            if secret or CONCEALED in (old, new):
                lines.append(label)
                continue
            before, after = self._value(field, old), self._value(field, new)
            if entry.action == LogEntry.Action.UPDATE:
                lines.append(f"{label}: {before} → {after}")
            elif (only := after if entry.action == LogEntry.Action.CREATE else before) != NOTHING:
                lines.append(f"{label}: {only}")
        return "; ".join(lines)

    # --- Values -----------------------------------------------------------------------
    @staticmethod
    def _secret(entry: LogEntry) -> bool:
        model = entry.content_type.model_class()
        label = model._meta.label_lower if model is not None else ""
        known = label in policies
        return entry.data_class != DataClass.FRAME or not known or policies.get(label).confidential

    def _fields(self, entry: LogEntry) -> list[tuple[Any, tuple[str, str]]]:
        """Field, old and new value of each change that can be told, in the model's order."""
        model = entry.content_type.model_class()
        found = []
        for name, change in (entry.changes or {}).items():
            try:
                field = model._meta.get_field(name) if model is not None else None
            except FieldDoesNotExist:
                continue
            if field is None or field.auto_created or getattr(field, "primary_key", False):
                continue
            if isinstance(change, dict):  # many to many: what was added or removed
                found.append((field, (CONCEALED, CONCEALED)))
            else:
                found.append((field, (str(change[0]), str(change[1]))))
        return sorted(found, key=lambda pair: pair[0].creation_counter)

    def _value(self, field: Any, raw: str) -> str:
        if raw in _EMPTY:
            return NOTHING
        if field.is_relation:
            self._load_names(field.related_model, {raw} if raw.isdecimal() else set())
            return self._names[field.related_model].get(raw, UNKNOWN)
        if field.choices:
            return str(dict(field.flatchoices).get(raw, raw))
        if isinstance(field, models.BooleanField):
            return {"True": "Ja", "False": "Nein"}.get(raw, raw)
        try:
            if isinstance(field, models.DateTimeField):
                moment = datetime.fromisoformat(raw).replace(tzinfo=UTC)
                return date_format(timezone.localtime(moment), "d.m.Y H:i")
            if isinstance(field, models.DateField):
                return date_format(date.fromisoformat(raw), "d.m.Y")
        except ValueError:
            return raw
        return raw if len(raw) <= LONGEST else f"{raw[:LONGEST]} …"


def _label(field: Any) -> str:
    """The field's name in German; a relation without one is called after what it leads to."""
    name = str(field.verbose_name)
    if field.is_relation and name == field.name.replace("_", " "):
        return str(field.related_model._meta.verbose_name)
    return name
