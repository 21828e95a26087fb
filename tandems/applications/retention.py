"""How long applications are kept, what is known of a person by them, and erasure."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.registry import Registry
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle, CycleState, ParticipantRole
from programmes.cycles.permissions import roles_of
from programmes.cycles.retention import forget_participants
from programmes.people.models import Person
from programmes.people.permissions import NOBODY, posts_of
from programmes.people.retention import PersonalData
from programmes.privacy.files import remove_files, remove_results
from programmes.privacy.periods import (
    DataOfCycle,
    Found,
    ended_day,
    matching_day,
    running_day,
)
from programmes.privacy.release import release
from tandems.applications.models import Application, ApplicationState
from tandems.applications.permissions import conflicts_of
from tandems.links.retention import forget_links_of
from tandems.profiles.questions import Kept, Reader, questions
from tandems.profiles.retention import forget_exclusions

# What others say about the person, or decided and have not told yet, is not theirs to read
# here (design, rule 1): neither statement nor rank nor state.
_OF_OTHERS = ("statement", "superior")

LINK = "application"
"""The purpose of the links that lead to an application."""

before_deletion: Registry[Callable[[list[int]], None]] = Registry("before applications go")
"""With primary keys, in the transaction that deletes them: what a later room keeps of them
besides rows that cascade, log entries above all."""

kept_to_the_end: Registry[Callable[[Cycle], QuerySet[Any]]] = Registry(
    "applications kept to the end of the cycle"
)
"""For a cycle, the applications (rows with ``pk`` alone) that began what others are still in:
withdrawn later, they are kept as those with a place."""


def _kept(cycle: Cycle) -> Q:
    kept = NOBODY
    for keys in kept_to_the_end:
        kept |= Q(pk__in=keys(cycle))
    return kept


# --- Periods -----------------------------------------------------------------------------
def found_unfinished(cycle: Cycle) -> Found:
    """What never reached the Beirat, from the end of the application phase on."""
    ended = matching_day(cycle)
    rows = Application.objects.filter(cycle=cycle, nominated_at=None).exclude(
        state__in=ApplicationState.with_council()
    )
    for pk, state, withdrawn_at in rows.values_list("pk", "state", "withdrawn_at"):
        if state == ApplicationState.WITHDRAWN and withdrawn_at is not None:
            day: date | None = timezone.localtime(withdrawn_at).date()
        else:
            day = ended
        if day is not None:
            yield pk, day


def found_declined(cycle: Cycle) -> Found:
    """Nominated without a place: told, waited in vain, or withdrawn."""
    ended, running = ended_day(cycle), running_day(cycle)
    rows = Application.objects.filter(cycle=cycle).exclude(
        state__in=(ApplicationState.PLACED, ApplicationState.NOT_NOMINATED)
    )
    rows = rows.exclude(nominated_at=None).exclude(_kept(cycle))
    for pk, state, informed_on, withdrawn_at in rows.values_list(
        "pk", "state", "informed_on", "withdrawn_at"
    ):
        day = ended
        if state == ApplicationState.WITHDRAWN and withdrawn_at is not None:
            day = timezone.localtime(withdrawn_at).date()
        elif state == ApplicationState.DECLINED:
            day = informed_on or ended
        elif state == ApplicationState.WAITING:
            # Until the Tandemphase begins somebody may still move up.
            day = max(informed_on, running) if informed_on and running else running
        if day is not None:
            yield pk, day


def found_placed(cycle: Cycle) -> Found:
    """Who got a place, or left while others went on, from the end of the cycle on."""
    day = ended_day(cycle)
    if day is None:
        return []
    kept = _kept(cycle) & Q(nominated_at__isnull=False)
    placed = Application.objects.filter(Q(state=ApplicationState.PLACED) | kept, cycle=cycle)
    return [(pk, day) for pk in placed.values_list("pk", flat=True)]


def remove(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete applications with all that hangs on them, and people whom nothing else keeps."""
    people = delete_with_all(Application.objects.filter(cycle=cycle, pk__in=keys))
    remove_results()
    release(people)


def delete_with_all(applications: QuerySet[Application]) -> set[int]:
    """Delete them with files, notes, links, exclusions, participant rows and log entries.

    Returns whose they were. Another application of the same person in the cycle keeps what
    the two share.
    """
    rows = list(applications.values_list("pk", "cycle", "person", "photo", "signed_sheet"))
    keys = [row[0] for row in rows]
    for follow in before_deletion:
        follow(keys)
    remove_files([key for row in rows for key in row[3:]])
    Application.objects.filter(pk__in=keys).delete()
    forget(Application, keys)
    for cycle in {row[1] for row in rows}:
        people = {row[2] for row in rows if row[1] == cycle}
        others = Application.objects.filter(cycle=cycle, person__in=people)
        people -= set(others.values_list("person", flat=True))
        forget_links_of(cycle, keys, LINK)
        forget_exclusions(cycle, people)
        forget_participants(cycle, people, ParticipantRole.APPLICANT)
    return {row[2] for row in rows}


def counted_unfinished(cycle: Cycle, user: User, keys: Collection[int]) -> int | None:
    """Only the own Kommune's, for its Personalstelle: nobody else may know there are any."""
    houses = posts_of(user).municipalities
    if not houses:
        return None
    return _seen(user, keys).filter(municipality__in=houses).count()


def counted(cycle: Cycle, user: User, keys: Collection[int]) -> int | None:
    """Without those whose application ``user`` must not know of."""
    roles = roles_of(user)
    seen = _seen(user, keys)
    if cycle.pk not in roles.inside and cycle.programme_id not in roles.permanent:
        seen = seen.filter(municipality__in=posts_of(user).municipalities)
    return seen.count()


