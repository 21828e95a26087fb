"""Versions of a Profilbogen, as this room's tests need them."""

from typing import Any

from programmes.cycles.models import Cycle, Programme
from tandems.profiles import domain
from tandems.profiles.models import ProfileVersion, SheetKind


def make_version(
    programme: Programme, *, by: Any, note: str = "Neue Fassung", publish: bool = True, **part: Any
) -> ProfileVersion:
    """A version whose applicants' sheet differs as ``part`` says: off, on, voluntary, own."""
    version = domain.begin_version(programme, by=by)
    own = part.pop("own", [])
    asked = {SheetKind.APPLICANT: {"off": [], "on": [], "voluntary": [], **part}}
    version = domain.save_version(version, asked=asked, note=note, by=by)
    for entry in own:
        version = domain.save_question(version, SheetKind.APPLICANT, entry, by=by)
    return domain.publish_version(version, by=by) if publish else version


def fresh(cycle: Cycle) -> Cycle:
    """The cycle as another request reads it."""
    return Cycle.objects.get(pk=cycle.pk)
