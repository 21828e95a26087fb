"""Programs that run together end together, however the end comes."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from mentoring.management.commands import serve
from mentoring.management.healthcheck import alive
from tests.plugins import ROOT
from tests.waiting import wait_until

# A program that starts a child, writes down both numbers, and lives on.
PARENT = """
    import os, signal, subprocess, sys, time
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "300"])
    print("here I am", flush=True)
    with open(sys.argv[1], "a") as file:
        file.write(f"{os.getpid()} {child.pid}\\n")
    child.wait()
    print("my child is gone", flush=True)
    signal.pause()
"""
SUPERVISE = """
    import os, sys
    from mentoring.management import supervisor
    supervisor.GRACE_SECONDS = 2.0
    command = [sys.executable, "parent.py", "pids", *sys.argv[1:]]
    programs = [supervisor.Program(name, command) for name in ("a", "bb")]
    sys.exit(supervisor.Supervisor(
        programs, write=lambda line: print(line, flush=True), env=dict(os.environ),
        parent=os.getppid(),
    ).run(lambda running: None))
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a supervisor of two such programs and wait until both have a child."""
    (tmp_path / "parent.py").write_text(textwrap.dedent(PARENT))
    (tmp_path / "supervise.py").write_text(textwrap.dedent(SUPERVISE))
    started = []

    def begin(*words: str, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*prefix, sys.executable, "supervise.py", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        wait_until(lambda: len(numbers(tmp_path)) == 4, timeout=30, what="both programs run")
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait(timeout=30)
        process.stdout.close()


def numbers(folder: Path) -> list[int]:
    file = folder / "pids"
    return [int(word) for word in file.read_text().split()] if file.exists() else []


def is_alive(number: int) -> bool:
    """Whether the process runs; a dead one that nobody has waited for does not."""
    try:
        status = Path(f"/proc/{number}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def nothing_is_left(folder: Path) -> None:
    wait_until(
        lambda: not any(is_alive(number) for number in numbers(folder)),
        timeout=20,
        what="every program and its child are gone",
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_with_their_children(start, tmp_path, number):
    process = start()
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert sorted(output.split("\n"))[-2:] == ["a  | here I am", "bb | here I am"]
    nothing_is_left(tmp_path)


def test_one_that_ignores_the_signal_is_ended_after_its_time(start, tmp_path):
    process = start("stubborn")
    process.terminate()
    process.communicate(timeout=30)
    nothing_is_left(tmp_path)


def test_a_second_signal_ends_all_at_once(start, tmp_path):
    process = start("stubborn")
    process.terminate()
    process.terminate()
    process.communicate(timeout=30)
    nothing_is_left(tmp_path)


def test_when_one_ends_the_others_end_too_and_the_code_tells(start, tmp_path):
    process = start()
    os.kill(numbers(tmp_path)[0], signal.SIGKILL)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "ended by itself (exit code -9)" in output
    nothing_is_left(tmp_path)


def test_a_killed_supervisor_leaves_nothing(start, tmp_path):
    process = start("stubborn")
    process.kill()
    nothing_is_left(tmp_path)


def test_it_ends_with_the_process_that_started_it(start, tmp_path):
    # The shell stands for make: it is killed and can pass no signal on.
    process = start(prefix=("sh", "-c", '"$@"; true', "sh"))
    process.kill()
    nothing_is_left(tmp_path)


def test_it_ends_when_nobody_reads_its_lines(start, tmp_path):
    process = start()
    process.stdout.close()
    os.kill(numbers(tmp_path)[1], signal.SIGKILL)  # its parent has something to say then
    process.wait(timeout=30)
    nothing_is_left(tmp_path)


def test_a_port_in_use_is_told_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} cannot be used"):
            serve.free_addresses(port)


def test_two_servers_do_not_share_a_data_folder(tmp_path):
    with serve.only_one_on(tmp_path / "new"):
        again = serve.only_one_on(tmp_path / "new")
        with pytest.raises(CommandError, match="Another server already runs"), again:
            pass
    with serve.only_one_on(tmp_path / "new"):
        pass


def test_the_worker_has_processes_left_when_all_long_jobs_run(settings):
    settings.JOBS_AT_ONCE = 3
    worker = next(one for one in serve.programs(["127.0.0.1:1"]) if one.name == "worker")
    given = next(word for word in worker.command if word.startswith("--concurrency="))
    assert int(given.partition("=")[2]) > settings.JOBS_AT_ONCE


@pytest.mark.django_db
def test_an_empty_installation_gets_the_link_for_its_first_operator():
    assert any("/einrichtung/" in line for line in serve.sign_ins())


@pytest.mark.django_db
def test_an_installation_with_an_operator_gets_no_link(cast):
    assert serve.sign_ins() == []


@pytest.mark.django_db(transaction=True)
def test_the_container_asks_under_its_own_name(live_server):
    host, port = live_server.url.removeprefix("http://").split(":")
    assert alive(int(port), f"{host}:{port}")
    assert not alive(int(port), "somebody.else.example")


def test_a_server_that_is_not_there_is_not_alive():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert not alive(free.getsockname()[1], "localhost")
