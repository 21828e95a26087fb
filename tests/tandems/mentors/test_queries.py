"""The number of queries does not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.tandems.mentors.makers import make_entry, make_mentor

STATES = ("agreed", "approached", "refused")


PAGES = [
    *((page, "lead") for page in ("list", "approaches", "overview", "pool")),
    *((page, "other_hr") for page in ("list", "approaches")),
]


@pytest.mark.parametrize(("page", "name"), PAGES)
@pytest.mark.parametrize("query", [{}, {"search": "Muster"}, {"export": "csv"}])
def test_the_lists(stage, cast, client_of, name, page, query):
    url = reverse(f"mentors:{page}", args=[stage.cycle.pk])
    numbers = counted(stage, cast, client_of(name), url, query)
    assert numbers[0] == numbers[1]
    assert numbers[1] <= 32


@pytest.mark.parametrize("name", ["other_hr", "lead", "member"])
def test_the_start_page(stage, cast, client_of, name):
    numbers = counted(stage, cast, client_of(name), "/", {})
    assert numbers[0] == numbers[1]


def counted(stage, cast, browser, url, query):
    numbers = []
    for more in (1, 19):
        for number in range(more):
            for state in STATES if more == 1 else (STATES[number % 3],):
                mentor = make_mentor(stage.cycle, stage.other, state, by=cast.member)
            make_entry(stage.cycle, stage.other, person=mentor.person)
        browser.get(url, query)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url, query).status_code == 200
        numbers.append(len(captured))
    return numbers
