"""The access matrix: who is answered what, on every route.

A route without a row fails, and so does a row on which nobody succeeds: such a row would
also hold if the page were broken.
"""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.access.grammar import SUCCESS, Row, fits
from tests.access.matrix import MATRIX
from tests.access.routes import routes
from tests.access.world import build
from tests.conftest import Cast, Stage

CONVERTER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")


def path_of(row: Row, world: Any) -> str:
    kwargs = row.kwargs(world)
    return "/" + CONVERTER.sub(lambda match: str(kwargs[match[1]]), row.route)


@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_everybody_is_answered_as_the_matrix_says(row: Row, stage: Stage, cast: Cast) -> None:
    world = build(stage, cast)
    wrong: list[str] = []
    for method, answers in (("get", row.get), ("post", row.post)):
        everybody = dict(answers)
        if not row.public:
            everybody["anonymous"] = "login"
        for name, expected in everybody.items():
            # What one of them changes must not be what the next one finds.
            with transaction.atomic():
                status, location = ask(row, world, method, cast, name)
                transaction.set_rollback(True)
            if not fits(expected, status, location):
                wrong.append(f"{method} {name}: {status} {location}, expected {expected}")
    assert not wrong, "\n".join([str(row), *wrong])


def ask(row: Row, world: Any, method: str, cast: Cast, name: str) -> tuple[int, str]:
    browser = Client()
    user = cast.user(name)
    if user is not None:
        # A fresh object: roles are remembered per user object.
        browser.force_login(
            type(user).objects.get(pk=user.pk),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    data = row.data(world) if method == "post" else {}
    response = getattr(browser, method)(path_of(row, world), data)
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
