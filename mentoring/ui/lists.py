"""Lists: filtered, sorted, paged and exported as they stand, by declaration."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, cast

import django_filters
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from mentoring.registry import Registry
from mentoring.ui import exports
from mentoring.ui.kernforms import KernFormMixin
from mentoring.ui.views import Action, PageView

DIRECT_ROWS = 500
"""Up to so many rows an export is made while the user waits."""

DIRECT_PDF_ROWS = 200
"""The same for PDF, whose pages have to be laid out: about a second for 150 rows."""

FILTERS_IN_A_ROW = 4
"""Of a longer filter bar only the first ones stand open."""


@dataclass(frozen=True)
class Badge:
    """A cell shown as a KERN badge; exported as its text."""

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Column:
    """A column of a list.

    ``value`` is the name of an attribute (dots go deeper, ``None`` ends the way) or a
    function of the row. ``sort`` names the database field(s) to order by. ``link`` makes an
    address of the row. ``export`` says whether the column stands in exports. ``shown`` writes
    the value on the page (an amount as "1.500,00 €", say) where exports keep it as it is.
    """

    key: str
    label: str
    value: str | Callable[[Any], Any]
    sort: str | tuple[str, ...] | None = field(default=None, kw_only=True)
    export: bool = field(default=True, kw_only=True)
    link: Callable[[Any], str | None] | None = field(default=None, kw_only=True)
    numeric: bool = field(default=False, kw_only=True)
    shown: Callable[[Any], Any] | None = field(default=None, kw_only=True)

    def value_of(self, row: Any) -> Any:
        """The value of this column for ``row``."""
        return self.getter()(row)

    def getter(self) -> Callable[[Any], Any]:
        """The function from a row to its value: found once, called for every row."""
        if callable(self.value):
            return self.value
        names = self.value.split(".")

        def get(found: Any) -> Any:
            for name in names:
                found = getattr(found, name) if found is not None else None
                if callable(found) and not isinstance(found, type):
                    found = found()
            return found

        return get

    def sort_fields(self) -> tuple[str, ...]:
        """The database fields to order by."""
        return (self.sort,) if isinstance(self.sort, str) else (self.sort or ())


@dataclass(frozen=True)
class Header:
    """A column's heading as the template needs it."""

    column: Column
    url: str
    direction: str
    """"ascending", "descending" or "", as ``aria-sort`` wants it."""


class SearchFilter(django_filters.CharFilter):
    """Searches a ``Keyed`` model by words, whatever the umlauts' spelling."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Suche")
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search"}))
        super().__init__(*args, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        """Rows that contain every word of ``value``."""
        return qs.search(value) if value else qs


class ListFilterForm(KernFormMixin, forms.Form):
    """The base of the filter bar's form.

    An empty choice means "alle" (``FILTERS_EMPTY_CHOICE_LABEL``) unless the filter says what
    else it means.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for form_field in self.fields.values():
            if isinstance(form_field.widget, forms.NullBooleanSelect):
                form_field.widget.choices = [
                    (value, "alle" if value == "unknown" else label)
                    for value, label in form_field.widget.choices
                ]


class ListFilterSet(django_filters.FilterSet):
    """A filter set whose form is one of ours. Use ``SearchFilter`` for free text."""

    def get_form_class(self) -> type[forms.Form]:
        """The form of the filters, as a ``ListFilterForm`` whatever ``Meta`` says."""
        fields = {name: filter_.field for name, filter_ in self.filters.items()}
        return type(f"{type(self).__name__}Form", (ListFilterForm,), fields)


lists: Registry[type["ListPage"]] = Registry("lists")
"""All lists by their ``list_name``."""


