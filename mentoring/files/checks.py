"""What an uploaded file really is. The name is only a claim; the content decides."""

import codecs
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

import puremagic
from django.core.exceptions import ValidationError
from django.core.files.base import File
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

MAX_PIXELS = 40_000_000
"""A scan of A3 at 300 dpi has 17 million pixels; beyond this an image is a bomb."""

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_PARTS = 5_000
KNOWN_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How the members of an archive may be packed: what everybody writes, and what can neither
take much memory to unpack (LZMA) nor raise the errors of other libraries."""


@dataclass(frozen=True)
class Kind:
    """A type of file we accept. ``check`` raises ``Unfit`` with a German half-sentence."""

    label: str
    content_type: str
    suffixes: tuple[str, ...]
    check: Callable[[Any], None]


@dataclass(frozen=True)
class Checked:
    """What a check found: the cleaned name and the type by content."""

    name: str
    kind: str
    content_type: str


class Unfit(Exception):
    """The content is not what its type demands; the message completes "Die Datei … "."""


def check_upload(upload: File, *, allowed: Sequence[str], max_bytes: int) -> Checked:
    """Check size, type and structure of ``upload`` and return what it is.

    ``allowed`` names kinds from ``KINDS``, ``max_bytes`` is the largest size. Raises
    ``ValidationError`` (German); the file is left at its beginning.
    """
    name = clean_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise ValidationError(f"Die Datei „{name}“ ist leer.", code="empty")
    if size > max_bytes:
        raise ValidationError(
            f"Die Datei „{name}“ ist mit {german_size(size)} zu groß. "
            f"Erlaubt sind höchstens {german_size(max_bytes)}.",
            code="too_large",
        )
    kind = detect(upload)
    if kind is None or kind not in allowed:
        found = f"ist eine {KINDS[kind].label}-Datei" if kind else "hat einen unbekannten Dateityp"
        raise ValidationError(
            f"Die Datei „{name}“ {found}. Erlaubt sind: {labels(allowed)}.", code="type"
        )
    spec = KINDS[kind]
    suffix = PurePosixPath(name).suffix.lower()
    if not suffix:
        name += spec.suffixes[0]
    elif suffix not in spec.suffixes:
        raise ValidationError(
            f"Die Datei „{name}“ endet auf {suffix}, ist dem Inhalt nach aber eine "
            f"{spec.label}-Datei. Bitte benennen Sie sie um oder wählen Sie die richtige "
            f"Datei. Erlaubt sind: {labels(allowed)}.",
            code="mismatch",
        )
    try:
        upload.seek(0)
        spec.check(upload)
    except Unfit as unfit:
        raise ValidationError(
            f"Die Datei „{name}“ {unfit}. Erlaubt sind: {labels(allowed)}.", code="content"
        ) from unfit
    finally:
        upload.seek(0)
    return Checked(name, kind, spec.content_type)


def detect(upload: File) -> str | None:
    """The kind by content, or ``None`` for a type we do not know."""
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _detect_zip(upload)
    # A PDF may have a few bytes before its mark; puremagic finds the other types.
    if b"%PDF-" in head[:1024]:
        return "pdf"
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        found = set()
    for kind in ("png", "jpeg"):
        if KINDS[kind].content_type in found:
            return kind
    if _begins_as_xml(head):
        return "xml"
    if _is_text(head):
        suffix = PurePosixPath(upload.name or "").suffix.lower()
        if suffix == ".xml" and head.lstrip().startswith(b"<"):
            return "xml"  # a declaration is not demanded of UTF-8 (XML 1.0, 2.8)
        return "csv" if suffix == ".csv" else "txt" if suffix == ".txt" else None
    return None


def clean_name(name: str) -> str:
    """``name`` without folders, control and direction marks, at most 150 characters long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # Cc: control characters; Cf: direction marks that make "exe.pdf" of "fdp.exe".
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    name = " ".join(name.split())
    if not name:
        return "Datei"
    suffix = PurePosixPath(name).suffix
    if len(suffix) > 10:
        suffix = ""
    stem = name[: len(name) - len(suffix)] if suffix else name
    return stem[: 150 - len(suffix)].rstrip(" .") + suffix


