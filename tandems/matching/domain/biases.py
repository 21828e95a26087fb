"""Bias: a member says that they know somebody at the wall."""

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from tandems.applications.models import Application
from tandems.matching.domain.checks import author, held_half
from tandems.matching.models import Bias
from tandems.mentors.models import Mentor
from tandems.pairs.domain import touch


def declare_bias(half: Application | Mentor, *, text: str = "", by: User) -> Bias:
    """Say that one knows the mentee or mentor; ``text`` says from where. Said again it changes.

    It takes nothing away from the member: their Kommune may speak, and it is said beside it.
    """
    with transaction.atomic(), acting(by):
        stored = held_half(half, by=by)
        about = {"application": stored} if isinstance(stored, Application) else {"mentor": stored}
        found = Bias.objects.filter(member=author(by), **about).first()
        found = found or Bias(member_id=author(by), **about)
        found.text = " ".join(text.split())
        found.save()
        touch(stored.cycle)
        return found


def withdraw_bias(bias: Bias, *, by: User) -> None:
    """Take back the own word. Raises ``Refused`` for somebody else's."""
    with transaction.atomic(), acting(by):
        half = bias.application or bias.mentor
        assert half is not None  # the database holds it
        stored = held_half(half, by=by)
        found = Bias.objects.filter(pk=bias.pk).first()
        if found is None:
            return
        if found.member_id != author(by):
            raise Refused("Das nimmt nur zurück, wer es gesagt hat.")
        found.delete()
        touch(stored.cycle)
