"""The page of the periods, and setting one."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.privacy.models import CyclePeriod
from programmes.privacy.periods import cycle_data, days_of
from tandems.applications.models import ApplicationState
from tests import factories as make
from tests.programmes.privacy.makers import at, moved

TOLD = date(2026, 4, 1)


@pytest.fixture
def declined(stage):
    return make.make_application(
        stage.cycle, stage.own, ApplicationState.DECLINED, informed_on=TOLD
    )


def url(cycle, key: str = "") -> str:
    return f"/durchgaenge/{cycle.pk}/loeschfristen/{key}{'/' if key else ''}"


def seen(client, cycle) -> str:
    return client.get(url(cycle)).content.decode()


def test_the_beirat_reads_class_period_day_and_number(stage, declined, client_of):
    page = seen(client_of("member"), stage.cycle)
    assert "Bewerbungen ohne Platz" in page
    assert "90 Tage" in page
    assert "30.06.2026" in page or "in der kommenden Nacht" in page
    assert "Ändern" not in page


def test_the_logistics_partner_reads_nothing_of_tandems(stage, declined, client_of):
    page = seen(client_of("logistics"), stage.cycle)
    assert "In allen Durchgängen gleich" in page
    for data in cycle_data:
        assert f'class="kern-table__cell">{data.label}</th>' not in page or "Bewerb" not in page
    assert "Bewerbungen ohne Platz" not in page
    assert "nicht nominiert" not in page


def test_drafts_are_counted_for_their_own_kommune_alone(stage, cast, client_of):
    for _ in range(7):
        make.make_application(stage.cycle, stage.own)
    moved(stage.cycle, "matching", matching_on=date(2026, 11, 1))
    with at(date(2026, 11, 20), hour=10):
        assert ">7</td>" in seen(client_of("hr"), stage.cycle)
        for name in ("lead", "member", "other_hr"):
            assert ">7</td>" not in seen(client_of(name), stage.cycle)


def test_a_lead_sets_a_period(stage, client_of):
    page = client_of("lead")
    assert page.get(url(stage.cycle, "declined")).status_code == 200
    answer = page.post(url(stage.cycle, "declined"), {"days": "60", "version": ""})
    assert answer.status_code == 302
    assert days_of(stage.cycle.pk, "declined") == 60


@pytest.mark.parametrize("days", ["13", "121", "0", "-5", "viel", ""])
def test_the_bounds_hold(stage, client_of, days):
    answer = client_of("lead").post(url(stage.cycle, "declined"), {"days": days, "version": ""})
    assert answer.status_code == 200
    assert not CyclePeriod.objects.exists()


def test_shortening_asks_before_something_goes_tonight(stage, declined, client_of):
    with at(TOLD + timedelta(days=60), hour=10):
        lead = client_of("lead")
        data = {"days": "30", "version": ""}
        asked = lead.post(url(stage.cycle, "declined"), data)
        assert asked.status_code == 200
        assert "kommenden Nacht 1 gelöscht" in asked.content.decode()
        assert not CyclePeriod.objects.exists()
        answer = lead.post(url(stage.cycle, "declined"), {**data, "tonight": "on"})
        assert answer.status_code == 302


def test_two_leads_at_once_the_second_is_told(stage, client_of):
    CyclePeriod.objects.create(cycle=stage.cycle, key="declined", days=100)
    answer = client_of("lead").post(url(stage.cycle, "declined"), {"days": "60", "version": ""})
    assert "hat jemand anderes die Frist auf 100 Tage gesetzt" in answer.content.decode()
    assert days_of(stage.cycle.pk, "declined") == 100


def test_an_unknown_class_is_not_found(stage, client_of):
    assert client_of("lead").get(url(stage.cycle, "gibtesnicht")).status_code == 404


def test_the_privacy_notice_names_every_shipped_period(client):
    page = client.get("/datenschutz/").content.decode()
    for data in cycle_data:
        assert data.label in page
        assert f"{data.days} Tage" in page or f"{data.days} Tag" in page


def test_shipped_periods_lie_within_their_bounds():
    for data in cycle_data:
        assert 1 <= data.least <= data.days <= data.most <= 3650


def test_the_number_of_queries_does_not_grow(stage, cast, client_of):
    lead, counts = client_of("lead"), []
    for further in (1, 19):
        for _ in range(further):
            make.make_application(
                stage.cycle, stage.own, ApplicationState.DECLINED, informed_on=TOLD
            )
        with CaptureQueriesContext(connection) as queries:
            seen(lead, stage.cycle)
        counts.append(len(queries))
    assert counts[0] == counts[1]
