"""What the scripts of this folder share: saying what happens, and running programs.

Nothing but the standard library: these scripts run before anything is installed.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


def say(text: str) -> None:
    """Print one step."""
    print(f"==> {text}", flush=True)


def fail(text: str) -> NoReturn:
    """End with a message on standard error and exit code 1."""
    print(f"\n*** {text}\n", file=sys.stderr, flush=True)
    raise SystemExit(1)


def end_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into ``SystemExit``, so that what was started is stopped."""

    def end(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> int:
    """Run ``command`` in the project's folder and return its exit code.

    It has a process group of its own, which is ended when this script is.
    """
    words = [str(word) for word in command]
    process = subprocess.Popen(words, cwd=ROOT, env=env, start_new_session=True)
    try:
        return process.wait()
    except BaseException:
        _end_group(process)
        raise


def must(
    command: Sequence[str | Path], otherwise: str, env: Mapping[str, str] | None = None
) -> None:
    """Run ``command``; end with the message ``otherwise`` when it fails."""
    if run(command, env=env) != 0:
        fail(otherwise)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)


def fingerprint(*paths: Path) -> str:
    """A hash of the files' contents, to see whether they changed since the last time."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def can_install() -> bool:
    """Whether system packages may be installed here: as root, with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


_lists_are_fresh = False


def apt_install(*packages: str) -> bool:
    """Install Debian packages; returns whether that worked."""
    global _lists_are_fresh
    say(f"Installing system packages: {' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not _lists_are_fresh:
        run(["apt-get", "-qq", "update"], env=env)
        _lists_are_fresh = True
    command = ["apt-get", "-qq", "-y", "-o", "Dpkg::Use-Pty=0", "install"]
    return run([*command, "--no-install-recommends", *packages], env=env) == 0


def first_program(*names: str) -> str | None:
    """Path of the first of these programs that is installed."""
    return next((path for name in names if (path := shutil.which(name))), None)
