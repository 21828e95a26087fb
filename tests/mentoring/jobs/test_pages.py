"""The pages of jobs, and the export that runs as one."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mentoring.accounts.models import User
from mentoring.jobs import exports
from mentoring.jobs.domain import claim_next, run_claimed, start_job
from mentoring.jobs.models import Job, JobState
from mentoring.ui import list_exports
from mentoring.ui.background import ExportRequest
from mentoring.ui.lists import lists
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user(settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = tmp_path
    return make.make_user()


@pytest.fixture
def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def wanted(**changes: Any) -> dict[str, Any]:
    values = {
        "list_name": "jobs.mine",
        "title": "Meine Aufträge",
        "kwargs": {},
        "query": "",
        "format": "csv",
        "rows": 1,
    }
    return {**values, **changes}


def run_all() -> None:
    while claimed := claim_next():
        run_claimed(*claimed)


def test_an_export_runs_with_the_users_own_rights(user: User, browser: Client) -> None:
    start_job(exports.KIND, by=make.make_user(), params=wanted(), title="Ein fremder Auftrag")
    job = start_job(exports.KIND, by=user, params=wanted(), title="Export als CSV")
    run_all()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.result is not None
    text = job.result.content.read().decode("utf-8-sig")
    job.result.content.close()
    assert "Export als CSV" in text
    assert "fremder" not in text
    page = browser.get(job.get_absolute_url()).content.decode()
    assert job.result.get_absolute_url() in page
    answer: Any = browser.get(job.result.get_absolute_url())
    assert b"".join(answer.streaming_content)


def test_a_right_that_was_lost_meanwhile_ends_the_export(user: User) -> None:
    assert "outbox.trouble" in lists
    job = start_job(exports.KIND, by=user, params=wanted(list_name="outbox.trouble"))
    run_all()
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, None)
    assert job.message == "Sie dürfen diese Liste nicht mehr einsehen."


def test_an_export_can_be_stopped_between_two_rows(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start_job(exports.KIND, by=user, params=wanted())

    def stop_while_running(request: ExportRequest, **kwargs: Any) -> str:
        Job.objects.filter(pk=job.pk).update(stop_requested=True)
        monkeypatch.setattr("mentoring.jobs.domain.PROGRESS_SECONDS", 0)
        kwargs["progress"](100)
        raise AssertionError("must not be reached")

    monkeypatch.setattr(exports, "run_export", stop_while_running)
    run_all()
    job.refresh_from_db()
    assert job.state == JobState.STOPPED


@pytest.mark.parametrize("state", ["queued", "running", "done", "failed", "stopped"])
def test_every_state_has_its_page(user: User, browser: Client, state: str) -> None:
    job = start_job(exports.KIND, by=user, params=wanted(), title="Export <b>als</b> PDF")
    if state == "running":
        assert claim_next() is not None
        Job.objects.filter(pk=job.pk).update(done=30, total=120)
    elif state == "done":
        run_all()
    elif state == "failed":
        Job.objects.filter(pk=job.pk).update(params=wanted(list_name="gibt es nicht"))
        run_all()
    elif state == "stopped":
        answer = browser.post(f"/auftraege/{job.pk}/stoppen/")
        assert answer.status_code == 302
    page = browser.get(job.get_absolute_url()).content.decode()
    assert Job(state=state).get_state_display() in page
    assert ("hx-get" in page) == (state in ("queued", "running"))
    assert ("30 von 120" in page) == (state == "running")
    assert "<b>als</b>" not in page
    assert "Export &lt;b&gt;als" in browser.get("/auftraege/").content.decode()


def test_others_jobs_are_not_there(user: User, browser: Client) -> None:
    other = start_job(exports.KIND, by=make.make_user(), params=wanted())
    for path in (other.get_absolute_url(), f"/auftraege/{other.pk}/stoppen/"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"/auftraege/{other.pk}/stoppen/").status_code == 404
    other.refresh_from_db()
    assert not other.stop_requested


def test_a_long_list_leads_to_a_job(
    user: User, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_exports, "DIRECT_ROWS", 0)
    monkeypatch.setattr(lists.get("jobs.mine"), "exportable", True)
    start_job(exports.KIND, by=user, params=wanted())
    assert browser.get("/auftraege/?export=csv").status_code == 200
    answer = browser.post("/auftraege/?sort=created", {"export": "csv"})
    job = Job.objects.latest("pk")
    assert answer.status_code == 302
    assert answer["Location"] == job.get_absolute_url()
    assert job.params["query"] == "sort=created"
    assert job.title == "Export Meine Aufträge als CSV"


def test_the_worker_is_part_of_readiness(client: Client) -> None:
    from mentoring.jobs.sweep import run_sweep

    assert client.get("/readyz").status_code == 503
    run_sweep()
    assert client.get("/readyz").json()["checks"]["worker"]["ok"]
