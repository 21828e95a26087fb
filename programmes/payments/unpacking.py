"""The statements of an upload: one XML file, or the ZIP archive banks deliver them in."""

import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

from mentoring.files.checks import KNOWN_PACKING, clean_name, german_size
from programmes.payments.camt import NoStatement, Statement, read_statements

MAX_BYTES = 10 * 1024 * 1024
"""Of an upload. A statement of a day has some kilobytes."""

MAX_FILES = 400
"""In an archive: a year of daily statements."""

MAX_UNPACKED = 40 * 1024 * 1024
"""Of everything in an archive; a bomb is noticed when so much has come out of it."""


def statements_in(content: Any, kind: str) -> list[Statement]:
    """The statements in an open file of the kind "xml" or "zip". Raises ``NoStatement``."""
    if kind != "zip":
        return read_statements(content.read())
    try:
        with zipfile.ZipFile(content) as archive:
            return _of_archive(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise NoStatement("ist beschädigt und lässt sich nicht auspacken") from error


def _of_archive(archive: zipfile.ZipFile) -> list[Statement]:
    # What a Mac adds to every archive is no statement.
    parts = [
        part
        for part in archive.infolist()
        if not part.is_dir() and not part.filename.startswith("__MACOSX/")
    ]
    if not parts:
        raise NoStatement("ist leer")
    if len(parts) > MAX_FILES:
        raise NoStatement(f"enthält mehr als {MAX_FILES} Dateien")
    if any(part.compress_type not in KNOWN_PACKING for part in parts):
        raise NoStatement(
            "ist auf eine Weise gepackt, die wir nicht lesen. Packen Sie die Auszüge als "
            "gewöhnliche ZIP-Datei"
        )
    left, found = MAX_UNPACKED, []
    for part in parts:
        name = clean_name(part.filename)
        if PurePosixPath(name).suffix.lower() != ".xml":
            raise NoStatement(f"enthält mit „{name}“ etwas anderes als Kontoauszüge (XML)")
        with archive.open(part) as file:
            # Counted, not believed: what an archive says of its sizes may be wrong.
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise NoStatement(
                f"ist ausgepackt zu groß (höchstens {german_size(MAX_UNPACKED)} sind möglich)"
            )
        try:
            found += read_statements(data)
        except NoStatement as refusal:
            raise NoStatement(f"enthält „{name}“; diese Datei {refusal}") from refusal
    return found
