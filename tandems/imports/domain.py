"""The doors of an import: upload, choose, write, throw away.

A run is claimed by conditional update of its state, so whatever is pressed twice, killed or
run again happens once.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.files.domain import store_upload
from mentoring.files.models import StoredFile
from mentoring.jobs.domain import start_job
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of
from tandems.applications.checks import check_entry
from tandems.imports.bulk import Draft, create_drafts, values_of
from tandems.imports.checking import Table, check_lines, known_people, open_table, who_of
from tandems.imports.columns import Unreadable
from tandems.imports.models import ApplicantImport, Decision, ImportLine, ImportState
from tandems.imports.tables import MAX_BYTES

DIRECT_LINES = 50
"""Up to so many lines are checked and written while somebody waits."""

CHECK_KIND = "imports.check"
WRITE_KIND = "imports.write"
PURPOSE = "imports.upload"
ALLOWED = ("xlsx", "csv")
BATCH = 500

Progress = Callable[[int, int], None]

NOT_NOW = (
    "Diese Tabelle wird gerade bearbeitet oder ist schon übernommen. Laden Sie die Seite neu, um "
    "den Stand zu sehen."
)
LOOK_AGAIN = (
    "Seit der Prüfung sind in Ihrer Kommune Personen dazugekommen, die einigen Zeilen ähneln. "
    "Es wurde nichts übernommen. Bitte sehen Sie die Zeilen „zu klären“ noch einmal durch."
)


def begin(
    *,
    cycle: Cycle,
    municipality: Municipality,
    upload: "File[bytes]",
    table: Table,
    is_short: bool,
    by: User,
) -> ApplicantImport:
    """Take ``upload`` and check it: a short one now, a long one as a job.

    ``table`` is the opened upload. Raises ``Refused`` if the cycle takes no applications or
    the table cannot be read after all.
    """
    with transaction.atomic(), acting(by):
        check_entry(cycle, municipality)
        run = ApplicantImport.objects.create(
            cycle=cycle,
            municipality=municipality,
            file_name=(upload.name or "Datei")[:150],
            ignored=list(table.found.ignored),
            absent=list(table.found.absent),
            created_by=by,
        )
        if is_short:
            try:
                lines = check_lines(table, known=known_people(municipality, by))
            except Unreadable as error:
                raise Refused(str(error)) from error
            _keep(run, lines)
            return run
        run.file = store_upload(
            upload,
            purpose=PURPOSE,
            by=by,
            max_bytes=MAX_BYTES,
            allowed=ALLOWED,
            expires_at=timezone.now() + timedelta(days=1),
        )
        run.job = start_job(
            CHECK_KIND, by=by, params={"run": run.pk}, title=f"Prüfung von „{run.file_name}“"
        )
        run.save()
        return run


def check(run: ApplicantImport, *, by: User, progress: Progress) -> None:
    """The check of a stored table; the file is deleted with its end, whatever it was.

    Raises ``Refused`` if the table cannot be read. Run again after it ended it does nothing.
    """
    if run.state != ImportState.CHECKING or run.file is None:
        return
    try:
        with run.file.content.open("rb") as file:
            lines = check_lines(
                open_table(file.file, run.cycle),
                known=known_people(run.municipality, by),
                progress=progress,
            )
    except (Unreadable, FileNotFoundError) as error:
        problem = str(error) if isinstance(error, Unreadable) else GONE
        fail_check(run, problem, by=by)
        raise Refused(problem) from error
    with transaction.atomic(), acting(by):
        _keep(run, lines)


GONE = "Die Datei ist nicht mehr da. Bitte laden Sie sie noch einmal hoch."


def fail_check(run: ApplicantImport, problem: str, *, by: User) -> None:
    """End a check without a result, and delete its file."""
    with transaction.atomic(), acting(by):
        checking = ApplicantImport.objects.filter(pk=run.pk, state=ImportState.CHECKING)
        if checking.update(state=ImportState.FAILED, problem=problem[:500]):
            _delete_file(run)


def decide(run: ApplicantImport, choices: Mapping[int, str], *, by: User) -> int:
    """Keep what was chosen for lines, by their key: "new", "skip", "", or a person's key.

    Returns how many lines changed. Raises ``Refused`` once the run is being written, and for
    a choice that the line does not offer.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(run, (ImportState.CHECKED,))
        own = posts_of(by).person
        lines = list(stored.lines.filter(pk__in=list(choices)))
        changed = []
        for line in lines:
            before = (line.decision, line.person)
            _choose(line, choices[line.pk], own)
            if (line.decision, line.person) != before:
                changed.append(line)
        ImportLine.objects.bulk_update(changed, ["decision", "person"], batch_size=BATCH)
        return len(changed)


