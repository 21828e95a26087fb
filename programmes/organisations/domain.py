"""Every change to a Kommune and to a Logistikpartner."""

from django.core.files.base import File
from django.db import transaction
from django.db.models import Model, ProtectedError, RestrictedError

from mentoring.accounts.models import User
from mentoring.files.domain import store_upload
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.organisations.models import LogisticsPartner, Municipality

LOGO = "logo"
"""Purpose of the stored file."""
LOGO_MAX_BYTES = 2 * 1024 * 1024
LOGO_KINDS = ("png", "jpeg")


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
