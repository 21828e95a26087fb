"""The Ausschreibung as a Word file: real headings, lists and a table, nothing to be tidied up."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from docx import Document
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from markdown_it.tree import SyntaxTreeNode

from programmes.calls.placeholders import value_of
from programmes.calls.written import Written
from programmes.rundmails.markdown import Parsed, Slot, parse_markdown

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT = "Entwurf: vom Beirat noch nicht vereinbart."
_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
_INK = RGBColor(0x17, 0x1A, 0x2B)


def as_word(text: Written) -> bytes:
    """``text`` as .docx: A4, in German, with no trace of who made it."""
    document = Document()
    _lay_out(document)
    _name(document, text)
    document.add_heading(text.title, level=0)
    document.add_paragraph(text.subtitle, style="Subtitle")
    if text.is_draft:
        document.add_paragraph().add_run(DRAFT).bold = True
    _Writer(document, text).write(text.call.text, top=1)
    dates = text.dates()
    if dates:
        document.add_heading("Termine", level=1)
        _table(document, [(row.title, row.when, row.where) for row in dates])
    if text.call.conditions.strip():
        document.add_heading("Teilnahmebedingungen", level=1)
        _Writer(document, text).write(text.call.conditions, top=2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _lay_out(document: Any) -> None:
    """A4 instead of Letter, dark headings, and German for the spelling check."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(22)
    normal = document.styles["Normal"]
    normal.font.size = Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        document.styles[name].font.color.rgb = _INK
    document.styles["Title"].font.size = Pt(22)
    for tag in document.styles.element.iter(qn("w:lang")):
        tag.set(qn("w:val"), "de-DE")


def _name(document: Any, text: Written) -> None:
    """Core properties: a title, and nobody's name; the library leaves its own otherwise."""
    now: datetime = timezone.now().replace(microsecond=0, tzinfo=None)
    core = document.core_properties
    core.title, core.language = text.title, "de-DE"
    core.subject = str(text.facts.cycle)
    core.author = core.last_modified_by = core.comments = core.keywords = core.category = ""
    core.created = core.modified = now
    core.revision = 1


def _table(document: Any, rows: list[tuple[str, str, str]]) -> None:
    """The dates; the heading row is repeated on every page, the column for places only if any."""
    heads: tuple[str, ...] = ("Termin", "Wann", "Wo")
    width = 3 if any(where for _, _, where in rows) else 2
    table = document.add_table(rows=1, cols=width, style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=False):
        cell.paragraphs[0].add_run(head).bold = True
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=False):
            cell.text = value
    for one in table.rows:
        one._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell in one.cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    document.add_paragraph()


class _Writer:
    """Writes a Markdown text into a document, value by value."""

    def __init__(self, document: Any, text: Written) -> None:
        self.document = document
        self.facts = text.facts

    def write(self, source: str, *, top: int) -> None:
        """The blocks of ``source``, whose highest heading becomes ``Heading <top>``."""
        self.parsed: Parsed = parse_markdown(source)
        levels = sorted({node.tag for node in self.parsed.root.walk() if node.type == "heading"})
        self.levels = {tag: min(9, top + place) for place, tag in enumerate(levels)}
        for node in self.parsed.root.children:
            self._block(node)

    def _block(self, node: SyntaxTreeNode, style: str = "Normal", depth: int = 1) -> None:
        if node.type == "heading":
            self._inline(self.document.add_heading(level=self.levels[node.tag]), node)
        elif node.type == "paragraph":
            self._inline(self.document.add_paragraph(style=style), node)
        elif node.type in ("bullet_list", "ordered_list"):
            self._list(node, depth)
        elif node.type in ("fence", "code_block"):
            run = self.document.add_paragraph(style=style).add_run(
                self._said(node.content).rstrip("\n")
            )
            run.font.name = "Courier New"
        elif node.type == "blockquote":
            for child in node.children:
                self._block(child, "Quote", depth)
        elif node.type == "hr":
            self.document.add_paragraph("* * *")

    def _list(self, node: SyntaxTreeNode, depth: int) -> None:
        kind = "List Number" if node.type == "ordered_list" else "List Bullet"
        level = min(depth, 3)
        style = kind if level == 1 else f"{kind} {level}"
        number = self._fresh_numbering(style, node) if node.type == "ordered_list" else None
        for item in node.children:
            for place, child in enumerate(item.children):
                if child.type != "paragraph":
                    self._block(child, depth=depth + 1)
                    continue
                # What follows the point in the same item is set below it, without a number.
                used = style if place == 0 else f"List Continue{f' {level}' if level > 1 else ''}"
                paragraph = self.document.add_paragraph(style=used)
                if place == 0 and number is not None:
                    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                    properties.get_or_add_ilvl().val = 0
                    properties.get_or_add_numId().val = number
                self._inline(paragraph, child)

    def _fresh_numbering(self, style: str, node: SyntaxTreeNode) -> int:
        """A numbering of its own, or every list would count on from the one before."""
        named = self.document.styles[style].element.pPr.numPr.numId.val
        numbering = self.document.part.numbering_part.element
        abstract = numbering.num_having_numId(named).abstractNumId.val
        made = numbering.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(int(node.attrs.get("start", 1)))
        number: int = made.numId
        return number

    # --- inside a paragraph -------------------------------------------------------------
    def _inline(self, paragraph: Any, node: SyntaxTreeNode) -> None:
        for child in self._leaves(node):
            kind, content, bold, italic, address = child
            if kind == "break":
                paragraph.add_run().add_break(WD_BREAK.LINE)
                continue
            run = paragraph.add_run(content)
            run.bold, run.italic = bold or None, italic or None
            if kind == "code":
                run.font.name = "Courier New"
            if address:
                _link(paragraph, run, address)

    def _leaves(
        self, node: SyntaxTreeNode, bold: bool = False, italic: bool = False, address: str = ""
    ) -> Iterator[tuple[str, str, bool, bool, str]]:
        for child in node.children:
            if child.type == "inline":
                yield from self._leaves(child, bold, italic, address)
            elif child.type in ("softbreak", "hardbreak"):
                yield "break", "", bold, italic, address
            elif child.type == "text":
                yield "text", self._said(child.content), bold, italic, address
            elif child.type == "code_inline":
                yield "code", self._said(child.content), bold, italic, address
            elif child.type == "strong":
                yield from self._leaves(child, True, italic, address)
            elif child.type == "em":
                yield from self._leaves(child, bold, True, address)
            elif child.type == "link":
                target = self._said(str(child.attrs.get("href", "")))
                yield from self._leaves(
                    child, bold, italic, target if _SAFE_LINK.match(target) else ""
                )

    def _said(self, text: str) -> str:
        return "".join(
            value_of(part.use, self.facts) if isinstance(part, Slot) else part
            for part in self.parsed.cut(text)
        )


def _link(paragraph: Any, run: Any, address: str) -> None:
    """Make ``run`` a link, underlined."""
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    run.underline = True
    paragraph._p.append(link)
    link.append(run._r)
