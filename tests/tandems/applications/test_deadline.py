"""The Kommunen nominate before the end of the milestone "bewerbung", later with a reason."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from mentoring.ui.errors import Refused
from programmes.roadmap.models import MilestoneState
from tandems.applications import domain
from tandems.applications.deadline import deadline_of
from tandems.applications.models import Application
from tests.tandems.applications.ranking_makers import make_deadline, typed

pytestmark = pytest.mark.django_db
LAST = date(2026, 6, 19)
REASON = "Personalrat hat erst gestern zugestimmt"


@pytest.fixture
def submitted(stage, by_hr):
    make_deadline(stage.cycle, LAST)
    return by_hr("submitted")


def text_of(page):
    return page.content.decode()


def page_of(name, application):
    return reverse(f"applications:{name}", args=[application.cycle_id, application.pk])


def test_the_last_day_is_still_in_time(submitted, cast):
    with time_machine.travel("2026-06-19 23:30 +02:00"):
        found = domain.nominate(submitted, rank=1, late_reason="überflüssig", by=cast.user("hr"))
    assert found.late_reason == ""


def test_the_day_after_needs_a_reason(submitted, cast):
    with time_machine.travel("2026-06-20 00:10 +02:00"):
        with pytest.raises(Refused, match=r"am 19\.06\.2026 abgelaufen.*Grund"):
            domain.nominate(submitted, rank=1, late_reason="   ", by=cast.user("hr"))
        found = domain.nominate(submitted, rank=1, late_reason=REASON, by=cast.user("hr"))
    assert found.late_reason == REASON


def test_without_the_milestone_there_is_no_deadline(stage, by_hr, cast):
    assert deadline_of(stage.cycle) is None
    milestone = make_deadline(stage.cycle, date(2026, 1, 15))
    assert deadline_of(stage.cycle).day == date(2026, 1, 15)
    type(milestone).objects.filter(pk=milestone.pk).update(
        state=MilestoneState.DROPPED, drop_reason="entfällt"
    )
    assert deadline_of(stage.cycle) is None
    with time_machine.travel("2026-06-20 12:00 +02:00"):
        assert domain.nominate(by_hr("submitted"), rank=1, by=cast.user("hr")).late_reason == ""


@time_machine.travel("2026-06-17 12:00 +02:00")
def test_hr_sees_how_much_time_is_left(submitted, client_of):
    hr = client_of("hr")
    assert "noch 2 Tage" in text_of(hr.get("/"))
    ranking = reverse("applications:ranking", args=[submitted.cycle_id])
    for address in (ranking, page_of("nominate", submitted), page_of("detail", submitted)):
        assert "19.06.2026 (noch 2 Tage)" in text_of(hr.get(address)), address
    assert "noch 2 Tage" not in text_of(client_of("logistics").get("/"))


@pytest.mark.parametrize(("days", "said"), [(0, "heute ist der letzte Tag"), (1, "noch 1 Tag")])
def test_the_last_days_in_words(submitted, days, said):
    with time_machine.travel(f"{LAST - timedelta(days=days)} 12:00 +02:00"):
        assert deadline_of(submitted.cycle).left == said


def test_a_deadline_that_passes_while_the_form_is_open_asks_for_the_reason(submitted, client_of):
    hr = client_of("hr")
    url = page_of("nominate", submitted)
    with time_machine.travel("2026-06-19 23:55 +02:00", tick=False):
        assert "late_reason" not in hr.get(url).context["form"].fields
    with time_machine.travel("2026-06-20 00:05 +02:00", tick=False):
        page = hr.post(url, {"rank": "7"})
        assert "Nennen Sie den Grund" in page.context["form"].errors["late_reason"][0]
        assert page.context["form"]["rank"].value() == "7"  # what was typed stays
        assert Application.objects.get().state == "submitted"
        hr.post(url, {"rank": "7", "late_reason": REASON})
    found = Application.objects.get()
    assert (found.state, found.rank, found.late_reason) == ("nominated", 7, REASON)


def test_the_ranking_page_asks_for_it_too_but_only_from_who_nominates(submitted, client_of):
    hr = client_of("hr")
    url = reverse("applications:ranking", args=[submitted.cycle_id])
    with time_machine.travel("2026-06-19 23:55 +02:00", tick=False):
        data = typed(hr.get(url), **{f"rank_{submitted.pk}": 2, f"chosen_{submitted.pk}": "on"})
    with time_machine.travel("2026-06-20 00:05 +02:00", tick=False):
        page = hr.post(url, {**data, "nominate": "1"})
        assert "Nennen Sie den Grund" in page.context["form"].errors["late_reason"][0]
        assert page.context["form"][f"chosen-{submitted.pk}"].value()
        assert Application.objects.get().rank is None
        hr.post(url, data)  # saving ranks needs no reason
        assert Application.objects.get().rank == 2
        data = typed(hr.get(url), **{f"chosen_{submitted.pk}": "on"}, nominate=1)
        hr.post(url, {**data, "late_reason": REASON})
    found = Application.objects.get()
    assert (found.state, found.late_reason) == ("nominated", REASON)


def test_the_beirat_reads_that_and_why_it_came_late(submitted, cast, client_of):
    with time_machine.travel("2026-06-22 12:00 +02:00"):
        found = domain.nominate(submitted, rank=1, late_reason=REASON, by=cast.user("hr"))
    for name in ("member", "hr"):
        text = text_of(client_of(name).get(found.get_absolute_url()))
        assert "nachgereicht am" in text
        assert f"22.06.2026: {REASON}" in text
    assert client_of("logistics").get(found.get_absolute_url()).status_code == 404
