"""The Kommune tells its own people: texts to adapt, and the tick "mitgeteilt am"."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from tandems.applications.models import Application
from tandems.applications.outcomes import mark_informed
from tandems.places.domain.locks import held_cycle
from tandems.places.models import Allocation, LaterDecision, OutcomeText


def tell(
    application: Application, *, on: date, expected: str | None = None, by: User
) -> Application:
    """Note that the outcome was told on a day from its decision to today.

    ``expected`` is the outcome that was told, as its page showed it. Raises ``Refused`` if
    the Beirat has decided anew meanwhile, also before the close.
    """
    with transaction.atomic(), acting(by):
        held_cycle(application.cycle)
        stored = Application.objects.get(pk=application.pk)
        if expected is not None and stored.state != expected:
            raise Refused(
                f"Diese Bewerbung steht inzwischen auf „{stored.get_state_display()}“. Laden Sie "
                "die Seite neu und teilen Sie zuerst das neue Ergebnis mit."
            )
        return mark_informed(application, on=on, not_before=_decided_on(application), by=by)


def _decided_on(application: Application) -> date | None:
    """The day of the close, or of the last later decision; ``None`` without any (imported)."""
    later = LaterDecision.objects.filter(application=application).order_by("-decided_at").first()
    if later is not None:
        return timezone.localtime(later.decided_at).date()
    allocation = Allocation.objects.filter(cycle=application.cycle_id).first()
    if allocation is None:
        return None
    if allocation.closed_at is None:
        raise Refused("Der Beirat hat die Platzvergabe noch nicht beschlossen.")
    return timezone.localtime(allocation.closed_at).date()


def save_text(text: OutcomeText, *, by: User) -> OutcomeText:
    """Save the words for an outcome, the cycle's or a Kommune's own.

    Raises ``EditConflict``, or ``Refused`` if somebody made this version meanwhile.
    """
    with transaction.atomic(), acting(by):
        held_cycle(text.cycle)
        same = OutcomeText.objects.filter(
            cycle=text.cycle, municipality=text.municipality, outcome=text.outcome
        )
        if text.pk is None and same.exists():
            raise Refused(
                "Inzwischen hat jemand anderes diesen Text geändert. Ihre Fassung steht noch da: "
                "kopieren Sie sie heraus und laden Sie die Seite neu."
            )
        person = posts_of(by).person
        text.changed_by = Person.objects.filter(pk=person).first() if person else None
        text.save()
        return text


def reset_text(text: OutcomeText, *, by: User) -> None:
    """Drop an adapted text: the one above it holds again."""
    with transaction.atomic(), acting(by):
        held_cycle(text.cycle)
        OutcomeText.objects.filter(pk=text.pk).delete()
