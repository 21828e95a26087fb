"""Everything for the Startworkshop: what is inside, for whom, and for how long."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job
from programmes.cycles.models import CouncilSeat
from programmes.events.models import AgendaItem, EventKind, EventState
from programmes.people.models import LogisticsStaff
from programmes.roadmap.models import Milestone
from tests import factories as make
from tests.programmes.groups.makers import DAY, make_attendee, make_event
from tests.programmes.sheets.conftest import days, words_of


@pytest.fixture
def workshop(stage, people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    event = make_event(stage.cycle, asks_needs=True, room="Saal 2")
    AgendaItem.objects.create(event=event, at="09:30", topic="Begrüßung", speaker="Frau Rat")
    make_attendee(event, people["Ärmel"].person, diet="vegan")
    return event


def made(browser, page, event, who="zugesagt"):
    """The job, run."""
    answer = browser.post(page("workshop"), {"event": event.pk, "wer": who})
    assert answer.status_code == 302, answer.content.decode()
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    return Job.objects.latest("pk")


def opened(browser, job):
    """The files of the ZIP by name."""
    answer = browser.get(job.result.get_absolute_url())
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return {one.filename.partition("/")[2]: archive.read(one) for one in archive.infolist()}


def test_all_is_inside_and_nothing_else(client_of, page, workshop, cast):
    browser = client_of("logistics")
    job = made(browser, page, workshop)
    assert (job.state, job.done) == ("done", job.total), job.message
    files = opened(browser, job)
    assert sorted(files) == [
        "Adressetiketten.pdf",
        "Adressetiketten.xlsx",
        "Anwesenheitsliste.pdf",
        "Anwesenheitsliste.xlsx",
        "Catering.pdf",
        "Kontakte der Kommunen.pdf",
        "Kontakte der Kommunen.xlsx",
        "LIESMICH.txt",
        "Namensschilder.pdf",
        "Namensschilder.xlsx",
        "Raumblatt.pdf",
        "Tagesordnung.pdf",
        "Teilnehmerliste.pdf",
        "Teilnehmerliste.xlsx",
    ]
    for name in ("Anwesenheitsliste", "Namensschilder", "Teilnehmerliste", "Adressetiketten"):
        assert "Ärmel" in words_of(files[f"{name}.pdf"]), name
        values = load_workbook(io.BytesIO(files[f"{name}.xlsx"])).active.values
        assert "Ärmel" in str(list(values)), name
    assert "Zander" not in words_of(files["Anwesenheitsliste.pdf"])
    assert "Zander" in words_of(files["Teilnehmerliste.pdf"])
    assert "09:30 Uhr Begrüßung Frau Rat" in words_of(files["Tagesordnung.pdf"])
    assert "vegan 1" in words_of(files["Catering.pdf"])
    assert "Geheimamt" not in "".join(words_of(d) for n, d in files.items() if n.endswith("pdf"))

    told = files["LIESMICH.txt"].decode("utf-8-sig")
    assert f"für {cast.logistics} ({cast.user('logistics').email})" in told
    assert f"{timezone.localdate():%d.%m.%Y}" in told
    for name in set(files) - {"LIESMICH.txt"}:
        assert f"- {name}: " in told, name


def test_a_member_gets_no_needs_and_who_stands_on_it_as_chosen(client_of, page, workshop, people):
    make_attendee(workshop, people["Zander"].person, "open")
    browser = client_of("member")
    files = opened(browser, made(browser, page, workshop, who="offen"))
    assert "vegan" not in words_of(files["Catering.pdf"])
    assert "Zander" in words_of(files["Anwesenheitsliste.pdf"])


def test_rights_are_asked_when_it_is_made(client_of, cast, page, workshop):
    browser = client_of("member")
    browser.post(page("workshop"), {"event": workshop.pk, "wer": "zugesagt"})
    CouncilSeat.objects.filter(person=cast.member).update(until=timezone.localdate())
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    job = Job.objects.get()
    assert job.state == "failed"
    assert "nicht mehr einsehen" in job.message


def _ends(cast, workshop, people):
    yesterday = timezone.localdate() - timedelta(days=1)
    LogisticsStaff.objects.filter(person=cast.logistics).update(until=yesterday)


def _leaves(cast, workshop, people):
    people["Zander"].left_on = timezone.localdate()
    people["Zander"].save()


def _is_taken_back(cast, workshop, people):
    workshop.attendees.all().delete()


def _is_exchanged(cast, workshop, people):
    workshop.attendees.all().delete()
    for name in ("Zander", "Ader"):
        make_attendee(workshop, people[name].person)


def _is_erased_while_another_joins(cast, workshop, people):
    house = people["Ader"].municipality
    people["Ader"].delete()
    make.make_participant(workshop.cycle, house, people["Zander"].role)


def _is_called_off(cast, workshop, people):
    workshop.state, workshop.cancel_reason = EventState.CANCELLED, "Sturm"
    workshop.save()


@pytest.mark.parametrize(
    "happens",
    [
        _ends,
        _leaves,
        _is_taken_back,
        _is_exchanged,
        _is_erased_while_another_joins,
        _is_called_off,
    ],
)
def test_rights_are_asked_again_when_it_is_downloaded(
    client_of, cast, page, workshop, people, happens
):
    browser = client_of("logistics")
    url = made(browser, page, workshop).result.get_absolute_url()
    assert b"".join(browser.get(url).streaming_content).startswith(b"PK")
    assert client_of("lead").get(url).status_code == 404
    happens(cast, workshop, people)
    assert client_of("logistics").get(url).status_code == 404


def test_needs_are_kept_no_longer_in_it_than_elsewhere(client_of, page, workshop):
    workshop.starts_at, workshop.ends_at = days(-13), days(-12.9)
    workshop.save()
    job = made(client_of("logistics"), page, workshop)
    assert job.result.expires_at < days(1.2)


def test_without_a_startworkshop_it_says_how_to_make_one(client_of, stage, page, people):
    make_event(stage.cycle, kind=EventKind.OTHER)
    milestone = Milestone.objects.create(
        cycle=stage.cycle, title="Startworkshop", key="startworkshop", starts_on=DAY, ends_on=DAY
    )
    browser = client_of("logistics")
    text = browser.get(page("workshop")).content.decode()
    assert "Noch kein Startworkshop" in text
    url = reverse("events:event_add", args=[stage.cycle.pk]) + f"?meilenstein={milestone.pk}"
    assert f'href="{url}"' in text
    form = browser.get(url).context["form"]
    assert form["kind"].value() == EventKind.START
    assert browser.post(page("workshop"), {"event": "1", "wer": "zugesagt"}).status_code == 200
    assert not Job.objects.exists()


def test_posted_twice_it_is_made_once(client_of, page, workshop):
    browser = client_of("logistics")
    once = browser.get(page("workshop")).context["once_id"]
    data = {"event": workshop.pk, "wer": "zugesagt", "_form_id": once}
    first, second = (browser.post(page("workshop"), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1
