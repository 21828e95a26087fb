"""Photo and signed sheet of an application: taken in, handed out, thrown away.

A photo is drawn anew, so that nothing but the picture is kept: no place, no camera, no
thumbnail of what was cut off. It needs the consent and is shown to nobody without it.
"""

import struct
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from PIL import Image

from mentoring.accounts.models import User
from mentoring.files.checks import check_upload
from mentoring.files.domain import store_bytes, store_upload
from mentoring.files.models import StoredFile
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.links import domain as links
from tandems.links.models import PersonalLink
from tandems.profiles.models import Consent, ConsentKind

PHOTO, SIGNED_SHEET = "application_photo", "application_signed_sheet"
"""Purposes of the stored files."""
PHOTO_KINDS = ("jpeg", "png")
SIGNED_KINDS = ("pdf", "jpeg", "png")
PHOTO_MAX_BYTES = 10 * 1024 * 1024
LONGEST_SIDE = 1200
QUALITY = 88

NO_CONSENT = (
    "Für das Foto fehlt die Einwilligung „Foto und Presse“. Bitte tragen Sie sie zuerst im "
    "Profilbogen ein und speichern Sie ihn."
)


def may_have_photo(application: Application) -> bool:
    """Whether the person consents to a photo in this cycle."""
    consents = Consent.objects.valid().filter(kind=ConsentKind.PHOTO)
    return consents.filter(cycle=application.cycle_id, person=application.person_id).exists()


def photo_of(application: Application) -> StoredFile | None:
    """The photo, if there is one and the consent holds: what a Steckbrief may show."""
    return application.photo if application.photo_id and may_have_photo(application) else None


def only_the_picture(upload: "File[bytes]") -> bytes:
    """The picture as JPEG, upright, at most ``LONGEST_SIDE`` pixels wide and high, and no more.

    Raises ``ValidationError`` (German) for what is no JPEG or PNG, by content.
    """
    check_upload(upload, allowed=PHOTO_KINDS, max_bytes=PHOTO_MAX_BYTES)
    try:
        with Image.open(upload, formats=("JPEG", "PNG")) as image:
            # A JPEG of forty million pixels is decoded no finer than it is needed.
            image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            if image.mode in ("L", "LA", "RGB", "RGBA"):
                # Made small before anything copies it: a PNG of 150 KB may unpack to 160 MB.
                image.thumbnail((2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            upright = _upright(image)
            if upright.has_transparency_data:
                clear = upright.convert("RGBA")
                drawn = Image.new("RGB", clear.size, "white")
                drawn.paste(clear, mask=clear.getchannel("A"))
            else:
                drawn = upright.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise ValidationError(
            "Das Foto ist beschädigt und lässt sich nicht öffnen. Bitte wählen Sie ein anderes "
            "Bild (JPEG oder PNG)."
        ) from error
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A fresh image, since Pillow writes out again what it read beside the pixels.
    plain = Image.new("RGB", drawn.size)
    plain.paste(drawn)
    target = BytesIO()
    plain.save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What Exif calls the orientation (tag 0x0112), and how it is undone."""


def _upright(image: Image.Image) -> Image.Image:
    """``image`` turned as the camera was held; as it is where the camera's notes are broken.

    Not by Pillow's ``exif_transpose``: that writes all notes anew, which fails on odd ones.
    """
    try:
        turn = _TURNS.get(image.getexif().get(0x0112, 1))
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error):
        return image
    return image if turn is None else image.transpose(turn)


def set_photo(
    application: Application,
    upload: "File[bytes]",
    *,
    by: User | None,
    link: PersonalLink | None = None,
) -> Application:
    """Take in a photo in place of the one before; by ``link`` where the person brings it.

    Raises ``ValidationError`` for what is no picture, ``Refused`` without the consent, for a
    withdrawn application, and by a link that has ended.
    """
    data = only_the_picture(upload)
    with transaction.atomic(), acting(by):
        stored = _held(application, link)
        if not may_have_photo(stored):
            raise Refused(NO_CONSENT)
        photo = store_bytes(data, name="foto.jpg", content_type="image/jpeg", purpose=PHOTO, by=by)
        return _put(stored, "photo", photo)


def remove_photo(
    application: Application, *, by: User | None, link: PersonalLink | None = None
) -> Application:
    """Delete the photo, from the disk too. Raises ``Refused`` by a link that has ended."""
    with transaction.atomic(), acting(by):
        return _put(_held(application, link), "photo", None)


def set_signed_sheet(application: Application, upload: "File[bytes]", *, by: User) -> Application:
    """Take in the signed sheet in place of the one before.

    Raises ``ValidationError`` for a file of another kind, ``Refused`` for a withdrawn
    application.
    """
    with transaction.atomic(), acting(by):
        stored = _held(application, None)
        sheet = store_upload(upload, purpose=SIGNED_SHEET, by=by, allowed=SIGNED_KINDS)
        return _put(stored, "signed_sheet", sheet)


def remove_signed_sheet(application: Application, *, by: User) -> Application:
    """Delete the signed sheet, from the disk too."""
    with transaction.atomic(), acting(by):
        return _put(_held(application, None), "signed_sheet", None)


def drop_papers(application: Application) -> None:
    """Delete both files of an application that is deleted."""
    keys = [key for key in (application.photo_id, application.signed_sheet_id) if key]
    for stored in StoredFile.objects.filter(pk__in=keys):
        stored.delete()


def follow_withdrawn_consent(consent: Consent, by: User | None) -> None:
    """Delete the photo when its consent is withdrawn, in the same transaction."""
    if consent.kind != ConsentKind.PHOTO:
        return
    rows = Application.objects.filter(cycle=consent.cycle_id, person=consent.person_id)
    for application in rows.filter(photo__isnull=False):
        _put(application, "photo", None)


# --- Who reads them -------------------------------------------------------------------
def reads_photo(user: Any, stored: StoredFile) -> bool:
    """Whoever may read the application, while the consent holds."""
    found = Application.objects.visible_to(user).filter(photo=stored).first()
    return found is not None and may_have_photo(found)


def reads_signed_sheet(user: Any, stored: StoredFile) -> bool:
    """The own Kommune's Personalstelle alone: it may hold what the Beirat is not to read."""
    houses = posts_of(user).municipalities
    found = Application.objects.visible_to(user).filter(
        signed_sheet=stored, municipality__in=houses
    )
    return bool(found.exists())


def _held(application: Application, link: PersonalLink | None) -> Application:
    """The row as it stands now, locked after its cycle. Raises ``Refused``."""
    cycle = Cycle.objects.select_for_update().get(pk=application.cycle_id)
    stored = Application.objects.select_for_update().filter(pk=application.pk).first()
    if stored is None:
        raise Refused("Diese Bewerbung wurde inzwischen gelöscht.")
    stored.cycle = cycle
    if link is not None:
        links.still_open(link)
    if not cycle.is_open or stored.state == ApplicationState.WITHDRAWN:
        raise Refused(
            "Diese Bewerbung ändert sich nicht mehr: sie ist zurückgezogen, oder der Durchgang "
            "ist beendet."
        )
    return stored


def _put(application: Application, name: str, file: StoredFile | None) -> Application:
    """Set one of the two files; the one before goes, with what lies on the disk."""
    before: StoredFile | None = getattr(application, name)
    setattr(application, name, file)
    application.save()
    if before is not None:
        before.delete()
    return application
