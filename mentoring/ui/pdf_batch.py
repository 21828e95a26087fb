"""Many documents of one kind in one go: one PDF of all of them, or one of each.

Reading fonts and style sheet takes longer than laying out a page, so both are read once, and
the pages of a document that was laid out among others are written again as its own file: the
tags are made while writing, so each file has those of its own pages.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.document import Document, Page
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcherResponse

from mentoring.ui.pdf_engine import StaticOnlyFetcher

PICTURES = "bilder/"
"""Where a template finds the pictures of its batch: ``<img src="bilder/KEY">``."""

# As in the engine, from where relative addresses come.
_BASE = "http://static.invalid/"


class _Fetcher(StaticOnlyFetcher):
    """Our static files, and the pictures of one batch, which are read and kept once for all."""

    def __init__(self, pictures: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__()
        self._pictures = pictures

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """A picture of the batch or a static file; raises ``ValueError`` for all else."""
        found = self._pictures.get(url.removeprefix(_BASE + PICTURES))
        if found is None:
            return super().fetch(url, headers)
        kind, data = found
        return URLFetcherResponse(url, data, {"Content-Type": kind})


class Batch:
    """Documents laid out one after the other, by a template that shows any number of them.

    Its context has them as ``documents``, each with an ``anchor`` that is the ``id`` of the
    element which begins on a new page, and whatever else was given. ``pictures`` are content
    type and bytes by key.
    """

    def __init__(
        self, template: str, style: str, pictures: Mapping[str, tuple[str, bytes]] | None = None
    ) -> None:
        self._template = template
        self._fetcher = _Fetcher(pictures or {})
        self._fonts = FontConfiguration()
        self._style = CSS(url=_BASE + style, url_fetcher=self._fetcher, font_config=self._fonts)
        self._images: dict[str, Any] = {}
        self._first: Document | None = None
        self._pages: list[Page] = []
        self._starts: dict[str, int] = {}

    def add(self, documents: Sequence[Any], **context: Any) -> None:
        """Lay out ``documents``; some at a time, so that progress can be told between."""
        html = render_to_string(self._template, {**context, "documents": documents})
        page = HTML(string=html, base_url=_BASE, url_fetcher=self._fetcher)
        laid_out = page.render(
            stylesheets=[self._style],
            font_config=self._fonts,
            cache=self._images,
            pdf_variant="pdf/ua-1",
        )
        self._first = self._first or laid_out
        for sheet in laid_out.pages:
            for anchor in sheet.anchors:
                self._starts.setdefault(anchor, len(self._pages))
            self._pages.append(sheet)

    def whole(self, title: str) -> bytes:
        """All of them as one PDF (PDF/UA-1, ISO 14289-1)."""
        return self._written(self._pages, title)

    def single(self, anchor: str, title: str) -> bytes:
        """The one called ``anchor`` as a PDF of its own. Raises ``KeyError`` for no such."""
        start = self._starts[anchor]
        later = [number for number in self._starts.values() if number > start]
        return self._written(self._pages[start : min(later, default=None)], title)

    def page_count(self, anchor: str) -> int:
        """How many pages the one called ``anchor`` takes. Raises ``KeyError`` for no such."""
        start = self._starts[anchor]
        later = [number for number in self._starts.values() if number > start]
        return min(later, default=len(self._pages)) - start

    def _written(self, pages: Sequence[Page], title: str) -> bytes:
        if self._first is None:
            raise ValueError("nothing was added to the batch")
        document = self._first.copy(pages)
        document.metadata = copy.copy(document.metadata)
        document.metadata.title = title
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))
