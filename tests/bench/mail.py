"""Sending: a worker against a bare loop over ``smtplib``, two workers against one, the preview."""

import smtplib
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter

from django.urls import reverse

from programmes.cycles.models import Cycle
from programmes.outbox.domain import queue_batch
from programmes.outbox.messages import Outgoing
from programmes.outbox.models import Delivery, DeliveryState, MessageContent
from programmes.rundmails.models import AudienceChoice, Rundmail
from tests.bench import figure, lists
from tests.stack import ROOT, Stack
from tests.waiting import wait_until

MESSAGES = 400
ACCEPT_SECONDS = 0.02
ROUNDS = 3
TEXT = "Guten Tag,\n\nwir laden Sie herzlich zum Startworkshop ein. " * 12
HTML = f"<p>{TEXT}</p>" * 2


class Clock:
    """An SMTP server and the moments at which it took a message."""

    def __init__(self, port: int, file: Path) -> None:
        self.port = port
        self._file = file

    def taken(self) -> list[float]:
        """The moments so far, in seconds."""
        return [float(line) for line in self._file.read_text().split()]

    def rate(self, since: int) -> float:
        """Messages per second from the message number ``since`` on."""
        moments = sorted(self.taken()[since:])
        return (len(moments) - 1) / (moments[-1] - moments[0])


@contextmanager
def clock(folder: Path) -> Iterator[Clock]:
    """A server that takes ``ACCEPT_SECONDS`` for each message."""
    file = folder / "taken"
    file.touch()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.smtp_clock", str(file), str(ACCEPT_SECONDS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        assert server.stdout is not None
        yield Clock(int(server.stdout.readline()), file)
    finally:
        server.terminate()
        server.wait(timeout=20)


def queue() -> list[bytes]:
    """Queue ``MESSAGES`` messages; returns their bytes."""
    Delivery.objects.all().delete()
    messages = [
        Outgoing(f"person{n}@stadt.example", f"Erika Nr. {n}", f"Einladung {n}", TEXT, HTML)
        for n in range(MESSAGES)
    ]
    queue_batch(messages, batch=uuid.uuid4(), purpose="bench", confidential=False, by=None)
    return [bytes(raw) for raw in MessageContent.objects.values_list("raw", flat=True)]


def plain_rate(server: Clock, raws: list[bytes]) -> float:
    """A loop over one connection that does nothing else."""
    before = len(server.taken())
    with smtplib.SMTP("127.0.0.1", server.port) as smtp:
        for raw in raws:
            smtp.sendmail("programm@stadt.example", ["person@stadt.example"], raw)
    return server.rate(before)


def all_sent() -> bool:
    """Whether nothing waits any more."""
    return not Delivery.objects.exclude(state=DeliveryState.SENT).exists()


def worker_rate(server: Clock, folder: Path, workers: int) -> float:
    """``workers`` real workers, each a process of its own, as the product runs them."""
    env = {
        "SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "MAIL_PER_MINUTE": "0",
        "SWEEP_SECONDS": "0.5",
    }
    stack = Stack.on_test_database(folder / uuid.uuid4().hex, env=env)
    try:
        for _ in range(workers):
            stack.start_worker(concurrency=2)
        before = len(server.taken())
        wait_until(lambda: len(server.taken()) > before, timeout=60, what="the first message")
        wait_until(all_sent, timeout=120, what="the messages are out")
        return server.rate(before)
    finally:
        stack.close()


@cache
def rates() -> tuple[float, float]:
    """One worker against the loop, and two workers against one: medians of ``ROUNDS``."""
    with tempfile.TemporaryDirectory() as name, clock(Path(name)) as server:
        against_loop, against_one = [], []
        for _ in range(ROUNDS):
            loop = plain_rate(server, queue())
            one = worker_rate(server, Path(name), 1)
            queue()
            two = worker_rate(server, Path(name), 2)
            against_loop.append(one / loop)
            against_one.append(two / one)
    return median(against_loop), median(against_one)


@figure("mail.ratio_to_smtplib", "ratio")
def ratio_to_smtplib() -> float:
    """Deliveries per second of one worker, as a part of what the bare loop manages."""
    return rates()[0]


@figure("mail.two_workers_ratio", "ratio")
def two_workers_ratio() -> float:
    """Deliveries per second of two workers, as a multiple of one worker's."""
    return rates()[1]


@figure("mail.preview_seconds", "s")
def preview_seconds() -> float:
    """The preview page of a mail to ``lists.ROWS`` people: all of them read, filled, checked."""
    browser, _ = lists.stage()
    cycle = Cycle.objects.get(number=11)
    body = "{anrede},\n\nherzlich willkommen aus {kommune}!\n\n" + TEXT
    mail = Rundmail.objects.create(cycle=cycle, subject="Für {vorname}", body=body)
    AudienceChoice.objects.create(rundmail=mail, audience="mentors")
    times = []
    for _ in range(ROUNDS + 1):
        began = perf_counter()
        response = browser.get(reverse("rundmails:preview", args=[cycle.pk, mail.pk]))
        times.append(perf_counter() - began)
        assert "5.000 Personen" in response.content.decode()
    return median(times[1:])
