"""How long tandems are kept, what is known of a person by them, and erasure."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.registry import Registry
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from programmes.people.retention import PersonalData
from programmes.privacy.files import remove_results
from programmes.privacy.periods import DataOfCycle, Found, ended_day, running_day
from programmes.privacy.release import release
from tandems.pairs.domain import touch
from tandems.pairs.models import Overrule, Tandem, TandemState, TandemVoice
from tandems.pairs.permissions import conflicting_tandems, matching_is_due

before_deletion: Registry[Callable[[list[int]], None]] = Registry("before tandems go")
"""With primary keys, in the transaction that deletes them: what a later room keeps of them
besides rows that cascade, log entries above all."""


# --- Deleting ----------------------------------------------------------------------------
def delete_with_all(tandems: QuerySet[Tandem]) -> set[int]:
    """Delete them with voices, meetings and log entries; returns who is concerned.

    That the two were mentee and mentor stays in the list of participants.
    """
    rows = list(tandems.values_list("pk", "mentee_person", "mentor_person"))
    keys = [row[0] for row in rows]
    for follow in before_deletion:
        follow(keys)
    voices = list(TandemVoice.objects.filter(tandem__in=keys).values_list("pk", flat=True))
    Tandem.objects.filter(pk__in=keys).delete()
    forget(TandemVoice, voices)
    forget(Tandem, keys)
    return {person for row in rows for person in row[1:]}


def before_applications(keys: list[int]) -> None:
    """With an application go its tandems, whatever their state."""
    _with_halves(Q(application__in=keys))


def before_mentors(keys: list[int]) -> None:
    """With a mentor go their tandems, whatever their state."""
    _with_halves(Q(mentor__in=keys))


def _with_halves(concerned: Q) -> None:
    tandems = Tandem.objects.filter(concerned)
    cycles = set(tandems.values_list("cycle", flat=True))
    delete_with_all(tandems)
    overrules = list(Overrule.objects.filter(concerned).values_list("pk", flat=True))
    Overrule.objects.filter(pk__in=overrules).delete()
    forget(Overrule, overrules)
    for cycle in Cycle.objects.filter(pk__in=cycles):
        if matching_is_due(cycle):
            touch(cycle)


def begun(cycle: Cycle) -> QuerySet[Any]:
    """Applications with a tandem that was revealed: the other half's year hangs on them."""
    known = Tandem.objects.filter(cycle=cycle, revealed_at__isnull=False)
    keys: QuerySet[Any] = known.order_by().values("application")
    return keys


# --- Periods -----------------------------------------------------------------------------
def found_known(cycle: Cycle) -> Found:
    """The tandems that were revealed, from the end of the cycle on."""
    return _of_ended(cycle, TandemState.known())


def found_secret(cycle: Cycle) -> Found:
    """The pairs that never were revealed, from the end of a cycle that was called off."""
    return _of_ended(cycle, TandemState.secret())


def _of_ended(cycle: Cycle, states: Collection[str]) -> Found:
    day = ended_day(cycle)
    if day is None:
        return []
    rows = Tandem.objects.filter(cycle=cycle, state__in=states)
    return [(pk, day) for pk in rows.values_list("pk", flat=True)]


