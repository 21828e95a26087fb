"""PostgreSQL and Redis for the tests.

A throw-away server of our own is preferred to one that runs already: it touches nobody's
data, two runs never meet, nothing is left of a run that was killed, and it is quicker
since it need not survive a crash. `TEST_DATABASE_URL` and `TEST_REDIS_URL` name others.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from steps import ROOT, fail, first_program, say

GUARD = ROOT / "mentoring" / "management" / "guard.py"
USUAL = {"PostgreSQL": 5432, "Redis": 6379}


@contextlib.contextmanager
def database() -> Iterator[tuple[str, str]]:
    """Addresses of a database to sign in with, and of the one the tests are named after."""
    given = os.environ.get("TEST_DATABASE_URL")
    programs = _postgres_programs()
    if not given and programs:
        with _own_postgres(programs) as server:
            yield server, urlsplit(server)._replace(path="/run").geturl()
        return
    server = given or f"postgresql://postgres@127.0.0.1:{USUAL['PostgreSQL']}/postgres"
    address = urlsplit(server)
    _must_answer("PostgreSQL", address.hostname or "127.0.0.1", address.port or 5432)
    _drop_leftovers(server)
    # The name decides that of the test databases: two runs must not share them.
    yield server, address._replace(path=f"/run_{os.getpid()}").geturl()


def _drop_leftovers(server: str) -> None:
    """Drop the databases of runs on this machine that were killed."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database d"
            " WHERE datname ~ '^test_run_[0-9]+(_gw[0-9]+)?(_template)?$'"
            " AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)"
        )
        for (name,) in names.fetchall():
            if not _is_running(name.split("_")[2]):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _is_running(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Address of a Redis server; its database and those after it may be used."""
    given = os.environ.get("TEST_REDIS_URL")
    program = first_program("redis-server")
    if given:
        address = urlsplit(given)
        _must_answer("Redis", address.hostname or "127.0.0.1", address.port or 6379)
        yield address._replace(path=f"/{address.path.strip('/') or 1}").geturl()
    elif program:
        with _own_redis(program) as url:
            yield url
    else:
        _must_answer("Redis", "127.0.0.1", USUAL["Redis"])
        yield "redis://127.0.0.1:6379/1"


def _must_answer(what: str, host: str, port: int) -> None:
    if not _answers(host, port):
        fail(f"{what} is needed, but nothing answers on {host}:{port} and it is not installed.")


def _answers(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=2):
        return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _postgres_programs() -> Path | None:
    """The folder with PostgreSQL's server programs; Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return found[-1].parent if found else None


def _version(initdb: Path) -> int:
    return int(initdb.parts[-3])


@contextlib.contextmanager
def _own_postgres(programs: Path) -> Iterator[str]:
    port = _free_port()
    say(f"Starting a PostgreSQL of our own on port {port}")
    with _folder("postgres") as folder:
        owner = _owner(folder)
        quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, **owner}
        initdb = [programs / "initdb", "-D", folder / "data", "--no-sync", "--auth=trust"]
        initdb += ["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(initdb, check=True, **quiet)
        server: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-p", str(port)]
        options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]
        options += ["synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
        # Compiling a query takes longer than running it on the few rows of a test.
        options += ["jit=off"]
        for option in [*options, "log_min_messages=fatal"]:
            server += ["-c", option]
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1"]
        with _running("PostgreSQL", server, port, signal.SIGINT, quiet):
            _wait(
                lambda: subprocess.run([*ready, "-p", str(port)], **quiet).returncode == 0,
                "PostgreSQL takes no queries.",
            )
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def _own_redis(program: str) -> Iterator[str]:
    port = _free_port()
    say(f"Starting a Redis of our own on port {port}")
    with _folder("redis") as folder:
        server = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
        server += ["--appendonly", "no", "--databases", "64"]
        quiet = {"cwd": folder, "stdout": subprocess.DEVNULL}
        with _running("Redis", server, port, signal.SIGTERM, quiet):
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def _folder(name: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"crossmentoring-tests-{os.getpid()}-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: then somebody without rights has to."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    fail("PostgreSQL does not run as root, and there is no user postgres or nobody.")


@contextlib.contextmanager
def _running(
    what: str, command: list[str | Path], port: int, end_with: signal.Signals, options: dict
) -> Iterator[None]:
    """Run a server until the end of the block; a guard ends it should we be killed."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    guard = subprocess.Popen(
        [shutil.which("python3") or "python3", GUARD],
        stdin=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    try:
        guard.stdin.write(f"{process.pid}\n")
        guard.stdin.flush()
        _wait(
            lambda: process.poll() is not None or _answers("127.0.0.1", port),
            f"{what} did not start.",
        )
        if process.poll() is not None:
            fail(f"{what} did not start.")
        yield
    finally:
        process.send_signal(end_with)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        guard.communicate("done\n")


def _wait(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            fail(otherwise)
        time.sleep(0.1)  # a server that starts tells nobody when it is ready


def remove_leftovers() -> None:
    """Remove the folders of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob("crossmentoring-tests-*"):
        number = folder.name.split("-")[2]
        if number.isdigit() and not _is_running(number):
            shutil.rmtree(folder, ignore_errors=True)
