"""The background export of a list: the same export, by the same user, a little later."""

import io
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext, start_job
from mentoring.ui.background import ExportRequest
from mentoring.ui.errors import Refused
from mentoring.ui.exports import CONTENT_TYPES, FORMATS
from mentoring.ui.list_exports import run_export, still_sees

KIND = "export"


def start(request: HttpRequest, wanted: ExportRequest) -> HttpResponse:
    """Start the job for ``wanted`` and lead to its page."""
    params: dict[str, Any] = wanted.as_params()
    title = f"Export {wanted.title} als {FORMATS[wanted.format]}"
    job = start_job(KIND, by=request.user, params=params, title=title)
    return HttpResponseRedirect(job.get_absolute_url())


def run(context: JobContext) -> StoredFile:
    """Make the export with the rights the user has now.

    Raises ``Refused`` if the user may not see the list any more.
    """
    wanted = ExportRequest(**context.params)
    if not context.by.is_active:
        raise Refused("Der Zugang ist gesperrt.")
    out = io.BytesIO()
    context.progress(0, wanted.rows)
    try:
        written = run_export(
            wanted,
            user=context.by,
            out=out,
            progress=lambda done: context.progress(done, max(done, wanted.rows)),
        )
    except (PermissionDenied, Http404):
        raise Refused("Sie dürfen diese Liste nicht mehr einsehen.") from None
    return context.store(
        out.getvalue(),
        name=written.name,
        content_type=CONTENT_TYPES[wanted.format],
        until=written.until,
    )


def readable(user: Any, params: dict[str, Any]) -> bool:
    """Whether a finished export is still the user's to download: rights end, files remain."""
    return still_sees(ExportRequest(**params), user=user)
