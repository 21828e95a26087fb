"""The forms of the billing run: which Kommunen, and what was seen of their invoices."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mentoring.ui.forms import KernForm
from programmes.billing.run import Row

NONE_CHOSEN = "Wählen Sie mindestens eine Kommune aus."
GONE = (
    "Für eine der gewählten Kommunen ist nichts mehr abzurechnen. Vielleicht war jemand anderes "
    "schneller: prüfen Sie die Liste."
)


class ChosenForm(KernForm):
    """Some of the Kommunen that have something to bill."""

    kommune = forms.TypedMultipleChoiceField(
        label="Kommunen",
        coerce=int,
        error_messages={"required": NONE_CHOSEN, "invalid_choice": GONE},
    )

    def __init__(self, *args: Any, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kommune"].choices = [  # type: ignore[attr-defined]  # a choice field, see above
            (row.municipality.pk, str(row.municipality)) for row in rows if row.has_work
        ]


class SeenForm(ChosenForm):
    """The same, with what was shown of their invoices."""

    seen = forms.CharField(widget=forms.HiddenInput)
