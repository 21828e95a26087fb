"""Whether there is a secret pair or not: whoever must not know reads the same, byte for byte.

The strongest of the leak tests. One world is built, and every address of the product that
they may open, and every one about two people who could be a pair, is read by those who do
not decide on pairs. Then pairs are made in every secret state, through the doors, with
ideas, comments and suggestions around them, and everything is read again. What differs is a
way out: a page, an export, a PDF, a feed, a count, the log, a header, the text of a refusal.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from programmes.cycles.models import CycleState
from tests.known import known
from tests.tandems.crawl import Answers, ask, browser_of, crawl, differences
from tests.tandems.secret_pairs import (
    REASON,
    Secrets,
    addresses,
    doors,
    make_pairs,
    make_secrets,
)

pytestmark = pytest.mark.crawl

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SECRET = "Siegelkraut"

OUTSIDE = ("hr", "other_hr", "logistics", "permanent", "former", "stranger", "operator")
CONCERNED = ("mentee", "mentee_half", "mentor_half", "mentee_of_told", "left_over")
SEATS = ("superior", "excluded", "mentor_seat")
# What they change or ask of people who may be half of a pair, by the end of the address.
ACTS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "hr": (
        ("bewerbungen/{application}/zurueckziehen/", {"reason": "Elternzeit"}),
        ("bewerbungen/{application}/loeschen/", {"reason": "Doppelt"}),
        ("bewerbungen/{application}/kommune-wechseln/", {"reason": "Umzug"}),
        ("bewerbungen/{application}/einwilligungen/forward/widerrufen/", {}),
        ("/personen/{mentee}/loeschen/", {"reason": "Auf Wunsch"}),
    ),
    "other_hr": (
        ("mentoren/{mentor}/zahl-der-mentees/", {"capacity": "1"}),
        ("mentoren/{mentor}/ausscheiden/", {"reason": "Ruhestand"}),
        ("mentoren/{mentor}/loeschen/", {"reason": "Doppelt"}),
        ("/personen/{mentor_person}/loeschen/", {"reason": "Auf Wunsch"}),
    ),
}


@pytest.fixture
def frozen() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def acts(secrets: Secrets, name: str) -> Answers:
    """What ``name`` is answered to all of their acts, each undone before the next."""
    half = secrets.halves["Beschlusskraut"]
    mentee, mentor = half.people
    found: Answers = {}
    for end, data in ACTS.get(name, ()):
        path = end.format(
            application=half.application.pk,
            mentor=half.mentor.pk,
            mentee=mentee.pk,
            mentor_person=mentor.pk,
        )
        if not path.startswith("/"):
            path = f"/durchgaenge/{secrets.cycle.pk}/{path}"
        found[f"POST {path}"] = ask(browser_of(secrets.readers[name]), path, data)
    return found


def read(secrets: Secrets, name: str, places: list[str]) -> Answers:
    browser = browser_of(secrets.readers[name])
    with known([browser]):
        found = crawl(browser, places, (SECRET,))
    # What they do may change who they are to the page that follows.
    return {**found, **acts(secrets, name)}


def unlike_nothing(secrets: Secrets, name: str, pair: str = SECRET) -> list[str]:
    """Addresses of a secret pair that do not answer as if there were none."""
    browser, found = browser_of(secrets.readers[name]), []
    for real, none in doors(secrets, pair):
        one, two = ask(browser, real), ask(browser, none)
        if tuple(str(part).replace(real, none) for part in one) != tuple(map(str, two)):
            found.append(f"{real}: {one[0]}, and of nothing {two[0]}")
    return found


@pytest.mark.parametrize("readers", [OUTSIDE, CONCERNED, SEATS], ids=["outside", "two", "seats"])
@pytest.mark.usefixtures("frozen")
def test_nobody_reads_whether_there_is_a_pair(stage, cast, readers):
    secrets = make_secrets(stage, cast, CycleState.RUNNING)
    places = addresses(secrets, SECRET)
    before = {name: read(secrets, name, places[name]) for name in readers}
    make_pairs(secrets)
    leaks = {}
    for name in readers:
        after = read(secrets, name, places[name])
        leaks[name] = differences(before[name], after)
        leaks[name] += unlike_nothing(secrets, name)
        assert not [place for place, answer in after.items() if REASON in answer[2]], name
        assert not [place for place, answer in after.items() if answer[0] >= 500], name
    assert not {name: found for name, found in leaks.items() if found}


@pytest.mark.smoke
@pytest.mark.usefixtures("frozen")
def test_a_mentor_told_first_reads_it_on_their_own_page_alone(stage, cast):
    """And, so that the test above is known to look where something stands, the lead reads it."""
    secrets = make_secrets(stage, cast, CycleState.RUNNING)
    secrets.readers = {"told": secrets.readers["told"], "lead": secrets.lead}
    places = addresses(secrets, "Frühkraut")
    mentee = secrets.halves["Frühkraut"].application.pk
    wall = reverse("matching:mentee", args=[secrets.cycle.pk, mentee])
    before = {"told": read(secrets, "told", places["told"]), "lead": ask_as(secrets, "lead", wall)}
    make_pairs(secrets)
    after = {"told": read(secrets, "told", places["told"]), "lead": ask_as(secrets, "lead", wall)}
    changed = {line.partition(": ")[0] for line in differences(before["told"], after["told"])}
    # And where everybody reads what is stored about themselves.
    own = {"/mein-tandem/", "/meine-daten/auskunft/", "/meine-daten/auskunft/json/"}
    assert changed == own
    tandem = secrets.tandems["Frühkraut"].pk
    opened = unlike_nothing(secrets, "told", "Frühkraut")
    assert opened
    assert all(line.startswith(f"/mein-tandem/{tandem}/") for line in opened)
    assert REASON in after["lead"][wall][2]
    assert REASON not in before["lead"][wall][2]


def ask_as(secrets: Secrets, name: str, address: str) -> Answers:
    return {address: ask(browser_of(secrets.readers[name]), address)}
