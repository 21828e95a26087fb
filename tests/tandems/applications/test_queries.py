"""The number of queries does not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tandems.applications.models import ApplicationState
from tests import factories as make


@pytest.mark.parametrize("name", ["hr", "lead"])
@pytest.mark.parametrize("query", [{}, {"search": "Muster"}, {"export": "csv"}])
def test_the_list(stage, cast, client_of, name, query):
    url = reverse("applications:list", args=[stage.cycle.pk])
    browser = client_of(name)
    numbers = []
    for more in (1, 19):
        for _ in range(more):
            make.make_application(stage.cycle, stage.own, ApplicationState.NOMINATED)
        browser.get(url, query)
        numbers.append(_count(browser, url, query))
    assert numbers[0] == numbers[1]
    assert numbers[1] <= 30


@pytest.mark.parametrize("name", ["hr", "lead"])
def test_the_start_page(stage, cast, client_of, name):
    browser = client_of(name)
    numbers = []
    for more in (1, 19):
        for _ in range(more):
            make.make_application(stage.cycle, stage.own, ApplicationState.NOMINATED)
        browser.get("/")
        numbers.append(_count(browser, "/", {}))
    assert numbers[0] == numbers[1]


def _count(browser, url, query):
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url, query).status_code == 200
    return len(captured)
