"""Template tags: ``{% load ui %}``. Components of KERN, and how the house writes values."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mentoring.ui.lists import Badge, display

register = template.Library()

KINDS = ("info", "success", "warning", "danger")


def _kind(kind: str) -> str:
    # Django's message levels say "error" and "debug"; KERN has four kinds.
    kind = {"error": "danger", "debug": "info"}.get(kind, kind)
    if kind not in KINDS:
        raise template.TemplateSyntaxError(f"{kind!r} is none of {', '.join(KINDS)}")
    return kind


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A KERN icon that says nothing beside its text."""
    sized = f" kern-icon--{size}" if size else ""
    return format_html(
        '<span class="kern-icon kern-icon--{}{}" aria-hidden="true"></span>', name, sized
    )


@register.simple_tag
def badge(kind: str, text: str) -> SafeString:
    """``{% badge "success" "nominiert" %}``"""
    return display(Badge(_kind(kind), text))


@register.inclusion_tag("ui/components/alert.html")
def alert(kind: str, title: str, text: Any = "", role: str = "") -> dict[str, Any]:
    """``{% alert "info" "Titel" "Text" %}``; ``role="alert"`` only for what just happened."""
    return {"kind": _kind(kind), "title": title, "text": text, "role": role}


@register.inclusion_tag("ui/components/button.html")
def button(
    label: str,
    url: str = "",
    kind: str = "secondary",
    icon: str = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A link that looks like a button, or without ``url`` a submit button."""
    return {"label": label, "url": url, "kind": kind, "icon": icon, "name": name, "value": value}


@register.inclusion_tag("ui/components/description_list.html")
def description_list(rows: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Label and value of each row, values written as the house does."""
    return {"rows": [(label, display(value)) for label, value in rows]}


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(
    title: str, text: str = "", url: str = "", label: str = "", icon: str = "info"
) -> dict[str, Any]:
    """What an empty list says: that there is nothing yet, and what to do next."""
    return {"title": title, "text": text, "url": url, "label": label, "icon": icon}


@register.filter
def shown(value: Any) -> Any:
    """``value`` as the house writes it: dates 26.09.2025, Ja/Nein, a dash for nothing."""
    return display(value)


@register.filter
def money(value: Decimal | int | None) -> str:
    """An amount in euros: ``1.500,00 €``; "" for ``None``."""
    if value is None or value == "":
        return ""
    return f"{number_format(value, decimal_pos=2, use_l10n=True, force_grouping=True)} €"


# --- For the template pack ------------------------------------------------------------
@register.filter
def widget_kind(field: BoundField) -> str:
    """Which of the pack's templates a field wants."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    for kind, classes in (
        ("checks", (forms.CheckboxSelectMultiple,)),
        ("radios", (forms.RadioSelect,)),
        ("checkbox", (forms.CheckboxInput,)),
        ("multiselect", (forms.SelectMultiple,)),
        ("select", (forms.Select,)),
        ("file", (forms.FileInput,)),
        ("multi", (forms.MultiWidget, forms.SelectDateWidget)),
    ):
        if isinstance(widget, classes):
            return kind
    return "input"


@register.filter
def kern_widget(field: BoundField, classes: str) -> SafeString:
    """The field's widget with KERN's classes."""
    if field.errors and classes.startswith("kern-form-"):
        classes = f"{classes} {classes.split()[0]}--error"
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{classes} {own}".strip()})


@register.filter
def file_widget(field: BoundField) -> SafeString:
    """The bare file input: the pack writes the present file and its removal itself."""
    attrs = {**field.field.widget.attrs, "class": "kern-form-input__input app-file"}
    return field.as_widget(widget=forms.FileInput(), attrs=attrs)


@register.filter
def error_target(field: BoundField) -> str:
    """The id a link of the error summary leads to: the first input of the field."""
    kind = widget_kind(field)
    if kind in ("checks", "radios", "multi"):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def hidden_errors(form: forms.BaseForm) -> list[str]:
    """Errors of hidden fields, which have no place of their own on the page."""
    return [str(error) for field in form.hidden_fields() for error in field.errors]


@register.simple_tag
def description_ids(field: BoundField) -> SafeString:
    """``aria-describedby`` of a group of inputs, or nothing."""
    ids = field.aria_describedby
    return format_html(' aria-describedby="{}"', ids) if ids else SafeString("")


@register.simple_tag
def attributes(attrs: dict[str, Any]) -> SafeString:
    """The attributes of an option, as HTML."""
    return format_html_join(
        "",
        ' {}="{}"',
        ((k, k if v is True else v) for k, v in attrs.items() if v not in (None, False)),
    )
