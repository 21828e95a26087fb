"""How long mentors are kept, what is known of a person as one, and erasure."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import roles_of
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from programmes.people.retention import DataPeriod, PersonalData, hidden_from
from programmes.privacy.files import remove_results
from programmes.privacy.periods import DataOfCycle, Found, ended_day
from programmes.privacy.release import release
from tandems.links.retention import forget_links_of
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry
from tandems.mentors.registries import before_deletion
from tandems.profiles.exclusions import subjects_excluding
from tandems.profiles.questions import Kept, questions
from tandems.profiles.retention import forget_exclusions

LINK = "mentor"
"""The purpose of the links that lead to the Profilbogen of a mentor."""

POOL_DAYS = 5 * 365
"""A consent to be asked again is old after two cycles; then it must be given anew."""

IDEAS = (MentorState.IDEA, MentorState.APPROACHED)
ANSWERED = (MentorState.REFUSED, MentorState.PAUSED)


# --- Periods -----------------------------------------------------------------------------
def _found(*states: MentorState) -> Callable[[Cycle], Found]:
    def found(cycle: Cycle) -> Found:
        day = ended_day(cycle)
        if day is None:
            return []
        rows = Mentor.objects.filter(cycle=cycle, state__in=states)
        return [(pk, day) for pk in rows.values_list("pk", flat=True)]

    return found


def remove(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete mentors with all that hangs on them, and people whom nothing else keeps."""
    people = delete_with_all(Mentor.objects.filter(cycle=cycle, pk__in=keys))
    remove_results()
    release(people)


def delete_with_all(mentors: QuerySet[Mentor]) -> set[int]:
    """Delete them with approaches, links, exclusions and log entries; returns who is concerned.

    That they were mentors stays in the list of participants.
    """
    rows = list(mentors.values_list("pk", "cycle", "person"))
    keys = [row[0] for row in rows]
    approaches = Approach.objects.filter(mentor__in=keys)
    asked = list(approaches.values_list("pk", "by"))
    approaches.delete()
    forget(Approach, [pk for pk, _ in asked])
    for follow in before_deletion:
        follow(keys)
    Mentor.objects.filter(pk__in=keys).delete()
    forget(Mentor, keys)
    for cycle in {row[1] for row in rows}:
        forget_links_of(cycle, keys, LINK)
        forget_exclusions(cycle, {row[2] for row in rows if row[1] == cycle and row[2]})
    return {row[2] for row in rows if row[2]} | {by for _, by in asked}


def counted(cycle: Cycle, user: User, keys: Collection[int]) -> int | None:
    """Never oneself, nor whose sheet names the user: neither is to be read off a number."""
    roles, posts = roles_of(user), posts_of(user)
    seen = Mentor.objects.filter(pk__in=keys).exclude(person__in=[posts.person or 0])
    seen = seen.exclude(subjects_excluding(user))
    if cycle.pk not in roles.inside and cycle.programme_id not in roles.permanent:
        seen = seen.filter(municipality__in=posts.municipalities)
    return seen.count()


def hidden(reader: User, person: Person) -> frozenset[int]:
    """The cycles in which the person's sheet as a mentor excludes ``reader``."""
    found = Mentor.objects.filter(subjects_excluding(reader)).filter(person=person)
    return frozenset(found.values_list("cycle", flat=True))


def people_with_mentor_sheets(cycle: Cycle) -> set[int]:
    """Who is kept as a mentor in ``cycle``, or in the pool of its programme."""
    mentors = Mentor.objects.filter(cycle=cycle, person__isnull=False)
    pool = PoolEntry.objects.filter(programme=cycle.programme_id)
    return {*mentors.values_list("person", flat=True), *pool.values_list("person", flat=True)}


def delete_old_pool() -> int:
    """Take out of the pool whose consent is too old; returns how many."""
    before = timezone.localdate() - timedelta(days=POOL_DAYS)
    rows = list(PoolEntry.objects.filter(consent_on__lte=before).values_list("pk", "person"))
    keys = [pk for pk, _ in rows]
    PoolEntry.objects.filter(pk__in=keys).delete()
    forget(PoolEntry, keys)
    release({person for _, person in rows})
    return len(keys)


# --- A person ----------------------------------------------------------------------------
def known(person: Person) -> list[tuple[str, str]]:
    """The own sheet and answers; what the person did for the search, as numbers.

    Not that they are meant, or were not asked yet: nobody may learn that here.
    """
    rows = list(_known(Mentor.objects.filter(person=person)))
    rows += _in_pool(person)
    ideas = Mentor.objects.filter(had_by=person).count()
    asked = Approach.objects.filter(by=person).count()
    if ideas:
        rows.append(("Von Ihnen eingetragene Ideen für Mentor/innen", str(ideas)))
    if asked:
        rows.append(("Von Ihnen übernommene Anfragen", str(asked)))
    return rows


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """As ``known``, what the own Kommune of the mentor knows."""
    mentors = (
        Mentor.objects.filter(person=person, municipality__in=posts_of(reader).municipalities)
        .exclude(cycle__in=hidden_from(reader, person))
        .exclude(person=posts_of(reader).person)
    )
    return [*_known(mentors), *_in_pool(person)]