class ListPage(PageView):
    """A list of what the user may see; see the attributes."""

    template_name = "ui/list.html"
    list_name: ClassVar[str] = ""
    columns: ClassVar[list[Column] | tuple[Column, ...]] = ()
    filterset_class: ClassVar[type[django_filters.FilterSet] | None] = None
    default_sort: ClassVar[str] = ""
    """The key of a column, with "-" in front for descending."""
    empty_title: ClassVar[str] = "Hier ist noch nichts"
    empty_text: ClassVar[str] = ""
    empty_action: Action | None = None
    page_size: ClassVar[int] = 50
    exportable: ClassVar[bool] = True
    pdf_template: ClassVar[str] = "ui/export_pdf.html"
    intro: str = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Register each list under its name; the name must be unique."""
        super().__init_subclass__(**kwargs)
        if "list_name" in cls.__dict__ and cls.list_name:
            lists.add(cls.list_name, cls)

    def get_queryset(self) -> QuerySet:
        """What ``self.request.user`` may see, with the related rows the columns need."""
        raise ImproperlyConfigured(f"{type(self).__name__} has no get_queryset().")

    def get_columns(self) -> list[Column]:
        """The columns, for lists whose columns depend on the user."""
        return list(self.columns)

    def get_empty_action(self) -> Action | None:
        """What an empty list proposes to do, if the user may."""
        return self.empty_action

    def sheets(self) -> list[tuple[str, str]]:
        """Label and address of what else is printed of this list, as it is filtered."""
        return []

    def export_until(self) -> datetime | None:
        """When a stored export must be gone, because what it holds is deleted then."""
        return None

    def export_columns(self) -> list[Column]:
        """The columns of an export."""
        return [column for column in self.get_columns() if column.export]

    def note_export(self) -> None:
        """Called before an export is written; a list of confidential records logs it here."""

    # --- Filtering and sorting --------------------------------------------------------
    def filtered(self) -> QuerySet:
        """The queryset with the filters of the address, unsorted."""
        queryset = self.get_queryset()
        filterset = self.filterset(queryset)
        return queryset if filterset is None else filterset.qs

    def filterset(self, queryset: QuerySet | None = None) -> Any:
        """The filter set of this request, or ``None`` if the list has no filters."""
        if not hasattr(self, "_filterset"):
            self._filterset = (
                self.filterset_class(self.request.GET, queryset, request=self.request)
                if self.filterset_class is not None
                else None
            )
        return self._filterset

    def sorting(self) -> tuple[Column | None, bool]:
        """The column to sort by and whether descending; unknown names mean the default."""
        by_key = {column.key: column for column in self.get_columns() if column.sort}
        for wanted in (self.request.GET.get("sort", ""), self.default_sort):
            column = by_key.get(wanted.removeprefix("-"))
            if column is not None:
                return column, wanted.startswith("-")
        return None, False

    def ordered(self, queryset: QuerySet) -> QuerySet:
        """``queryset`` in the wanted order, the primary key last so that pages never overlap."""
        column, descending = self.sorting()
        if column is None:
            return queryset.order_by(*queryset.query.order_by, "pk")
        fields = [
            (name.removeprefix("-") if name.startswith("-") else f"-{name}") if descending else name
            for name in column.sort_fields()
        ]
        return queryset.order_by(*fields, "pk")

    def used_filters(self) -> list[tuple[str, str]]:
        """Label and value of each filter in use, as a person reads them."""
        filterset = self.filterset()
        if filterset is None or not filterset.form.is_bound:
            return []
        shown = []
        for name, value in filterset.form.cleaned_data.items():
            if value in (None, "", [], ()) or (isinstance(value, QuerySet) and not value):
                continue
            bound = filterset.form[name]
            shown.append((str(bound.label), _shown_choice(bound.field, value)))
        return shown

    def filter_fields(self) -> dict[str, Any]:
        """The fields of the filter bar: those at hand, and the further ones of a long bar.

        The further ones are folded away unless one of them is in use or wrong.
        """
        filterset = self.filterset()
        if filterset is None:
            return {}
        fields = list(filterset.form)
        at_hand = len(fields) if len(fields) <= FILTERS_IN_A_ROW else FILTERS_IN_A_ROW - 1
        used = {label for label, _ in self.used_filters()}
        further = fields[at_hand:]
        return {
            "at_hand": fields[:at_hand],
            "further": further,
            "open": any(str(field.label) in used or field.errors for field in further),
        }

    # --- Answering --------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the export asked for by ``?export=``."""
        wanted = request.GET.get("export", "")
        if self.exportable and wanted in exports.FORMATS:
            from mentoring.ui.list_exports import answer_export

            answer = answer_export(self, wanted)
            if answer is not None:
                return answer
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start a long export as a background job."""
        from mentoring.ui.list_exports import start_export

        wanted = request.POST.get("export", "")
        if not self.exportable or wanted not in exports.FORMATS:
            return HttpResponse(status=405, headers={"Allow": "GET"})
        return start_export(self, wanted)

    def query(self, **changes: str | int | None) -> str:
        """The query string of this page with some parameters changed; ``None`` drops one."""
        parameters: QueryDict = self.request.GET.copy()
        for name, value in changes.items():
            parameters.pop(name, None)
            if value is not None:
                parameters[name] = str(value)
        return f"?{parameters.urlencode()}" if parameters else self.request.path

    def headers(self) -> list[Header]:
        """The headings with the address that sorts by each."""
        current, descending = self.sorting()
        found = []
        for column in self.get_columns():
            direction = ""
            if current is not None and column.key == current.key:
                direction = "descending" if descending else "ascending"
            wanted = f"-{column.key}" if direction == "ascending" else column.key
            url = self.query(sort=wanted, page=None, export=None) if column.sort else ""
            found.append(Header(column, url, direction))
        return found

    def rows(self, page: Page) -> Iterator[list[tuple[Column, SafeString | str]]]:
        """The cells of each row of a page, as shown."""
        columns = self.get_columns()
        for row in page.object_list:
            yield [(column, _cell(column, row)) for column in columns]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page of rows with all that stands around it. One count, one page of rows."""
        page = Paginator(self.ordered(self.filtered()), self.page_size).get_page(
            self.request.GET.get("page")
        )
        total = page.paginator.count
        filterset = self.filterset()
        kept = [(n, v) for n in ("sort",) if (v := self.request.GET.get(n))]
        return super().get_context_data(
            page_obj=page,
            total=total,
            headers=self.headers(),
            rows=list(self.rows(page)),
            pages=self._page_links(page),
            filter_form=filterset.form if filterset is not None else None,
            filter_fields=self.filter_fields(),
            filtered=bool(self.used_filters()),
            used_filters=self.used_filters(),
            kept_parameters=kept,
            reset_url=self.request.path,
            export_in_background=total > DIRECT_PDF_ROWS,
            exports=[
                (name, label, self.query(export=name, page=None))
                for name, label in exports.FORMATS.items()
            ]
            if self.exportable and total
            else [],
            sheets=self.sheets() if total else [],
            empty_action=self.get_empty_action(),
            **kwargs,
        )

    def _page_links(self, page: Page) -> list[tuple[str, str, bool]]:
        """Label, address and whether current of each page number; "…" has no address."""
        links = []
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
            if isinstance(number, int):
                url = self.query(page=number, export=None)
                links.append((str(number), url, number == page.number))
            else:
                links.append(("…", "", False))
        return links


