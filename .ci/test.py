"""`make test`: the suite on the embedded default, then on PostgreSQL with Redis.

Words behind it go to pytest.
"""

import os
import sys

import services
from steps import VENV_PYTHON, end_on_signals, run, say

NO_TEST_RAN = 5
WORKERS = max(2, min(4, os.cpu_count() or 2))
PARTS = ("DATABASE_URL", "REDIS_URL", "TEST_DATABASE_URL", "TEST_REDIS_URL")
ONCE = ("browser", "crawl", "kill", "schematron")
ON_SQLITE = f"not ({' or '.join(ONCE)}) or smoke"


def pytest(words: list[str], **parts: str) -> int:
    """Run the suite on ``parts``; returns pytest's exit code."""
    env = {name: value for name, value in os.environ.items() if name not in PARTS}
    command = [VENV_PYTHON, "-m", "pytest", "-n", str(WORKERS), "--dist=worksteal"]
    return run([*command, "--durations=10", *words], env={**env, **parts})


def main(words: list[str]) -> int:
    """Run both; the exit code is that of the first that failed."""
    services.remove_leftovers()
    say("Tests on the embedded default: SQLite, queue in files")
    codes = [pytest(["-m", ON_SQLITE, *words])]
    with services.database() as (server, database), services.redis() as redis:
        say("All tests on PostgreSQL and Redis, the long ones too")
        parts = {"DATABASE_URL": database, "REDIS_URL": redis, "TEST_DATABASE_URL": server}
        codes.append(pytest(words, **parts))
    if words and any(code == 0 for code in codes):
        # A choice of tests may well leave nothing for one of the two.
        codes = [code for code in codes if code != NO_TEST_RAN]
    return next((code for code in codes if code != 0), 0)


if __name__ == "__main__":
    end_on_signals()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
