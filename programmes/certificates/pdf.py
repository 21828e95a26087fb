"""Certificates as PDF."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from programmes.certificates.layout import Sheet, sheet_of
from programmes.certificates.logos import NO_FOOT, Foot, foot_of
from programmes.certificates.models import CertificateText
from programmes.certificates.placeholders import Facts, Holder

if TYPE_CHECKING:
    from mentoring.ui.pdf_batch import Batch

TEMPLATE, STYLE = "certificates/sheets_pdf.html", "css/certificates-pdf.css"
AT_ONCE = 25
"""So many are laid out before progress is told."""


def laid_out(
    text: CertificateText,
    facts: Facts,
    holders: Sequence[Holder],
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> "Batch":
    """The certificates of ``holders``, with the anchors "z1", "z2" and so on.

    ``progress`` is told how many are laid out, and may raise to stop.
    """
    # As everywhere: WeasyPrint is imported where something is printed, not at each start.
    from mentoring.ui.pdf_batch import Batch

    foot: Foot = foot_of(text.cycle) if text.with_logos else NO_FOOT
    batch = Batch(TEMPLATE, STYLE, foot.pictures)
    sheets: list[Sheet] = [
        sheet_of(text, facts, holder, foot, anchor=anchor_of(at))
        for at, holder in enumerate(holders)
    ]
    for start in range(0, len(sheets), AT_ONCE):
        progress(start)
        batch.add(sheets[start : start + AT_ONCE], foot=foot, title=str(text))
    return batch


def anchor_of(number: int) -> str:
    """The anchor of the certificate with this number, counted from 0."""
    return f"z{number + 1}"


def title_of(text: CertificateText, holder: Holder) -> str:
    """The title of one certificate's file."""
    return f"{text} {holder.name}"


def single_pdf(text: CertificateText, facts: Facts, holder: Holder) -> bytes:
    """The certificate of one."""
    return laid_out(text, facts, [holder]).single(anchor_of(0), title_of(text, holder))
