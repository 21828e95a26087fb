"""Many requests to a world that stays as it is: whoever signs in is known from the first one."""

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.test import Client

from mentoring.accounts.models import User

KEPT = ("_state", "_posts", "_roles")


@contextmanager
def known(browsers: Iterable[Client]) -> Iterator[None]:
    """Inside, who signs in has their posts and roles with them as the start page read them.

    For tests that undo each request before the next: every one would read the same, and
    reading it anew takes a good part of the time. Each request has a copy of its own. What
    else a request reads of somebody, a conflict of interest for one, it reads itself: the
    objects of a row may bring one.
    """
    people: dict[str, User | None] = {}
    read = ModelBackend.get_user

    def meet(backend: ModelBackend, key: Any) -> User | None:
        if str(key) not in people:
            people[str(key)] = read(backend, key)
            return people[str(key)]
        met = copy.copy(people[str(key)])
        if met is not None:
            met.__dict__ = copy.deepcopy(
                {
                    name: value
                    for name, value in met.__dict__.items()
                    if not name.startswith("_") or name in KEPT
                }
            )
        return met

    with mock.patch.object(ModelBackend, "get_user", meet):
        for browser in browsers:
            with transaction.atomic():
                browser.get("/")
                transaction.set_rollback(True)
        yield
