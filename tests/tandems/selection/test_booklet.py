"""The booklet of all Steckbriefe: who is in it, in which order, and for how long one reads it."""

import pytest
from django.urls import reverse

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job, JobState
from mentoring.log.models import LogEntry
from tandems.applications.models import ApplicationState
from tandems.selection.views import DIRECT_SHEETS
from tests import factories as make
from tests.tandems.selection.makers import (
    SECRET,
    consent_to_photo,
    make_nominated,
    make_photo,
    pages_of,
    pictures_of,
)


@pytest.fixture
def url(stage):
    return reverse("selection:booklet", args=[stage.cycle.pk])


def nominate(stage, house, name, **fields):
    person = make.make_person("Person", name, municipality=house)
    return make_nominated(stage, house, person=person, **fields)


def run_next():
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    claimed[0].refresh_from_db()
    return claimed[0]


def file_of(job):
    return reverse("files:file", args=[job.result_id])


def test_a_short_one_comes_at_once_with_whom_the_reader_sees(stage, cast, client_of, url):
    nominate(stage, stage.other, "Anders", rank=1)
    nominate(stage, stage.own, "Zweiter", rank=2)
    nominate(stage, stage.own, "Erster", rank=1)
    nominate(stage, stage.own, "Verborgen", rank=3, superior=cast.lead)
    nominate(stage, stage.own, "Entwurf", state=ApplicationState.SUBMITTED)
    answer = client_of("lead").post(url, {"order": "house"})
    assert answer["Content-Type"] == "application/pdf"
    cover, contents, *sheets = pages_of(answer.content)
    assert "Vertraulich" in cover
    assert "Erster, Person Ahausen 3" in contents
    assert "Anders, Person Übelheim 5" in contents
    assert [text.split()[1] for text in sheets] == ["Erster", "Zweiter", "Anders"]
    whole = " ".join([cover, contents, *sheets])
    for hidden in ("Verborgen", "Entwurf", SECRET, "Rang"):
        assert hidden not in whole
    by_name = client_of("lead").post(url, {"order": "name"})
    names = [text.split()[1] for text in pages_of(by_name.content)[2:]]
    assert names == ["Anders", "Erster", "Zweiter"]


def test_each_of_them_counts_as_read(stage, cast, client_of, url):
    found = [nominate(stage, stage.own, name) for name in ("Eins", "Zwei")]
    client_of("member").post(url, {"order": "name"})
    read = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, actor=cast.user("member"))
    assert {entry.object_id for entry in read} == {one.pk for one in found}


def test_a_long_one_is_a_job(stage, cast, client_of, url):
    for at in range(DIRECT_SHEETS + 1):
        nominate(stage, stage.own, f"Name{at}", rank=at + 1)
    lead = client_of("lead")
    answer = lead.post(url, {"order": "house"})
    assert answer["Location"] == Job.objects.get().get_absolute_url()
    job = run_next()
    assert job.state == JobState.DONE
    pages = pages_of(read(lead.get(file_of(job))))
    assert len(pages) == 2 + DIRECT_SHEETS + 1
    assert client_of("member").get(file_of(job)).status_code == 404
    assert LogEntry.objects.filter(action=LogEntry.Action.ACCESS).count() == DIRECT_SHEETS + 1


def read(answer):
    """The content of a stored file, which is closed once it is read."""
    assert answer.status_code == 200
    return answer.getvalue()


@pytest.fixture
def done(stage, cast, client_of, url):
    """A finished booklet of the lead with one photo in it, and what it shows."""
    found = [nominate(stage, stage.own, f"Name{at}") for at in range(DIRECT_SHEETS)]
    found.append(nominate(stage, stage.own, "Bild", photo=make_photo()))
    consent = consent_to_photo(found[-1])
    client_of("lead").post(url, {"order": "house"})
    job = run_next()
    answer = client_of("lead").get(file_of(job))
    assert pictures_of(read(answer)) == 1
    return job, found, consent


def test_a_new_conflict_of_interest_closes_the_old_file(cast, client_of, done):
    job, found, _ = done
    found[2].superior = cast.lead
    found[2].save()
    assert client_of("lead").get(file_of(job)).status_code == 404


def test_a_withdrawn_application_closes_it(client_of, done):
    job, found, _ = done
    found[0].state, found[0].withdrawn_at = ApplicationState.WITHDRAWN, make.SOME_TIME
    found[0].save()
    assert client_of("lead").get(file_of(job)).status_code == 404


def test_a_withdrawn_consent_to_the_photo_closes_it(client_of, done):
    job, _, consent = done
    consent.withdrawn_on = consent.given_on
    consent.save()
    assert client_of("lead").get(file_of(job)).status_code == 404


def test_an_ended_seat_closes_it(cast, client_of, done):
    job, _, _ = done
    cast.lead.seats.update(until=make.LONG_AGO)
    assert client_of("lead").get(file_of(job)).status_code == 404


def test_a_decision_leaves_it_readable(client_of, done):
    job, found, _ = done
    found[0].state = ApplicationState.PLACED
    found[0].save()
    assert read(client_of("lead").get(file_of(job))).startswith(b"%PDF")


def test_what_changed_while_it_waited_is_said(stage, cast, client_of, url):
    found = [nominate(stage, stage.own, f"Name{at}") for at in range(DIRECT_SHEETS + 1)]
    client_of("lead").post(url, {"order": "house"})
    found[1].superior = cast.lead
    found[1].save()
    job = run_next()
    assert job.state == JobState.FAILED
    assert "neu" in job.message
    assert job.result is None


def test_nobody_else_makes_one(stage, cast, client_of, url):
    nominate(stage, stage.own, "Eins")
    for name in ("hr", "logistics", "permanent"):
        assert client_of(name).post(url, {"order": "house"}).status_code == 403
    for name in ("operator", "stranger", "mentee"):
        assert client_of(name).post(url, {"order": "house"}).status_code == 404


def test_an_empty_one_is_refused_in_words(client_of, url):
    answer = client_of("lead").post(url, {"order": "house"})
    assert "noch keine nominierten" in answer.content.decode()
