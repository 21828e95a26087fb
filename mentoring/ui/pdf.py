"""HTML to PDF."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone


def html_to_pdf(html: str) -> bytes:
    """``html`` as PDF. Addresses in it are names of static files, e.g. ``css/pdf.css``."""
    # WeasyPrint takes a second to import, which a process that prints nothing can do without.
    from mentoring.ui.pdf_engine import render

    return render(html)


def house_pdf(template: str, context: dict[str, Any]) -> bytes:
    """``template`` as a PDF, with the name of the site and the time of printing in it."""
    frame = {"site_name": settings.SITE_NAME, "now": timezone.localtime()}
    return html_to_pdf(render_to_string(template, {**context, **frame}))


@dataclass(frozen=True)
class Attached:
    """A file inside a PDF. ``relationship`` is a word of ISO 19005-3, such as Alternative."""

    name: str
    content: bytes
    description: str
    relationship: str


@dataclass(frozen=True)
class Mark:
    """What a standard wants said in a PDF's metadata (XMP), in a schema of its own.

    ``properties`` are names, values and what they mean, as PDF/A wants it explained.
    """

    schema: str
    namespace: str
    prefix: str
    properties: tuple[tuple[str, str, str], ...]


def html_to_archival_pdf(
    html: str,
    *,
    moment: datetime,
    attached: tuple[Attached, ...] = (),
    marks: tuple[Mark, ...] = (),
) -> bytes:
    """``html`` as PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1), always the same bytes.

    It is said to be made at ``moment`` (UTC). The page must have a title, a language and headings
    in order, pictures an ``alt``; its characters must be among ``printable_characters``.
    """
    from mentoring.ui.pdf_archive import render

    return render(html, moment, attached, marks)


def printable_characters() -> frozenset[int]:
    """Code points that every face of our own font has."""
    from mentoring.ui.pdf_engine import characters

    return characters()
