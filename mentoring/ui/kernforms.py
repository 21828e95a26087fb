"""What every form of the house has: clean characters, native date fields, a KERN helper."""

import re
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.http.request import QueryDict
from django.utils.datastructures import MultiValueDict

NUL_ERROR = (
    "Der Text enthielt ein unsichtbares Zeichen, das nicht gespeichert werden kann. "
    "Es wurde entfernt: bitte prüfen Sie den Text und senden Sie ihn noch einmal."
)
# Control characters that neither XML nor a spreadsheet can hold; tab and line ends stay.
_CONTROL = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class KernFormHelper(FormHelper):
    """Crispy's helper for the template pack "kern": error summary, fields, buttons.

    ``form_tag`` is on; the browser's own validation is off, since its messages speak the
    browser's language and name one field at a time.
    """

    template_pack = "kern"
    form_method = "post"
    include_media = False

    def __init__(
        self,
        form: forms.BaseForm | None = None,
        *,
        submit_label: str = "Speichern",
        cancel_url: str = "",
        danger: bool = False,
        layout: Layout | None = None,
    ) -> None:
        super().__init__(form)
        if layout is not None:
            self.layout = layout
        self.submit_label = submit_label
        self.cancel_url = cancel_url
        self.danger = danger


def clean_characters(data: Any) -> tuple[Any, set[str]]:
    """``data`` without control characters, and the names whose values contained NUL.

    A vertical tab becomes a line end: word processors write soft breaks so.
    """
    if not data:
        return data, set()
    with_nul: set[str] = set()

    def clean(name: str, value: Any) -> Any:
        if not isinstance(value, str) or not (_CONTROL.search(value) or "\x0b" in value):
            return value
        if "\x00" in value:
            with_nul.add(name)
        return _CONTROL.sub("", value.replace("\x0b", "\n"))

    if isinstance(data, MultiValueDict):
        cleaned: Any = QueryDict(mutable=True) if isinstance(data, QueryDict) else MultiValueDict()
        for name, values in data.lists():
            cleaned.setlist(name, [clean(name, value) for value in values])
        return cleaned, with_nul
    return {name: clean(name, value) for name, value in data.items()}, with_nul


# A mixin that a form follows: for the types it is one already.
if TYPE_CHECKING:
    _FormBase = forms.BaseForm
else:
    _FormBase = object


class KernFormMixin(_FormBase):
    """What every form of the house has: clean characters, native date fields, a helper.

    Set ``layout`` (crispy) to group fields.
    """

    layout: Layout | None = None
    fields: dict[str, forms.Field]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data, self._with_nul = clean_characters(data)
        super().__init__(data, *args, **kwargs)
        for field in self.fields.values():
            _use_native_widget(field)

    @property
    def helper(self) -> KernFormHelper:
        """The helper the page completes; made once, so that a page may change it."""
        if not hasattr(self, "_helper"):
            self._helper = KernFormHelper(layout=self.layout)
        return self._helper

    @helper.setter
    def helper(self, helper: KernFormHelper) -> None:
        self._helper = helper

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # the stubs leave it out
        for name in self.fields:
            html_name = re.escape(self.add_prefix(name))
            if any(re.fullmatch(rf"{html_name}(_\d+)?", raw) for raw in self._with_nul):
                self.add_error(name, NUL_ERROR)


def _use_native_widget(field: forms.Field) -> None:
    """Give date and time fields the browser's own picker; it wants ISO values."""
    for widget_class, input_type, value_format in (
        (forms.DateInput, "date", "%Y-%m-%d"),
        (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
        (forms.TimeInput, "time", "%H:%M"),
    ):
        # Only the plain class: a form that chose its own widget meant it.
        if type(field.widget) is widget_class:
            field.widget.input_type = input_type
            field.widget.format = value_format
            if isinstance(field, forms.DateTimeField):
                known = list(field.input_formats or [])
                field.input_formats = [value_format, "%Y-%m-%dT%H:%M:%S", *known]


class KernForm(KernFormMixin, forms.Form):
    """A form that is no model's."""


class KernModelForm(KernFormMixin, forms.ModelForm):
    """A form of a model that only one person edits at a time."""


class ConfirmForm(KernForm):
    """The form of a confirm page: nothing to fill in."""


class ReasonForm(KernForm):
    """The form of a confirm page that asks why."""

    reason = forms.CharField(
        label="Begründung",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Die Begründung steht später im Protokoll.",
    )


def without_errors(form: forms.BaseForm) -> forms.BaseForm:
    """A bound form that shows what was typed and does not judge it yet."""
    form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]  # skips full_clean()
    form.cleaned_data = {}
    return form