def start_writing(run: ApplicantImport, *, skip_rest: bool, by: User) -> ApplicantImport:
    """Write the chosen lines: a few now, many as a job.

    ``skip_rest`` says that lines with mistakes and undecided ones shall be left out; without
    it they refuse. Raises ``Refused`` also if it is being written already, if nothing is
    chosen, or if the cycle takes no applications any more; all stays as it is then.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(run, (ImportState.CHECKED,))
        check_entry(stored.cycle, stored.municipality)
        chosen = stored.lines.all().takes().count()
        if not chosen:
            raise Refused(
                "Keine Zeile ist zum Übernehmen ausgewählt. Wählen Sie Zeilen aus oder laden Sie "
                "eine berichtigte Datei hoch."
            )
        rest = stored.lines.all().left().count() + stored.lines.all().undecided().count()
        if rest and not skip_rest:
            raise Refused(
                "Einige Zeilen haben Fehler oder sind noch nicht entschieden. Bitte klären Sie "
                "sie, oder bestätigen Sie, dass nur die übrigen übernommen werden."
            )
        _check_chosen_once(stored)
        stored.state, stored.problem = ImportState.WRITING, ""
        stored.job = None
        if chosen > DIRECT_LINES:
            title = f"Übernahme aus „{stored.file_name}“"
            stored.job = start_job(WRITE_KIND, by=by, params={"run": stored.pk}, title=title)
        stored.save()
        if chosen <= DIRECT_LINES:
            write(stored, by=by)
            stored.refresh_from_db()
        return stored


def write(run: ApplicantImport, *, by: User) -> int:
    """Make drafts of the chosen lines in one transaction; returns how many.

    None if people have come since the check whom a line resembles: the lines then wait for a
    new choice. None either if the run was written before. Raises ``Refused`` if the cycle
    takes no applications any more or one of the drafts cannot be.
    """
    with transaction.atomic(), acting(by):
        cycle = Cycle.objects.select_for_update().get(pk=run.cycle_id)
        # The claim: whoever changes this row first writes, everybody else finds nothing.
        claim = ApplicantImport.objects.filter(pk=run.pk, state=ImportState.WRITING)
        if not claim.update(state=ImportState.WRITTEN):
            return 0
        stored = ApplicantImport.objects.select_related("municipality").get(pk=run.pk)
        check_entry(cycle, stored.municipality)
        lines = list(stored.lines.all().takes())
        if _resemble_newcomers(stored, lines, by):
            _set_back(stored, LOOK_AGAIN)
            return 0
        drafts = [
            Draft(f"Zeile {line.number}", values_of(line.answers, cycle), line.person)
            for line in lines
        ]
        stored.written_count = create_drafts(
            drafts, cycle=cycle, municipality=stored.municipality, by=by
        )
        stored.lines.all().delete()
        stored.save()
        return stored.written_count


def give_back(run: ApplicantImport, problem: str, *, by: User) -> None:
    """After a write that did not come about: the lines wait for the button again."""
    with transaction.atomic(), acting(by):
        writing = ApplicantImport.objects.filter(pk=run.pk, state=ImportState.WRITING)
        writing.update(state=ImportState.CHECKED, problem=problem[:500])


def discard(run: ApplicantImport, *, by: User) -> None:
    """Throw a run away, with its lines and its file. Raises ``Refused`` while a job works on it."""
    with transaction.atomic(), acting(by):
        stored = _locked(run, (ImportState.CHECKED, ImportState.FAILED, ImportState.WRITTEN))
        _delete_file(stored)
        stored.delete()


# --- Inside -----------------------------------------------------------------------------
def _locked(run: ApplicantImport, states: Iterable[ImportState]) -> ApplicantImport:
    """The run as it stands now, after its cycle, in one of ``states``. Raises ``Refused``."""
    cycle = Cycle.objects.select_for_update().get(pk=run.cycle_id)
    stored = ApplicantImport.objects.select_for_update().filter(pk=run.pk).first()
    if stored is None:
        raise Refused("Diese Prüfung wurde inzwischen verworfen. Laden Sie die Datei neu hoch.")
    stored.cycle = cycle
    if stored.stands not in states:
        raise Refused(NOT_NOW)
    return stored


def _keep(run: ApplicantImport, lines: list[ImportLine]) -> None:
    """Store the result of a check, once, and delete the file it was made from."""
    checking = ApplicantImport.objects.filter(pk=run.pk, state=ImportState.CHECKING)
    if not checking.update(state=ImportState.CHECKED):
        return
    for line in lines:
        line.run = run
    ImportLine.objects.bulk_create(lines, batch_size=BATCH)
    run.state = ImportState.CHECKED
    _delete_file(run)


def _delete_file(run: ApplicantImport) -> None:
    if run.file_id is not None:
        for stored in StoredFile.objects.filter(pk=run.file_id):
            stored.delete()
    run.file = None


def _choose(line: ImportLine, choice: str, own: int | None) -> None:
    if choice in (Decision.OPEN, Decision.SKIP):
        line.decision, line.person = choice, None
        return
    if line.is_faulty:
        raise Refused(f"Zeile {line.number} hat noch Fehler und lässt sich nur weglassen.")
    if choice == Decision.NEW:
        line.decision, line.person = choice, None
        return
    # As text: whatever is posted, however long, is compared and never made a number first.
    if choice not in map(str, line.known) or choice == str(own):
        raise Refused(f"Bitte wählen Sie für Zeile {line.number} aus dem, was angeboten wird.")
    line.decision, line.person = Decision.KNOWN, int(choice)


def _check_chosen_once(run: ApplicantImport) -> None:
    """Raise ``Refused`` if two lines were chosen to be the same known person."""
    seen: dict[int, int] = {}
    chosen = run.lines.filter(decision=Decision.KNOWN).values_list("number", "person")
    for number, person in chosen:
        if person is None:
            continue
        if person in seen:
            raise Refused(
                f"Die Zeilen {seen[person]} und {number} sollen beide dieselbe bekannte Person "
                "sein. Bitte lassen Sie eine davon weg."
            )
        seen[person] = number


def _resemble_newcomers(run: ApplicantImport, lines: list[ImportLine], by: User) -> bool:
    """Reopen the lines that resemble people unknown at the check; whether there are any.

    A colleague may have uploaded the same table meanwhile, or somebody was entered by hand.
    """
    people = known_people(run.municipality, by)
    reopened = []
    for line in lines:
        now = people.like(who_of(line))
        if set(now) - set(line.known):
            line.known, line.is_doubtful = now, True
            line.decision, line.person = Decision.OPEN, None
            reopened.append(line)
    fields = ["known", "is_doubtful", "decision", "person"]
    ImportLine.objects.bulk_update(reopened, fields, batch_size=BATCH)
    return bool(reopened)


def _set_back(run: ApplicantImport, problem: str) -> None:
    run.state, run.problem = ImportState.CHECKED, problem
    run.save()