def _known(mentors: QuerySet[Mentor]) -> Iterator[tuple[str, str]]:
    for mentor in mentors.select_related("cycle", "person").order_by("pk"):
        answered = mentor.approaches.exclude(answer__in=("", Answer.RELEASED))
        told = mentor.state == MentorState.AGREED or mentor.handed_in_at is not None
        if not told and not answered.exists():
            continue
        yield "Angefragt als Mentor/in für", str(mentor.cycle)
        for approach in answered.order_by("pk"):
            yield (
                "Ihre Antwort",
                f"{approach.get_answer_display()}, am {approach.answered_on:%d.%m.%Y}",
            )
        if not told:
            continue
        if mentor.agreed_on:
            yield "zugesagt am", f"{mentor.agreed_on:%d.%m.%Y}"
        yield "so viele Mentees", str(mentor.capacity)
        for question in questions(mentor.sheet):
            if question.kept not in (Kept.COLUMN, Kept.ANSWERS) or question.house_only:
                continue
            if lines := question.lines(mentor):
                yield question.label, "\n".join(lines)
        # As in ``tandems.applications.retention``: the same line for everybody.
        yield (
            "Wer nicht in Frage kommt",
            "Solche Angaben werden, wenn es sie gibt, nach der Eingabe niemandem mehr gezeigt, "
            "auch hier nicht: sie betreffen andere (Art. 15 Abs. 4 DSGVO).",
        )


def _in_pool(person: Person) -> list[tuple[str, str]]:
    rows = []
    for entry in PoolEntry.objects.filter(person=person).select_related("programme").order_by("pk"):
        told = [f"eingewilligt am {entry.consent_on:%d.%m.%Y}: {entry.consent_text}"]
        if entry.topic_labels:
            told.append("Themen: " + ", ".join(entry.topic_labels))
        if entry.paused_until:
            told.append(f"nicht fragen bis {entry.paused_until:%d.%m.%Y}")
        rows.append((f"Bereit, wieder gefragt zu werden: {entry.programme}", "\n".join(told)))
    return rows


def erase(person: Person, by: User) -> None:
    """Delete the person as a mentor, from the pool, and as who had an idea or asked.

    Raises ``Refused`` while an approach is open, theirs or to them, and while they accompany
    somebody in a cycle whose Tandemphase runs.
    """
    open_one = Approach.objects.filter(Q(by=person) | Q(mentor__person=person), answer="")
    if (found := open_one.select_related("mentor__cycle").first()) is not None:
        raise Refused(
            f"In {found.mentor.cycle} ist zu {person} noch eine Anfrage offen. Der Beirat trägt "
            "zuerst die Antwort ein oder gibt sie frei."
        )
    running = Mentor.objects.filter(
        person=person, state=MentorState.AGREED, cycle__state=CycleState.RUNNING
    )
    if (mentor := running.select_related("cycle").first()) is not None:
        raise Refused(
            f"{person} ist Mentor/in in {mentor.cycle}, der gerade läuft. Beenden Sie dort zuerst "
            "die Teilnahme; danach lassen sich die Daten löschen."
        )
    with acting(by):
        delete_with_all(Mentor.objects.filter(person=person))
        Mentor.objects.filter(had_by=person).update(had_by=None)
        asked = list(Approach.objects.filter(by=person).values_list("pk", flat=True))
        Approach.objects.filter(pk__in=asked).delete()
        pool = list(PoolEntry.objects.filter(person=person).values_list("pk", flat=True))
        PoolEntry.objects.filter(pk__in=pool).delete()
    forget(Approach, asked)
    forget(PoolEntry, pool)


SHARE = PersonalData("Mentorinnen und Mentoren", known, erase, known_to)
POOL = DataPeriod(
    "Bereitschaft, wieder als Mentor/in gefragt zu werden",
    "Tag der Einwilligung",
    POOL_DAYS,
    delete_old_pool,
)
AGREED = DataOfCycle(
    label="Mentor/innen, die zugesagt haben",
    counts_from="Ende des Durchgangs",
    days=90,
    least=28,
    most=365,
    found=_found(MentorState.AGREED),
    remove=remove,
    counted=counted,
    why="Auswertung und Bericht sind dann fertig. Wer wieder gefragt werden möchte, bleibt mit "
    "eigener Einwilligung im Pool.",
    effect="Profilbogen, Anfragen und persönliche Links. Dass die Person Mentor/in war, bleibt in "
    "der Teilnehmerliste.",
)
REFUSED = DataOfCycle(
    label="Mentor/innen, die abgesagt haben oder pausieren",
    counts_from="Ende des Durchgangs",
    days=28,
    least=1,
    most=90,
    found=_found(*ANSWERED),
    remove=remove,
    counted=counted,
    why="Bis zum Ende des Durchgangs, damit niemand zweimal gefragt wird.",
    effect="Name, Funktion und dass die Person gefragt wurde. Einen Grund hält niemand fest.",
)
FORGOTTEN = DataOfCycle(
    label="Ideen für Mentor/innen",
    counts_from="Ende des Durchgangs",
    days=1,
    least=1,
    most=14,
    found=_found(*IDEAS),
    remove=remove,
    counted=counted,
    why="Wer nie gefragt wurde oder nie geantwortet hat, weiß nichts davon und bleibt nicht "
    "länger gespeichert, als gesucht wird.",
    effect="Funktion, Kommune und Themen, und wer die Idee hatte.",
)
