"""The calendar feed: a private link per person, and what stands in it."""

from collections.abc import Iterator
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState
from programmes.people.codes import hash_of, new_code
from programmes.people.permissions import posts_of
from programmes.roadmap.ics import CalendarEntry, uid_of
from programmes.roadmap.models import FeedToken, Milestone, MilestoneState
from programmes.roadmap.registries import feed_entries, shown_elsewhere

_TOKEN_LENGTH = len(new_code()[0])


@transaction.atomic
def create_link(*, by: User) -> str:
    """The address of the user's feed, told this once; an earlier one ends with it.

    Raises ``Refused`` for a sign-in without a person: it would have an empty calendar.
    """
    if posts_of(by).person is None:
        raise Refused("Ihr Zugang gehört zu keiner Person eines Programms.")
    token, token_hash = new_code()
    FeedToken.objects.update_or_create(
        user=by,
        defaults={"token_hash": token_hash, "created_at": timezone.now(), "used_on": None},
    )
    return f"{settings.BASE_URL}{reverse('roadmap:feed', args=[token])}"


def revoke_link(*, by: User) -> None:
    """End the user's feed; nothing happens where there is none."""
    FeedToken.objects.filter(user=by).delete()


def user_of(token: str) -> User | None:
    """Whose feed it is: nobody's if it was never given out, was revoked or is locked."""
    if len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    found = (
        FeedToken.objects.filter(token_hash=hash_of(token), user__is_active=True)
        .select_related("user")
        .first()
    )
    if found is None:
        return None
    today = timezone.localdate()
    if found.used_on != today:
        # Calendars ask every few minutes: one write a day says enough.
        FeedToken.objects.filter(pk=found.pk).update(used_on=today)
    return found.user


def entries_of(user: User) -> list[CalendarEntry]:
    """What stands in the feed of ``user``, by the rights of this moment."""
    entries = [*_milestones(user)]
    for contribution in feed_entries:
        entries.extend(contribution(user))
    return sorted(entries, key=lambda entry: entry.uid)


def etag_of(entries: list[CalendarEntry]) -> str:
    """A mark of the content alone: the file itself also says when it was made."""
    return f'W/"{sha256(repr(entries).encode()).hexdigest()[:32]}"'


def _milestones(user: User) -> Iterator[CalendarEntry]:
    hidden: set[int] = set()
    for contribution in shown_elsewhere:
        hidden |= contribution(user)
    # A dropped one is left out: a calendar that is subscribed to lets go of what is gone.
    found = (
        Milestone.objects.visible_to(user)
        .exclude(state=MilestoneState.DROPPED)
        .exclude(cycle__state__in=CycleState.ended())
        .select_related("cycle__programme")
    )
    for milestone in found:
        if milestone.pk in hidden:
            continue
        source = f"{milestone.cycle.programme}, {milestone.cycle}"
        yield CalendarEntry(
            uid=uid_of(milestone.uid),
            sequence=milestone.sequence,
            summary=milestone.title,
            starts=milestone.starts_on,
            ends=milestone.ends_on,
            location=milestone.venue,
            description=f"{milestone.description}\n\n{source}",
            url=f"{settings.BASE_URL}{milestone.get_absolute_url()}",
        )
