"""What the doors of the wall check before they let something through."""

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.people.permissions import posts_of
from tandems.applications.models import Application
from tandems.matching.models import MatchIdea
from tandems.mentors.models import Mentor
from tandems.pairs.domain.locks import held_cycle
from tandems.pairs.hindrances import Hindrance, Hindrances
from tandems.pairs.models import PairRule
from tandems.pairs.permissions import matching_cycles

NOT_YOURS = (
    "Daran wirken Sie nicht mit. Bitte lassen Sie ein anderes Mitglied des Beirats entscheiden."
)
GONE = "Dieses mögliche Match hat inzwischen jemand gelöscht. Laden Sie die Wand neu."
NOT_OWN = "Das ändert nur, wer es eingetragen hat, oder eine Leitung des Beirats."
NO_PERSON = "Ihr Zugang gehört zu keiner Person des Beirats, darum geht das hier nicht."


def held_idea(idea: MatchIdea, *, by: User) -> MatchIdea:
    """``idea`` as stored now, locked after its cycle, with both halves.

    Raises ``Refused`` if it is gone, or ``by`` must not see one of its halves.
    """
    cycle = held_cycle(idea.mentor.cycle)
    stored = (
        MatchIdea.objects.select_for_update(of=("self",))
        .select_related(
            "application__person",
            "application__municipality",
            "mentor__person",
            "mentor__municipality",
        )
        .filter(pk=idea.pk)
        .first()
    )
    if stored is None:
        raise Refused(GONE)
    if not MatchIdea.objects.visible_to(by).filter(pk=stored.pk).exists():
        raise Refused(NOT_YOURS)
    stored.application.cycle = stored.mentor.cycle = cycle
    found: MatchIdea = stored
    return found


def held_half(half: Application | Mentor, *, by: User) -> Application | Mentor:
    """A mentee or mentor as stored now, after its cycle is locked.

    Raises ``Refused`` if ``by`` must not see them or takes no part in the matching, or they
    are gone.
    """
    cycle = held_cycle(half.cycle)
    seen = type(half)._default_manager.visible_to(by)
    stored = seen.select_related("person", "municipality").filter(pk=half.pk, cycle=cycle).first()
    if stored is None or cycle.pk not in matching_cycles(by):
        raise Refused(NOT_YOURS)
    stored.cycle = cycle
    found: Application | Mentor = stored
    return found


def author(by: User) -> int:
    """The person behind ``by``. Raises ``Refused`` for a sign-in without one."""
    person = posts_of(by).person
    if person is None:
        raise Refused(NO_PERSON)
    return person


def refusing(application: Application, mentor: Mentor) -> list[Hindrance]:
    """What forbids the pair. A mentor whose places are taken may still be thought of."""
    return [
        found
        for found in Hindrances(mentor.cycle).of(application, mentor)
        if found.refuses and found.rule != PairRule.CAPACITY
    ]


def check_possible(application: Application, mentor: Mentor) -> None:
    """Raise ``Refused`` with the sentence of the rule that forbids the pair."""
    if found := refusing(application, mentor):
        raise Refused(" ".join(one.sentence for one in found))
