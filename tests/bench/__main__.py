"""`make bench`: measure on a scratch SQLite database, print and write down each figure."""

import argparse
import json
import os
import secrets
import shutil
import sys
from pathlib import Path

import django

from tests.bench import figures

MODULES = (
    "tests.bench.billing",
    "tests.bench.booklet",
    "tests.bench.certificates",
    "tests.bench.imports",
    "tests.bench.lists",
    "tests.bench.mail",
    "tests.bench.matching",
    "tests.bench.roadmap",
    "tests.bench.xlsx",
)


def prepare(folder: Path) -> None:
    """A fresh, migrated installation in ``folder``, set up as in production."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="mentoring.settings",
        DATA_DIR=str(folder),
        SECRET_KEY=secrets.token_urlsafe(50),
        BASE_URL="http://localhost:8000",
        LOG_LEVEL="ERROR",
        **dict.fromkeys(("DATABASE_URL", "REDIS_URL", "DEBUG", "DEMO"), ""),
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default="", help="figures whose name begins so")
    only = parser.parse_args().only
    data_dir = Path(os.environ.get("DATA_DIR") or "var").resolve()
    prepare(data_dir / "bench")
    for module in MODULES:
        __import__(module)

    found = {}
    for one in figures.values():
        if not one.name.startswith(only):
            continue
        value = round(one.measure(), 2)
        found[one.name] = {"value": value, "unit": one.unit}
        sys.stdout.write(f"BENCH {one.name} {value:g} {one.unit}\n")
        sys.stdout.flush()
    if not found:
        sys.exit(f"No figure begins with {only!r}; there are: {', '.join(figures)}")
    (data_dir / "bench.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(data_dir / "bench")


if __name__ == "__main__":
    main()
