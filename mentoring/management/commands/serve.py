"""`manage.py serve`: web, worker and beat together, as `make run` uses it."""

import contextlib
import fcntl
import http.client
import os
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from mentoring.accounts.demo import shown_signins
from mentoring.accounts.domain import operator_exists
from mentoring.accounts.setup import setup_link
from mentoring.management.supervisor import Program, Supervisor
from mentoring.ui.health import check_all

READY_SECONDS = 120.0


class Command(BaseCommand):
    """Serves until Ctrl-C, with everything in one place and one log."""

    help = "Runs the web server, the worker and its beat together until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Port, and the process to end with."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--end-with",
            type=int,
            metavar="PID",
            help="end when this process, which must be the one that started the server, is gone",
        )

    def handle(self, *args: Any, port: int, end_with: int | None, **options: Any) -> None:
        """Start, announce, wait, end."""
        addresses = free_addresses(port)
        supervisor = Supervisor(
            programs(addresses),
            write=self._write,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            parent=end_with,
        )
        with only_one_on(settings.DATA_DIR):
            code = supervisor.run(lambda running: self._announce(running, port))
        if code:
            sys.exit(code)

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _announce(self, supervisor: Supervisor, port: int) -> None:
        """Wait until everything answers, then say where."""
        answer = wait_until_ready(port, supervisor)
        if supervisor.ending:
            return
        if answer:
            supervisor.say("serve", f"Not everything answers after {READY_SECONDS:.0f} s: {answer}")
        lines = [f"Ready: {settings.BASE_URL}", *sign_ins(), "Ctrl-C ends everything."]
        for line in ["", *lines, ""]:
            supervisor.say("serve", line)


def free_addresses(port: int) -> list[str]:
    """What the web server binds: both loopback addresses, since browsers try either.

    Raises ``CommandError`` when the port is in use.
    """
    found = []
    for family, host, shown in (
        (socket.AF_INET, "127.0.0.1", "127.0.0.1"),
        (socket.AF_INET6, "::1", "[::1]"),
    ):
        try:
            probe = socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            continue
        with probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if family == socket.AF_INET:
                    raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from error
                continue
        found.append(f"{shown}:{port}")
    return found


@contextlib.contextmanager
def only_one_on(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process; raises ``CommandError`` if another one does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(f"Another server already runs on the data in {folder}.") from error
        yield


def programs(addresses: list[str]) -> list[Program]:
    """Web, worker and beat as this machine can carry them."""
    celery = [sys.executable, "-W", "ignore::UserWarning:celery.platforms"]  # "you are root"
    celery += ["-m", "celery", "--app", "mentoring", "--quiet"]
    web = [sys.executable, "-m", "gunicorn", "mentoring.wsgi:application", "--no-control-socket"]
    # No log of requests: addresses of personal links are secrets.
    web += ["--worker-class=gthread", "--workers=2", "--threads=4", "--log-level=warning"]
    web += ["--graceful-timeout=8", *(f"--bind={address}" for address in addresses)]
    # One process more than long jobs may take, so that the sweep always finds one.
    worker = ["worker", f"--concurrency={settings.JOBS_AT_ONCE + 2}", "--loglevel=WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = ["beat", "--loglevel=WARNING", "--pidfile="]
    return [
        Program("web", web),
        Program("worker", [*celery, *worker]),
        Program("beat", [*celery, *beat]),
    ]


def wait_until_ready(port: int, supervisor: Supervisor) -> str:
    """Wait until web, database, broker and worker answer; returns what still does not."""
    deadline = time.monotonic() + READY_SECONDS
    complaint = "the web server does not answer"
    while time.monotonic() < deadline and not supervisor.wait(0.5):
        if not web_answers(port):
            continue
        # Asked here and not at /readyz: each "not yet" there is an error in the log.
        ready, checks = check_all()
        if ready:
            return ""
        complaint = " ".join(str(check["detail"]) for check in checks.values() if not check["ok"])
    return complaint


def web_answers(port: int) -> bool:
    """Whether the web server says that it is alive."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(asking):
        try:
            asking.request("GET", "/healthz")
            return asking.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False


def sign_ins() -> list[str]:
    """How to sign in: the demo's people, or the link for the first operator."""
    try:
        demo = [f"  {one.email:<45} {one.password}   {one.role}" for one in shown_signins()]
        if demo:
            return ["Demo sign-ins:", *demo]
        if not operator_exists():
            first = "There is no operator yet. This link makes the first one:"
            return [first, f"  {setup_link()}"]
        return []
    finally:
        connection.close()
