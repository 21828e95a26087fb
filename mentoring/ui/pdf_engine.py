"""WeasyPrint without a way to anything but our own static files. Use ``mentoring.ui.pdf``.

A page may carry small pictures inside it, as ``data:`` addresses.
"""

import logging
import mimetypes
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from fontTools.ttLib import TTFont, woff2
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

# They report each page and each font table as news.
for _name in ("weasyprint.progress", "fontTools"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_PICTURES = ("data:image/jpeg;base64,", "data:image/png;base64,")

FACES = ("fonts/FiraSans-Regular.woff2", "fonts/FiraSans-SemiBold.woff2")

# A host that cannot exist (RFC 2606): relative addresses in our style sheets lead there.
_STATIC_BASE = "http://static.invalid/"


class StaticOnlyFetcher(URLFetcher):
    """WeasyPrint's fetcher: our own static files, and nothing from anywhere else."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The static file ``url`` names, or the picture it holds itself.

        Raises ``ValueError`` for any other address.
        """
        if url.startswith(_PICTURES):
            return super().fetch(url, headers)
        name = unquote(url.removeprefix(_STATIC_BASE))
        if not url.startswith(_STATIC_BASE) or ".." in name.split("/"):
            raise ValueError("a PDF may hold only our own static files")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        content = _content(name)
        if kind == "font/woff2":
            content, kind = _unpacked(content), "font/ttf"
        return URLFetcherResponse(url, content, {"Content-Type": kind})


def _content(name: str) -> bytes:
    found = finders.find(name)
    if found is not None:
        return Path(found).read_bytes()
    with staticfiles_storage.open(name) as stored:
        return bytes(stored.read())


@lru_cache(maxsize=8)
def _unpacked(font: bytes) -> bytes:
    """A WOFF2 font as WeasyPrint would unpack it, half a second each, anew for every document."""
    out = BytesIO()
    woff2.decompress(BytesIO(font), out)
    return out.getvalue()


def page_of(html: str) -> HTML:
    """``html`` as WeasyPrint takes it, with no way to anything but our static files."""
    return HTML(string=html, base_url=_STATIC_BASE, url_fetcher=StaticOnlyFetcher())


def render(html: str) -> bytes:
    """``html`` as PDF."""
    # Tagged, so that it can be heard: headings, and which heading a cell of a table has.
    return bytes(page_of(html).write_pdf(pdf_tags=True))


@lru_cache(maxsize=1)
def characters() -> frozenset[int]:
    """Code points that every face of our font has."""
    # Of the packed font, which takes apart no more than the table of characters.
    faces = (TTFont(BytesIO(_content(face)), lazy=True).getBestCmap() for face in FACES)
    return frozenset.intersection(*(frozenset(face) for face in faces))