_NOTHING = '<span aria-hidden="true">–</span><span class="kern-sr-only">leer</span>'


def display(value: Any) -> Any:
    """``value`` as the house writes it: dates 26.09.2025, Ja/Nein, a dash for nothing."""
    if isinstance(value, SafeString):
        return value
    if isinstance(value, Badge):
        return format_html(
            '<span class="kern-badge kern-badge--{0} kern-badge--small">'
            '<span class="kern-icon kern-icon--{0} kern-icon--small" aria-hidden="true"></span>'
            '<span class="kern-label kern-label--small">{1}</span></span>',
            value.kind,
            value.text,
        )
    if value is None or value == "":
        return SafeString(_NOTHING)
    if isinstance(value, bool):
        return "Ja" if value else "Nein"
    if isinstance(value, datetime):
        return date_format(localtime(value), "d.m.Y H:i")
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    if isinstance(value, Decimal | float):
        return number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)


def _cell(column: Column, row: Any) -> Any:
    value = column.value_of(row)
    shown = display(column.shown(value) if column.shown else value)
    url = column.link(row) if column.link else None
    if not url:
        return shown
    return format_html('<a class="kern-link" href="{}">{}</a>', url, shown)


def _shown_choice(form_field: forms.Field, value: Any) -> str:
    labels: dict[str, str] = {}
    if isinstance(form_field, forms.ChoiceField) and not isinstance(
        form_field, forms.ModelChoiceField
    ):
        choices = cast(Iterable[tuple[Any, Any]], form_field.choices)
        labels = {str(key): str(label) for key, label in choices}
    if isinstance(value, slice):
        parts = [
            f"{word} {display(bound)}"
            for word, bound in (("ab", value.start), ("bis", value.stop))
            if bound is not None
        ]
        return " ".join(parts)
    if isinstance(value, list | tuple | set | QuerySet):
        return ", ".join(labels.get(str(item), str(item)) for item in value)
    return labels.get(str(value), str(display(value)))
