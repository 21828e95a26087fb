"""Whom the two turn to in the Beirat."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from programmes.cycles.models import CouncilSeat
from programmes.people.models import Person
from tandems.pairs.models import Tandem
from tandems.profiles.exclusions import Party, names
from tandems.profiles.models import Exclusion


def can_accompany(tandem: Tandem) -> list[Person]:
    """The seat holders who may accompany the tandem, in German order.

    Neither of the two, no superior, nobody whom one of the two ruled out (design, rule 2).
    """
    seats = _seats(tandem).order_by("person__sort_key", "person")
    return _impartial(tandem, (seat.person for seat in seats))


def contact_of(tandem: Tandem, person: Person) -> Person | None:
    """Whom ``person``, one of the two, turns to in the Beirat; ``None`` if there is nobody.

    Who accompanies the tandem; else a seat of their own Kommune; else a lead. Among equals
    whoever has a sign-in comes first: they find the page as well as the mail.
    """
    house = (
        tandem.application.municipality_id
        if person.pk == tandem.mentee_person_id
        else tandem.mentor.municipality_id
    )

    def nearness(seat: CouncilSeat) -> tuple[int, bool]:
        if seat.person_id == tandem.accompanied_by_id:
            return 0, False
        without = seat.person.user_id is None
        if seat.participation.municipality_id == house:
            return 1, without
        return 2 if seat.lead else 3, without

    seats = sorted(_seats(tandem).order_by("chair", "pk"), key=nearness)
    near = (seat.person for seat in seats if nearness(seat)[0] < 3)
    return next(iter(_impartial(tandem, near)), None)


def _seats(tandem: Tandem) -> QuerySet[CouncilSeat]:
    found: QuerySet[CouncilSeat] = (
        CouncilSeat.objects.current()
        .filter(participation__cycle=tandem.cycle_id)
        .select_related("person__municipality", "participation")
    )
    return found


def _impartial(tandem: Tandem, people: Iterable[Person]) -> list[Person]:
    """Those who see the tandem, each once: as ``council_tandems``, without a sign-in too."""
    halves = (tandem.mentee_person_id, tandem.mentor_person_id)
    # A whole Kommune or Amt is not meant: its seats go on reading.
    named = Exclusion.objects.filter(cycle=tandem.cycle_id, subject__in=halves).filter(
        Q(person__isnull=False) | ~Q(name_key="")
    )
    rows = list(named)
    return [
        person
        for person in dict.fromkeys(people)
        if person.pk not in (*halves, tandem.application.superior_id)
        and not any(names(row, Party.of(person)) for row in rows)
    ]