def remove(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete tandems with all that hangs on them, and people whom nothing else keeps."""
    people = delete_with_all(Tandem.objects.filter(cycle=cycle, pk__in=keys))
    remove_results()
    release(people)


def counted(cycle: Cycle, user: User, keys: Collection[int]) -> int | None:
    """Without those a half of which ``user`` must not know of, or is."""
    roles, houses = roles_of(user), posts_of(user).municipalities
    seen = Tandem.objects.filter(~conflicting_tandems(user), pk__in=keys)
    if cycle.pk not in roles.inside and cycle.programme_id not in roles.permanent:
        seen = seen.filter(
            Q(application__municipality__in=houses) | Q(mentor__municipality__in=houses)
        )
    return seen.count()


def found_grounds(cycle: Cycle) -> Found:
    """Revealed tandems that still say why they are one, and what the Kommunen said to it."""
    begun = running_day(cycle)
    if begun is None:
        return
    voices = TandemVoice.objects.filter(tandem__cycle=cycle)
    rows = Tandem.objects.filter(cycle=cycle, revealed_at__isnull=False).filter(
        ~Q(reason="") | ~Q(reopen_reason="") | Q(pk__in=voices.values("tandem"))
    )
    for pk, revealed_at in rows.values_list("pk", "revealed_at"):
        yield pk, max(begun, timezone.localtime(revealed_at).date())


def remove_grounds(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete the words and the voices; that the two are a tandem stays."""
    voices = TandemVoice.objects.filter(tandem__in=keys)
    gone = list(voices.values_list("pk", flat=True))
    voices.delete()
    forget(TandemVoice, gone)
    Tandem.objects.filter(cycle=cycle, pk__in=keys).update(reason="", reopen_reason="")


def found_overrules(cycle: Cycle) -> Found:
    """What was overruled, once nothing is decided by it any more.

    For a mentee whose match is still secret it stays until the reveal.
    """
    begun = running_day(cycle)
    if begun is None:
        return
    secret = Tandem.objects.filter(cycle=cycle, state__in=TandemState.secret())
    rows = Overrule.objects.filter(application__cycle=cycle)
    if cycle.is_open:
        rows = rows.exclude(application__in=secret.values("application"))
    for pk, overruled_at in rows.values_list("pk", "overruled_at"):
        yield pk, max(begun, timezone.localtime(overruled_at).date())


def remove_overrules(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete them with their reasons."""
    Overrule.objects.filter(application__cycle=cycle, pk__in=keys).delete()
    forget(Overrule, keys)


# --- A person ----------------------------------------------------------------------------
def known(person: Person) -> list[tuple[str, str]]:
    """The person's tandems, as far as they have been told of them (design, rule 1)."""
    told = Q(mentee_person=person, revealed_at__isnull=False) | (
        Q(mentor_person=person) & (Q(revealed_at__isnull=False) | Q(mentor_told_at__isnull=False))
    )
    rows = list(_known(person, Tandem.objects.filter(told)))
    accompanied = Tandem.objects.filter(accompanied_by=person, revealed_at__isnull=False).count()
    if accompanied:
        rows.append(("Von Ihnen begleitete Tandems", str(accompanied)))
    return rows


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """The person's revealed tandems that ``reader`` knows of."""
    halves = Q(mentee_person=person) | Q(mentor_person=person)
    tandems = Tandem.objects.visible_to(reader).filter(halves, revealed_at__isnull=False)
    return list(_known(person, tandems))


def _known(person: Person, tandems: QuerySet[Tandem]) -> Iterator[tuple[str, str]]:
    rows = tandems.select_related("cycle", "mentee_person", "mentor_person").order_by("pk")
    for tandem in rows:
        mentee = tandem.mentee_person_id == person.pk
        other = tandem.mentor_person if mentee else tandem.mentee_person
        lines = [f"als {'Mentee' if mentee else 'Mentor/in'} mit {other.full_name}"]
        told: list[tuple[str, date | None]] = [("Mentoringvereinbarung vom", tandem.agreement_on)]
        if tandem.revealed_at is not None:
            told.insert(0, ("bekannt gegeben am", timezone.localtime(tandem.revealed_at).date()))
        if tandem.ended_on is not None:
            told.append((f"{tandem.get_state_display()} am", tandem.ended_on))
        lines += [f"{label} {day:%d.%m.%Y}" for label, day in told if day is not None]
        yield f"Tandem in {tandem.cycle}", "\n".join(lines)


def erase(person: Person, by: User) -> None:
    """Take the person off the tandems they accompanied; their own go with their halves.

    Raises ``Refused`` while the person is in a tandem whose year runs, so it is asked before
    anything else is erased. Nothing is said of one that is secret: it goes with the
    application or the mentor, and the other half is free again.
    """
    running = Tandem.objects.filter(
        Q(mentee_person=person) | Q(mentor_person=person), state__in=TandemState.running()
    )
    if (found := running.select_related("cycle").first()) is not None:
        raise Refused(
            f"{person} ist in {found.cycle} in einem Tandem, dessen Jahr läuft. Die Leitung des "
            "Beirats beendet es zuerst; danach lassen sich die Daten löschen."
        )
    with acting(by):
        Tandem.objects.filter(accompanied_by=person).update(accompanied_by=None)


SHARE = PersonalData("Tandems", known, erase, known_to)
TANDEMS = DataOfCycle(
    label="Tandems und ihre Treffen",
    counts_from="Ende des Durchgangs",
    days=90,
    least=28,
    most=365,
    found=found_known,
    remove=remove,
    counted=counted,
    why="Auswertung und Bericht sind dann fertig.",
    effect="Wer mit wem ein Tandem war, Tage, Form und Dauer der Treffen, Vereinbarung, Begleitung "
    "und Grund eines vorzeitigen Endes. Die veröffentlichte Zahl der Tandems bleibt.",
)
SECRET = DataOfCycle(
    label="Matches, die nie bekannt gegeben wurden",
    counts_from="Ende des Durchgangs",
    days=1,
    least=1,
    most=14,
    found=found_secret,
    remove=remove,
    why="Aus ihnen ist kein Tandem geworden, und niemand soll von ihnen erfahren.",
    effect="Das Match mit Begründung und Stimmen.",
)
GROUNDS = DataOfCycle(
    label="Begründungen der Tandems und Stimmen der Kommunen dazu",
    counts_from="Beginn der Tandemphase, bei einem späteren Match dessen Bekanntgabe",
    days=28,
    least=1,
    most=180,
    found=found_grounds,
    remove=remove_grounds,
    why="Über die Tandems ist dann entschieden.",
    effect="Warum die beiden zusammenkamen und welche Kommune zugestimmt oder eingewandt hat. Das "
    "Tandem selbst bleibt.",
)
OVERRULES = DataOfCycle(
    label="Warnungen im Matching, über die hinweggegangen wurde",
    counts_from="Beginn der Tandemphase, bei späteren der Tag der Entscheidung",
    days=28,
    least=1,
    most=180,
    found=found_overrules,
    remove=remove_overrules,
    why="Über die Tandems ist dann entschieden.",
    effect="Die Entscheidungen mit ihren Begründungen.",
)
