"""WeasyPrint without a way to anything but our own static files. Use ``mentoring.ui.pdf``."""

import logging
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

# They report each page and each font table as news.
for _name in ("weasyprint.progress", "fontTools"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# A host that cannot exist (RFC 2606): relative addresses in our style sheets lead there.
_STATIC_BASE = "http://static.invalid/"


class StaticOnlyFetcher(URLFetcher):
    """WeasyPrint's fetcher: our own static files, and nothing from anywhere else."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The static file ``url`` names; raises ``ValueError`` for any other address."""
        name = unquote(url.removeprefix(_STATIC_BASE))
        if not url.startswith(_STATIC_BASE) or ".." in name.split("/"):
            raise ValueError("a PDF may hold only our own static files")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        found = finders.find(name)
        if found is not None:
            return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": kind})
        with staticfiles_storage.open(name) as stored:
            return URLFetcherResponse(url, stored.read(), {"Content-Type": kind})


def render(html: str) -> bytes:
    """``html`` as PDF."""
    page = HTML(string=html, base_url=_STATIC_BASE, url_fetcher=StaticOnlyFetcher())
    return bytes(page.write_pdf())