def german_size(size: int) -> str:
    """``size`` in bytes as people read it: "9,5 MB"."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".", ",").replace(",0 MB", " MB")


def labels(allowed: Sequence[str]) -> str:
    """The kinds in ``allowed`` by their German names."""
    return ", ".join(KINDS[kind].label for kind in allowed)


def _check_image(upload: Any, form: str) -> None:
    damaged = "ist beschädigt und lässt sich nicht als Bild öffnen"
    too_many = (
        f"hat zu viele Bildpunkte (höchstens {MAX_PIXELS // 1_000_000} Millionen sind möglich)"
    )
    try:
        # First of all, for what says so may be the rest of a picture of any size. WeasyPrint
        # has Pillow accept truncated images in the whole process.
        if not _HAS_END[form](upload.read()):
            raise Unfit(damaged)
        upload.seek(0)
        with Image.open(upload, formats=(form,)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unfit(too_many)
            image.verify()
        if form == "JPEG":
            # verify() reads a JPEG's head only; an eighth of its size is decoded fast.
            upload.seek(0)
            with Image.open(upload, formats=(form,)) as image:
                image.draft("RGB", (64, 64))
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Unfit(too_many) from bomb
    except (OSError, SyntaxError, ValueError, zlib.error) as error:
        raise Unfit(damaged) from error


def _jpeg_has_end(data: bytes) -> bool:
    """Whether an end mark follows the beginning of the image's own data (ITU-T T.81, B.1).

    A thumbnail in a segment before it has marks of its own, hence the walk.
    """
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] != b"\xda":
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return data.find(b"\xff\xd9", at) != -1


def _png_has_end(data: bytes) -> bool:
    """Whether the chunk that ends every PNG is there; it is empty, so its sum is always this."""
    return b"IEND\xaeB`\x82" in data


_HAS_END = {"JPEG": _jpeg_has_end, "PNG": _png_has_end}


def _check_pdf(upload: Any) -> None:
    damaged = "ist beschädigt und lässt sich nicht als PDF öffnen"
    try:
        reader = PdfReader(upload, strict=False)
        if reader.is_encrypted:
            raise Unfit("ist mit einem Kennwort geschützt; bitte entfernen Sie den Schutz")
        pages = reader.root_object["/Pages"].get_object()
        if not isinstance(pages, DictionaryObject) or not pages.get("/Kids"):
            raise Unfit(damaged)
    except (PyPdfError, LookupError, ValueError, TypeError, AttributeError, OSError) as error:
        raise Unfit(damaged) from error
    except RecursionError as error:
        raise Unfit(damaged) from error


def _detect_zip(upload: Any) -> str | None:
    try:
        with zipfile.ZipFile(upload) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    finally:
        upload.seek(0)
    if "[Content_Types].xml" not in names:
        return "zip"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if "word/document.xml" in names else None


def _check_office(upload: Any) -> None:
    damaged = "ist beschädigt und lässt sich nicht öffnen"
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED_BYTES:
                raise Unfit(
                    "ist ausgepackt zu groß (höchstens "
                    f"{german_size(MAX_UNPACKED_BYTES)} sind möglich)"
                )
            if any(part.compress_type not in KNOWN_PACKING for part in parts):
                raise Unfit(damaged)
            if any(part.flag_bits & 1 for part in parts):
                raise Unfit("ist mit einem Kennwort geschützt; bitte entfernen Sie den Schutz")
            for part in parts:
                path = part.filename.lower()
                if path.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in path:
                    raise Unfit("enthält Makros; bitte speichern Sie sie ohne Makros")
                if path.startswith("/") or ".." in path.split("/"):
                    raise Unfit(damaged)
            with archive.open("[Content_Types].xml") as types:
                if b"macroenabled" in types.read(4 * 1024 * 1024).lower():
                    raise Unfit("enthält Makros; bitte speichern Sie sie ohne Makros")
            # Reads every part; zipfile stops at the size that was counted above.
            if archive.testzip() is not None:
                raise Unfit(damaged)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        KeyError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Unfit(damaged) from error


def _check_text(upload: Any) -> None:
    for chunk in iter(lambda: upload.read(65536), b""):
        if b"\0" in chunk:
            raise Unfit("ist keine reine Textdatei")


def _begins_as_xml(head: bytes) -> bool:
    """Whether it begins with an XML declaration, in any encoding XML knows (XML 1.0, F.1)."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            head = head.removeprefix(mark).decode(encoding, "replace").encode()
    return head.lstrip().startswith(b"<?xml")


def _check_xml(upload: Any) -> None:
    """Read all of it without keeping any; a DTD ends the reading before it declares anything.

    So neither an external entity nor one that grows (a billion laughs) is ever looked at.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in iter(lambda: upload.read(65536), b""):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unfit("ist kein fehlerfreies XML") from error


def _refuse_doctype(*declaration: Any) -> None:
    raise Unfit(
        "enthält eine Dokumenttyp-Definition (DTD); das ist aus Gründen der Sicherheit nicht "
        "erlaubt"
    )


def _check_zip(upload: Any) -> None:
    """Only what an archive says of itself; whoever unpacks one counts what comes out."""
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unfit("ist beschädigt und lässt sich nicht öffnen") from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Unfit(
            f"ist ausgepackt zu groß (höchstens {german_size(MAX_UNPACKED_BYTES)} sind möglich)"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Unfit("ist mit einem Kennwort geschützt; bitte entfernen Sie den Schutz")


def _is_text(head: bytes) -> bool:
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", (".pdf",), _check_pdf),
    "png": Kind("PNG", "image/png", (".png",), lambda upload: _check_image(upload, "PNG")),
    "jpeg": Kind(
        "JPEG", "image/jpeg", (".jpg", ".jpeg"), lambda upload: _check_image(upload, "JPEG")
    ),
    "docx": Kind("Word (DOCX)", f"{_OFFICE}.wordprocessingml.document", (".docx",), _check_office),
    "xlsx": Kind("Excel (XLSX)", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",), _check_office),
    "csv": Kind("CSV", "text/csv", (".csv",), _check_text),
    "txt": Kind("Text", "text/plain", (".txt",), _check_text),
    "xml": Kind("XML", "application/xml", (".xml",), _check_xml),
    "zip": Kind("ZIP", "application/zip", (".zip",), _check_zip),
}
