"""The documents of the demo: links, and a file in two versions."""

import io

from django.core.files.base import ContentFile
from openpyxl import Workbook

from mentoring.accounts.models import User
from programmes.documents import domain
from programmes.documents.models import Document
from programmes.events.models import Event
from tandems.demo.cycles import Cast

BOARD = "https://tafel.demo-institut.example/mentoring"


def build_documents(cast: Cast, *, by: User) -> None:
    """File the documents of ``cast``'s cycle and lay one out at its events."""
    guide = Document(
        cycle=cast.cycle,
        title="Leitfaden für die Tandemarbeit",
        description="Wie Treffen gelingen: Vereinbarung, Vertraulichkeit, Themen.",
        for_hr=True,
        for_logistics=True,
        for_mentees=True,
        for_mentors=True,
    )
    domain.create(guide, upload=_sheet("Leitfaden", "Treffen 1: Kennenlernen"), by=by)
    domain.add_version(
        guide,
        upload=_sheet("Leitfaden", "Treffen 1: Kennenlernen und Erwartungen"),
        note="Hinweise zum ersten Treffen ergänzt",
        by=by,
    )
    domain.create(
        Document(
            cycle=cast.cycle,
            title="Aufgabentafel des Beirats",
            description="Die gemeinsame Tafel mit allen Karten.",
            url=BOARD,
        ),
        by=by,
    )
    domain.create(
        Document(
            cycle=cast.cycle,
            title="Raumplan des Demo-Instituts",
            url="https://www.demo-institut.example/raeume",
            for_logistics=True,
        ),
        by=by,
    )
    for event in Event.objects.filter(cycle=cast.cycle):
        event.documents.add(guide)


def _sheet(title: str, line: str) -> "ContentFile[bytes]":
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = title, line
    out = io.BytesIO()
    book.save(out)
    return ContentFile(out.getvalue(), name=f"{title}.xlsx")
