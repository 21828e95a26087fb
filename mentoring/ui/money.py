"""Amounts of money as people type them and as the house writes them."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mentoring.ui.tags import money

_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]+")
_CURRENCY = re.compile(r"(?:€|EUR|Euro)$", re.IGNORECASE)
_GERMAN = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))?")
_WITH_POINT = re.compile(r"([+-]?)([0-9]+)\.([0-9]{1,2})")
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-"})  # what Word makes of it

WRONG = (
    "Bitte geben Sie einen Betrag in Euro mit höchstens zwei Stellen nach dem Komma ein, zum "
    "Beispiel 1.500,00."
)


def read_money(text: str) -> Decimal:
    """The amount in euros that ``text`` says in German: "1.500,00", "1500", "12,5", "1.500,- €".

    "1.500" is one thousand five hundred; "1500.00" with a point and one or two digits behind
    it is read as it was meant. Raises ``ValidationError`` for anything else.
    """
    written = _CURRENCY.sub("", _BLANKS.sub("", text.translate(_MINUS)))
    written = re.sub(r",-{1,2}$", "", written)
    match = _GERMAN.fullmatch(written) or _WITH_POINT.fullmatch(written)
    if match is None:
        raise ValidationError(WRONG, code="invalid")
    sign, whole, cents = match.groups()
    try:
        return Decimal(f"{sign}{whole.replace('.', '')}.{cents or '0'}").quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValidationError(WRONG, code="invalid") from None


class MoneyInput(forms.TextInput):
    """A text field: the browser's number field takes no "1.500,00"."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class MoneyField(forms.DecimalField):
    """An amount in euros, typed in German, shown as "1.500,00"."""

    widget = MoneyInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("max_digits", 10)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """None of the number field's."""
        return {}

    def to_python(self, value: Any) -> Any:
        """The amount; ``None`` for an empty field. Raises ``ValidationError``."""
        if value in self.empty_values:
            return None
        return value if isinstance(value, Decimal) else read_money(str(value))

    def prepare_value(self, value: Any) -> Any:
        """An amount from the database as German text; what was typed stays as it is."""
        if isinstance(value, Decimal):
            return money(value).removesuffix(" €")
        return value
