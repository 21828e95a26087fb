"""The doors of this room: a cycle's own period, and erasing a person on request."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.text import search_key
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.people import retention
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from programmes.privacy.files import remove_results
from programmes.privacy.models import CyclePeriod, Erasure
from programmes.privacy.periods import cycle_data, due_keys, pending
from programmes.privacy.release import held_by

ERASURE_DAYS = 3 * 365
"""A claim for damages because data were not erased (Art. 82 DSGVO) lapses in three years
(§ 195 BGB); so long the proof is kept."""


def set_period(
    cycle: Cycle, key: str, *, days: int, version: int | None = None, by: User
) -> CyclePeriod:
    """Give the class ``key`` its own period in ``cycle``.

    ``version`` is that of the row the change began with, ``None`` if there was none. Raises
    ``Refused`` outside the bounds of the class, or if somebody else was faster.
    """
    data = cycle_data.get(key)
    if not data.least <= days <= data.most:
        raise Refused(f"Möglich sind {data.least} bis {data.most} Tage.")
    with transaction.atomic(), acting(by):
        held = Cycle.objects.select_for_update().get(pk=cycle.pk)
        row = CyclePeriod.objects.filter(cycle=held, key=key).first()
        if (row.version if row is not None else None) != version:
            shown = row.days if row is not None else data.days
            raise Refused(
                f"Inzwischen hat jemand anderes die Frist auf {shown} Tage gesetzt. Prüfen Sie, "
                "ob Ihre Änderung noch passt, und speichern Sie dann noch einmal."
            )
        if row is None:
            row = CyclePeriod(cycle=held, key=key)
        row.days = days
        row.save()
    return row


def gone_tonight(cycle: Cycle, key: str, days: int) -> list[int]:
    """The records that a period of ``days`` would delete in the coming night."""
    return due_keys(cycle, key, timezone.localdate() + timedelta(days=1), days)


def due_with(cycle: Cycle, key: str, days: int) -> bool:
    """Whether a period of ``days`` would have the class deleted in the coming night."""
    found = pending(cycle, key, days)
    return found is not None and found.due_on <= timezone.localdate() + timedelta(days=1)


def erase_on_request(person: Person, *, reference: str, typed_name: str, by: User) -> Erasure:
    """Erase ``person`` everywhere or nowhere, and keep that a request was met.

    Raises ``Refused`` for a name that is not the person's, without an Aktenzeichen or with
    one that holds the name, for oneself, for who runs the installation, and with the reason
    of a room where something must be settled or kept first.
    """
    reference = " ".join(reference.split())[:100]
    if search_key(typed_name) != search_key(person.full_name):
        raise Refused(f"Schreiben Sie zur Bestätigung genau: {person.full_name}")
    if not reference:
        raise Refused("Bitte nennen Sie das Aktenzeichen des Antrags.")
    if search_key(person.last_name) in search_key(reference).split():
        raise Refused("Das Aktenzeichen bleibt erhalten: bitte ohne den Namen der Person.")
    if person.user_id == by.pk:
        raise Refused(
            "Sich selbst löscht niemand: bitten Sie eine Kollegin oder einen Kollegen der "
            "Personalstelle darum."
        )
    if person.user is not None and person.user.is_superuser:
        raise Refused(f"{person} betreibt diese Anwendung. Der Zugang muss zuerst enden.")
    with transaction.atomic(), acting(by):
        house = person.municipality
        if person.municipality_id not in posts_of(by).municipalities:
            _check_frame_only(person)
        retention.erase(person, by=by)
        remove_results()
        done = Erasure.objects.create(municipality=house, reference=reference, erased_by=by)
    return done


def _check_frame_only(person: Person) -> None:
    """Raise ``Refused`` where confidential records hang on somebody of no Kommune."""
    if any(model._meta.app_label == "tandems" for model in held_by([person.pk])[person.pk]):
        raise Refused(
            f"Über {person} sind Daten gespeichert, für die eine Kommune verantwortlich ist. "
            "Tragen Sie zuerst ein, zu welcher die Person gehört; deren Personalstelle löscht dann."
        )


def delete_old_erasures() -> int:
    """Delete the proofs of erasures that are old enough; returns how many."""
    before = timezone.now() - timedelta(days=ERASURE_DAYS)
    deleted: int = Erasure.objects.filter(erased_at__lte=before).delete()[0]
    return deleted
