"""The forms of an import: the upload, and the confirmation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mentoring.files.forms import CheckedFileField
from mentoring.ui.forms import KernForm
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from tandems.imports.checking import Table, open_table, peek
from tandems.imports.columns import Unreadable
from tandems.imports.domain import ALLOWED, DIRECT_LINES
from tandems.imports.tables import MAX_BYTES, refuse_locked


class TableField(CheckedFileField):
    """A checked file; what is encrypted or old is told apart from what is unknown."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """As the ground's field, with a clearer word about encrypted files."""
        if data is not None:
            try:
                refuse_locked(data.read(8))
            except Unreadable as error:
                raise ValidationError(str(error), code="locked") from error
            finally:
                data.seek(0)
        return super().clean(data, initial)


class UploadForm(KernForm):
    """The table, and for whom, where somebody works for several Kommunen.

    The heading is read here: a table that cannot be read is told at the field.
    """

    municipality: Any = forms.ModelChoiceField(
        Municipality.objects.none(), label="Kommune", empty_label="bitte wählen"
    )
    upload = TableField(label="Tabelle", allowed=ALLOWED, max_bytes=MAX_BYTES)

    def __init__(
        self, data: Any = None, *args: Any, cycle: Cycle, houses: list[Municipality], **kwargs: Any
    ) -> None:
        self.cycle, self.houses = cycle, houses
        self.table: Table | None = None
        self.is_short = True
        super().__init__(data, *args, **kwargs)
        keys = [house.pk for house in houses]
        self.fields["municipality"].queryset = Municipality.objects.filter(pk__in=keys)  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(houses) == 1:
            del self.fields["municipality"]

    @property
    def house(self) -> Municipality:
        """The Kommune chosen, or the only one."""
        found: Municipality = self.cleaned_data.get("municipality") or self.houses[0]
        return found

    def clean_upload(self) -> Any:
        """Open the table and see whether it is a short one. Raises ``ValidationError``."""
        upload = self.cleaned_data["upload"]
        try:
            table = open_table(upload.file, self.cycle)
            rows, self.is_short = peek(table, DIRECT_LINES)
        except Unreadable as error:
            raise ValidationError(str(error), code="unreadable") from error
        if not rows:
            raise ValidationError(
                "Unter der Überschrift steht keine ausgefüllte Zeile.", code="empty"
            )
        self.table = Table(table.found, iter(rows))
        return upload


class TakeOverForm(KernForm):
    """Whether lines that are not right may be left out."""

    skip_rest = forms.BooleanField(label="")

    def __init__(self, *args: Any, rest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rest:
            del self.fields["skip_rest"]
            return
        lines = "1 Zeile" if rest == 1 else f"{rest} Zeilen"
        self.fields["skip_rest"].label = f"{lines} mit Fehlern oder ohne Auswahl weglassen"
        self.fields["skip_rest"].error_messages["required"] = (
            "Bitte bestätigen Sie, dass diese Zeilen wegbleiben, oder klären Sie sie vorher."
        )
