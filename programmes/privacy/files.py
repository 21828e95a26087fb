"""Finished exports: files that may hold what was deleted since they were made."""

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import RESULT_PURPOSE


def remove_results() -> int:
    """Delete the results of all jobs from the disk; returns how many.

    Nobody knows which of them name a certain person: lists, sheets and booklets lie there as
    files for a week at most, and whoever still wants one makes it again.
    """
    found = list(StoredFile.objects.filter(purpose=RESULT_PURPOSE))
    for stored in found:
        stored.delete()
    return len(found)


def remove_files(keys: list[int]) -> None:
    """Delete these stored files with what lies on the disk."""
    for stored in StoredFile.objects.filter(pk__in=[key for key in keys if key is not None]):
        stored.delete()
