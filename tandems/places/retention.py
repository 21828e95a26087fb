"""What a person is told of the Platzvergabe, and what is left of it without the person."""

from collections.abc import Iterator

from django.db.models import QuerySet

from mentoring.accounts.models import User
from mentoring.log.domain import forget
from programmes.cycles.models import CouncilSeat
from programmes.people.models import Person
from programmes.people.retention import PersonalData
from tandems.applications.models import Application
from tandems.applications.outcomes import DECIDED, shown_outcome
from tandems.applications.permissions import conflicts_of
from tandems.places.models import AllocationLine, AllocationState, LaterDecision


def before_deletion(applications: list[int]) -> None:
    """Leave of lines that were decided no more than Kommune and outcome; the others go.

    So the minutes still add up. What the log says of any of them is forgotten.
    """
    for model in (AllocationLine, LaterDecision):
        rows = model._default_manager.filter(application__in=applications)
        keys = list(rows.values_list("pk", flat=True))
        if model is AllocationLine:
            _bare(applications)
        rows.delete()
        forget(model, keys)


def _bare(applications: list[int]) -> None:
    """Take the person out of the lines of a closed Platzvergabe.

    Whoever sits in the Beirat and must not know of the application is noted first: nothing
    tells it afterwards.
    """
    lines = AllocationLine.objects.filter(
        application__in=applications,
        application__nominated_at__isnull=False,
        allocation__state=AllocationState.CLOSED,
    ).select_related("application", "allocation")
    hidden: dict[int, list[int]] = {}
    for cycle in {line.allocation.cycle_id for line in lines}:
        seats = CouncilSeat.objects.filter(participation__cycle=cycle, person__user__isnull=False)
        for member in {seat.person for seat in seats.select_related("person__user")}:
            found = Application.objects.filter(conflicts_of(member.user), pk__in=applications)
            for pk in found.values_list("pk", flat=True):
                hidden.setdefault(pk, []).append(member.pk)
    for line in lines:
        line.hidden_from.set(hidden.get(line.candidate.pk, ()))
        line.erased_house_id = line.candidate.municipality_id
        line.application = line.position = None
        line.rank, line.proposed, line.reason = 0, "", ""
        line.save()


def known(person: Person) -> list[tuple[str, str]]:
    """The outcome the own Kommune has told, whatever was decided since (design, rule 1)."""
    return list(_known(Application.objects.filter(person=person)))


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """As ``known``, of the applications that ``reader`` may see."""
    return list(_known(Application.objects.visible_to(reader).filter(person=person)))


def _known(applications: QuerySet[Application]) -> Iterator[tuple[str, str]]:
    decided = applications.filter(state__in=DECIDED)
    for application in decided.select_related("cycle").order_by("pk"):
        told = shown_outcome(application)
        if told is None:
            continue
        on = application.informed_on
        # Of an outcome told before a later decision the day is not kept.
        day = "" if on is None else f" am {on:%d.%m.%Y}"
        yield f"Ergebnis in {application.cycle}", f"{told.label}, mitgeteilt{day}"


def erase(person: Person, by: User) -> None:
    """Nothing of its own: lines and later decisions follow the application."""


SHARE = PersonalData("Platzvergabe", known, erase, known_to)
