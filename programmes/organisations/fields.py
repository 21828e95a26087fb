"""Form fields that take numbers and coordinates the way people write them."""

from typing import Any

from django import forms

from programmes.organisations.checks import compact


class NumberField(forms.CharField):
    """A number somebody issued: blanks go, letters become upper case, then it is checked."""

    def to_python(self, value: Any) -> Any:
        """As Django's, compacted; "" may be ``None`` as the column wants it."""
        text = super().to_python(value)
        return (compact(text) or self.empty_value) if text else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: it would cut a pasted number whose blanks we remove anyway."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return {**attrs, "autocomplete": "off", "spellcheck": "false"}


class CoordinateField(forms.DecimalField):
    """Degrees as a decimal number, with a comma or a point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        """As Django's; the comma is a decimal comma."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """Shown with a comma."""
        return value if value is None else str(value).replace(".", ",")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Nothing of a number input, which would refuse the comma."""
        return {}
