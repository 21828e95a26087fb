"""How long imported tables are kept, what is known of a person by them, and erasure."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.text import search_key
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.people.retention import PersonalData
from programmes.privacy.files import remove_files
from programmes.privacy.periods import DataOfCycle, Found
from tandems.imports.models import KEEP_DAYS, ApplicantImport, ImportLine
from tandems.profiles.models import SheetKind
from tandems.profiles.questions import Kept, questions
from tandems.profiles.versions import sheet_of


def found(cycle: Cycle) -> Found:
    """All imports of the cycle and the day each was uploaded."""
    runs = ApplicantImport.objects.filter(cycle=cycle)
    return [
        (pk, timezone.localtime(made).date()) for pk, made in runs.values_list("pk", "created_at")
    ]


def remove(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete the imports with their lines and the table on the disk."""
    delete_runs(ApplicantImport.objects.filter(pk__in=keys))


def delete_runs(runs: QuerySet[ApplicantImport]) -> None:
    """Delete these imports with lines, table and log entries."""
    rows = list(runs.values_list("pk", "file"))
    remove_files([file for _, file in rows])
    ApplicantImport.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
    forget(ApplicantImport, [pk for pk, _ in rows])


def lines_of(person: Person) -> list[ImportLine]:
    """Lines that wait and are about the person: by their key, their address or their name.

    Lines without the person's Kommune are of others, who happen to have the same name.
    """
    name = search_key(f"{person.first_name} {person.last_name}")
    lines = ImportLine.objects.filter(
        Q(person=person.pk)
        | Q(run__municipality=person.municipality_id)
        & Q(search_key__contains=search_key(person.last_name))
    ).select_related("run__cycle")
    same = set(name.split())
    email = person.email.lower()
    return [
        line
        for line in lines.order_by("pk")
        if line.person == person.pk
        or (email and str(line.answers.get("email", "")).lower() == email)
        or set(line.search_key.split()) >= same
    ]


def known(person: Person) -> list[tuple[str, str]]:
    """Lines of tables that were uploaded and wait to be taken over."""
    return [
        (
            f"Zeile einer hochgeladenen Tabelle, {line.run.cycle}",
            f"hochgeladen am {timezone.localtime(line.run.created_at):%d.%m.%Y}, wird am "
            f"{timezone.localtime(line.run.delete_on):%d.%m.%Y} gelöscht\n" + "\n".join(_own(line)),
        )
        for line in lines_of(person)
    ]


def _own(line: ImportLine) -> list[str]:
    """The person's own answers in the line; what the Kommune says of them is not theirs."""
    sheet = sheet_of(line.run.cycle, SheetKind.APPLICANT)
    return [
        f"{question.label}: {value}"
        for question in questions(sheet)
        if not question.house_only
        and question.kept not in (Kept.EXCLUSIONS, Kept.CONSENT)
        and (value := line.answers.get(question.key))
    ]


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """As ``known``, from the tables that ``reader`` may see."""
    seen = set(ApplicantImport.objects.visible_to(reader).values_list("pk", flat=True))
    return known(person) if seen.issuperset(line.run_id for line in lines_of(person)) else []


def erase(person: Person, by: User) -> None:
    """Delete the whole import that holds the person: its table names them too."""
    runs = {line.run_id for line in lines_of(person)}
    with acting(by):
        delete_runs(ApplicantImport.objects.filter(pk__in=runs))


SHARE = PersonalData("Hochgeladene Tabellen", known, erase, known_to)
IMPORTS = DataOfCycle(
    label="Hochgeladene Tabellen",
    counts_from="Tag des Hochladens",
    days=KEEP_DAYS,
    least=1,
    most=KEEP_DAYS,
    found=found,
    remove=remove,
    why="So lange bleibt Zeit, die Zeilen zu prüfen und zu übernehmen.",
    effect="Die Tabelle und ihre Zeilen. Übernommene Bewerbungen bleiben.",
)
