"""A running product for the browser: its own database, port and processes."""

import contextlib
import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.stack import ROOT, Stack

NAMES = ("chromium", "chromium-browser", "google-chrome")
_running_redis: set[int] = set()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, f"a browser is needed: {', '.join(NAMES)}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def running(
    folder: Path,
    *,
    demo: bool = False,
    worker: bool = False,
    env: Mapping[str, str] | None = None,
) -> Iterator[tuple[Stack, str]]:
    """An installation and its address: an empty one, or the demo.

    On PostgreSQL and Redis where the suite runs on them, otherwise on the embedded default.
    """
    env = {"DEMO": "1" if demo else "0", "SITE_NAME": "Mentoring im Münsterland", **(env or {})}
    with own_redis() as redis_url, mock.patch.dict(os.environ, _server()):
        stack = Stack.with_own_database(folder, env=env, redis_url=redis_url)
        with serving(stack, demo=demo, worker=worker) as base:
            yield stack, base


@contextlib.contextmanager
def serving(stack: Stack, *, demo: bool, worker: bool) -> Iterator[str]:
    """The address of ``stack`` while its processes run."""
    try:
        collect_static(stack)
        if demo:
            stack.manage("demo")
        base = stack.start_web()
        if worker:
            stack.start_worker(concurrency=1)
        yield base
    finally:
        stack.close()


@contextlib.contextmanager
def own_redis() -> Iterator[str]:
    """A Redis database that nobody else has now; empty where the suite runs without Redis.

    Two installations must not share one: a worker would take messages meant for the other.
    Numbers below the count of test processes belong to the suite itself
    (`tests/plugins.py`); of those above, each process has every so many-th.
    """
    url = os.environ.get("REDIS_URL", "")
    if not url:
        yield ""
        return
    address, _, own = url.rpartition("/")
    step = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    number = next(n for n in itertools.count(int(own) + step, step) if n not in _running_redis)
    _running_redis.add(number)
    try:
        yield f"{address}/{number}"
    finally:
        _running_redis.remove(number)


def collect_static(stack: Stack) -> None:
    """Put the static files where the web servers serve them, once in a run of the suite.

    Collecting again would write the files anew under another process's web server, whose
    answers are then shorter than it says.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with open(build / "static.lock", "a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if lock.read() == run:
            return
        stack.manage("collectstatic", "--noinput", "--verbosity=0")
        lock.truncate(0)
        lock.write(run)


def _server() -> dict[str, str]:
    """Where scratch databases are made: beside the suite's own."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return {}
    return {"TEST_DATABASE_URL": urlsplit(url)._replace(path="/postgres").geturl()}
