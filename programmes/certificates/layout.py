"""What stands where on a certificate, and how large, so that it fits one page where it can."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from programmes.certificates.attendance import Attended
from programmes.certificates.logos import Foot
from programmes.certificates.models import CertificateText
from programmes.certificates.placeholders import Facts, Holder, fill, parse

WIDTH, HEIGHT = 160, 258
"""Millimetres between the margins of the page, as in the style sheet."""
SIGNATURES_A_ROW = 3

_MM = 0.3528
"""A point in millimetres."""
_EM, _BOLD = 0.52, 0.58
"""Width of a letter of Fira Sans in em, on the safe side, with what a ragged line leaves."""
_ALONE = {frozenset({"name"}), frozenset({"anrede", "name"})}
_BLANKS = frozenset(" ,.\n\t")


@dataclass(frozen=True)
class Density:
    """Sizes in points, distances in millimetres; the style sheet has a class of each name."""

    name: str
    heading: float
    text: float
    leading: float
    gap: float
    head: float
    event: float
    sign: float


DENSITIES = (
    Density("wide", heading=34, text=12.5, leading=1.5, gap=5, head=30, event=11, sign=24),
    Density("normal", heading=30, text=11.5, leading=1.45, gap=4, head=16, event=10, sign=19),
    Density("tight", heading=24, text=10, leading=1.35, gap=3, head=7, event=8.5, sign=15),
)


@dataclass(frozen=True)
class Paragraph:
    """Lines of text; ``kind`` is "name" for the paragraph that is nothing but the name."""

    kind: str
    lines: tuple[str, ...]
    size: int = 0
    """Of the name, in points."""


@dataclass(frozen=True)
class Signature:
    """A line to sign on: the name, and the function below it."""

    name: str
    function: str


@dataclass(frozen=True)
class Sheet:
    """One certificate. ``pinned``: the Kommunen stand at the foot of its one page.

    Otherwise it takes more than a page, and they follow the last line.
    """

    anchor: str
    programme: str
    heading: str
    paragraphs: tuple[Paragraph, ...]
    events: tuple[Attended, ...]
    two_columns: bool
    place: str
    day: date | None
    signatures: tuple[tuple[Signature, ...], ...]
    density: str
    pinned: bool


def sheet_of(
    text: CertificateText, facts: Facts, holder: Holder, foot: Foot, *, anchor: str
) -> Sheet:
    """The certificate of ``holder``, in the largest sizes that fit one page."""
    paragraphs = tuple(_paragraphs(text.text, facts, holder))
    heading = fill(text.heading, facts, holder)
    events = holder.attended if text.lists_events else ()
    signatures = tuple(_rows(signatures_in(text.signatures)))
    two_columns = len(events) > 6
    programme = facts.cycle.programme.name
    room = HEIGHT - foot.tall

    def height(density: Density) -> float:
        tall = _lines(programme, 12, bold=True) * 12 * 1.3 * _MM + density.head
        tall += _lines(heading, density.heading, bold=True) * density.heading * 1.2 * _MM + 9
        for one in paragraphs:
            size, leading = (
                (one.size, 1.2) if one.kind == "name" else (density.text, density.leading)
            )
            count = sum(_lines(line, size, bold=one.kind == "name") for line in one.lines)
            tall += count * size * leading * _MM + density.gap
        if events:
            tall += 6 + density.gap + _listed(events, density, two_columns)
        if text.place or text.dated_on:
            tall += 6 + density.text * density.leading * _MM
        return tall + len(signatures) * (density.sign + 9) + 2

    fitting = next((one for one in DENSITIES if height(one) <= room), None)
    return Sheet(
        anchor=anchor,
        programme=programme,
        heading=heading,
        paragraphs=paragraphs,
        events=events,
        two_columns=two_columns,
        place=text.place,
        day=text.dated_on,
        signatures=signatures,
        density=(fitting or DENSITIES[-1]).name,
        pinned=fitting is not None,
    )


def signatures_in(source: str) -> list[Signature]:
    """A signature for each line: what stands before the first comma is the name."""
    found = []
    for line in filter(None, map(str.strip, source.splitlines())):
        name, _, function = line.partition(",")
        found.append(Signature(name.strip(), function.strip()))
    return found


def _paragraphs(source: str, facts: Facts, holder: Holder) -> list[Paragraph]:
    found = []
    for part in "\n".join(line.strip() for line in source.splitlines()).split("\n\n"):
        lines = tuple(filter(None, fill(part, facts, holder).splitlines()))
        if not lines:
            continue
        if _is_name(part):
            found.append(Paragraph("name", lines, _name_size(" ".join(lines))))
        else:
            found.append(Paragraph("house" if part.strip() == "{kommune}" else "text", lines))
    return found


def _is_name(part: str) -> bool:
    """Whether a paragraph is nothing but the name, with or without Frau or Herr."""
    pieces = parse(part)
    names = frozenset(piece.name for piece in pieces if not isinstance(piece, str))
    rest = {letter for piece in pieces if isinstance(piece, str) for letter in piece}
    return names in _ALONE and rest <= _BLANKS


def _name_size(name: str) -> int:
    """As large as two lines allow."""
    sizes = (26, 22, 19, 16, 14)
    return next((size for size in sizes if _lines(name, size, bold=True) <= 2), sizes[-1])


def _lines(text: str, size: float, width: float = WIDTH, *, bold: bool = False) -> int:
    return max(1, ceil(len(text) * size * (_BOLD if bold else _EM) * _MM / width))


def _listed(events: Sequence[Attended], density: Density, two_columns: bool) -> float:
    """Height of the list: in two columns a row is as tall as the taller one of the two."""
    width = (WIDTH - 8) / 2 if two_columns else WIDTH
    counts = [_lines(f"01.01.2000  {event.title}", density.event, width - 3) for event in events]
    step = 2 if two_columns else 1
    rows = [max(counts[at : at + step]) for at in range(0, len(counts), step)]
    return sum(rows) * density.event * 1.35 * _MM + len(rows) * 1.2


def _rows(signatures: Sequence[Signature]) -> list[tuple[Signature, ...]]:
    step = SIGNATURES_A_ROW
    return [tuple(signatures[at : at + step]) for at in range(0, len(signatures), step)]
