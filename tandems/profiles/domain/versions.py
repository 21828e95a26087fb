"""Versions of the Profilbogen: a draft is worked on, published, and never changed again."""

import secrets
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle, Programme
from tandems.profiles.models import CycleProfile, ProfileVersion, SheetKind
from tandems.profiles.registry import version_fixed
from tandems.profiles.versions import OWN_MOST, forget_version

PUBLISHED = (
    "Diese Fassung ist veröffentlicht und ändert sich nicht mehr. Beginnen Sie eine neue Fassung."
)
FIXED = (
    "In diesem Durchgang ist schon eine Bewerbung eingereicht: seine Fassung des Profilbogens "
    "steht fest. Eine andere gilt erst im nächsten Durchgang."
)


def begin_version(programme: Programme, *, by: User) -> ProfileVersion:
    """A draft that goes on from the newest version. Raises ``Refused`` beside another draft."""
    with transaction.atomic(), acting(by):
        programme = Programme.objects.select_for_update().get(pk=programme.pk)
        versions = ProfileVersion.objects.filter(programme=programme)
        if versions.filter(published_at=None).exists():
            raise Refused("Es gibt schon einen Entwurf. Öffnen Sie ihn, statt neu zu beginnen.")
        newest = versions.order_by("-number").first()
        return ProfileVersion.objects.create(
            programme=programme,
            number=newest.number + 1 if newest else 1,
            changes=deepcopy(newest.changes) if newest else {},
        )


def save_version(
    version: ProfileVersion,
    *,
    asked: Mapping[SheetKind, Mapping[str, list[str]]],
    note: str,
    by: User,
) -> ProfileVersion:
    """Save what a draft asks: for each sheet the keys that are ``off``, ``on``, ``voluntary``.

    Raises ``EditConflict`` if somebody else changed the draft since ``version`` was read.
    """
    with transaction.atomic(), acting(by):
        stored = _draft(version)
        if stored.version != version.version:
            raise EditConflict(stored)
        stored.note = note.strip()
        changes = deepcopy(stored.changes)
        for kind, part in asked.items():
            own = changes.get(kind, {}).get("own", [])
            changes[str(kind)] = {**part, "own": own}
        stored.changes = changes
        stored.save()
        return stored


def save_question(
    version: ProfileVersion, kind: SheetKind, entry: Mapping[str, Any], *, by: User, key: str = ""
) -> ProfileVersion:
    """Add a question of one's own to a draft, or change the one called ``key``.

    Raises ``Refused`` beyond ``OWN_MOST``, and for a ``key`` that is gone.
    """
    with transaction.atomic(), acting(by):
        stored = _draft(version)
        changes = deepcopy(stored.changes)
        own: list[dict[str, Any]] = changes.setdefault(str(kind), {}).setdefault("own", [])
        if key:
            at = next((i for i, known in enumerate(own) if known["key"] == key), None)
            if at is None:
                raise Refused("Diese Frage wurde inzwischen gelöscht.")
            own[at] = {**entry, "key": key}
        elif len(own) >= OWN_MOST:
            raise Refused(f"Mehr als {OWN_MOST} eigene Fragen hat ein Bogen nicht.")
        else:
            own.append({**entry, "key": f"own_{secrets.token_hex(4)}"})
        stored.changes = changes
        stored.save()
        return stored


def remove_question(
    version: ProfileVersion, kind: SheetKind, key: str, *, by: User
) -> ProfileVersion:
    """Take a question of one's own out of a draft. Answers given to it before stay."""
    with transaction.atomic(), acting(by):
        stored = _draft(version)
        changes = deepcopy(stored.changes)
        part = changes.get(str(kind), {})
        part["own"] = [known for known in part.get("own", []) if known["key"] != key]
        stored.changes = changes
        stored.save()
        return stored


def publish_version(version: ProfileVersion, *, by: User) -> ProfileVersion:
    """From now on cycles may use it, and nobody changes it. Raises ``Refused``."""
    with transaction.atomic(), acting(by):
        stored = _draft(version)
        if not stored.note:
            raise Refused("Bitte sagen Sie zuerst in einem Satz, was neu ist.")
        stored.published_at = timezone.now()
        stored.save()
        return stored


def delete_version(version: ProfileVersion, *, by: User) -> None:
    """Throw a draft away. Raises ``Refused`` for a published version."""
    with transaction.atomic(), acting(by):
        _draft(version).delete()


def choose_version(cycle: Cycle, version: ProfileVersion | None, *, by: User) -> None:
    """Let ``cycle`` use ``version``; ``None`` is the shipped sheet.

    Raises ``Refused`` once an application was submitted, in a cycle that has ended, and for
    a draft or a version of another programme.
    """
    with transaction.atomic(), acting(by):
        locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
        if not locked.is_open:
            raise Refused("Dieser Durchgang ist beendet.")
        if is_fixed(locked):
            raise Refused(FIXED)
        if version is not None and (
            version.programme_id != locked.programme_id or version.published_at is None
        ):
            raise Refused("Bitte wählen Sie eine veröffentlichte Fassung dieses Programms.")
        chosen = CycleProfile.objects.filter(cycle=locked).first()
        if version is None:
            if chosen is not None:
                chosen.delete()
        elif chosen is None:
            CycleProfile.objects.create(cycle=locked, profile=version)
        else:
            chosen.profile = version
            chosen.save()
        forget_version(cycle)


def is_fixed(cycle: Cycle) -> bool:
    """Whether the version of ``cycle`` stays as it is."""
    return any(fixed(cycle) for fixed in version_fixed)


def copy_choice(old: Cycle, new: Cycle, by: User) -> None:
    """A new cycle goes on with the version of the last one."""
    chosen = CycleProfile.objects.filter(cycle=old).select_related("profile").first()
    if chosen is not None:
        choose_version(new, chosen.profile, by=by)


def _draft(version: ProfileVersion) -> ProfileVersion:
    """The draft as it stands now, locked."""
    stored = ProfileVersion.objects.select_for_update().filter(pk=version.pk).first()
    if stored is None:
        raise Refused("Dieser Entwurf wurde inzwischen gelöscht.")
    if stored.published_at is not None:
        raise Refused(PUBLISHED)
    return stored
