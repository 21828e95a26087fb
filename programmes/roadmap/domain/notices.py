"""Choosing which reminders one wants."""

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.people.models import Person
from programmes.roadmap.models import NoticeChoice


def choose_notices(person: Person, *, reminders: bool, weekly: bool, by: User) -> NoticeChoice:
    """Keep what ``person`` wants to get from now on."""
    with transaction.atomic(), acting(by):
        choice, _ = NoticeChoice.objects.update_or_create(
            person=person, defaults={"reminders": reminders, "weekly": weekly}
        )
    return choice
