"""What is left at the wall of a tandem that was dissolved: why."""

from mentoring.accounts.models import User
from programmes.people.permissions import posts_of
from tandems.matching.models import DroppedIdea
from tandems.pairs.models import Tandem


def keep_reason(tandem: Tandem, reason: str, by: User) -> None:
    """Keep beside the mentee why the tandem was dissolved: others had agreed to it."""
    DroppedIdea.objects.create(
        application=tandem.application,
        mentor=tandem.mentor,
        reason=f"Tandem aufgelöst: {reason}"[:1000],
        dropped_by_id=posts_of(by).person,
    )
