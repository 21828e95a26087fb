"""What stands on a Steckbrief: the answers that the sheet marks for it, and nothing else."""

import base64
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from mentoring.files.models import StoredFile
from programmes.cycles.models import Cycle
from tandems.applications.models import Application
from tandems.profiles.models import Consent, ConsentKind
from tandems.profiles.questions import Kept, Kind, Question, Reader, questions

NEVER_KINDS = (Kind.SEAT_HOLDER, Kind.EXCLUSIONS, Kind.CONSENT, Kind.PROMISE)
NEVER_KEYS = ("statement", "superior", "excluded", "consent_on", "rank")
FREE_KINDS = (Kind.TEXT, Kind.LONG_TEXT)
PHOTO_PIXELS = (480, 640)
"""As large as a photo is printed: 30 by 40 mm at 400 dpi."""

_PIXEL_LIMIT = 60_000_000


@dataclass(frozen=True)
class Part:
    """A question and its answer; ``long`` ones stand below the facts, in paragraphs."""

    label: str
    text: str
    long: bool = False


@dataclass(frozen=True)
class ProfileSheet:
    """The contents of one Steckbrief. ``photo`` is a ``data:`` address, "" for none."""

    heading: str
    house: str
    line: str
    parts: tuple[Part, ...]
    photo: str = ""


def on_profile_sheet(question: Question) -> bool:
    """Whether the Steckbrief may show it.

    A version of the sheet may mark what it likes: who is out of the question, what the
    Kommune says, consents and contact data never stand on it.
    """
    return (
        question.in_profile_sheet
        and question.key not in NEVER_KEYS
        and question.kind not in NEVER_KINDS
        and question.kept != Kept.PERSON
        and bool(question.seen_by & Reader.COUNCIL)
        and not question.house_only
        and not question.off_paper
    )


def profile_questions(application: Application) -> Iterator[Question]:
    """The answered questions of its Steckbrief, in the order of the sheet."""
    for question in questions(application.sheet):
        if on_profile_sheet(question) and question.is_answered(application):
            yield question


def part_of(question: Question, application: Application) -> Part:
    """The answer as it is printed."""
    long = question.kind == Kind.LONG_TEXT
    lines = question.lines(application)
    return Part(question.label, ("\n" if long else ", ").join(lines), long)


def programme_line(cycle: Cycle) -> str:
    """Where the Steckbrief belongs to."""
    return f"{cycle.programme}, Durchgang Nr. {cycle.number}"


def profile_sheet(application: Application, *, with_photo: bool) -> ProfileSheet:
    """The Steckbrief of ``application``; ``with_photo`` where there is a valid consent."""
    return ProfileSheet(
        heading=application.person.full_name,
        house=str(application.municipality.name),
        line=programme_line(application.cycle),
        parts=tuple(part_of(question, application) for question in profile_questions(application)),
        photo=photo_of(application.photo) if with_photo else "",
    )


def with_photo_consent(applications: Iterable[Application]) -> frozenset[int]:
    """Primary keys of those whose photo may be shown: there is one, and a valid consent."""
    having = [found for found in applications if found.photo_id is not None]
    consents = Consent.objects.valid().filter(
        kind=ConsentKind.PHOTO,
        person__in={found.person_id for found in having},
        cycle__in={found.cycle_id for found in having},
    )
    given = set(consents.values_list("cycle", "person"))
    return frozenset(found.pk for found in having if (found.cycle_id, found.person_id) in given)


def photo_of(stored: StoredFile | None) -> str:
    """The photo in the size it is printed in, without what the camera wrote into it.

    "" if the file is gone or no picture: a Steckbrief without a photo is a whole one.
    """
    if stored is None:
        return ""
    try:
        with stored.content.open("rb") as file, Image.open(file, formats=("JPEG", "PNG")) as image:
            if image.width * image.height > _PIXEL_LIMIT:
                return ""
            image.draft("RGB", PHOTO_PIXELS)  # a JPEG is read no larger than needed
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail(PHOTO_PIXELS)
            small = Image.new("RGB", upright.size, "white")
            layer = upright.convert("RGBA")
            small.paste(layer, mask=layer)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
