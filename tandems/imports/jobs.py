"""Checking and writing many lines, as jobs: with progress, stop, and safe to run again."""

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext, Stopped
from mentoring.ui.errors import Refused
from tandems.imports import domain
from tandems.imports.models import ApplicantImport

STOPPED_CHECK = "Die Prüfung wurde gestoppt. Laden Sie die Datei noch einmal hoch."
NO_RIGHT = "Sie gehören nicht mehr zu dieser Personalstelle."


def check(context: JobContext) -> StoredFile | None:
    """Check an uploaded table. Raises ``Refused`` with what the owner reads."""
    run = _run(context)
    context.progress(0, 0)
    try:
        domain.check(run, by=context.by, progress=context.progress)
    except Stopped:
        domain.fail_check(run, STOPPED_CHECK, by=context.by)
        raise
    return None


def write(context: JobContext) -> StoredFile | None:
    """Write the chosen lines; one transaction, so it can be stopped only before it begins."""
    run = _run(context)
    lines = run.lines.all().takes().count()
    try:
        # The one report stands ahead of the transaction: it would hold the job's row locked.
        context.progress(0, lines)
        domain.write(run, by=context.by)
    except Stopped:
        domain.give_back(run, "", by=context.by)
        raise
    except Refused as refusal:
        domain.give_back(run, str(refusal), by=context.by)
        raise
    return None


def _run(context: JobContext) -> ApplicantImport:
    """The run with the rights the owner has now."""
    visible = ApplicantImport.objects.visible_to(context.by)
    run = (
        visible.select_related("cycle", "municipality", "file", "job")
        .filter(pk=context.params["run"])
        .first()
    )
    if run is None:
        raise Refused(NO_RIGHT)
    return run
