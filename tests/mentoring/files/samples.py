"""Small files of every kind, made on the spot."""

import io
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/x-claimed")


def image(form: str, size: tuple[int, int] = (20, 10)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form)
    return out.getvalue()


def png_bomb() -> bytes:
    """A PNG of 30,000 by 30,000 pixels in a few hundred bytes."""
    head = image("PNG")
    start = head.index(b"IHDR")
    ihdr = b"IHDR" + (30_000).to_bytes(4) * 2 + head[start + 12 : start + 17]
    return head[:start] + ihdr + zlib.crc32(ihdr).to_bytes(4) + head[start + 21 :]


def pdf(password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def xlsx() -> bytes:
    book = Workbook()
    book.create_sheet("Liste").append(["Name"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def office(main: str = "word/document.xml", types: str = "", **parts: bytes) -> bytes:
    """An office file with the given further parts ("/" written as "__")."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        archive.writestr(main, "<document/>")
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return out.getvalue()


def packed_with_lzma(archive: bytes) -> bytes:
    """The same archive, its members packed with LZMA and the first of them broken."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as packed,
    ):
        for name in source.namelist():
            packed.writestr(name, source.read(name))
        begin = packed.infolist()[0].header_offset + 30 + len(packed.infolist()[0].filename)
    data = out.getvalue()
    return data[: begin + 9] + b"\xff" * 8 + data[begin + 17 :]


BILLION_LAUGHS = (
    b"<!DOCTYPE a [<!ENTITY l0 'ha'>"
    + b"".join(b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><a>&l9;</a>"
)


def archive(**parts: bytes) -> bytes:
    """A ZIP file with these parts, each ending in ".xml"."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(f"{name}.xml", data)
    return out.getvalue()
