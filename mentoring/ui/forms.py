"""Forms as the house wants them: nothing typed is lost, nobody is overwritten silently.

The one door to this room's form classes; they stand in files of their own.
"""

from mentoring.ui.kept import FormKeeper, discard_kept, form_keepers, kept_data, kept_token
from mentoring.ui.kernforms import (
    ConfirmForm,
    KernForm,
    KernFormHelper,
    KernFormMixin,
    KernModelForm,
    ReasonForm,
    clean_characters,
    without_errors,
)
from mentoring.ui.versions import ConflictRow, VersionedModelForm

__all__ = [
    "ConfirmForm",
    "ConflictRow",
    "FormKeeper",
    "KernForm",
    "KernFormHelper",
    "KernFormMixin",
    "KernModelForm",
    "ReasonForm",
    "VersionedModelForm",
    "clean_characters",
    "discard_kept",
    "form_keepers",
    "kept_data",
    "kept_token",
    "without_errors",
]
