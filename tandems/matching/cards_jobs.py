"""Many cards at once, made in the background."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import rules

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext
from mentoring.log.domain import record_accesses
from mentoring.ui.errors import Refused
from mentoring.ui.exports import CONTENT_TYPES
from programmes.cycles.models import Cycle
from tandems.applications.models import Application
from tandems.matching.cards import PHOTO, Wanted, cards_pdf, mentees_for, mentors_for
from tandems.mentors.models import Mentor
from tandems.selection.contents import with_photo_consent

KIND = "matching.cards"
DIRECT_CARDS = 40
"""Up to so many cards are made while the user waits."""
CHANGED = "Inzwischen hat sich geändert, wen Sie sehen. Bitte erstellen Sie die Karten neu."


def params(
    cycle: Cycle, wanted: Wanted, mentees: Sequence[Application], mentors: Sequence[Mentor]
) -> dict[str, Any]:
    """What the job needs, as JSON: whose cards (keys alone), and which of them with a photo."""
    photos = with_photo_consent(mentees) if PHOTO in wanted.parts else frozenset()
    return {
        "cycle": cycle.pk,
        "wanted": {**asdict(wanted), "parts": sorted(wanted.parts)},
        "mentees": [found.pk for found in mentees],
        "mentors": [found.pk for found in mentors],
        "photos": sorted(photos),
    }


def file_name(cycle: Cycle) -> str:
    """The name of the file, which names nobody."""
    return f"karten-matching-{cycle.number}.pdf"


def made(
    cycle: Cycle,
    mentees: Sequence[Application],
    mentors: Sequence[Mentor],
    wanted: Wanted,
    *,
    photos: frozenset[int],
    by: Any,
    progress: Any = lambda done: None,
) -> bytes:
    """The cards as PDF; whoever prints a card has read it."""
    data = cards_pdf(cycle, mentees, mentors, wanted, photos=photos, progress=progress)
    record_accesses(Application.objects.filter(pk__in=[found.pk for found in mentees]), by=by)
    record_accesses(Mentor.objects.filter(pk__in=[found.pk for found in mentors]), by=by)
    return data


def run(context: JobContext) -> StoredFile:
    """Make the cards with the rights the user has now.

    Raises ``Refused`` if they are not those they were asked for with.
    """
    found = _found(context.by, context.params)
    if found is None or not context.by.is_active:
        raise Refused(CHANGED)
    cycle, mentees, mentors, photos = found
    total = (len(mentees) + len(mentors)) * 2  # half of the time is the layout
    data = made(
        cycle,
        mentees,
        mentors,
        _wanted(context.params),
        photos=photos,
        by=context.by,
        progress=lambda done: context.progress(done, total),
    )
    context.progress(total, total)
    return context.store(data, name=file_name(cycle), content_type=CONTENT_TYPES["pdf"])


def readable(user: Any, params: dict[str, Any]) -> bool:
    """Whether ``user`` may still see everybody on the cards, and each photo on them."""
    return _found(user, params) is not None


def _wanted(params: dict[str, Any]) -> Wanted:
    stored = params["wanted"]
    return Wanted(
        **{**stored, "houses": tuple(stored["houses"]), "parts": frozenset(stored["parts"])}
    )


def _found(
    user: Any, params: dict[str, Any]
) -> tuple[Cycle, list[Application], list[Mentor], frozenset[int]] | None:
    cycle = Cycle.objects.filter(pk=params["cycle"]).select_related("programme").first()
    if cycle is None or not rules.test_rule("pairs.match", user, cycle):
        return None
    # All that may have a card: who has found a tandem since is still among those asked for.
    wanted = Wanted()
    mentees = _asked(mentees_for(user, cycle, wanted), params["mentees"])
    mentors = _asked(mentors_for(user, cycle, wanted), params["mentors"])
    if mentees is None or mentors is None:
        return None
    photos = frozenset(params["photos"])
    if not with_photo_consent(mentees).issuperset(photos):
        return None
    return cycle, mentees, mentors, photos


def _asked(found: Sequence[Any], asked: list[int]) -> list[Any] | None:
    """Those of ``found`` that were asked for, or ``None`` if one of them is missing."""
    keys = set(asked)
    still = [one for one in found if one.pk in keys]
    return still if len(still) == len(keys) else None