def _seen(user: User, keys: Collection[int]) -> QuerySet[Application]:
    # Not visible_to: the ständige Mitglieder are told of numbers whose records they do not
    # see. Whom a conflict of interest concerns counts without the record.
    return Application.objects.filter(pk__in=keys).exclude(conflicts_of(user))


def hidden(reader: User, person: Person) -> frozenset[int]:
    """The cycles in which a conflict of interest hides the person's application."""
    found = Application.objects.filter(conflicts_of(reader)).filter(person=person)
    return frozenset(found.values_list("cycle", flat=True))


def people_with_applications(cycle: Cycle) -> set[int]:
    """Whose application the cycle still keeps."""
    return set(Application.objects.filter(cycle=cycle).values_list("person", flat=True))


# --- A person ----------------------------------------------------------------------------
def known(person: Person) -> list[tuple[str, str]]:
    """The person's own answers, application by application."""
    return list(_known(Application.objects.filter(person=person)))


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """As ``known``, without a sign of an application that ``reader`` must not know of."""
    return list(_known(Application.objects.visible_to(reader).filter(person=person)))


def _known(applications: QuerySet[Application]) -> Iterator[tuple[str, str]]:
    for application in applications.select_related("cycle", "person").order_by("pk"):
        yield "Bewerbung für", str(application.cycle)
        for label, moment in (
            ("angelegt am", application.created_at),
            ("eingereicht am", application.submitted_at),
            ("von Ihnen abgegeben am", application.handed_in_at),
            ("zurückgezogen am", application.withdrawn_at),
        ):
            if moment is not None:
                yield label, f"{timezone.localtime(moment):%d.%m.%Y}"
        for question in questions(application.sheet):
            if question.kept not in (Kept.COLUMN, Kept.ANSWERS) or question.key in _OF_OTHERS:
                continue
            if question.seen_by & Reader.COUNCIL and (lines := question.lines(application)):
                yield question.label, "\n".join(lines)
        for label, stored in (
            ("Foto", application.photo),
            ("Unterschriebener Bogen", application.signed_sheet),
        ):
            if stored is not None:
                yield label, f"abgelegt am {timezone.localtime(stored.created_at):%d.%m.%Y}"
        # The same line for everybody: whether there is one would tell who is meant, or that
        # somebody else named one (docs/decisions/0010).
        yield (
            "Wer nicht in Frage kommt",
            "Solche Angaben werden, wenn es sie gibt, nach der Eingabe niemandem mehr gezeigt, "
            "auch hier nicht: sie betreffen andere (Art. 15 Abs. 4 DSGVO).",
        )


def erase(person: Person, by: User) -> None:
    """Delete the person's applications, and their name where others' applications hold it.

    Raises ``Refused`` while the person has a place in a cycle whose Tandemphase runs.
    """
    running = Application.objects.filter(
        person=person, state=ApplicationState.PLACED, cycle__state=CycleState.RUNNING
    )
    if (found := running.select_related("cycle").first()) is not None:
        raise Refused(
            f"{person} hat einen Platz in {found.cycle}, der gerade läuft. Beenden Sie dort zuerst "
            "die Teilnahme; danach lassen sich die Daten löschen."
        )
    with acting(by):
        for application in Application.objects.filter(superior=person):
            application.superior = None
            application.save()
        delete_with_all(Application.objects.filter(person=person))


SHARE = PersonalData("Bewerbungen", known, erase, known_to)
UNFINISHED = DataOfCycle(
    label="Entwürfe und nicht nominierte Bewerbungen",
    counts_from="Ende der Bewerbungsphase, bei zurückgezogenen der Tag des Rückzugs",
    days=90,
    least=14,
    most=180,
    found=found_unfinished,
    remove=remove,
    counted=counted_unfinished,
    begins=matching_day,
    why="Die Personalstelle kann ihre Entscheidung so lange noch erklären.",
    effect="Profilbogen, Foto, unterschriebener Bogen und persönliche Links; die Person selbst, "
    "wenn sonst nichts über sie gespeichert ist.",
)
DECLINED = DataOfCycle(
    label="Bewerbungen ohne Platz",
    counts_from="Mitteilung des Ergebnisses, bei der Warteliste Beginn der Tandemphase, bei "
    "zurückgezogenen der Tag des Rückzugs, sonst Ende des Durchgangs",
    days=90,
    least=14,
    most=120,
    found=found_declined,
    remove=remove,
    counted=counted,
    why="So lange lässt sich die Entscheidung erklären. Üblich sind 14 Tage bis vier Monate.",
    effect="Profilbogen mit Stellungnahme und Rang, Foto, unterschriebener Bogen und Notizen; die "
    "Person selbst, wenn sonst nichts über sie gespeichert ist. In der Platzvergabe bleiben "
    "Kommune und Ergebnis, ohne Namen.",
)
PLACED = DataOfCycle(
    label="Bewerbungen mit Platz",
    counts_from="Ende des Durchgangs",
    days=90,
    least=28,
    most=365,
    found=found_placed,
    remove=remove,
    counted=counted,
    why="Auswertung und Bericht sind dann fertig. Üblich sind 28 Tage oder mehr.",
    effect="Profilbogen mit Stellungnahme und Rang, Foto, unterschriebener Bogen und Notizen. "
    "Auch die derer, die nach Beginn ihres Tandems ausgeschieden sind. In der Platzvergabe bleiben "
    "Kommune und Ergebnis, ohne Namen; dass die Person Mentee war, bleibt in der Teilnehmerliste.",
)
