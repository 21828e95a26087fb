"""E-invoices that others sent: XRechnung as XML, ZUGFeRD and Factur-X as PDF.

The file comes from anywhere. Nothing of it is believed before its size, its depth and the want
of a document type are known, and whatever goes wrong with it is said as ``Unreadable``.
"""

import logging
from io import BytesIO
from itertools import islice
from typing import Any
from xml.parsers import expat

import pypdf
from lxml import etree
from pypdf.errors import LimitReachedError

from programmes.einvoices.incoming import Incoming, Unreadable, interpreted

__all__ = ["Incoming", "Unreadable", "read"]

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_XML_BYTES = 5 * MEGABYTE
# Real ones go a dozen deep.
MAX_DEPTH = 60
MAX_ELEMENTS = 200_000
MAX_ATTACHMENTS = 100

# Names by Factur-X 1.0.07 and the older ZUGFeRD 2.0, the likeliest first.
NAMES = ("xrechnung.xml", "factur-x.xml", "zugferd-invoice.xml")

DAMAGED_PDF = "Die PDF-Datei ist beschädigt und lässt sich nicht lesen."
TOO_LARGE = "Die Datei ist zu groß für eine elektronische Rechnung."

logger = logging.getLogger(__name__)


def read(data: bytes) -> Incoming:
    """What the XRechnung or ZUGFeRD file ``data`` says; raises ``Unreadable``, nothing else."""
    if not data.strip():
        raise Unreadable("Die Datei ist leer.")
    if len(data) > MAX_BYTES:
        raise Unreadable(TOO_LARGE)
    try:
        xml = _embedded(data) if b"%PDF-" in data[:1024] else data
        return interpreted(_parsed(xml))
    except Unreadable:
        raise
    except Exception as error:
        # A file can break a parser in ways nobody listed.
        logger.info("An e-invoice could not be read: %s", type(error).__name__)
        raise Unreadable(
            "Die Datei lässt sich nicht als elektronische Rechnung lesen. Bitte tragen Sie die "
            "Rechnung von Hand ein."
        ) from error


def _parsed(xml: bytes) -> Any:
    """The XML as a tree, once a first look has found nothing that could hurt."""
    if len(xml) > MAX_XML_BYTES:
        raise Unreadable(TOO_LARGE)
    _Look().at(xml)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(xml, parser)


class _Look:
    """A pass that keeps nothing; a document type ends it before any entity is declared.

    So neither an external entity nor one that grows (a billion laughs) is ever looked at.
    """

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def at(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Unreadable(
                "Die Datei ist weder eine PDF-Datei noch fehlerfreies XML, also keine "
                "elektronische Rechnung."
            ) from error

    def _doctype(self, *declaration: Any) -> None:
        raise Unreadable(
            "Die Datei enthält eine Dokumenttyp-Definition (DTD); das ist aus Gründen der "
            "Sicherheit nicht erlaubt."
        )

    def _start(self, *element: Any) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise Unreadable("Die Datei ist zu verschachtelt für eine elektronische Rechnung.")

    def _end(self, name: str) -> None:
        self.depth -= 1


def _embedded(data: bytes) -> bytes:
    """The XML inside a PDF."""
    # What comes out of a stream has a limit, for a few kilobytes may hold gigabytes.
    with pypdf.apply_configuration(
        zlib_maximum_output_length=MAX_XML_BYTES,
        lzw_maximum_output_length=MAX_XML_BYTES,
        run_length_maximum_output_length=MAX_XML_BYTES,
        brotli_maximum_output_length=MAX_XML_BYTES,
        stream_decoding_work_maximum_length=2 * MAX_XML_BYTES,
    ):
        try:
            reader = pypdf.PdfReader(BytesIO(data), strict=False)
            if reader.is_encrypted:
                raise Unreadable(
                    "Die PDF-Datei ist mit einem Kennwort geschützt; bitte entfernen Sie den "
                    "Schutz."
                )
            found = {
                one.name.lower(): one for one in islice(reader.attachment_list, MAX_ATTACHMENTS)
            }
            for name in NAMES:
                if name in found:
                    return bytes(found[name].content)
        except Unreadable:
            raise
        except LimitReachedError as error:
            raise Unreadable(TOO_LARGE) from error
        except Exception as error:
            # pypdf passes on whatever a file provokes.
            raise Unreadable(DAMAGED_PDF) from error
    raise Unreadable(
        "Die PDF-Datei enthält keine elektronische Rechnung, ist also eine einfache Rechnung. "
        "Bitte tragen Sie sie von Hand ein."
    )
