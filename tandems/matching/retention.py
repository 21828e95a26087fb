"""How long what stands at the wall is kept, what is known of a person by it, and erasure."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.people.retention import PersonalData
from programmes.privacy.periods import DataOfCycle, Found, running_day
from programmes.privacy.release import release
from tandems.matching.models import Bias, DroppedIdea, IdeaComment, IdeaVoice, MatchIdea
from tandems.pairs.models import Tandem, TandemState

LATER = "Beginn der Tandemphase, bei späteren der Tag des Eintrags"
WHY = "Über die Tandems ist dann entschieden."


# --- Deleting ----------------------------------------------------------------------------
def delete_ideas(ideas: Any) -> set[int]:
    """Delete them with voices, comments and log entries; returns who had them or spoke."""
    keys = list(ideas.values_list("pk", flat=True))
    people = set(MatchIdea.objects.filter(pk__in=keys).values_list("had_by", flat=True))
    comments = IdeaComment.objects.filter(idea__in=keys)
    people |= set(comments.values_list("author", flat=True))
    _delete(IdeaComment, comments)
    _delete(IdeaVoice, IdeaVoice.objects.filter(idea__in=keys))
    _delete(MatchIdea, MatchIdea.objects.filter(pk__in=keys))
    return {person for person in people if person is not None}


def _delete(model: type[models.Model], rows: Any) -> None:
    keys = list(rows.values_list("pk", flat=True))
    model._default_manager.filter(pk__in=keys).delete()
    forget(model, keys)


def before_applications(keys: list[int]) -> None:
    """With an application goes what was thought about it."""
    _with_halves(Q(application__in=keys))


def before_mentors(keys: list[int]) -> None:
    """With a mentor goes what was thought about them."""
    _with_halves(Q(mentor__in=keys))


def _with_halves(concerned: Q) -> None:
    delete_ideas(MatchIdea.objects.filter(concerned))
    _delete(DroppedIdea, DroppedIdea.objects.filter(concerned))
    _delete(Bias, Bias.objects.filter(concerned))


# --- Periods -----------------------------------------------------------------------------
def _found(cycle: Cycle, rows: Any, field: str) -> Found:
    """The rows once the Tandemphase has begun, later ones from their own day on.

    What concerns a mentee whose match is still secret is still being deliberated.
    """
    begun = running_day(cycle)
    if begun is None:
        return
    if cycle.is_open:
        secret = Tandem.objects.filter(cycle=cycle, state__in=TandemState.secret())
        rows = rows.exclude(application__in=secret.values("application"))
    for pk, written_at in rows.values_list("pk", field):
        yield pk, max(begun, _day(written_at))


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def found_ideas(cycle: Cycle) -> Found:
    """The ideas of the cycle."""
    return _found(cycle, MatchIdea.objects.filter(application__cycle=cycle), "created_at")


def found_dropped(cycle: Cycle) -> Found:
    """That ideas were dropped, and why."""
    return _found(cycle, DroppedIdea.objects.filter(application__cycle=cycle), "dropped_at")


def found_biases(cycle: Cycle) -> Found:
    """Who said of themselves that they are not impartial."""
    about = Q(application__cycle=cycle) | Q(mentor__cycle=cycle)
    return _found(cycle, Bias.objects.filter(about), "declared_at")


def remove_ideas(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete ideas with what was said to them."""
    release(delete_ideas(MatchIdea.objects.filter(application__cycle=cycle, pk__in=keys)))


def _remover(model: type[models.Model]) -> Callable[[Cycle, Collection[int]], None]:
    def remove(cycle: Cycle, keys: Iterable[int]) -> None:
        _delete(model, model._default_manager.filter(pk__in=keys))

    return remove


# --- A person ----------------------------------------------------------------------------
def known(person: Person) -> list[tuple[str, str]]:
    """How much the person wrote at the wall.

    Not the texts, which are about others, and nothing that was thought about the person: the
    Beirat deliberates in confidence (Art. 15 Abs. 4 DSGVO; docs/decisions/0010).
    """
    counts = (
        ("Von Ihnen eingetragene mögliche Matches", MatchIdea.objects.filter(had_by=person)),
        ("Von Ihnen verfasste Bemerkungen dazu", IdeaComment.objects.filter(author=person)),
        ("Ihre Hinweise auf Befangenheit", Bias.objects.filter(member=person)),
    )
    return [(label, str(number)) for label, rows in counts if (number := rows.count())]


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """Nothing: what somebody says in the Beirat is no business of a Personalstelle."""
    return []


def erase(person: Person, by: User) -> None:
    """Delete what the person wrote; ideas they had stay, without their name."""
    with acting(by):
        _delete(IdeaComment, IdeaComment.objects.filter(author=person))
        _delete(Bias, Bias.objects.filter(member=person))
        MatchIdea.objects.filter(had_by=person).update(had_by=None)
        DroppedIdea.objects.filter(dropped_by=person).update(dropped_by=None)


SHARE = PersonalData("Matching", known, erase, known_to)
IDEAS = DataOfCycle(
    label="Mögliche Matches mit Stimmen und Bemerkungen",
    counts_from=LATER,
    days=28,
    least=1,
    most=180,
    found=found_ideas,
    remove=remove_ideas,
    begins=running_day,
    why=WHY,
    effect="Die Wand: mögliche Matches, wer sie hatte, was dafür und dagegen sprach.",
)
DROPPED = DataOfCycle(
    label="Gelöschte mögliche Matches",
    counts_from=LATER,
    days=28,
    least=1,
    most=180,
    found=found_dropped,
    remove=_remover(DroppedIdea),
    why=WHY,
    effect="Dass es sie gab, und warum sie gelöscht wurden.",
)
BIASES = DataOfCycle(
    label="Hinweise auf Befangenheit",
    counts_from=LATER,
    days=28,
    least=1,
    most=180,
    found=found_biases,
    remove=_remover(Bias),
    why=WHY,
    effect="Wer im Beirat gesagt hat, jemanden zu kennen.",
)
