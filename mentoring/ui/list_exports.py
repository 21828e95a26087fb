"""Exports of lists: at once for short ones, in the background for long ones."""

import io
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.template.response import TemplateResponse
from django.urls import get_resolver
from django.utils import timezone
from django.utils.text import slugify

from mentoring.ui import exports
from mentoring.ui.background import ExportRequest, background_export
from mentoring.ui.lists import DIRECT_PDF_ROWS, DIRECT_ROWS, ListPage, lists


def filename(title: str, wanted: str) -> str:
    """A file name such as ``teilnehmende-2026-02-01.xlsx``."""
    umlauts = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    stem = slugify(title.lower().translate(umlauts)) or "liste"
    return f"{stem}-{timezone.localdate():%Y-%m-%d}.{wanted}"


def export_table(view: ListPage) -> exports.Table:
    """The table of a list with its filters and order; rows are read in portions."""
    columns = view.export_columns()
    getters = [column.getter() for column in columns]
    queryset = view.ordered(view.filtered())
    return exports.Table(
        title=view.get_title(),
        headings=[column.label for column in columns],
        rows=([get(row) for get in getters] for row in queryset.iterator(chunk_size=500)),
        filters=view.used_filters(),
        numeric=[column.numeric for column in columns],
        pdf_template=view.pdf_template,
        context=", ".join(crumb.label for crumb in view.breadcrumbs()),
    )


def write_export(view: ListPage, wanted: str, out: BinaryIO, progress: Any = None) -> None:
    """Write the list as ``wanted`` (a key of ``exports.FORMATS``) to ``out``."""
    view.note_export()
    exports.WRITERS[wanted](export_table(view), out, progress=progress)


def answer_export(view: ListPage, wanted: str) -> HttpResponse | None:
    """The file; for a long list the question whether to start a job.

    ``None`` if a filter is not valid: the page then says so, instead of a file with more
    rows than were asked for.
    """
    rows = view.filtered().count()
    filterset = view.filterset()
    if filterset is not None and not filterset.is_valid():
        return None
    if rows > (DIRECT_PDF_ROWS if wanted == "pdf" else DIRECT_ROWS) and len(background_export):
        return TemplateResponse(
            view.request,
            "ui/export_confirm.html",
            {
                "title": "Export im Hintergrund erstellen",
                "breadcrumbs": view.breadcrumbs(),
                "list_title": view.get_title(),
                "rows": rows,
                "export": wanted,
                "format": exports.FORMATS[wanted],
                "back_url": view.query(export=None),
            },
        )
    out = io.BytesIO()
    write_export(view, wanted, out)
    name = filename(view.get_title(), wanted)
    return HttpResponse(
        out.getvalue(),
        content_type=exports.CONTENT_TYPES[wanted],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def start_export(view: ListPage, wanted: str) -> HttpResponse:
    """Hand a long export to the room for long work; without one it is made at once."""
    for start in background_export:
        parameters = view.request.GET.copy()
        parameters.pop("export", None)
        request = ExportRequest(
            list_name=view.list_name,
            title=view.get_title(),
            kwargs=dict(view.kwargs),
            query=parameters.urlencode(),
            format=wanted,
            rows=view.filtered().count(),
            columns=[column.key for column in view.export_columns()],
        )
        return start(view.request, request)
    answer = answer_export(view, wanted)
    return answer if answer is not None else view.get(view.request)


class Written(NamedTuple):
    """A background export that was made."""

    name: str
    until: datetime | None
    """When it must be gone, if that is before its time."""


def run_export(
    request: ExportRequest, *, user: Any, out: BinaryIO, progress: Any = None
) -> Written:
    """Make a background export as ``user``.

    Rule and visibility are those of now, not of when the job was asked for: raises
    ``PermissionDenied`` or ``Http404`` if the user may no longer see the list, or one of its
    columns. ``progress`` is called with the number of rows done and may raise to stop.
    """
    view = list_for(request, user)
    if not _shows_all(view, request):
        raise PermissionDenied
    write_export(view, request.format, out, progress)
    return Written(filename(view.get_title(), request.format), view.export_until())


def still_sees(request: ExportRequest, *, user: Any) -> bool:
    """Whether ``user`` may open the list now and sees no less of it than was exported.

    Fewer rows under the same filters mean that a part of the rights is gone, that somebody
    was erased, or that the list has moved on; then a new export is the right one.
    """
    try:
        view = list_for(request, user)
        return _shows_all(view, request) and bool(view.filtered().count() >= request.rows)
    except (PermissionDenied, Http404, LookupError):
        return False


def _shows_all(view: ListPage, request: ExportRequest) -> bool:
    return {column.key for column in view.export_columns()}.issuperset(request.columns)


def list_for(request: ExportRequest, user: Any) -> ListPage:
    """The list of ``request`` as ``user`` has it now, with its filters.

    Raises ``PermissionDenied`` or ``Http404`` if the user may not open it.
    """
    # The routes import every room's views, which is what fills the registry of lists.
    _ = get_resolver().url_patterns
    view = lists.get(request.list_name)()
    http = HttpRequest()
    http.method = "GET"
    http.user = user
    http.GET = QueryDict(request.query)
    view.setup(http, **request.kwargs)
    view.check_rule()
    return view
