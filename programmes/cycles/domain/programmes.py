"""A programme and its ständige Mitglieder."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import no_operator
from programmes.cycles.models import PermanentMember, Programme
from programmes.cycles.registries import partner_held
from programmes.people.models import Person


def save_programme(programme: Programme, *, by: User) -> Programme:
    """Save a new or a changed programme.

    Raises ``EditConflict``, and ``ValidationError`` as ``check_partner`` does.
    """
    with transaction.atomic(), acting(by):
        check_partner(programme)
        programme.save()
    return programme


def check_partner(programme: Programme) -> None:
    """Raise ``ValidationError`` if it changes a Logistikpartner who has something to finish."""
    stored = Programme.objects.filter(pk=programme.pk).first()
    if stored is None or stored.logistics_partner_id in (None, programme.logistics_partner_id):
        return
    lines = [line for holds in partner_held for line in holds(stored)]
    if lines:
        raise ValidationError({"logistics_partner": lines})


def name_permanent_member(programme: Programme, *, person: Person, by: User) -> PermanentMember:
    """Make ``person`` a ständiges Mitglied from today on.

    Raises ``Refused`` if they are one already or an operator.
    """
    with transaction.atomic(), acting(by):
        no_operator(person)
        try:
            with transaction.atomic():
                return PermanentMember.objects.create(programme=programme, person=person)
        except IntegrityError:
            raise Refused(f"{person} ist schon ständiges Mitglied von „{programme}“.") from None


def end_permanent_member(post: PermanentMember, *, by: User) -> None:
    """End a post at once, so that it gives no access today any more.

    Raises ``Refused`` if it has ended, or if nobody would be left to start a cycle.
    """
    with transaction.atomic(), acting(by):
        held = list(
            PermanentMember.objects.select_for_update(of=("self",))
            .filter(programme=post.programme_id, until=None)
            .select_related("person")
        )
        stored = next((other for other in held if other.pk == post.pk), None)
        if stored is None:
            raise Refused("Diese Person ist schon kein ständiges Mitglied mehr.")
        if len(held) == 1:
            raise Refused(
                f"{stored.person} ist das einzige ständige Mitglied. Benennen Sie zuerst ein "
                "weiteres, sonst kann niemand einen Durchgang beginnen."
            )
        yesterday = timezone.localdate() - timedelta(days=1)
        if stored.since > yesterday:
            # Held for less than a day: a post that ends before it began cannot be stored.
            stored.delete()
            return
        stored.until = yesterday
        stored.save(update_fields=["until"])
