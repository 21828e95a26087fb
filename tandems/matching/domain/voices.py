"""What the Beirat says to an idea: one voice per Kommune (design, rule 5), and comments."""

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.models import Participation
from tandems.matching.domain.checks import author, held_idea
from tandems.matching.models import IdeaComment, IdeaStance, IdeaVoice, MatchIdea
from tandems.matching.permissions import speaking_for
from tandems.pairs.domain import touch


def speak(
    idea: MatchIdea, participation: Participation, stance: str, *, seen: str | None = None, by: User
) -> IdeaVoice:
    """Record the voice of a Kommune; ``seen`` is the stance that was shown, "" for none.

    A member speaks for the own Kommune, a lead may record any. Raises ``Refused`` otherwise,
    and if a colleague recorded something else since ``seen``.
    """
    with transaction.atomic(), acting(by):
        stored = held_idea(idea, by=by)
        part, voice = _voice(stored, participation, by)
        wanted = IdeaStance(stance)
        before = voice.stance if voice else ""
        if seen is not None and before not in (seen, wanted):
            said = IdeaStance(before).label if before else "keine Stimme"
            raise Refused(
                f"Für {part.municipality.short_name} hat inzwischen jemand anderes „{said}“ "
                "eingetragen. Speichern Sie noch einmal, wenn Ihre Eingabe gelten soll."
            )
        if voice is None:
            voice = IdeaVoice(idea=stored, participation=part)
        elif voice.stance == wanted:
            return voice
        voice.stance, voice.recorded_at, voice.recorded_by = wanted, timezone.now(), by
        voice.save()
        touch(stored.mentor.cycle)
        return voice


def withdraw_voice(idea: MatchIdea, participation: Participation, *, by: User) -> None:
    """Take back the voice of a Kommune. Raises ``Refused`` to who may not speak for it."""
    with transaction.atomic(), acting(by):
        stored = held_idea(idea, by=by)
        _, voice = _voice(stored, participation, by)
        if voice is not None:
            voice.delete()
            touch(stored.mentor.cycle)


def _voice(
    idea: MatchIdea, participation: Participation, by: User
) -> tuple[Participation, IdeaVoice | None]:
    """The Kommune and its voice; raises ``Refused`` unless ``by`` may speak for it."""
    part = speaking_for(by, idea.mentor.cycle).filter(pk=participation.pk).first()
    if part is None:
        raise Refused(
            f"Für {participation.municipality.short_name} können Sie keine Stimme eintragen. Jede "
            "Kommune spricht für sich; in der Sitzung kann die Leitung die Stimmen eintragen."
        )
    return part, IdeaVoice.objects.filter(idea=idea, participation=part).first()


def comment(idea: MatchIdea, text: str, *, by: User) -> IdeaComment:
    """Say something to an idea. Raises ``Refused`` for nothing said."""
    text = text.strip()
    with transaction.atomic(), acting(by):
        stored = held_idea(idea, by=by)
        if not text:
            raise Refused("Bitte schreiben Sie, was Sie dazu sagen möchten.")
        found = IdeaComment(idea=stored, text=text, author_id=author(by))
        found.save()
        touch(stored.mentor.cycle)
        return found


def change_comment(changed: IdeaComment, *, by: User) -> IdeaComment:
    """Save the changed text of an own comment, with the version the change began with.

    Raises ``EditConflict``, and ``Refused`` for somebody else's.
    """
    with transaction.atomic(), acting(by):
        idea = held_idea(changed.idea, by=by)
        stored = _own(changed, by)
        stored.text, stored.version = changed.text.strip(), changed.version
        stored.save(update_fields=["text"])
        touch(idea.mentor.cycle)
        return stored


def delete_comment(found: IdeaComment, *, by: User) -> None:
    """Delete an own comment. Raises ``Refused`` for somebody else's."""
    with transaction.atomic(), acting(by):
        idea = held_idea(found.idea, by=by)
        _own(found, by).delete()
        touch(idea.mentor.cycle)


def _own(comment: IdeaComment, by: User) -> IdeaComment:
    stored: IdeaComment | None = IdeaComment.objects.filter(pk=comment.pk).first()
    if stored is None:
        raise EditConflict(None)
    if stored.author_id != author(by):
        raise Refused("Eine Bemerkung ändert nur, wer sie geschrieben hat.")
    return stored
