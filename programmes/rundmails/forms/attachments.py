"""Several files in one field, each of them checked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mentoring.files.forms import CheckedFileField


class SeveralFilesInput(forms.FileInput):
    """A file input that takes more than one file at a time."""

    allow_multiple_selected = True


class CheckedFilesField(CheckedFileField):
    """As ``CheckedFileField``, for any number of files; cleans to a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file checked; all that is wrong with any of them is said at once."""
        found, errors = [], []
        for upload in data or []:
            try:
                found.append(super().clean(upload, initial))
            except ValidationError as error:
                errors.extend(error.error_list)
        if errors:
            raise ValidationError(errors)
        return found
