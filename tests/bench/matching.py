"""Suggestions: against another package, against the bare solver, and for cycles of any size.

Ratios are of processor time, the least of a few tries each in one run, so that other work on
the machine touches both sides alike. Run as a program with two numbers it measures one size.
"""

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from tandems.suggestions.engine import Assignment, Scores, assign, best_of, default_weights
from tests.bench import figure
from tests.plugins import ROOT
from tests.tandems.suggestions.crowd import (
    assigned,
    some_forbidden,
    some_mentees,
    some_mentors,
)

TRIES = 5
MILLION = 1_000_000


def least(*ways: Callable[[], object]) -> list[float]:
    """Seconds of processor time of each way, taken in turn; the first round only warms up."""
    rounds = []
    for _ in range(TRIES + 1):
        one = []
        for way in ways:
            began = process_time()
            way()
            one.append(process_time() - began)
        rounds.append(one)
    return [min(times) for times in zip(*rounds[1:], strict=True)]


def against_munkres(total: np.ndarray, forbidden: np.ndarray) -> float:
    """The whole assignment of as many mentors as mentees, by munkres over by ours."""
    from munkres import DISALLOWED, Munkres

    costs = MILLION - np.rint(total.astype(float) * MILLION).astype(int)
    table = [
        [DISALLOWED if no else cost for cost, no in zip(row, barred, strict=True)]
        for row, barred in zip(costs.tolist(), forbidden.tolist(), strict=True)
    ]
    keys = range(len(total))
    ones = np.ones(len(total), dtype=int)

    def ours() -> Assignment:
        return assign(total, forbidden=forbidden, places=ones, mentee_keys=keys, mentor_keys=keys)

    theirs = sum(int(costs[pair]) for pair in Munkres().compute(table))
    assert len(total) * MILLION - theirs == round(ours().total * MILLION)
    own, other = least(ours, lambda: Munkres().compute(table))
    return other / own


@figure("matching.munkres_speedup_250", "x")
def munkres_speedup() -> float:
    """250 and 250 with scores by chance, any pair allowed."""
    total = np.random.default_rng(1).random((250, 250)).astype(np.float32)
    return against_munkres(total, np.zeros_like(total, dtype=bool))


@figure("matching.munkres_speedup_250_sheets", "x")
def munkres_speedup_of_sheets() -> float:
    """The same with the scores of sheets, full of ties, and a tenth of the pairs forbidden."""
    total = Scores(some_mentees(250), some_mentors(250), default_weights()).total
    return against_munkres(total, some_forbidden(250, 250))


@figure("matching.overhead_500", "x")
def overhead() -> float:
    """From the facts of 500 and 500 to assignment and reasons, over scipy's bare solver."""
    from scipy.optimize import linear_sum_assignment

    mentees, mentors = some_mentees(500), some_mentors(500)
    forbidden = some_forbidden(500, 500)
    total = Scores(mentees, mentors, default_weights()).total
    whole, bare = least(
        lambda: suggestion(mentees, mentors, forbidden),
        lambda: linear_sum_assignment(total, maximize=True),
    )
    return whole / bare


def suggestion(mentees: list, mentors: list, forbidden: np.ndarray) -> Assignment:
    """All there is: scores, the three best of each with reasons, the assignment with reasons."""
    scores = Scores(mentees, mentors, default_weights())
    three = best_of(scores, forbidden)
    scores.reasons_of([(i, j) for i, best in enumerate(three) for j in best])
    return assigned(scores, forbidden, rule_masks={"same_employer": forbidden})


@cache
def measured(rows: int, columns: int) -> tuple[float, float]:
    """Seconds and peak memory in MB of a whole suggestion, in a process of its own."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.bench.matching", str(rows), str(columns)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, memory = map(float, found.stdout.split())
    return seconds, memory


def register(rows: int, columns: int) -> None:
    """Two figures of one size."""
    size = f"{rows}x{columns}"
    figure(f"matching.seconds_{size}", "s")(lambda: measured(rows, columns)[0])
    figure(f"matching.memory_{size}", "MB")(lambda: measured(rows, columns)[1])


for size in ((40, 50), (500, 500), (5_000, 5_000)):
    register(*size)


def peak_memory() -> float:
    """Of this process in MB. Not from ``getrusage``: that remembers the parent's, too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes.split()[1]) / 1024


def main() -> None:
    """Measure one size here, after a small one that loads what is loaded once."""
    rows, columns = map(int, sys.argv[1:])
    mentees, mentors = some_mentees(rows), some_mentors(columns)
    forbidden = some_forbidden(rows, columns)
    suggestion(some_mentees(3), some_mentors(3), some_forbidden(3, 3))
    began = perf_counter()
    suggestion(mentees, mentors, forbidden)
    seconds = perf_counter() - began
    sys.stdout.write(f"{seconds} {peak_memory()}\n")


if __name__ == "__main__":
    main()
