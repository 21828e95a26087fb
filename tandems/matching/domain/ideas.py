"""Ideas: a pair at the wall, its reason, what the Beirat settled about it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.permissions import roles_of
from tandems.applications.models import Application, ApplicationState
from tandems.applications.reasons import ReasonMissing
from tandems.matching.domain.checks import (
    NOT_OWN,
    author,
    check_possible,
    held_half,
    held_idea,
)
from tandems.matching.models import DroppedIdea, IdeaComment, IdeaVoice, Mark, MatchIdea
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.domain import touch
from tandems.pairs.domain.locks import LEADS_ONLY

SOUGHT = (MentorState.IDEA, MentorState.APPROACHED, MentorState.AGREED)
ONE_OF = {
    Mark.PINNED: "Für diese Person ist schon ein anderes mögliches Match gesetzt{}. Nehmen Sie "
    "das dort erst zurück: gesetzt ist je Mentee höchstens eines.",
    Mark.SECOND: "Für diese Person gibt es schon eine zweite Wahl{}. Nehmen Sie sie dort erst "
    "zurück: eine zweite Wahl gibt es je Mentee höchstens einmal.",
}


def add_idea(application: Application, mentor: Mentor, *, reason: str = "", by: User) -> MatchIdea:
    """Put a pair on the wall.

    Raises ``Refused`` for somebody who is no mentee or no longer sought as a mentor, for a
    pair that a rule forbids, or that is there already.
    """
    with transaction.atomic(), acting(by):
        stored = held_half(application, by=by)
        other = held_half(mentor, by=by)
        assert isinstance(stored, Application)
        assert isinstance(other, Mentor)
        if stored.cycle_id != other.cycle_id:
            raise Refused("Mentee und Mentor/in gehören zu verschiedenen Durchgängen.")
        if stored.state != ApplicationState.PLACED:
            raise Refused("Diese Person hat in diesem Durchgang keinen Platz (mehr).")
        if other.state not in SOUGHT:
            raise Refused(
                f"{other.called} steht nicht zur Verfügung ({other.get_state_display()}). Wählen "
                "Sie jemand anderen."
            )
        check_possible(stored, other)
        known = MatchIdea.objects.filter(application=stored, mentor=other)
        if found := known.select_related("had_by").first():
            raise Refused(_already(found))
        idea = MatchIdea(
            application=stored, mentor=other, reason=reason.strip(), had_by_id=author(by)
        )
        try:
            with transaction.atomic():
                idea.save()
        except IntegrityError:
            raise Refused("Dieses Paar steht schon an der Wand.") from None
        touch(other.cycle)
        return idea


def change_reason(idea: MatchIdea, *, by: User) -> MatchIdea:
    """Save the changed ``reason``; ``idea`` carries the version the change began with.

    Raises ``EditConflict``, and ``Refused`` to who neither had it nor leads the Beirat.
    """
    with transaction.atomic(), acting(by):
        stored = held_idea(idea, by=by)
        _check_own(stored, by)
        stored.reason, stored.version = idea.reason.strip(), idea.version
        stored.save(update_fields=["reason"])
        touch(stored.mentor.cycle)
        return stored


def mark_idea(idea: MatchIdea, *, by: User) -> MatchIdea:
    """Save the changed ``mark`` and ``mark_reason``; ``idea`` carries its version.

    Pinned and banned bind the suggestions. Raises ``EditConflict``, and ``Refused`` to all
    but leads, for a second pinned one (or second choice) of a mentee, for pinning a pair that
    a rule forbids, and for banning without a reason.
    """
    with transaction.atomic(), acting(by):
        stored = held_idea(idea, by=by)
        if stored.mentor.cycle_id not in roles_of(by).lead:
            raise Refused(LEADS_ONLY)
        mark, reason = Mark(idea.mark), idea.mark_reason.strip()
        if mark == Mark.BANNED and not reason:
            raise ReasonMissing(
                "mark_reason", "Bitte begründen Sie, warum dieses Paar nicht in Frage kommt."
            )
        if mark in ONE_OF:
            _check_alone(stored, mark, by)
        if mark == Mark.PINNED:
            check_possible(stored.application, stored.mentor)
        stored.mark, stored.mark_reason = mark, reason if mark else ""
        stored.version = idea.version
        stored.save(update_fields=["mark", "mark_reason"])
        touch(stored.mentor.cycle)
        return stored


def delete_idea(idea: MatchIdea, *, reason: str = "", by: User) -> None:
    """Take an idea off the wall, with its voices and comments.

    Where others said something to it a ``reason`` is due, which stays beside the mentee.
    Raises ``Refused`` without one, and to who neither had it nor leads the Beirat.
    """
    reason = reason.strip()
    with transaction.atomic(), acting(by):
        stored = held_idea(idea, by=by)
        _check_own(stored, by)
        if others_spoke(stored, by):
            if not reason:
                raise Refused(
                    "Bitte begründen Sie, warum das mögliche Match gelöscht wird: andere haben "
                    "schon etwas dazu gesagt."
                )
            DroppedIdea.objects.create(
                application=stored.application,
                mentor=stored.mentor,
                reason=reason,
                dropped_by_id=author(by),
            )
        stored.delete()
        touch(stored.mentor.cycle)


def others_spoke(idea: MatchIdea, by: User) -> bool:
    """Whether anybody but ``by`` commented on the idea, recorded a voice, or had it."""
    person = author(by)
    comments = IdeaComment.objects.filter(idea=idea).exclude(author=person)
    voices = IdeaVoice.objects.filter(idea=idea).exclude(recorded_by=by)
    return idea.had_by_id != person or comments.exists() or voices.exists()


def _already(idea: MatchIdea) -> str:
    day = timezone.localtime(idea.created_at)
    who = f" von {idea.had_by.full_name}" if idea.had_by else ""
    return (
        f"Dieses Paar steht schon an der Wand, eingetragen{who} am {day:%d.%m.%Y}. Sagen Sie dort, "
        "was Sie dazu meinen."
    )


def _check_own(idea: MatchIdea, by: User) -> None:
    if idea.had_by_id != author(by) and idea.mentor.cycle_id not in roles_of(by).lead:
        raise Refused(NOT_OWN)


def _check_alone(idea: MatchIdea, mark: Mark, by: User) -> None:
    same = MatchIdea.objects.filter(application=idea.application, mark=mark).exclude(pk=idea.pk)
    if not same.exists():
        return
    # Whom it names is said only to who may know of that pair.
    seen = same.visible_to(by).select_related("mentor__person").first()
    raise Refused(ONE_OF[mark].format(f": {seen.mentor.called}" if seen else ""))
