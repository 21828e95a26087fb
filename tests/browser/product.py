"""A running product for the browser: its own database, port and processes."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.stack import ROOT, Stack

NAMES = ("chromium", "chromium-browser", "google-chrome")


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
    folder: Path, *, demo: bool = False, worker: bool = False
) -> Iterator[tuple[Stack, str]]:
    """An installation and its address: an empty one, or the demo.

    On PostgreSQL and Redis where the suite runs on them, otherwise on the embedded default.
    """
    env = {"DEMO": "1" if demo else "0", "SITE_NAME": "Mentoring im Münsterland"}
    with mock.patch.dict(os.environ, _server()):
        stack = Stack.with_own_database(folder, env=env, redis_url=os.environ.get("REDIS_URL", ""))
    try:
        collect_static(stack)
        if demo:
            stack.manage("demo")
        base = stack.start_web()
        if worker:
            stack.start_worker(concurrency=1)
        yield stack, base
    finally:
        stack.close()


def collect_static(stack: Stack) -> None:
    """Put the static files where the web server serves them; one process at a time."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with open(build / "static.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stack.manage("collectstatic", "--noinput", "--verbosity=0")


def _server() -> dict[str, str]:
    """Where scratch databases are made: beside the suite's own."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return {}
    return {"TEST_DATABASE_URL": urlsplit(url)._replace(path="/postgres").geturl()}
