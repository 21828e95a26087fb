"""Personalrat and Gleichstellung: each Kommune notes when they were involved."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.calls import domain
from programmes.calls.models import Involvement
from programmes.cycles.models import Participation
from tests import factories as make
from tests.programmes.calls.makers import make_involvement

pytestmark = pytest.mark.django_db
NOTE = "Mit Frau Unverwechselbar besprochen"


@pytest.fixture
def url(stage):
    return lambda name, *args: reverse(f"calls:{name}", args=[stage.cycle.pk, *args])


@pytest.fixture
def part(stage):
    return stage.cycle.participations.get(municipality=stage.own)


def text_of(answer):
    return answer.content.decode()


@time_machine.travel("2026-03-02 09:00 +01:00")
def test_hr_is_reminded_enters_it_and_is_reminded_no_more(stage, client_of, url, part):
    hr = client_of("hr")
    start = text_of(hr.get("/"))
    assert "Wann waren Personalrat und Gleichstellung beteiligt?" in start
    data = {"staff_council_on": "2026-02-27", "equality_on": "", "note": NOTE}
    answer = hr.post(url("involvement", part.pk), data, follow=True)
    assert "Gleichstellung in Ahausen beteiligt" in text_of(answer)
    data["_version"] = (
        text_of(hr.get(url("involvement", part.pk)))
        .split('name="_version" value="')[1]
        .split('"')[0]
    )
    data["equality_on"] = "2026-03-03"
    page = hr.post(url("involvement", part.pk), data)
    assert "liegt in der Zukunft" in page.context["form"].errors["equality_on"][0]
    data["equality_on"] = "2026-03-02"
    hr.post(url("involvement", part.pk), data)
    assert Involvement.objects.get().equality_on == date(2026, 3, 2)
    assert "Beteiligung eintragen" not in text_of(hr.get("/"))


def test_only_in_the_application_phase_hr_is_reminded(stage, client_of):
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(state="matching")
    assert "Beteiligung eintragen" not in text_of(client_of("hr").get("/"))


def test_the_beirat_reads_all_and_what_is_missing(stage, client_of, url):
    make_involvement(
        stage.cycle,
        stage.own,
        staff_council_on=date(2026, 1, 5),
        equality_on=date(2026, 1, 6),
        note=NOTE,
    )
    page = text_of(client_of("member").get(url("involvements")))
    assert "05.01.2026" in page
    assert NOTE in page
    assert "vollständig" in page
    assert "beides fehlt" in page
    missing = text_of(client_of("member").get(url("involvements") + "?missing=yes"))
    assert NOTE not in missing
    assert "Übelheim" in missing
    complete = text_of(client_of("member").get(url("involvements") + "?missing=no"))
    assert NOTE in complete
    assert "beides fehlt" not in complete


def test_another_kommune_and_the_logistics_partner_learn_nothing(stage, client_of, url, part):
    make_involvement(stage.cycle, stage.own, note=NOTE)
    for name in ("other_hr", "logistics"):
        browser = client_of(name)
        assert browser.get(url("involvement", part.pk)).status_code == 404
        assert NOTE not in text_of(browser.get(url("call")))
        assert browser.get(url("involvements")).status_code == 403


def test_who_does_not_take_part_is_not_asked(stage, cast, client_of, url):
    invited = make.make_participation(
        stage.cycle, make.make_municipality("Neudorf"), state="invited"
    )
    assert "Neudorf" not in text_of(client_of("lead").get(url("involvements")))
    with pytest.raises(Refused, match="nimmt an diesem Durchgang nicht"):
        domain.save_involvement(Involvement(participation=invited), by=cast.user("lead"))


def test_two_who_note_it_first_do_not_overwrite_each_other(stage, cast, part):
    make_involvement(stage.cycle, stage.own, note=NOTE)
    with pytest.raises(EditConflict):
        domain.save_involvement(Involvement(participation=part, note="x"), by=cast.user("hr"))


def test_the_list_asks_as_much_for_twenty_as_for_one(stage, client_of, url):
    browser = client_of("lead")
    browser.get(url("involvements"))

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(url("involvements"))
        return len(queries)

    few = count()
    for _ in range(20):
        make_involvement(
            stage.cycle,
            make.make_participation(stage.cycle, make.make_municipality()).municipality,
        )
    assert Participation.objects.filter(cycle=stage.cycle).count() == 22
    assert count() == few
