"""PDFs to keep for ten years and to read aloud. Use ``mentoring.ui.pdf``.

WeasyPrint writes PDF/A or PDF/UA, not both, and its own way to add metadata (XMP) makes a second
``rdf:RDF``, which readers pass over. So its metadata are made by a subclass here, which adds
ours to the one RDF there is. That leans on the inside of WeasyPrint, which is therefore pinned.
"""

from datetime import datetime
from importlib.resources import files
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

import pydyf
from weasyprint import Attachment
from weasyprint.css import ColorProfile
from weasyprint.document import Document
from weasyprint.pdf.metadata import DocumentMetadata

from mentoring.ui.pdf import Attached, Mark
from mentoring.ui.pdf_engine import page_of

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
EXTENSION = "{http://www.aiim.org/pdfa/ns/extension/}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTY = "{http://www.aiim.org/pdfa/ns/property#}"

for _prefix, _name in (
    ("pdfaExtension", EXTENSION),
    ("pdfaSchema", SCHEMA),
    ("pdfaProperty", PROPERTY),
):
    register_namespace(_prefix, _name.strip("{}"))

UNIVERSAL_ACCESS = Mark(
    "PDF/UA identification schema",
    "http://www.aiim.org/pdfua/ns/id/",
    "pdfuaid",
    (("part", "1", "Part of ISO 14289 the document conforms to"),),
)


class MarkedMetadata(DocumentMetadata):
    """WeasyPrint's metadata with ``marks`` in the same RDF."""

    def __init__(self, marks: tuple[Mark, ...], **said: object) -> None:
        super().__init__(**said)
        self.marks = marks

    def generate_rdf_metadata(self, *words: object) -> bytes:
        """The one ``rdf:RDF`` of the document."""
        rdf = fromstring(super().generate_rdf_metadata(*words))  # noqa: S314  # just made
        for mark in self.marks:
            register_namespace(mark.prefix, mark.namespace)
            said = SubElement(rdf, f"{RDF}Description", {f"{RDF}about": ""})
            for name, value, _ in mark.properties:
                SubElement(said, f"{{{mark.namespace}}}{name}").text = value
        if self.marks:
            _explain(rdf, self.marks)
        return bytes(tostring(rdf, encoding="utf-8"))


def render(
    html: str, moment: datetime, attached: tuple[Attached, ...], marks: tuple[Mark, ...]
) -> bytes:
    """See ``mentoring.ui.pdf.html_to_archival_pdf``."""
    document = page_of(html).render()
    document.metadata = MarkedMetadata((UNIVERSAL_ACCESS, *marks), **vars(document.metadata))
    document.metadata.created = document.metadata.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    document.color_profiles["srgb"] = _srgb()
    inside = [
        Attachment(
            string=one.content,
            name=one.name,
            description=one.description,
            relationship=one.relationship,
            created=moment,
            modified=moment,
        )
        for one in attached
    ]
    # An output intent by name would make WeasyPrint look for the profile itself.
    return bytes(
        document.write_pdf(
            pdf_variant="pdf/a-3a", output_intent="", attachments=inside, finisher=_each_file_once
        )
    )


def _each_file_once(document: Document, pdf: pydyf.PDF) -> None:
    """WeasyPrint names what is attached to the whole document twice."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _srgb() -> ColorProfile:
    """What the colours mean (ISO 19005-3, 6.2.3), as WeasyPrint has it; it leaves the file open."""
    profile = BytesIO((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())
    return ColorProfile(profile, "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _explain(rdf: Element, marks: tuple[Mark, ...]) -> None:
    """PDF/A wants every schema it does not know itself explained (ISO 19005-3, 6.6.2.3)."""
    said = SubElement(rdf, f"{RDF}Description", {f"{RDF}about": ""})
    schemas = SubElement(SubElement(said, f"{EXTENSION}schemas"), f"{RDF}Bag")
    for mark in marks:
        schema = SubElement(schemas, f"{RDF}li", {f"{RDF}parseType": "Resource"})
        SubElement(schema, f"{SCHEMA}schema").text = mark.schema
        SubElement(schema, f"{SCHEMA}namespaceURI").text = mark.namespace
        SubElement(schema, f"{SCHEMA}prefix").text = mark.prefix
        explained = SubElement(SubElement(schema, f"{SCHEMA}property"), f"{RDF}Seq")
        for name, value, meaning in mark.properties:
            one = SubElement(explained, f"{RDF}li", {f"{RDF}parseType": "Resource"})
            SubElement(one, f"{PROPERTY}name").text = name
            whole = value.isdigit()
            SubElement(one, f"{PROPERTY}valueType").text = "Integer" if whole else "Text"
            SubElement(one, f"{PROPERTY}category").text = "internal" if whole else "external"
            SubElement(one, f"{PROPERTY}description").text = meaning
