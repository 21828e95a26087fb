"""Long tables: checked and written as jobs, stopped, killed, run again, thrown away."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext, claim_next, run_claimed, stop_job
from mentoring.jobs.models import Job, JobState
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState
from programmes.people.models import MunicipalityStaff
from tandems.applications.models import Application
from tandems.imports import domain, jobs
from tandems.imports.models import ApplicantImport, ImportState
from tests import factories as make
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.tandems.imports.makers import KAETHE, checked, csv_bytes, findings, send, take, xlsx

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 60


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hr(client_of):
    return client_of("hr")


def rows(number=MANY, word="Zeile"):
    return [(f"Vor{n}", f"{word}{n}", f"{word}{n}@x.example".lower(), "") for n in range(number)]


def run_next():
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    claimed[0].refresh_from_db()
    return claimed[0]


def uploaded(hr, stage, data=None, name="lang.xlsx"):
    answer = send(hr, stage, data or xlsx(*rows()), name)
    assert answer.status_code == 302, answer.context["form"].errors
    return ApplicantImport.objects.latest("pk")


def page(response):
    return response.content.decode()


def test_a_long_table_from_upload_to_drafts(hr, stage):
    run = uploaded(hr, stage)
    assert (run.state, run.lines.count()) == (ImportState.CHECKING, 0)
    assert "Sie können diese Seite verlassen" in page(hr.get(run.get_absolute_url()))
    path = run.file.content.path
    assert run_next().state == JobState.DONE
    run.refresh_from_db()
    assert (run.state, run.lines.count()) == (ImportState.CHECKED, MANY)
    assert not StoredFile.objects.exists()
    assert not Path(path).exists()
    shown = page(hr.get(run.get_absolute_url()))
    assert "<strong>1–50</strong> von <strong>60</strong>" in shown
    assert "Fortschritt" in page(take(hr, run))
    assert "wird gerade bearbeitet" in page(take(hr, run))
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1
    assert not Application.objects.exists()
    assert run_next().state == JobState.DONE
    assert Application.objects.count() == MANY
    run.refresh_from_db()
    assert (run.state, run.written_count, run.lines.count()) == (ImportState.WRITTEN, MANY, 0)
    assert "60 Entwürfe sind angelegt" in page(hr.get(run.get_absolute_url()))


def test_nobody_reads_the_uploaded_file(hr, stage, cast, client_of):
    run = uploaded(hr, stage)
    for name in ("hr", "other_hr", "lead", "operator"):
        assert client_of(name).get(run.file.get_absolute_url()).status_code == 404


def test_more_than_3000_lines(hr, stage):
    run = uploaded(hr, stage, csv_bytes(*rows(3001)), "zu-lang.csv")
    job = run_next()
    assert (job.state, "mehr als 3000 Zeilen" in job.message) == (JobState.FAILED, True)
    run.refresh_from_db()
    assert (run.stands, run.lines.count()) == (ImportState.FAILED, 0)
    assert "mehr als 3000 Zeilen" in page(hr.get(run.get_absolute_url()))
    assert not StoredFile.objects.exists()


def test_a_write_killed_in_the_middle_is_run_again_and_writes_once(hr, stage, monkeypatch):
    run = uploaded(hr, stage)
    run_next()
    take(hr, run)
    real = domain.create_drafts

    def killed(*args, **kwargs):
        real(*args, **kwargs)
        raise SystemExit

    monkeypatch.setattr(domain, "create_drafts", killed)
    job, claim = claim_next()
    with pytest.raises(SystemExit):
        jobs.write(context_of(job, claim))
    assert not Application.objects.exists()
    run.refresh_from_db()
    assert run.state == ImportState.WRITING
    monkeypatch.setattr(domain, "create_drafts", real)
    jobs.write(context_of(job, claim))
    assert Application.objects.count() == MANY
    # And again, as if the worker had died between the commit and its last word.
    jobs.write(context_of(job, claim))
    assert Application.objects.count() == MANY


def context_of(job, claim):
    return JobContext(job, claim)


def test_a_check_run_again_gives_one_list(hr, stage):
    run = uploaded(hr, stage)
    job, claim = claim_next()
    jobs.check(context_of(job, claim))
    jobs.check(context_of(job, claim))
    assert run.lines.count() == MANY


def test_a_stopped_check_says_so(hr, stage, cast):
    run = uploaded(hr, stage)
    stop_job(run.job, by=cast.user("hr"))
    run = ApplicantImport.objects.get(pk=run.pk)
    assert run.stands == ImportState.FAILED
    assert "noch einmal hoch" in page(hr.get(run.get_absolute_url()))


def test_a_stopped_write_leaves_everything_for_another_try(hr, stage, cast):
    run = uploaded(hr, stage)
    run_next()
    take(hr, run)
    stop_job(Job.objects.get(state=JobState.QUEUED), by=cast.user("hr"))
    run = ApplicantImport.objects.get(pk=run.pk)
    assert run.stands == ImportState.CHECKED
    take(hr, run)
    # The stop comes while it waits for its first report.
    job, claim = claim_next()
    stop_job(job, by=cast.user("hr"))
    run_claimed(job, claim)
    job.refresh_from_db()
    assert job.state == JobState.STOPPED
    run = ApplicantImport.objects.get(pk=run.pk)
    assert (run.state, run.lines.count()) == (ImportState.CHECKED, MANY)
    assert not Application.objects.exists()
    take(hr, run)
    run_next()
    assert Application.objects.count() == MANY


def test_the_phase_ends_while_the_write_waits(hr, stage):
    run = uploaded(hr, stage)
    run_next()
    take(hr, run)
    stage.cycle.state = CycleState.MATCHING
    stage.cycle.save()
    assert "Bewerbungsphase ist beendet" in run_next().message
    run.refresh_from_db()
    assert (run.state, run.lines.count()) == (ImportState.CHECKED, MANY)
    assert "Bewerbungsphase ist beendet" in page(hr.get(run.get_absolute_url()))


def test_who_lost_the_post_does_not_write(hr, stage, cast):
    run = uploaded(hr, stage)
    run_next()
    take(hr, run)
    MunicipalityStaff.objects.filter(person=cast.hr).delete()
    assert run_next().state == JobState.FAILED
    assert not Application.objects.exists()


def test_both_press_at_once(hr, stage, cast):
    run = checked(hr, stage, xlsx(KAETHE))
    user = cast.user("hr")

    def press():
        return domain.start_writing(run, skip_rest=False, by=user)

    assert len(refusals(at_once(press, press))) == 1
    assert Application.objects.count() == 1


def test_two_tables_of_the_same_people_at_once(hr, stage, cast):
    runs = [checked(hr, stage, xlsx(KAETHE)) for _ in range(2)]
    user = cast.user("hr")
    at_once(*[lambda run=run: domain.start_writing(run, skip_rest=False, by=user) for run in runs])
    assert Application.objects.count() == 1
    states = sorted(ApplicantImport.objects.values_list("state", flat=True))
    assert states == [ImportState.CHECKED, ImportState.WRITTEN]


def test_a_run_under_way_is_not_thrown_away(hr, stage, cast):
    run = uploaded(hr, stage)
    with pytest.raises(Refused, match="wird gerade bearbeitet"):
        domain.discard(run, by=cast.user("hr"))


@pytest.mark.parametrize("query", [{}, {"zeigen": "klaeren"}, {"export": "csv"}])
def test_queries_do_not_grow_with_the_lines(hr, stage, query):
    counted = []
    for number in (1, 20):
        known = rows(number, f"Bekannt{number}x")
        for first, last, _, _ in known:
            make.make_person(first, last, municipality=stage.own)
        run = checked(hr, stage, xlsx(*known))
        hr.get(run.get_absolute_url(), query)
        with CaptureQueriesContext(connection) as captured:
            assert hr.get(run.get_absolute_url(), query).status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1] <= 32, counted


def test_a_full_table_is_paged_filtered_and_printed(hr, stage):
    table = [*rows(2990), *[("", f"Falsch{n}", "kein@", "") for n in range(10)]]
    run = uploaded(hr, stage, csv_bytes(*table), "voll.csv")
    run_next()
    shown = hr.get(run.get_absolute_url(), {"page": "60"})
    assert shown.context["total"] == 3000
    assert len(page(shown)) < 200_000
    only = hr.get(run.get_absolute_url(), {"zeigen": "fehler"})
    assert only.context["total"] == 10
    asked = hr.get(run.get_absolute_url(), {"export": "pdf"})
    assert "im Hintergrund" in page(asked)
    assert len([text for text in findings(run).values() if text]) == 10
