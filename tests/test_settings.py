"""The environment is the only door for settings, each is documented, and mistakes are told."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.template import Context, Template

from tests.plugins import ROOT, documented_variables

SETTINGS = ROOT / "mentoring" / "settings.py"
READS = re.compile(r'(?:env\.\w+|required)\(\s*"([A-Z][A-Z0-9_]+)"')
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "WEB_PORT"}


def load(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own, with these variables and no others."""
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 50}
    # With pytest loaded, a developer's own .env is left alone.
    command = [sys.executable, "-c", "import pytest, mentoring.settings as s; print(s.BASE_URL)"]
    return subprocess.run(
        command, env={**env, **variables}, cwd=ROOT, capture_output=True, text=True
    )


def test_the_example_documents_every_variable_and_no_other():
    read = set(READS.findall(SETTINGS.read_text(encoding="utf-8")))
    assert read, "no variable found: the pattern no longer fits the settings"
    assert documented_variables().keys() - COMPOSE_ONLY == read


def test_settings_load_with_nothing_but_a_secret_key(tmp_path):
    done = load(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "http://localhost:8000"


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "   "}, "SECRET_KEY"),
        ({"BASE_URL": "mentoring.example"}, "BASE_URL"),
        ({"BASE_URL": "https://mentoring.example/pfad"}, "BASE_URL"),
        ({"BASE_URL": "http://mentoring.example"}, "BASE_URL"),
        ({"BASE_URL": "https://mentoring.example", "DEMO": "1"}, "DEMO"),
        ({"DEBUG": "vielleicht"}, "DEBUG"),
        ({"DEMO": "vielleicht"}, "DEMO"),
        ({"BEHIND_PROXY": "vielleicht"}, "BEHIND_PROXY"),
        ({"DATABASE_URL": "mysql://root@127.0.0.1/x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "unsinn"}, "DATABASE_URL"),
        ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL"),
        ({"SMTP_URL": "mail.example:25"}, "SMTP_URL"),
        ({"UPLOAD_MAX_MB": "zehn"}, "UPLOAD_MAX_MB"),
        ({"UPLOAD_MAX_MB": "0"}, "UPLOAD_MAX_MB"),
        ({"SWEEP_SECONDS": "oft"}, "SWEEP_SECONDS"),
        ({"SWEEP_SECONDS": "-1"}, "SWEEP_SECONDS"),
        ({"JOBS_AT_ONCE": "0"}, "JOBS_AT_ONCE"),
        ({"MAIL_PER_MINUTE": "viele"}, "MAIL_PER_MINUTE"),
        ({"LOG_LEVEL": "LAUT"}, "LOG_LEVEL"),
    ],
    ids=lambda value: (
        "-".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else ""
    ),
)
def test_a_wrong_value_stops_the_start_and_is_named(tmp_path, variables, named):
    done = load(tmp_path, **variables)
    assert done.returncode != 0
    last_line = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last_line
    assert named in last_line


def test_a_key_over_a_thousand_is_written_without_a_dot():
    """ "1.262" in a link or a field would find nothing; amounts and counts ask for their dot."""
    page = Template("{% load humanize %}{{ key }} {{ count|intcomma }}")
    assert page.render(Context({"key": 1262, "count": 1262})) == "1262 1.262"
