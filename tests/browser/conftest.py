"""A browser and the demo for each process of the suite; a fresh window for each test."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tandems.demo.signins import COMMON_KEY, sign_in
from tests.browser.product import chromium, running
from tests.browser.town import Town, open_town
from tests.browser.visitor import Visitor


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=15_000)  # as long as a visitor waits for anything else
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def demo(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo. Tests read it; what they write must not be in the way."""
    with running(tmp_path_factory.mktemp("demo"), demo=True) as (_, base):
        yield base


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """A function from an address to somebody who visits it."""
    visitors: list[Visitor] = []

    def arrive(base: str, **options: object) -> Visitor:
        visitors.append(Visitor(browser, base, **options))
        return visitors[-1]

    yield arrive
    problems = [problem for visitor in visitors for problem in visitor.problems]
    for visitor in visitors:
        # Shown only where a test failed.
        sys.stdout.write(visitor.tell())
        visitor.leave()
    assert problems == []


@pytest.fixture
def sign_in_as(visit: Callable[..., Visitor], demo: str) -> Callable[..., Visitor]:
    """A function from a demo sign-in's key to that person, signed in."""

    def person(key: str, **options: object) -> Visitor:
        visitor = visit(demo, **options)
        visitor.sign_in(sign_in(key).email, COMMON_KEY)
        return visitor

    return person


@pytest.fixture(scope="session")
def town_gate(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Town]]:
    """The one town of this process: each story has a cycle of its own in it."""
    with open_town(tmp_path_factory.mktemp("town")) as gate:
        yield gate


@pytest.fixture
def town(town_gate: Callable[..., Town], visit: Callable[..., Visitor]) -> Town:
    """The town, for the visitors of this test."""
    return town_gate(visit)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where downloads go."""
    return tmp_path
