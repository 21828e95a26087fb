"""Tables to import, as people and their programs make them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from tandems.imports.models import ApplicantImport

HEADINGS = ("Vorname", "Nachname", "Dienstliche E-Mail-Adresse", "Aktuelle Funktion")
KAETHE = ("Käthe", "Öztürk", "kaethe@ahausen.example", "Sachgebietsleitung")
JAN = ("Jan", "Groß", "jan@ahausen.example", "Stabsstelle")


def upload(data: bytes, name: str = "bewerbungen.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/x-claimed")


def workbook(*rows: Sequence[Any], headings: Sequence[Any] = HEADINGS, merge: str = "") -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Bewerbungen"
    for row in ([headings] if headings else []) + list(rows):
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    return book


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(*rows: Sequence[Any], **kwargs: Any) -> bytes:
    return saved(workbook(*rows, **kwargs))


def csv_bytes(
    *rows: Sequence[str],
    headings: Sequence[str] = HEADINGS,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def address(stage: Any, name: str = "upload", *args: Any) -> str:
    return reverse(f"imports:{name}", args=[stage.cycle.pk, *args])


def send(browser: Any, stage: Any, data: bytes, name: str = "bewerbungen.xlsx", **more: Any) -> Any:
    """What the upload page answers."""
    return browser.post(address(stage), {"upload": upload(data, name), **more})


def checked(browser: Any, stage: Any, data: bytes, name: str = "bewerbungen.xlsx") -> Any:
    """The run of a short table after its check."""
    answer = send(browser, stage, data, name)
    assert answer.status_code == 302, answer.context["form"].errors
    return ApplicantImport.objects.latest("pk")


def take(browser: Any, run: ApplicantImport, **more: Any) -> Any:
    """Press the last button."""
    url = reverse("imports:take_over", args=[run.cycle_id, run.pk])
    return browser.post(url, more, follow=True)


def findings(run: ApplicantImport) -> dict[int, str]:
    """What is wrong with each line, by its number in the file."""
    return {
        line.number: " ".join(f"{column}: {text}" for column, text in line.problems)
        for line in run.lines.all()
    }
