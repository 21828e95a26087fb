"""The form field for uploads."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from mentoring.files.checks import KINDS, check_upload, german_size, labels
from mentoring.files.domain import DOCUMENTS


class CheckedFileField(forms.FileField):
    """A file field that checks size and content while the form is validated.

    ``allowed`` names kinds of ``mentoring.files.checks.KINDS``. The hint says what is
    allowed; ``domain.store_upload`` checks again when the file is stored.
    """

    def __init__(
        self, *, allowed: Sequence[str] = DOCUMENTS, max_bytes: int | None = None, **kwargs: Any
    ) -> None:
        self.allowed = tuple(allowed)
        self.max_bytes = max_bytes or settings.UPLOAD_MAX_BYTES
        kwargs.setdefault(
            "help_text",
            f"Erlaubt: {labels(self.allowed)}, höchstens {german_size(self.max_bytes)}.",
        )
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the browser's file dialog which files are meant."""
        attrs = super().widget_attrs(widget)
        if isinstance(widget, forms.FileInput):
            attrs["accept"] = ",".join(s for kind in self.allowed for s in KINDS[kind].suffixes)
        return attrs

    def clean(self, data: Any, initial: Any = None) -> Any:
        """As Django's; a new file is checked and gets its cleaned name."""
        cleaned = super().clean(data, initial)
        if isinstance(cleaned, UploadedFile):
            checked = check_upload(cleaned, allowed=self.allowed, max_bytes=self.max_bytes)
            cleaned.name = checked.name
        return cleaned
