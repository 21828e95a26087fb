"""Exports that are made in the background: what the room for long work is told."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse

from mentoring.registry import Registry


@dataclass(frozen=True)
class ExportRequest:
    """Everything a worker needs to make the same export; all of it JSON."""

    list_name: str
    title: str
    kwargs: dict[str, Any]
    query: str
    format: str
    rows: int
    columns: list[str] = field(default_factory=list)
    """Their keys; whoever no longer sees one of them no longer gets the file."""

    def as_params(self) -> dict[str, Any]:
        """As the parameters of a job; ``ExportRequest(**params)`` is the way back."""
        return asdict(self)


background_export: Registry[Callable[[HttpRequest, ExportRequest], HttpResponse]] = Registry(
    "background export"
)
"""Filled by the room for long work: starts the job and leads to its page."""
