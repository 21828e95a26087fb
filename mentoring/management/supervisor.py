"""Keeps several programs running together and ends them together."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

from mentoring.management import guard

GRACE_SECONDS = 15.0
"""How long the programs may take to end when asked to."""
LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Program:
    """A program under the name that its lines of output begin with."""

    name: str
    command: Sequence[str]


class Supervisor:
    """Runs programs, each in a process group of its own, until one ends or a signal comes.

    A second signal ends them at once. With ``parent``, the number of the process that started
    this one, they also end when that one is gone. Should the supervisor itself be killed, a small
    guard process ends the groups, so nothing is left behind in any case.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        write: Callable[[str], None],
        env: Mapping[str, str],
        parent: int | None = None,
    ) -> None:
        self._programs = programs
        self._write = write
        self._env = dict(env)
        self._parent = parent
        self._running: list[tuple[Program, subprocess.Popen[str]]] = []
        self._readers: list[threading.Thread] = []
        self._writing = threading.Lock()
        self._signals = 0
        self._signalled = threading.Event()
        self._muted = False

    def run(self, when_started: Callable[["Supervisor"], None]) -> int:
        """Start all, call ``when_started`` beside them, return the exit code.

        0 after a signal, 1 when a program ended by itself.
        """
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_signal) for number in numbers}
        watcher = self._start_guard()
        try:
            self._start()
            self._tell(watcher, " ".join(str(process.pid) for _, process in self._running))
            threading.Thread(target=when_started, args=(self,), daemon=True).start()
            return self._watch()
        finally:
            self._stop()
            self._tell(watcher, "done")
            watcher.wait()
            for number, handler in before.items():
                signal.signal(number, handler)

    def say(self, name: str, text: str) -> None:
        """Write one line under ``name``; nobody reading any more ends everything."""
        width = max(len(program.name) for program in self._programs)
        with self._writing:
            if self._muted:
                return
            try:
                self._write(f"{name:<{width}} | {text}")
            except OSError:
                self._muted = True
                self._signalled.set()

    @property
    def ending(self) -> bool:
        """Whether a signal came or the reader or the parent is gone."""
        orphaned = self._parent is not None and os.getppid() != self._parent
        return orphaned or self._signalled.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait, but no longer than until the end is near; returns whether it is."""
        self._signalled.wait(seconds)
        return self.ending

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
        self._signalled.set()

    def _start_guard(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, guard.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )

    @staticmethod
    def _tell(watcher: subprocess.Popen[str], line: str) -> None:
        if watcher.stdin is not None:
            with contextlib.suppress(OSError):
                watcher.stdin.write(f"{line}\n")
                watcher.stdin.flush()

    def _start(self) -> None:
        for program in self._programs:
            process = subprocess.Popen(
                program.command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
                errors="replace",
            )
            self._running.append((program, process))
            reader = threading.Thread(target=self._pass_on, args=(program, process), daemon=True)
            reader.start()
            self._readers.append(reader)

    def _pass_on(self, program: Program, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            for line in process.stdout:
                self.say(program.name, line.rstrip())

    def _watch(self) -> int:
        while True:
            for program, process in self._running:
                code = process.poll()
                if code is not None:
                    self.say(program.name, f"ended by itself (exit code {code}); ending the rest")
                    return 1
            if self.wait(LOOK_SECONDS):
                return 0

    def _stop(self) -> None:
        """End all groups: the first process gets to finish, then whatever is left goes."""
        so_far = self._signals
        for _, process in reversed(self._running):
            # Only the first process: a worker hands it on to its children in its own order.
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and self._signals == so_far:
            running = [process for _, process in self._running if process.poll() is None]
            if not running:
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                running[0].wait(LOOK_SECONDS)
        for _, process in self._running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for reader in self._readers:
            reader.join(timeout=2)
