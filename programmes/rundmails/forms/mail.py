"""The form of a draft. It saves without being complete; what is missing says ``check``."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.models import model_to_dict

from mentoring.ui.forms import VersionedModelForm
from programmes.cycles.models import Cycle
from programmes.events.models import Event
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice, Problem
from programmes.rundmails.forms import audience, timing
from programmes.rundmails.forms.attachments import CheckedFilesField
from programmes.rundmails.forms.layout import editor_layout
from programmes.rundmails.models import Rundmail, RundmailAttachment

_TIMING = ("when", "send_on", "milestone", "days", "side", "clock")
_PART = re.compile(r"part_(\d{1,3})")


class RundmailForm(VersionedModelForm):
    """Subject, text, audience, attachments and time of one mail.

    ``proposed`` are the parts of the audience a new mail begins with, ``searched`` is a name
    to look for among the people, ``problems`` stand beside the fields they are about.
    """

    class Meta:
        model = Rundmail
        fields = ("subject", "body", "reply_to", "event", "attach_calendar")
        widgets: ClassVar = {"body": forms.Textarea(attrs={"class": "rundmail-body"})}
        help_texts: ClassVar = {"reply_to": "An diese Adresse gehen die Antworten auf die Mail."}

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        cycle: Cycle,
        user: Any,
        instance: Rundmail | None = None,
        initial: dict[str, Any] | None = None,
        proposed: Sequence[Choice] = (),
        searched: str = "",
        problems: Sequence[Problem] = (),
        **kwargs: Any,
    ) -> None:
        self.cycle, self.user, self.searched, self.problems = cycle, user, searched, problems
        instance = instance or Rundmail(cycle=cycle)
        is_new = instance._state.adding
        self._described = [] if is_new else domain.describe_choices(instance, user)
        self.attached = [] if is_new else list(_attached(instance))
        begun = list(proposed) if is_new else [choice for choice, _ in self._described]
        self._row_count = _rows_needed(data, len(begun))
        # Attributes of this object, so that the class keeps none: what there is to choose
        # hangs on the cycle and on who chooses.
        self.base_fields = {  # type: ignore[misc]  # stubs call it a class variable
            **type(self).base_fields,
            **self._own_fields(data),
        }
        stored = {**timing.initial_of(instance), **_rows_of(begun)}
        super().__init__(
            data, *args, instance=instance, initial={**stored, **(initial or {})}, **kwargs
        )
        for name in ("subject", "body"):
            self.fields[name].required = False
        events: Any = self.fields["event"]
        events.queryset = Event.objects.visible_to(user).filter(cycle=cycle)
        events.empty_label = "– keine –"
        self.layout = editor_layout(self)

    def _own_fields(self, data: Any) -> dict[str, forms.Field]:
        """The fields that are no plain field of the mail."""
        fields: dict[str, forms.Field] = {}
        shown = audience.options(self.cycle, self.user, self._described)
        self.rows = audience.add_rows(fields, self._row_count, shown)
        fields.update(audience.person_fields(self.cycle, self.user, self.searched, data))
        fields.update(timing.timing_fields(self.cycle, self.user))
        fields["files"] = CheckedFilesField(label="Dateien anhängen", required=False)
        fields["remove"] = forms.MultipleChoiceField(
            label="Anhänge entfernen",
            required=False,
            choices=[(str(one.pk), one.file.name) for one in self.attached],
            widget=forms.CheckboxSelectMultiple,
        )
        return fields

    # --- The parts of the audience and the time are compared too -------------------------
    def _compared(self) -> list[str]:
        return [*self.Meta.fields, *(name for row in self.rows for name in row), *_TIMING]

    def _initial_of(self, instance: Any) -> dict[str, Any]:
        return {
            **model_to_dict(instance, self.Meta.fields),
            **{sign: audience.PLUS for _, sign in self.rows},
            **timing.initial_of(instance),
            **_rows_of(domain.choices_of(instance)),
        }

    # --- Checking -----------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        """What is wrong with the time and with the parts of the audience, at its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, message in timing.problems_of(cleaned).items():
            if name not in self.errors:
                self.add_error(name, message)
        seen: dict[tuple[str, str], str] = {}
        for part, sign in self.rows:
            if not cleaned.get(part):
                continue
            choice = audience.read(cleaned[part], cleaned.get(sign, ""))
            named = seen.setdefault((choice.audience, choice.value), cleaned.get(sign, ""))
            if named != cleaned.get(sign, ""):
                self.add_error(part, "Diese Gruppe steht hier zweimal: einmal dazu, einmal ohne.")
        return cleaned

    def choices(self) -> list[Choice]:
        """The audience as chosen, each part once."""
        found: dict[tuple[str, str], Choice] = {}
        for part, sign in self.rows:
            if self.cleaned_data.get(part):
                choice = audience.read(self.cleaned_data[part], self.cleaned_data.get(sign, ""))
                found.setdefault((choice.audience, choice.value), choice)
        for person in self.cleaned_data["people"]:
            choice = Choice(audience.PERSON, person)
            found.setdefault((choice.audience, choice.value), choice)
        return list(found.values())

    def mail(self) -> Rundmail:
        """The mail as typed, not stored yet."""
        mail: Rundmail = self.instance
        timing.fill(mail, self.cleaned_data)
        return mail

    def removed(self) -> list[RundmailAttachment]:
        """The attachments to take off."""
        return [one for one in self.attached if str(one.pk) in self.cleaned_data["remove"]]


def _attached(mail: Rundmail) -> Any:
    return mail.attachments.select_related("file")


def _rows_needed(data: Any, stored: int) -> int:
    """As many rows as were posted or are stored, and some to spare."""
    posted = [int(found[1]) + 1 for name in data or () if (found := _PART.fullmatch(name))]
    return min(max([stored + audience.SPARE_ROWS, *posted]), audience.MAX_ROWS)


def _rows_of(choices: Sequence[Choice]) -> dict[str, Any]:
    """The values of the rows that show ``choices``."""
    values = {}
    for number, choice in enumerate(choices[: audience.MAX_ROWS]):
        values[f"part_{number}"] = audience.written(choice)
        values[f"sign_{number}"] = audience.MINUS if choice.minus else audience.PLUS
    return values
