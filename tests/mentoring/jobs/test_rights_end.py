"""A finished export is no longer to be had when the rights to the list have ended."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.jobs import exports
from mentoring.jobs.domain import claim_next, run_claimed, start_job
from programmes.cycles.models import CouncilSeat, ParticipantRole
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def exported(user: Any, name: str, kwargs: dict[str, Any], rows: int) -> str:
    """The address of a finished export."""
    params = {
        "list_name": name,
        "title": "Liste",
        "kwargs": kwargs,
        "query": "",
        "format": "csv",
        "rows": rows,
    }
    job = start_job(exports.KIND, by=user, params=params)
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    job.refresh_from_db()
    assert job.result is not None
    return str(job.result.get_absolute_url())


def got(client: Any, url: str) -> int:
    answer = client.get(url)
    answer.close()
    return int(answer.status_code)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_the_list_of_a_cycle_after_the_seat(stage: Any, cast: Any, client_of: Any) -> None:
    make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT)
    user = cast.user("member")
    file = exported(user, "cycles.participants", {"cycle_pk": stage.cycle.pk}, 3)
    assert got(client_of("member"), file) == 200
    assert got(client_of("lead"), file) == 404
    CouncilSeat.objects.filter(person=cast.member).update(until=timezone.localdate())
    assert got(client_of("member"), file) == 404


def test_a_list_that_is_still_open_but_shows_less(stage: Any, cast: Any, client_of: Any) -> None:
    browser = client_of("member")
    total = browser.get(reverse("people")).context["total"]
    file = exported(cast.user("member"), "people.people", {}, total)
    assert got(browser, file) == 200
    CouncilSeat.objects.filter(person=cast.member).update(until=timezone.localdate())
    assert browser.get(reverse("people")).status_code == 200
    assert got(browser, file) == 404
