"""How a cycle matches, and that something at its wall has changed."""

from django.db import models
from django.db.models import F

from programmes.cycles.models import Cycle
from tandems.pairs.models import MatchingFrame


def frame_of(cycle: Cycle) -> MatchingFrame:
    """The frame of ``cycle``, made on first use.

    Save it with ``update_fields``: ``edition`` is raised behind its back by ``touch``.
    """
    found: MatchingFrame = MatchingFrame.objects.get_or_create(cycle=cycle)[0]
    found.cycle = cycle
    return found


def touch(cycle: Cycle) -> None:
    """Raise the edition of the wall: who looks at it is shown the change.

    To be called in the transaction of the change. It is neither an edit of the frame nor an
    entry in the log, so Django's own queryset writes it.
    """
    frame = frame_of(cycle)
    plain: models.QuerySet[MatchingFrame] = models.QuerySet(MatchingFrame)
    plain.filter(pk=frame.pk).update(edition=F("edition") + 1)
