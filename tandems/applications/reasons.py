"""Reasons that are due only sometimes: how a door asks for one, and the field it is typed into."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mentoring.ui.errors import Refused


class ReasonMissing(Refused):
    """Something must be written first; ``field`` is where, by the door's own name for it."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@contextmanager
def said_at_the_field() -> Iterator[None]:
    """Around a door's call in a form's ``save()``: a missing reason is said beside its field."""
    try:
        yield
    except ReasonMissing as missing:
        raise ValidationError({missing.field: str(missing)}) from None


class _Area(forms.Textarea):
    def use_required_attribute(self, initial: Any) -> bool:
        """No: whether it is required hangs on the choice."""
        return False


class DueReasonField(forms.CharField):
    """A reason that only some choices need; its hint says which, the door insists on it.

    Counted as required so that its label does not call it optional, but empty is let through.
    """

    widget = _Area

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = _Area(attrs={"rows": 3})
        super().__init__(**{**kwargs, "required": True})

    def validate(self, value: Any) -> None:
        """Nothing: only the door knows whether it may be empty."""
