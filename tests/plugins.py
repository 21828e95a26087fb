"""The ground the suite stands on: environment, databases, the closing line.

Loaded with `-p tests.plugins`, so before the settings: what they read comes from here and
not from the developer's own environment. `DATABASE_URL` and `REDIS_URL` alone choose the
parts; without them it is the embedded default.
"""

import gc
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import flush

ROOT = Path(__file__).resolve().parent.parent
CHOSEN_OUTSIDE = {"DATABASE_URL", "REDIS_URL"}


def documented_variables() -> dict[str, str]:
    """Names and example values in `.env.example`, those commented out too."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=(.*)$", text, flags=re.MULTILINE))


def _prepare_environment() -> Path:
    for name in documented_variables().keys() - CHOSEN_OUTSIDE:
        os.environ.pop(name, None)
    data_dir = Path(tempfile.mkdtemp(prefix=f"crossmentoring-tests-{os.getpid()}-"))
    os.environ["DATA_DIR"] = str(data_dir)
    os.environ["SECRET_KEY"] = "only-for-tests-" + "0123456789" * 5
    # Playwright's own event loop would make Django refuse every query of a browser test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    _choose_redis_database()
    return data_dir


def _choose_redis_database() -> None:
    """Each xdist worker has a Redis database of its own, counted from the given one."""
    url, worker = os.environ.get("REDIS_URL"), os.environ.get("PYTEST_XDIST_WORKER", "")
    if url and worker.startswith("gw"):
        address, _, number = url.rpartition("/")
        os.environ["REDIS_URL"] = f"{address}/{int(number) + int(worker[2:])}"


DATA_DIR = _prepare_environment()


def pytest_configure(config: pytest.Config) -> None:
    """Quick in place of safe where it makes no difference to what is tested."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT = DATA_DIR / "static"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    # The hashed names exist only after collectstatic; tests/test_static.py tries those.
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, not memory: as in production, writers wait for each other, and a real
        # worker process can open it.
        database.setdefault("TEST", {})["NAME"] = str(DATA_DIR / "test.sqlite3")
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    _flush_only_what_tests_write()


# What `migrate` fills in; the same for every test.
FILLED_BY_MIGRATE = {"django_content_type", "auth_permission"}


def _flush_only_what_tests_write() -> None:
    """After a test with real transactions, empty the tables and leave it at that.

    Django would also empty those of content types and permissions and fill them again, and
    on PostgreSQL it truncates: for a hundred tables with hardly a row in them, both take
    far longer than the tests themselves.
    """

    def sql_flush(style: Any, connection: Any, **options: Any) -> list[str]:
        tables = connection.introspection.django_table_names(
            only_existing=True, include_views=False
        )
        # In any order: foreign keys are checked when the transaction ends.
        return [
            f"DELETE FROM {connection.ops.quote_name(table)}"  # noqa: S608  # our own names
            for table in tables
            if table not in FILLED_BY_MIGRATE
        ]

    flush.sql_flush = sql_flush
    flush.emit_post_migrate_signal = lambda *args: None


# What takes minutes, longest first.
LONG = ("browser", "crawl", "matrix", "schematron", "kill")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first: the processes of a run fill up with short ones, and end together.

    Tests of one kind stay side by side, so that one process starts their product once.
    """

    def rank(item: pytest.Item) -> int:
        kinds = (number for number, kind in enumerate(LONG) if item.get_closest_marker(kind))
        return next(kinds, len(LONG))

    items.sort(key=rank)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Everything imported stays: the collector need not look through it again and again.

    Nor need it look as often as by default, since queries make and drop many small objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Throttles count in the cache, so no test may see another's."""
    from django.core.cache import cache

    cache.clear()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Clean up, and close with one line of figures after everything else that is printed."""
    shutil.rmtree(DATA_DIR, ignore_errors=True)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput") or config.option.collectonly:
        return

    def count(*outcomes: str) -> int:
        return sum(len(reporter.stats.get(outcome, ())) for outcome in outcomes)

    vendor = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2].replace("sqlite3", "sqlite")
    figures = f"{count('passed', 'xpassed')} passed, {count('failed', 'error')} failed"
    skipped = count("skipped", "xfailed")
    reporter.ensure_newline()
    reporter.write_line(f"{vendor}: {figures}" + (f", {skipped} skipped" if skipped else ""))
