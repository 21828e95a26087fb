"""Reading every page as somebody: what each answer says, in a form that can be compared."""

import io
import re
from collections.abc import Iterable
from typing import Any

import docx
import openpyxl
import pypdf
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from pypdf.errors import PdfReadError

Answer = tuple[int, str, str]
"""Status, headers, text."""
Answers = dict[str, Answer]

# What differs between two requests for the same page: tokens against forgery and double posts.
TOKENS = (
    # A code for a name, drawn anew each time the page is opened.
    re.compile(r'<input type="text" name="code" value="[A-Z]\d"'),
    re.compile(r'<input type="hidden" name="(?:csrfmiddlewaretoken|_form_id)"[^>]*>'),
    # An HMAC of how often the wall changed; it says nothing itself.
    re.compile(r"stand(?:_token)?(?:=|\" value=\")[0-9a-f.]{24,}"),
)
FORMATS = ("xlsx", "csv")  # the PDF of a list is made of the same table, only slowly
PDF = b"%PDF"
ZIP = b"PK\x03\x04"


def browser_of(user: Any) -> Client:
    """A browser in which ``user`` is signed in."""
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def ask(browser: Client, address: str, data: dict[str, Any] | None = None) -> Answer:
    """What ``address`` answers to a GET, or to a POST of ``data`` with the page it leads to.

    Whatever the answer changed is undone.
    """
    cache.clear()
    cookies = browser.cookies.copy()
    with transaction.atomic():
        response: Any
        if data is None:
            response = browser.get(address)
        else:
            response = browser.post(address, data, follow=True)
        body = response.getvalue() if response.streaming else response.content
        transaction.set_rollback(True)
    browser.cookies = cookies
    told = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()))
    return response.status_code, _headers(told), without_tokens(text_of(body))


def _headers(told: str) -> str:
    told = re.sub(r"'nonce-[^']+'", "", told)
    # A file is compared by what stands in it: packed it may differ in length.
    return re.sub(r"Content-Length: \d+", "", told)


def without_tokens(text: str) -> str:
    """The same for the same page, asked twice."""
    for pattern in TOKENS:
        text = pattern.sub("", text)
    return re.sub(r'nonce="[^"]+"', "", text)


def text_of(body: bytes) -> str:
    """What somebody reads in it: a page, a PDF, a workbook, a calendar."""
    if body.startswith(PDF):
        try:
            reader = pypdf.PdfReader(io.BytesIO(body))
        except PdfReadError:  # one that a maker only pretends to store
            return body.decode("latin-1")
        about = sorted((reader.metadata or {}).items())
        return "\n".join([*(page.extract_text() for page in reader.pages), repr(about)])
    if body.startswith(ZIP):
        if b"word/document.xml" in body:
            return "\n".join(line.text for line in docx.Document(io.BytesIO(body)).paragraphs)
        book = openpyxl.load_workbook(io.BytesIO(body))
        rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
        return "\n".join(repr(row) for row in rows)
    return body.decode("utf-8", "replace")


def crawl(browser: Client, addresses: Iterable[str], words: Iterable[str] = ()) -> Answers:
    """Every address; of lists the exports too, and what a search for each of ``words`` finds."""
    found: Answers = {}
    for address in addresses:
        found[address] = answer = ask(browser, address)
        status, _, text = answer
        if status != 200:
            continue
        further = [f"{address}?export={one}" for one in FORMATS if f"export={one}" in text]
        for field in ("search", "q", "person"):
            if re.search(rf'<input[^>]*name="{field}"', text):
                further += [f"{address}?{field}={word}" for word in words]
        for one in further:
            found[one] = ask(browser, one)
    return found


def differences(before: Answers, after: Answers) -> list[str]:
    """Where ``after`` does not say what ``before`` said, with the first line that differs."""
    found = []
    for address in sorted(after):
        one, two = before.get(address), after.get(address)
        if one == two:
            continue
        if one is None or two is None:
            found.append(f"{address}: only {'before' if two is None else 'after'}")
            continue
        lines = zip(
            ("\n".join(map(str, one)) + "\n").split("\n"),
            ("\n".join(map(str, two)) + "\n").split("\n"),
            strict=False,
        )
        for a, b in [(a, b) for a, b in lines if a != b][:4]:
            found.append(f"{address}: {a.strip()[:300]!r} then {b.strip()[:300]!r}")
    return found
