"""Every change to a Kommune and to a Logistikpartner."""

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Model, ProtectedError, RestrictedError
from PIL import Image

from mentoring.accounts.models import User
from mentoring.files.checks import check_upload
from mentoring.files.domain import store_upload
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.organisations.models import LogisticsPartner, Municipality

LOGO = "logo"
"""Purpose of the stored file."""
LOGO_MAX_BYTES = 2 * 1024 * 1024
LOGO_KINDS = ("png", "jpeg")
LOGO_LEAST = 60
"""Dots of its shorter side: fewer are a blot on paper, or nothing to be seen."""
LOGO_STRETCH = 8
"""So many times its shorter side the longer one may be: a word, but no hair line."""


def logo_fault(width: int, height: int) -> str:
    """Why a picture of so many dots is no logo, in German; "" for one that is."""
    size = f"{width} × {height} Bildpunkten"
    if min(width, height) < LOGO_LEAST:
        return (
            f"Das Logo ist mit {size} zu klein, um gedruckt zu werden. Breite und Höhe brauchen "
            f"mindestens je {LOGO_LEAST} Bildpunkte."
        )
    if max(width, height) > LOGO_STRETCH * min(width, height):
        return (
            f"Das Logo ist mit {size} zu schmal, um gedruckt zu werden. Die längere Seite darf "
            f"höchstens {LOGO_STRETCH}-mal so lang sein wie die kürzere."
        )
    return ""


def check_logo(logo: "File[bytes]") -> None:
    """Raise ``ValidationError`` for a file that is no picture, or none to be printed small."""
    check_upload(logo, allowed=LOGO_KINDS, max_bytes=LOGO_MAX_BYTES)
    with Image.open(logo) as picture:
        fault = logo_fault(*picture.size)
    logo.seek(0)
    if fault:
        raise ValidationError(fault, code="size")


@transaction.atomic
def save_municipality(
    municipality: Municipality,
    *,
    by: User,
    logo: "File[bytes] | None" = None,
    remove_logo: bool = False,
) -> Municipality:
    """Create or change a Kommune whose fields were checked; ``logo`` replaces the old one.

    Raises ``ValidationError`` for a logo that is none, ``EditConflict`` if somebody else
    changed the Kommune since it was read.
    """
    old = municipality.logo
    if logo is not None:
        check_logo(logo)
        municipality.logo = store_upload(
            logo, purpose=LOGO, by=by, max_bytes=LOGO_MAX_BYTES, allowed=LOGO_KINDS
        )
    elif remove_logo:
        municipality.logo = None
    with acting(by):
        municipality.save()
    if old is not None and municipality.logo_id != old.pk:
        old.delete()
    return municipality


@transaction.atomic
def delete_municipality(municipality: Municipality, *, by: User) -> None:
    """Delete a Kommune on which nothing depends. Raises ``Refused`` naming what does."""
    logo = municipality.logo
    try:
        with acting(by):
            municipality.delete()
    except (ProtectedError, RestrictedError) as fault:
        raise Refused(
            f"{municipality} kann nicht gelöscht werden, denn davon hängen noch ab: "
            f"{', '.join(_kinds(_blocking(fault)))}. Solange das so ist, bleibt die Kommune "
            "stehen; Sie können ihre Angaben ändern."
        ) from fault
    if logo is not None:
        logo.delete()


@transaction.atomic
def save_partner(partner: LogisticsPartner, *, by: User) -> LogisticsPartner:
    """Create or change a Logistikpartner whose fields were checked.

    Raises ``EditConflict`` if somebody else changed it since it was read.
    """
    with acting(by):
        partner.save()
    return partner


def _blocking(fault: ProtectedError | RestrictedError) -> set[Model]:
    if isinstance(fault, ProtectedError):
        return set(fault.protected_objects)
    return set(fault.restricted_objects)


def _kinds(objects: set[Model]) -> list[str]:
    """Kinds of records without their number: even a count of applicants would tell."""
    wing = Municipality._meta.app_label
    names = {
        str(record._meta.verbose_name_plural)
        if record._meta.app_label == wing
        else "vertrauliche Unterlagen eines Durchgangs"
        for record in objects
    }
    return sorted(names)
