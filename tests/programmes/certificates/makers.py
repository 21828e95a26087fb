"""Makers for certificates: people, the events they were at, and logos."""

import io
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from mentoring.files.domain import store_bytes
from mentoring.files.models import StoredFile
from programmes.cycles.models import Cycle, Participant
from programmes.events.models import Answer, Attendee, Event, EventKind
from programmes.organisations.domain import LOGO
from programmes.people.models import Person

SLUG = {"attendance": "teilnahmebestaetigung", "certificate": "zertifikat"}


def make_held(cycle: Cycle, title: str, kind: EventKind = EventKind.NETWORKING, **f: Any) -> Event:
    """An event of last week."""
    f.setdefault("starts_at", timezone.now() - timedelta(days=7))
    return Event.objects.create(
        cycle=cycle, title=title, kind=kind, ends_at=f["starts_at"] + timedelta(hours=3), **f
    )


def make_presence(event: Event, person: Person, *, attended: bool | None = True) -> Attendee:
    """Somebody who was at ``event``, was not, or of whom nobody noted it."""
    return Attendee.objects.create(
        event=event,
        person=person,
        answer=Answer.YES,
        answered_at=timezone.now(),
        attended=attended,
    )


def make_logo(width: int = 900, height: int = 300, color: str = "navy") -> StoredFile:
    """A logo that is stored."""
    out = io.BytesIO()
    Image.new("RGBA", (width, height), color).save(out, "PNG")
    return store_bytes(out.getvalue(), name="logo.png", content_type="image/png", purpose=LOGO)


def page(name: str, cycle: Cycle, *args: Any) -> str:
    """The address of a page of this room."""
    return reverse(f"certificates:{name}", args=[cycle.pk, *args])


def read(data: bytes) -> PdfReader:
    """A PDF that was made."""
    return PdfReader(io.BytesIO(data))


def words_of(data: bytes) -> str:
    """What its pages say, in one line."""
    return " ".join(" ".join(one.extract_text() for one in read(data).pages).split())


def roles_in(data: bytes) -> list[tuple[str, str]]:
    """The tags of a PDF in their order, each with its alternative text."""
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if not hasattr(node, "get"):
            return
        if node.get("/S"):
            found.append((node["/S"][1:], str(node.get("/Alt", ""))))
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, int):
                walk(kid)

    walk(read(data).trailer["/Root"]["/StructTreeRoot"])
    return found


def row_of(cycle: Cycle, person: Person) -> Participant:
    """As what ``person`` takes part."""
    found: Participant = Participant.objects.get(cycle=cycle, person=person)
    return found
