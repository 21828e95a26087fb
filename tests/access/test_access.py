"""The access matrix: who is answered what, on every route.

A route without a row fails, and so does a row on which nobody succeeds: such a row would
also hold if the page were broken.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from mentoring.ui import errors
from tests.access.grammar import NAMES, SUCCESS, Row, fits
from tests.access.matrix import MATRIX
from tests.access.routes import routes
from tests.access.world import build
from tests.conftest import Cast, Stage
from tests.known import known

CONVERTER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")


def path_of(row: Row, world: Any) -> str:
    kwargs = row.kwargs(world)
    return "/" + CONVERTER.sub(lambda match: str(kwargs[match[1]]), row.route)


# The world is costly to build, so rows share one; each request is undone after it.
ROWS_A_TEST = 24
CHUNKS = [MATRIX[i : i + ROWS_A_TEST] for i in range(0, len(MATRIX), ROWS_A_TEST)]


@pytest.mark.matrix
@pytest.mark.parametrize("rows", CHUNKS, ids=lambda rows: f"{rows[0]} and on")
def test_everybody_is_answered_as_the_matrix_says(
    rows: list[Row], stage: Stage, cast: Cast
) -> None:
    world = build(stage, cast)
    browsers = {name: sign_in(cast, name) for name in (*NAMES, "anonymous")}
    wrong: list[str] = []
    with known(browsers.values()):
        for row in rows:
            wrong += wrong_answers(row, "get", row.get, world, browsers)
            with plain_refusals():
                wrong += wrong_answers(row, "post", row.post, world, browsers)
    assert not wrong, "\n".join(wrong)


def wrong_answers(
    row: Row, method: str, answers: dict[str, str], world: Any, browsers: dict[str, Client]
) -> list[str]:
    wrong = []
    for name, expected in answers.items():
        # What one of them changes must not be what the next one finds, nor may the
        # throttles count them as one visitor.
        cache.clear()
        with transaction.atomic():
            status, location = ask(row, world, method, browsers[name])
            transaction.set_rollback(True)
        if not fits(expected, status, location):
            wrong.append(f"{row} {method} {name}: {status} {location}, not {expected}")
    return wrong


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Inside, an error page has a status alone: the GET of that address showed the page."""

    def page(request: Any, status: int, *args: Any) -> HttpResponse:
        return HttpResponse(status=status)

    with mock.patch.object(errors, "_page", page):
        yield


def sign_in(cast: Cast, name: str) -> Client:
    browser = Client()
    user = cast.user(name)
    if user is not None:
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def ask(row: Row, world: Any, method: str, browser: Client) -> tuple[int, str]:
    cookies = browser.cookies.copy()
    data = row.data(world) if method == "post" else {}
    response = getattr(browser, method)(path_of(row, world), data)
    if response.streaming:
        response.getvalue()
    browser.cookies = cookies
    return response.status_code, response.headers.get("Location", "")


def test_every_route_has_its_row() -> None:
    assert sorted({row.route for row in MATRIX}) == routes()


# Both can only answer "no" beside a full cast without a worker; their own tests let them
# say yes: tests/mentoring/accounts/test_setup.py, tests/mentoring/jobs/test_ready.py.
NEVER_HERE = {"einrichtung/<str:code>/", "readyz"}


@pytest.mark.parametrize("route", sorted({row.route for row in MATRIX} - NEVER_HERE))
def test_every_route_has_somebody_who_succeeds(route: str) -> None:
    answers = {
        answer
        for row in MATRIX
        if row.route == route
        for answer in (*row.get.values(), *row.post.values())
    }
    assert answers & SUCCESS
