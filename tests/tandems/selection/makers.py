"""Applications with a full sheet, photos and notes, as the tests of this room need them."""

import io
from typing import Any

from PIL import Image
from pypdf import PdfReader

from mentoring.files.domain import store_bytes
from mentoring.files.models import StoredFile
from mentoring.jobs.domain import RESULT_PURPOSE
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.models import Consent, ConsentKind
from tandems.selection.models import ApplicationNote
from tests import factories as make

SECRET = "Geheime Stellungnahme der Kommune"
MOTIVATION = "Unverwechselbare Motivation über Ämtergrenzen"


def make_nominated(stage: Any, house: Any = None, **fields: Any) -> Application:
    """A nominated application with something that must not leak."""
    fields.setdefault("statement", SECRET)
    fields.setdefault("motivation", MOTIVATION)
    fields.setdefault("department", "Amt für Wunderfragen")
    fields.setdefault("position", "Leitung der Wunderstelle")
    fields.setdefault("topics", ["leadership", "digital"])
    state = fields.pop("state", ApplicationState.NOMINATED)
    return make.make_application(stage.cycle, house or stage.own, state, **fields)


def make_note(application: Application, author: Person, text: str, **fields: Any) -> Any:
    return ApplicationNote.objects.create(
        application=application, author=author, text=text, **fields
    )


def make_photo() -> StoredFile:
    """A JPEG that says in its EXIF data where it was taken."""
    image = Image.new("RGB", (900, 1200), (120, 150, 190))
    exif = Image.Exif()
    exif[0x010E] = "Standort Ahausen"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return store_bytes(
        out.getvalue(), name="foto.jpg", content_type="image/jpeg", purpose=RESULT_PURPOSE
    )


def consent_to_photo(application: Application, **fields: Any) -> Consent:
    fields.setdefault("given_on", make.LONG_AGO)
    return Consent.objects.create(
        cycle=application.cycle,
        person=application.person,
        kind=ConsentKind.PHOTO,
        text="Ja",
        **fields,
    )


def pages_of(data: bytes) -> list[str]:
    """The text of each page of a PDF, blanks as single ones."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def pictures_of(data: bytes) -> int:
    """How many pictures a PDF holds; pages name those of others among their own."""
    pages = PdfReader(io.BytesIO(data)).pages
    return len({image.data for page in pages for image in page.images})
