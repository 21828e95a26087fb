"""A whole product in its own processes, with its own data folder."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from tests import template
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent


class Stack:
    """Database, broker, worker and web server of one installation.

    ``folder`` becomes ``DATA_DIR``; without ``database_url`` and ``redis_url`` it is the
    embedded default. Every process has a group of its own, and ``close()`` kills what is
    left of each.
    """

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str = "",
        redis_url: str = "",
        env: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._scratch: tuple[str, str] | None = None
        self.processes: list[subprocess.Popen[bytes]] = []
        self.env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": "only-for-tests-" + "0123456789" * 5,
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'db.sqlite3'}",
            **(env or {}),
        }
        self.env.pop("REDIS_URL", None)
        if redis_url:
            self.env["REDIS_URL"] = redis_url

    @classmethod
    def with_own_database(
        cls, folder: Path, *, env: Mapping[str, str] | None = None, redis_url: str = ""
    ) -> "Stack":
        """A stack on a fresh, migrated database: a copy of the test's own as it began.

        PostgreSQL where ``TEST_DATABASE_URL`` names a server (its database is only used to
        create a scratch one), else SQLite in ``folder``.
        """
        server = os.environ.get("TEST_DATABASE_URL", "")
        if not server:
            stack = cls(folder, env=env, redis_url=redis_url)
            is_migrated = template.copy_file(folder / "db.sqlite3")
        else:
            name = f"scratch_{uuid.uuid4().hex[:12]}"
            with psycopg.connect(server, autocommit=True) as admin:
                is_migrated = template.copy_database(admin, name)
            url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
            stack = cls(folder, database_url=url, env=env, redis_url=redis_url)
            stack._scratch = (server, name)
        if not is_migrated:
            stack.migrate()
        return stack

    @classmethod
    def on_test_database(cls, folder: Path, *, env: Mapping[str, str] | None = None) -> "Stack":
        """A stack on the running test's own database and broker.

        The test must be of the kind that commits (``transactional_db``).
        """
        database = connection.settings_dict
        if connection.vendor == "sqlite":
            url = f"sqlite:///{database['NAME']}"
        else:
            login = quote(database["USER"])
            if database["PASSWORD"]:
                login += f":{quote(database['PASSWORD'])}"
            place = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
            url = f"postgresql://{login}@{place}/{database['NAME']}"
        return cls(folder, database_url=url, redis_url=settings.REDIS_URL, env=env)

    def manage(self, *words: str) -> str:
        """Run ``manage.py`` to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def migrate(self) -> None:
        """Make the tables; without migrations straight from the models."""
        has_migrations = (ROOT / "mentoring" / "migrations" / "__init__.py").is_file()
        self.manage("migrate", "--noinput", *([] if has_migrations else ["--run-syncdb"]))

    def start_worker(self, *, concurrency: int = 4, include: str = "") -> subprocess.Popen[bytes]:
        """A worker with its beat, as the product runs it."""
        words = ["-A", "mentoring", "worker", "--beat", f"--concurrency={concurrency}"]
        words += ["--without-gossip", "--without-mingle", "--loglevel=WARNING"]
        words += ["--schedule", str(self.folder / f"beat-{len(self.processes)}")]
        if include:
            words += ["--include", include]
        return self._start("worker", [sys.executable, "-m", "celery", *words])

    def start_web(self, port: int = 0) -> str:
        """A web server that answers; returns its address."""
        port = port or free_port()
        self.env["BASE_URL"] = base = f"http://localhost:{port}"
        words = ["-m", "gunicorn", "mentoring.wsgi", "--bind", f"127.0.0.1:{port}"]
        words += ["--workers", "1", "--threads", "4", "--log-level", "warning"]
        process = self._start("web", [sys.executable, *words])

        def answers() -> bool:
            assert process.poll() is None, self.log("web")
            answer = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                answer.request("GET", "/healthz")
                return answer.getresponse().status == 200
            except OSError:
                return False
            finally:
                answer.close()

        wait_until(answers, timeout=40, what="the web server answers")
        return base

    def log(self, name: str) -> str:
        """The end of what the processes called ``name`` have written."""
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the process and all its children, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
        if process in self.processes:
            self.processes.remove(process)

    def stop(self, process: subprocess.Popen[bytes], timeout: float = 30) -> int:
        """SIGTERM, and SIGKILL to what is left after ``timeout`` seconds; the exit code."""
        process.terminate()
        try:
            return process.wait(timeout=timeout)
        finally:
            self.kill(process)

    def close(self) -> None:
        """Kill every process and drop the scratch database."""
        for process in list(self.processes):
            self.kill(process)
        if self._scratch is not None:
            server, name = self._scratch
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )

    def _start(self, name: str, words: list[str]) -> subprocess.Popen[bytes]:
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                words,
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.processes.append(process)
        return process


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
